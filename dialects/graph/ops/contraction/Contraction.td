//===- Contraction.td - Sums of products -------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_CONTRACTION
#define MSC_DIALECTS_GRAPH_OPS_CONTRACTION

include "dialects/graph/GraphAttrs.td"

def Graph_ContractOp : Graph_Op<"contract", [
    Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = "Sum of products over shared dims";
  let description = [{
    An Einstein sum of two operands: `spec` names the dims of both operands and
    of the result by letters; dims whose letter is missing in the result are
    summed over. It holds matrix products with any batch, transposition and
    order of the result, dot and outer products. Products are made and summed in
    the element type of the result, to which operands are converted (i8 into
    i32, bf16 into f32).

    Constraints:
    - `contract_c1`: `spec` is `<letters>,<letters>-><letters>`, a letter at most
      once in each;
    - `contract_c2`: the letters fit the ranks;
    - `contract_c3`: dims of one letter are compatible;
    - `contract_c4`: every letter of the result is in an operand, and every
      letter that is in one operand only is in the result;
    - `contract_c5`: element types are all floats or all integers.

    Example: `%r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>`
  }];
  let arguments = (ins StrAttr:$spec, Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $spec $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
  let builders = [
    // The result's shape follows from the operands; its element type is given.
    OpBuilder<(ins "::llvm::StringRef":$spec, "::mlir::Value":$lhs,
                   "::mlir::Value":$rhs, "::mlir::Type":$elementType)>];
  let extraClassDeclaration = [{
    /// Maps of lhs, rhs and result from the letters in order of first use:
    /// result's letters first, then the summed ones.
    ::llvm::SmallVector<::mlir::AffineMap, 3> getIndexingMaps();
    /// The letters of lhs, rhs and result.
    ::llvm::SmallVector<::llvm::StringRef, 3> getLabels();
  }];
  let hasVerifier = 1;
}

#endif
