//===- Passes.td - From a plan to a program ----------------*- tablegen -*-===//

#ifndef MSC_CODEGEN_EMIT_PASSES
#define MSC_CODEGEN_EMIT_PASSES

include "mlir/Pass/PassBase.td"

def EmitEntry : Pass<"emit-entry", "::mlir::ModuleOp"> {
  let summary = "Describes a planned model to the runtime";
  let description = [{
    Adds what `runtime/abi/model.h` asks of a compiled model: the constant
    `<name>_model` (a `struct msc_model_desc`), the entry function, which takes
    the pointers of a frame apart and calls `@main`, and the function that gives
    the arena's size. Parameters and prepared tensors get their places in the
    weights section, the external symbol `<name>_weights`, in the order of the
    arguments. `@prepare` is erased: it is run at compile time and is no part of
    the program.

    Precondition: `@main` is planned: its arguments are memrefs of identity
    layout, results are arguments marked `plan.result` or inputs marked
    `plan.donated` (with the result's name as `plan.donated_as`), and the last
    argument is the arena, whose size `@main_arena_bytes` gives. Extents that only results
    have, and what is required of those of inputs, come from `@main_extents`,
    if there is one. Results of `@main` are extents that the data decide, marked
    `plan.extent`; the entry stores them.

    Afterwards `@main` has one more result, a pointer, which is what makes its
    asserts return (`-cpu-lower-asserts`). It is private, and `<name>_model` is
    the only thing that a program refers to. What is known of the regions stays
    in the module's attribute `msc.regions`.
  }];
  let options = [
    Option<"name", "name", "std::string", /*default=*/"\"model\"",
           "Name of the model, a C identifier">,
    Option<"triple", "triple", "std::string", /*default=*/"\"\"",
           "Target triple; default: the host's">,
    Option<"march", "march", "std::string", /*default=*/"\"native\"",
           "CPU as LLVM names it; its features are those that the code needs">,
  ];
  let dependentDialects = [
    "::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect",
    "::mlir::func::FuncDialect"
  ];
}

def EmitOutlinePrepare : Pass<"emit-outline-prepare", "::mlir::ModuleOp"> {
  let summary = "Makes one function of all equal steps of @prepare";
  let description = [{
    Each linalg op and copy of `@prepare` becomes a call of a function for memrefs
    of any extents and strides. Steps that differ in nothing else share it, so
    that the time to compile `@prepare` depends on the kinds of steps and hardly on
    the number of layers.

    Precondition: `@prepare` is bufferised.
  }];
  let dependentDialects = [
    "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect"
  ];
}

#endif
