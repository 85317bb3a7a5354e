//===- Normalization.td - Softmax and normalisations -------*- tablegen -*-===//

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

//===----------------------------------------------------------------------===//
// Statistics of the operand itself
//===----------------------------------------------------------------------===//

class Graph_RowNormOp<string mnemonic, list<Trait> traits>
    : Graph_Op<mnemonic, !listconcat(traits, [
        Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost,
        Graph_Composite])> {
  let hasVerifier = 1;
}

def Graph_LayerNormOp
    : Graph_RowNormOp<"layer_norm", [AttrSizedOperandSegments]> {
  let summary = "Normalisation to mean 0 and variance 1 along dims";
  let description = [{
    `(operand - mean) * rstd * scale + offset`, where `mean` and
    `rstd = 1 / sqrt(variance + epsilon)` are taken along `dimensions`, which
    these two results lack. The variance is the mean square of what is left
    after the mean is subtracted. `scale` and `offset` run along `dimensions`
    and may be missing.

    Statistics are computed and given in f32 where the operand's type is
    narrower. The normalised element is rounded to the operand's type before
    the scale, as ONNX does it.

    Ba, Kiros and Hinton, Layer Normalization (2016). Front ends and
    `-graph-raise-composites` create it.

    Constraints:
    - `layer_norm_c1`: `dimensions` are dims of the operand, increasing;
    - `layer_norm_c2`: scale and offset have the extents of these dims and the
      operand's element type.

    Example: `%r:3 = graph.layer_norm %x scale(%s) dims = [1] epsilon = 1.0e-5 : (tensor<4x8xf32>, tensor<8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>)`
  }];
  let arguments = (ins Graph_FloatTensor:$operand,
    Optional<Graph_FloatTensor>:$scale, Optional<Graph_FloatTensor>:$offset,
    DenseI64ArrayAttr:$dimensions, F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result, Graph_FloatTensor:$mean,
    Graph_FloatTensor:$rstd);
  let assemblyFormat = [{
    $operand (`scale` `(` $scale^ `)`)? (`offset` `(` $offset^ `)`)?
    `dims` `=` $dimensions `epsilon` `=` $epsilon attr-dict `:`
    functional-type(operands, results)
  }];
}

def Graph_RmsNormOp : Graph_RowNormOp<"rms_norm", []> {
  let summary = "Division by the root mean square along dims";
  let description = [{
    `operand * rstd * scale`, where `rstd = 1 / sqrt(mean(operand^2) + epsilon)`
    is taken along `dimensions`, which this result lacks. Types and `scale` as
    in `graph.layer_norm`.

    Zhang and Sennrich, Root Mean Square Layer Normalization (2019).

    Constraints: `layer_norm_c1`, `layer_norm_c2`.

    Example: `%r:2 = graph.rms_norm %x scale(%s) dims = [1] epsilon = 1.0e-5 : (tensor<4x8xf32>, tensor<8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>)`
  }];
  let arguments = (ins Graph_FloatTensor:$operand,
    Optional<Graph_FloatTensor>:$scale, DenseI64ArrayAttr:$dimensions,
    F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result, Graph_FloatTensor:$rstd);
  let assemblyFormat = [{
    $operand (`scale` `(` $scale^ `)`)? `dims` `=` $dimensions `epsilon` `=`
    $epsilon attr-dict `:` functional-type(operands, results)
  }];
}

def Graph_GroupNormOp : Graph_Op<"group_norm", [
    AttrSizedOperandSegments, AllTypesMatch<["operand", "result"]>,
    Graph_Gradient, Graph_ShardingWithShape, Graph_Cost, Graph_Composite]> {
  let summary = "Normalisation of each sample's groups of channels";
  let description = [{
    Channels, the dim `axis`, lie in `groups` groups of neighbours; for every
    sample (dim 0) and group the elements are normalised as
    `graph.layer_norm` does it, then scaled and shifted by channel. With as
    many groups as channels it is instance normalisation.

    Wu and He, Group Normalization (2018).

    Constraints:
    - `group_norm_c1`: `axis` is a dim of the operand, not the first;
    - `group_norm_c2`: `groups` divides the extent of `axis`, which is static;
    - `group_norm_c3`: scale and offset are vectors of that extent, of the
      operand's element type.

    Example: `%r = graph.group_norm %x scale(%s) offset(%o) axis = 1 groups = 2 epsilon = 1.0e-5 : (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x8x4x4xf32>`
  }];
  let arguments = (ins Graph_FloatTensor:$operand,
    Optional<Graph_FloatTensor>:$scale, Optional<Graph_FloatTensor>:$offset,
    I64Attr:$axis, I64Attr:$groups, F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $operand (`scale` `(` $scale^ `)`)? (`offset` `(` $offset^ `)`)?
    `axis` `=` $axis `groups` `=` $groups `epsilon` `=` $epsilon attr-dict `:`
    functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif
