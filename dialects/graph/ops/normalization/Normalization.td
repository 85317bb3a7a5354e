//===- Normalization.td - Softmax and batch norm -----------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_NORMALIZATION
#define MSC_DIALECTS_GRAPH_OPS_NORMALIZATION

include "dialects/graph/GraphAttrs.td"

class Graph_SoftmaxLikeOp<string mnemonic>
    : Graph_Op<mnemonic, [SameOperandsAndResultType, Graph_Gradient,
        Graph_Sharding, Graph_Cost, Graph_Composite]> {
  let arguments = (ins Graph_FloatTensor:$operand, I64Attr:$axis);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = "$operand `axis` `=` $axis attr-dict `:` type($result)";
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder,
        ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::msc::graph::reifyAsOperand(getOperation(), 0, builder, shapes);
    }
  }];
}

def Graph_SoftmaxOp : Graph_SoftmaxLikeOp<"softmax"> {
  let summary = "exp(x) over its sum along an axis";
  let description = [{
    With the axis' maximum subtracted first, so that nothing overflows.

    Constraints:
    - `softmax_c1`: `axis` is a dim of the operand.

    Example: `%r = graph.softmax %a axis = 1 : tensor<4x10xf32>`
  }];
}

def Graph_LogSoftmaxOp : Graph_SoftmaxLikeOp<"log_softmax"> {
  let summary = "Logarithm of softmax";
  let description = [{
    `x - max - log(sum(exp(x - max)))`. Constraints: `softmax_c1`.
  }];
}

def Graph_BatchNormOp : Graph_Op<"batch_norm", [
    AllTypesMatch<["operand", "result"]>,
    AllTypesMatch<["scale", "offset", "mean", "variance"]>, Graph_Gradient, Graph_Sharding,
    Graph_Cost, Graph_Composite]> {
  let summary = "Normalisation by given statistics of each feature";
  let description = [{
    `(operand - mean) / sqrt(variance + epsilon) * scale + offset`, where the
    four vectors run along the dim `axis`. Used for inference; training computes
    the statistics by reductions first.

    Constraints:
    - `batch_norm_c1`: `axis` is a dim of the operand;
    - `batch_norm_c2`: the vectors have its extent and the operand's element
      type.

    Example: `%r = graph.batch_norm %x, %s, %o, %m, %v axis = 1 epsilon = 1.0e-5 : tensor<1x16x8x8xf32>, tensor<16xf32>`
  }];
  let arguments = (ins Graph_FloatTensor:$operand, Graph_FloatTensor:$scale,
    Graph_FloatTensor:$offset, Graph_FloatTensor:$mean,
    Graph_FloatTensor:$variance, I64Attr:$axis, F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $operand `,` $scale `,` $offset `,` $mean `,` $variance `axis` `=` $axis
    `epsilon` `=` $epsilon attr-dict `:` type($result) `,` type($scale)
  }];
  let hasVerifier = 1;
}

#endif
