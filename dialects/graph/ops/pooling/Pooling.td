//===- Pooling.td - Windows of an image --------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_POOLING
#define MSC_DIALECTS_GRAPH_OPS_POOLING

include "dialects/graph/GraphAttrs.td"

// Windows slide over the spatial dims of [N, C, S] or [N, S, C]; extents as for
// graph.conv. Window, strides and dilations are positive, paddings smaller than
// the dilated window, so that no window lies in the padding only.
class Graph_PoolOp<string mnemonic, list<Trait> traits>
    : Graph_Op<mnemonic, !listconcat([
        Graph_Gradient, Graph_ShardingWithShape, Graph_Cost], traits)> {
  dag window_attributes = (ins
    DenseI64ArrayAttr:$window, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$padding_low, DenseI64ArrayAttr:$padding_high,
    DenseI64ArrayAttr:$dilations, Graph_LayoutAttr:$layout);
  let results = (outs Graph_Tensor:$result);
  let extraClassDeclaration = [{
    /// The tensors with the extents that windows slide over, and with one
    /// element for each window.
    ::mlir::RankedTensorType getImageType();
    ::mlir::RankedTensorType getPooledType();
    ::msc::graph::ImageDims getImageDims();
    ::llvm::SmallVector<::msc::graph::WindowDim> getWindows();
  }];
}

def Graph_MaxPoolOp : Graph_PoolOp<"max_pool", [Graph_InferType]> {
  let summary = "Largest element of each window";
  let description = [{
    NaN if the window holds one. Padding is never the largest. The cotangent goes
    to the first largest element in row-major order.

    Constraints:
    - `pool_c1`: rank 3 to 5; one window extent, stride, dilation and padding per
      spatial dim, in their ranges;
    - `pool_c2`: the result's shape follows from the window.
  }];
  let arguments = !con((ins Graph_Tensor:$input), window_attributes);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, $result)";
}

def Graph_MaxPoolGatherOp : Graph_PoolOp<"max_pool_gather", [Graph_InferType]> {
  let summary = "Elements of another tensor where the windows' maxima are";
  let description = [{
    `result[o] = values[argmax of the window o of input]`. The Jacobian-vector
    product of `graph.max_pool`.

    Constraints: `pool_c1`, `pool_c2`, and
    - `max_pool_gather_c1`: `values` has the shape of `input`.
  }];
  let arguments = !con((ins Graph_Tensor:$input, Graph_Tensor:$values),
                       window_attributes);
  let assemblyFormat = [{
    $input `,` $values attr-dict `:` functional-type(operands, $result)
  }];
}

def Graph_MaxPoolScatterOp : Graph_PoolOp<"max_pool_scatter", [Graph_InferType]> {
  let summary = "Adds each window's cotangent where its maximum is";
  let description = [{
    `result[argmax of the window o of input] += cotangent[o]`, zero elsewhere;
    the result has the shape of `input`. The vector-Jacobian product of
    `graph.max_pool`, and the transpose of `graph.max_pool_gather`.

    Constraints: `pool_c1`, and
    - `max_pool_scatter_c1`: `cotangent` has the shape of the pooled `input`.
  }];
  let arguments = !con((ins Graph_Tensor:$input, Graph_Tensor:$cotangent),
                       window_attributes);
  let assemblyFormat = [{
    $input `,` $cotangent attr-dict `:` functional-type(operands, $result)
  }];
}

def Graph_AvgPoolOp : Graph_PoolOp<"avg_pool", [Graph_InferType]> {
  let summary = "Mean of each window";
  let description = [{
    The sum of the window's elements that are not padding, divided by the size
    of the window if `count_include_pad`, else by the number of those elements
    (0 if there are none, which dilated windows over small images can have).

    Constraints: `pool_c1`, `pool_c2`.
  }];
  let arguments = !con((ins Graph_FloatTensor:$input), window_attributes,
                       (ins BoolAttr:$count_include_pad));
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, $result)";
}

def Graph_AvgPoolGradOp : Graph_PoolOp<"avg_pool_grad", []> {
  let summary = "Cotangent of an average pooling's input";
  let description = [{
    The transpose of `graph.avg_pool`, which is linear. The shape of the input
    is the result's; `sizes` holds its dynamic extents.

    Constraints: `pool_c1`, and
    - `avg_pool_grad_c1`: `cotangent` has the shape and element type of the pooled
      `result`;
    - `avg_pool_grad_c2`: one size per dynamic dim of the result.
  }];
  let hasVerifier = 1;
  let arguments = !con((ins Graph_FloatTensor:$cotangent, Variadic<Index>:$sizes),
                       window_attributes, (ins BoolAttr:$count_include_pad));
  let assemblyFormat = [{
    $cotangent (`sizes` `(` $sizes^ `)`)? attr-dict `:` type($cotangent) `to`
    type($result)
  }];
}

#endif
