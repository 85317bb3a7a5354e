#ifndef MSC_CODEGEN_CPU_PASSES
#define MSC_CODEGEN_CPU_PASSES

include "mlir/Pass/PassBase.td"

def ApproximateMath : Pass<"cpu-approximate-math", "::mlir::func::FuncOp"> {
  let summary = "Replace exp, log, tanh and erf of f32 by polynomials";
  let description = [{
    Works on scalars and vectors; f64 and other functions stay. Largest errors,
    in units in the last place (test/codegen/cpu/ApproximateMathTest.cpp):
    exp 1.2, log 0.8, tanh 1.4, erf 1.2. NaN, infinities, zeros and subnormal numbers
    give what libm gives, but for results of exp that are subnormal: these are
    exact to one unit of the smallest subnormal number. An exp that carries
    `cpu.nonpositive` (set by `-cpu-schedule-regions` on those of a softmax) may
    give 0 there, and anything for an operand above 0.

    Not run for `fp=strict`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def ExpandCopies : Pass<"cpu-expand-copies", "::mlir::func::FuncOp"> {
  let summary = "Turn copies between strided buffers into loops";
  let description = [{
    A `memref.copy` of contiguous buffers becomes one `memcpy` later and stays;
    any other would call a function of a library that is not linked.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def ExpandMaxima : Pass<"cpu-expand-maxima", "::mlir::func::FuncOp"> {
  let summary = "Expand maximumf and minimumf into comparisons";
  let description = [{
    `maximumf(a, x)` becomes `m = (x > a ? x : a)`, one instruction on most CPUs,
    and `isnan(x) ? m + x : m`. NaN passes as in the original; of two zeros
    either may be the result.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ExpandSelects : Pass<"cpu-expand-selects", "::mlir::func::FuncOp"> {
  let summary = "Turn selects of buffers into branches";
  let description = [{
    An `arith.select` of memrefs becomes an `scf.if`, which has a lowering.
    Canonicalisation makes the one of the other: runs after it.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect"];
}

def LowerAsserts : Pass<"cpu-lower-asserts", "::mlir::ModuleOp"> {
  let summary = "Let a function return where what it requires does not hold";
  let description = [{
    In a function whose last result is a pointer each `cf.assert` becomes a
    branch to a block that returns the address of the message, and zeros as
    other results. Private functions that only such functions call get that
    result too, and each call returns what it gives but null. Asserts of others
    stay. Runs once `scf` is lowered: a function is left out of any number of
    loops.

    ```mlir
    func.func @f(%a: i1) -> !llvm.ptr {
      cf.assert %a, "a does not hold"
      %none = llvm.mlir.zero : !llvm.ptr
      return %none : !llvm.ptr
    }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect"];
}

def OutlineParallel : Pass<"cpu-outline-parallel", "::mlir::ModuleOp"> {
  let summary = "Turn parallel loops into calls of msc_rt_parallel_for";
  let description = [{
    The body of each outermost `scf.parallel` of one dim, on buffers, becomes a
    function of a closure and a range of iterations. Scratch that the body
    allocates on the stack is allocated once per call of it. Afterwards no
    `scf.parallel` is left but inside of such bodies.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::scf::SCFDialect"];
}

def PackWeights : Pass<"cpu-pack-weights", "::mlir::func::FuncOp"> {
  let summary = "Pack the weights of contractions into panels";
  let description = [{
    The operand of a contraction or convolution that depends only on parameters
    (arguments with `graph.parameter` or `plan.prepared`) and constants gets the
    layout [N/NR][K...][NR], zero-padded where NR doesn't divide N, and the map
    `(.., n, .., k) -> (n floordiv NR, k, n mod NR)`. The result doesn't change.
    The ops that pack depend on parameters only.
  }];
  let options = [
    Option<"triple", "triple", "std::string", "\"\"", "target triple">,
    Option<"march", "march", "std::string", "\"native\"", "CPU">,
    Option<"features", "features", "std::string", "\"\"", "more features">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ScheduleRegions : Pass<"cpu-schedule-regions", "::mlir::ModuleOp"> {
  let summary = "Turn the body of every region function into vector code";
  let description = [{
    Works on each `func.func` of the nested module `@regions` (without one: on
    every function of the module that has the form of a region): tensors in,
    destination-passing, a body of linalg, reshapes, slices and pads.

    A body is cut into stages, each of which fills one buffer: a contraction, convolution,
    pooling or other reduction with the elementwise ops around it, or a purely
    elementwise nest. Stages that share rows (softmax, layer norm) run row by
    row. A stage becomes loops around a register tile of 1-D vectors.

    Afterwards each function carries `cpu.schedule`, e.g. "contraction 6x64" or
    "loops: <reason>"; the latter also is a remark, and its body is unchanged.
    Functions keep their types; inputs are read and destinations are written
    through `bufferization.to_buffer`, with the layouts of
    `bufferization.buffer_layout`.
  }];
  let options = [
    Option<"triple", "triple", "std::string", "\"\"",
           "target triple; by default the host's">,
    Option<"march", "march", "std::string", "\"native\"",
           "CPU as LLVM names it, or `native`">,
    Option<"features", "features", "std::string", "\"\"",
           "more features, e.g. `+avx512bf16`">,
    Option<"schedule", "schedule", "std::string", "\"auto\"",
           "`auto`, or `loops`: leave all bodies to plain loops (-O0)">,
    Option<"fp", "fp", "std::string", "\"fast\"",
           "`fast`, or `strict`: keep the order of every sum, no FMA">,
    Option<"threads", "threads", "bool", "true",
           "split large regions into `scf.parallel`">,
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif
