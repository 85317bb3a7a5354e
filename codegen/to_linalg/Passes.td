//===- Passes.td - From graph to linalg --------------------*- tablegen -*-===//

#ifndef MSC_CODEGEN_TO_LINALG_PASSES
#define MSC_CODEGEN_TO_LINALG_PASSES

include "mlir/Pass/PassBase.td"

def GraphToLinalg : Pass<"graph-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lowers graph ops to linalg and tensor ops";
  let description = [{
    Every graph op becomes `linalg.generic`, `linalg.fill` or ops of the tensor
    dialect, on tensors still. Signedness of integers moves from the types into
    the ops; arguments and results of functions whose type changes keep the old
    element type in `graph.element_type`. Linalg ops carry the name of the op
    that they came from in `msc.op`, for reports.

    Precondition: none; composite ops have a lowering of their own (run
    `-graph-decompose` first for the plain one). Afterwards no graph op is left.

    Example: `graph.add %a, %b : tensor<4xui8>` becomes a `linalg.generic` with
    `arith.addi` on `tensor<4xi8>`.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif
