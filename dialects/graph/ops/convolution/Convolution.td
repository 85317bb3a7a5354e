//===- Convolution.td - Convolution and its partners -------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_CONVOLUTION
#define MSC_DIALECTS_GRAPH_OPS_CONVOLUTION

include "dialects/graph/GraphAttrs.td"

// The three ops are the partial derivatives of one trilinear form
//   T(x, w, dy) = sum dy[n, o, c] * x[n, o * stride + k * dilation - pad, ic]
//                               * w[c, ic, k]
// conv = dT/ddy, conv_input_grad = dT/dx, conv_filter_grad = dT/dw.
class Graph_ConvolutionOp<string mnemonic, list<Trait> traits>
    : Graph_Op<mnemonic, !listconcat([
        Graph_Gradient, Graph_ShardingWithShape, Graph_Cost], traits)> {
  dag window = (ins
    DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding_low,
    DenseI64ArrayAttr:$padding_high, DenseI64ArrayAttr:$dilations,
    I64Attr:$groups, Graph_LayoutAttr:$layout);
  let results = (outs Graph_Tensor:$result);
  let extraClassDeclaration = [{
    /// The three tensors of the form, whichever of them is the result.
    ::mlir::RankedTensorType getImageType();
    ::mlir::RankedTensorType getFilterType();
    ::mlir::RankedTensorType getOutputType();
    ::msc::graph::ImageDims getImageDims();
    /// Windows over the image, one per spatial dim.
    ::llvm::SmallVector<::msc::graph::WindowDim> getWindows();
  }];
}

def Graph_ConvOp : Graph_ConvolutionOp<"conv", [Graph_InferType]> {
  let summary = "Convolution (cross-correlation) over 1 to 3 spatial dims";
  let description = [{
    Layouts, with spatial dims `S` in order:
    - `channels_first`: input [N, IC, S], filter [OC, IC / groups, S],
      result [N, OC, S];
    - `channels_last`: input [N, S, IC], filter [S, IC / groups, OC],
      result [N, S, OC].

    The input is padded by zeros, `padding_low` before and `padding_high` after
    each spatial dim (none negative). Result extents are
    `(in + low + high - ((k - 1) * dilation + 1)) / stride + 1`, rounded down.
    Output channels of a group are contiguous and see the group's inputs only.

    Constraints:
    - `conv_c1`: ranks are equal, 3 to 5; one stride, dilation and padding per
      spatial dim, paddings not negative, strides, dilations and the filter's
      spatial extents positive;
    - `conv_c2`: `groups` is positive, IC = groups * the filter's input channels,
      OC divides by groups;
    - `conv_c3`: element types are equal;
    - `conv_c4`: the result's shape is as above, no extent negative.

    Example:
    ```mlir
    %r = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>,
      padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
    ```
  }];
  let arguments = !con((ins Graph_Tensor:$input, Graph_Tensor:$filter), window);
  let assemblyFormat = [{
    $input `,` $filter attr-dict `:` functional-type(operands, $result)
  }];
}

def Graph_ConvInputGradOp : Graph_ConvolutionOp<"conv_input_grad", []> {
  let summary = "Cotangent of a convolution's input; transposed convolution";
  let description = [{
    What `graph.conv` with these attributes maps a cotangent of its result back
    to, as a cotangent of its input. The shape of the input is the result's;
    `sizes` holds its dynamic extents. Linear in both operands.

    Constraints: those of `graph.conv` with `result` as input and
    `cotangent` as result (`conv_input_grad_c1`), and one size per dynamic dim of
    the result (`conv_input_grad_c2`).

    Example:
    ```mlir
    %dx = graph.conv_input_grad %dy, %w {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x4x16xf32>, tensor<3x3x16xf32>) -> tensor<1x8x3xf32>
    ```
  }];
  let hasVerifier = 1;
  let arguments = !con((ins Graph_Tensor:$cotangent, Graph_Tensor:$filter,
                            Variadic<Index>:$sizes), window);
  let assemblyFormat = [{
    $cotangent `,` $filter (`sizes` `(` $sizes^ `)`)? attr-dict `:`
    `(` type($cotangent) `,` type($filter) `)` `->` type($result)
  }];
}

def Graph_ConvFilterGradOp : Graph_ConvolutionOp<"conv_filter_grad", []> {
  let summary = "Cotangent of a convolution's filter";
  let description = [{
    As `graph.conv_input_grad`, for the filter. The result is static, or
    its dynamic extents are in `sizes`.

    Constraints: those of `graph.conv` with `result` as filter and
    `cotangent` as result (`conv_filter_grad_c1`), and one size per dynamic dim
    of the result (`conv_filter_grad_c2`).
  }];
  let hasVerifier = 1;
  let arguments = !con((ins Graph_Tensor:$input, Graph_Tensor:$cotangent,
                            Variadic<Index>:$sizes), window);
  let assemblyFormat = [{
    $input `,` $cotangent (`sizes` `(` $sizes^ `)`)? attr-dict `:`
    `(` type($input) `,` type($cotangent) `)` `->` type($result)
  }];
}

#endif
