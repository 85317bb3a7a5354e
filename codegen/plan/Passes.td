//===- Passes.td - passes on plans ------------------------------*- tablegen -*-===//

#ifndef MSC_CODEGEN_PLAN_PASSES_TD
#define MSC_CODEGEN_PLAN_PASSES_TD

include "mlir/Pass/PassBase.td"

def PlanDeriveExtents : Pass<"plan-derive-extents", "::mlir::ModuleOp"> {
  let summary = "Compute extents of results from those of arguments";
  let description = [{
    For each public function (but `msc.prepare`) some of whose results have
    dynamic dims that no argument has (by their names in `graph.dims`), or that
    asserts something of its extents, makes a private function
    `@<name>_extents` of the extents of arguments, named by `plan.extent`. Its
    results are the extents, named by `plan.extent` too, and conditions, with
    the message of their `cf.assert` as `plan.requires`. Dims of results that
    have no name get one. Of an extent that depends on the data
    the function gives a bound, a formula that such an extent never exceeds (or
    it is an error), and the extent itself becomes a result of the function, of
    type index, with its name as `plan.extent`.

    ```mlir
    func.func @main(%x: tensor<?xf32> {graph.dims = ["n"]}, %y: tensor<?xf32> {graph.dims = ["m"]}) -> (tensor<?xf32> {graph.dims = ["n + m"]}) {
      %0 = tensor.concat dim(0) %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      return %0 : tensor<?xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlanMakeDestinations : Pass<"plan-make-destinations", "::mlir::func::FuncOp"> {
  let summary = "Give each result of a public function a destination";
  let description = [{
    Each result of a public function (but `msc.prepare`) becomes an argument
    after the others, marked `plan.result = k`, with the result's attributes,
    and the result is written into it. A result with extents that the data decide
    (index results marked `plan.extent` name them) is written densely into the
    front of its argument. An argument that is marked
    `plan.donated = k` is the destination of result k itself; the result's name
    becomes `plan.donated_as`. All arguments get
    `bufferization.writable`.

    ```mlir
    func.func @main(%w: tensor<4xf32> {plan.donated = 0 : i64}, %g: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32> {graph.name = "y"}) {
      return %g, %w : tensor<4xf32>, tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlanTieCarries : Pass<"plan-tie-carries", "::mlir::func::FuncOp"> {
  let summary = "Write what loops yield into what they carry";
  let description = [{
    Ties each carried tensor of `scf.for` and of plain `scf.while` loops to the
    buffer of the iteration's argument. Carries that change places are copied
    first.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
}

def PlanSplitCollectives : Pass<"plan-split-collectives", "::mlir::func::FuncOp"> {
  let summary = "Start collectives early and wait for them late";
  let description = [{
    Replaces `plan.collective` on tensors by `plan.start` at its place and
    `plan.wait` before the first user of its result.
  }];
}

def PlanDropResults : Pass<"plan-drop-results", "::mlir::func::FuncOp"> {
  let summary = "Stop returning results that are destinations";
  let description = [{
    After the outer bufferisation: each result of a public function has to be
    the argument marked for it (`plan.result`, `plan.donated`); they are no
    longer returned. A result in another buffer is an error.
  }];
}

def PlanDispatchCopies : Pass<"plan-dispatch-copies", "::mlir::ModuleOp"> {
  let summary = "Turn strided copies into regions";
  let description = [{
    Each `memref.copy` of a strided buffer in the outer program becomes the
    dispatch of a region of its own. Contiguous copies stay.
  }];
  let dependentDialects = ["::msc::plan::PlanDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlanPinLayouts : Pass<"plan-pin-layouts", "::mlir::ModuleOp"> {
  let summary = "Tell regions the layouts of their operands";
  let description = [{
    Sets `bufferization.buffer_layout` on the arguments of each region, whose
    body is still on tensors, to the layouts of the buffers that it is
    dispatched with. A region with dispatches of different layouts is cloned.
  }];
}

def PlanAnchorResults : Pass<"plan-anchor-results", "::mlir::func::FuncOp"> {
  let summary = "Write results of a region into its outs";
  let description = [{
    For functions of `module @regions` on tensors, after scheduling: each
    result is written into the destination that belongs to it, if it is not
    made there already.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
}

def PlanHoistScratch : Pass<"plan-hoist-scratch", "::mlir::ModuleOp"> {
  let summary = "Allocate the temporaries of regions beside their dispatches";
  let description = [{
    Each `memref.alloc` in a region becomes an argument, and a `scratch`
    operand of all dispatches. Sizes have to be bounded by the region's
    arguments; allocations in parallel loops are an error. Afterwards regions
    do not allocate.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def PlanMemory : Pass<"plan-memory", "::mlir::ModuleOp"> {
  let summary = "Place all buffers of public functions in one arena";
  let description = [{
    Replaces the `memref.alloc` ops of each public function by views of a new
    last argument, the arena (`memref<?xi8>`, marked `plan.arena`), which has
    to be aligned to 64 bytes. Sizes have to be closed formulas in the
    function's arguments. `@<name>_arena_bytes` computes the arena's size from
    the extents of a call, named by `plan.extent` on its arguments: a name of
    `graph.dims`, "arg2.0" (dim 0 of argument 2) or "arg2" (its value).

    The function gets `plan.arena_bytes` (an integer or the formula) and
    `plan.arena`: number of buffers, size at the greatest extents, lower bound
    of any packing without in-place sharing, the heuristic that won.
  }];
  let options = [Option<"defaultMax", "default-max", "int64_t", "65536",
                        "greatest extent of dims without a declared range">];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def PlanOrderConstants : Pass<"plan-order-constants", "::mlir::ModuleOp"> {
  let summary = "Order and number constants by their first use";
  let description = [{
    The private constant globals of the module that its functions use come
    first, in the order in which the functions do. A trailing number of a name
    is given anew. Bufferisation makes them in an order that changes from run
    to run.
  }];
}

def PlanVerifyMemory : Pass<"plan-verify-memory", "::mlir::ModuleOp"> {
  let summary = "Check that all memory is planned";
  let description = [{
    Fails if, outside of functions marked `msc.prepare`, something allocates or
    is a tensor, or if something computes outside of a region.
  }];
  let options = [Option<"allowCopies", "allow-copies", "bool", "true",
                        "false: copies outside of regions are errors">];
}

def PlanLowerToCalls : Pass<"plan-lower-to-calls", "::mlir::ModuleOp"> {
  let summary = "Turn dispatches into calls";
  let description = [{
    Moves the regions, numbered by `plan.region`, to the top level and calls
    them. Copies become `memref.copy`; transfers between devices are errors.
    Afterwards nothing of the plan dialect is left but attributes.
  }];
  let options = [Option<"marks", "marks", "bool", "true",
                        "enclose each call by calls of msc_rt_mark">];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // MSC_CODEGEN_PLAN_PASSES_TD
