//===- Decomposition.td - Exact expansions -----------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_INTERFACES_DECOMPOSITION
#define MSC_DIALECTS_INTERFACES_DECOMPOSITION

include "mlir/IR/OpBase.td"

def DecomposableOpInterface : OpInterface<"DecomposableOpInterface"> {
  let description = [{
    A composite op: one that could be written with simpler ops of its dialect,
    and is kept whole for speed or numerical stability. The expansion is its
    lowering at -O0, its oracle in tests, and the default for every facet that
    the op doesn't override.
  }];
  let cppNamespace = "::msc";
  let methods = [
    InterfaceMethod<[{
        Builds the expansion at the builder's insertion point, on the given
        values in place of the op's operands, and returns one value for each
        result. Doesn't touch the op itself.
      }],
      "::llvm::FailureOr<::llvm::SmallVector<::mlir::Value>>", "decompose",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands)>,
  ];
}

#endif
