//===- Shape.td - Constants and movement of elements -------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_SHAPE
#define MSC_DIALECTS_GRAPH_OPS_SHAPE

include "dialects/graph/GraphAttrs.td"

def Graph_ConstantOp : Graph_Op<"constant", [
    ConstantLike, AllTypesMatch<["value", "result"]>, Graph_Gradient,
    Graph_ShardingWithShape, Graph_Cost]> {
  let summary = "A tensor known at compile time";
  let description = [{
    For small tensors; parameters are function arguments with a `#graph.blob`.

    Example: `%r = graph.constant dense<[1, 2]> : tensor<2xi32>`
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def Graph_IotaOp : Graph_Op<"iota", [
    Graph_Gradient, Graph_ShardingWithShape, Graph_Cost]> {
  let summary = "Counts along a dim";
  let description = [{
    `result[..., i, ...] = i` along `dimension`. One index operand per dynamic
    dim of the result.

    Constraints:
    - `iota_c1`: `dimension` is a dim of the result;
    - `iota_c2`: one size per dynamic dim of the result.

    Example: `%r = graph.iota dim = 1 : tensor<2x3xi64>`
  }];
  let arguments = (ins Variadic<Index>:$sizes, I64Attr:$dimension);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    `dim` `=` $dimension (`sizes` `(` $sizes^ `)`)? attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Graph_BroadcastOp : Graph_Op<"broadcast", [
    Graph_Gradient, Graph_ShardingWithShape, Graph_Cost]> {
  let summary = "Repeats a tensor along dims";
  let description = [{
    Dim `i` of the operand becomes dim `dimensions[i]` of the result
    (increasing); it has the result's extent, or is statically 1 and repeated.
    All other dims of the result are new. `sizes` holds the extents of the
    dynamic dims of the result, in order.

    Constraints:
    - `broadcast_c1`: `dimensions` has one entry per operand dim, strictly
      increasing, below the result's rank;
    - `broadcast_c2`: every operand dim is 1 or compatible with its result dim;
    - `broadcast_c3`: element types are equal;
    - `broadcast_c4`: one size per dynamic dim of the result.

    Example: `%r = graph.broadcast %b dims = [1] : tensor<8xf32> to tensor<4x8xf32>`
  }];
  let arguments = (ins Graph_Tensor:$operand, Variadic<Index>:$sizes,
                       DenseI64ArrayAttr:$dimensions);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $operand `dims` `=` $dimensions (`sizes` `(` $sizes^ `)`)? attr-dict `:`
    type($operand) `to` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_ReshapeOp : Graph_Op<"reshape", [
    Graph_Gradient, Graph_ShardingWithShape, Graph_Cost]> {
  let summary = "The same elements, in row-major order, under another shape";
  let description = [{
    `sizes` holds the extents of the dynamic dims of the result, in order; the
    number of elements must not change.

    Constraints:
    - `reshape_c1`: element types are equal;
    - `reshape_c2`: static shapes have the same number of elements;
    - `reshape_c3`: one size per dynamic dim of the result.

    Example: `%r = graph.reshape %a : tensor<4x8xf32> to tensor<32xf32>`
  }];
  let arguments = (ins Graph_Tensor:$operand, Variadic<Index>:$sizes);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $operand (`sizes` `(` $sizes^ `)`)? attr-dict `:` type($operand) `to`
    type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Graph_TransposeOp : Graph_Op<"transpose", [
    Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = "Permutes dims";
  let description = [{
    Dim `i` of the result is dim `permutation[i]` of the operand.

    Constraints:
    - `transpose_c1`: `permutation` is a permutation of the operand's dims.

    Example: `%r = graph.transpose %a perm = [1, 0] : tensor<2x3xf32> to tensor<3x2xf32>`
  }];
  let arguments = (ins Graph_Tensor:$operand, DenseI64ArrayAttr:$permutation);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $operand `perm` `=` $permutation attr-dict `:` type($operand) `to`
    type($result)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Graph_ConcatOp : Graph_Op<"concat", [
    Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = "Joins tensors along a dim";
  let description = [{
    Constraints:
    - `concat_c1`: at least one operand, all of one rank above `axis`;
    - `concat_c2`: dims other than `axis` are compatible, element types equal.

    Example: `%r = graph.concat %a, %b axis = 0 : (tensor<2xf32>, tensor<3xf32>) -> tensor<5xf32>`
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $inputs `axis` `=` $axis attr-dict `:` functional-type($inputs, $result)
  }];
  let hasFolder = 1;
}

def Graph_SliceOp : Graph_Op<"slice", [
    AttrSizedOperandSegments, Graph_Gradient, Graph_ShardingWithShape,
    Graph_Cost]> {
  let summary = "A box of elements, taken at strides";
  let description = [{
    `result[i] = operand[offset + i * stride]` in each dim. Offsets, sizes and
    strides are static (in the attribute) or dynamic (`kDynamic` there and an
    index operand); strides are positive. The slice lies inside the operand.

    Constraints:
    - `slice_c1`: one offset, size and stride per dim;
    - `slice_c2`: static slices lie inside static dims;
    - `slice_c3`: the result's shape is the sizes.

    Example: `%r = graph.slice %a [0, %i] [2, 1] [1, 1] : tensor<4x8xf32> to tensor<2x1xf32>`
  }];
  let arguments = (ins Graph_Tensor:$operand,
    Variadic<Index>:$offsets, Variadic<Index>:$sizes, Variadic<Index>:$strides,
    DenseI64ArrayAttr:$static_offsets, DenseI64ArrayAttr:$static_sizes,
    DenseI64ArrayAttr:$static_strides);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $operand custom<DynamicIndexList>($offsets, $static_offsets)
    custom<DynamicIndexList>($sizes, $static_sizes)
    custom<DynamicIndexList>($strides, $static_strides) attr-dict `:`
    type($operand) `to` type($result)
  }];
  let builders = [
    OpBuilder<(ins "::mlir::Value":$operand,
      "::llvm::ArrayRef<::mlir::OpFoldResult>":$offsets,
      "::llvm::ArrayRef<::mlir::OpFoldResult>":$sizes,
      "::llvm::ArrayRef<::mlir::OpFoldResult>":$strides)>];
  let extraClassDeclaration = [{
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedOffsets();
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedSizes();
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedStrides();
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_PadOp : Graph_Op<"pad", [
    AttrSizedOperandSegments, Graph_Gradient, Graph_ShardingWithShape,
    Graph_Cost]> {
  let summary = "Surrounds a tensor, and spreads its elements";
  let description = [{
    In each dim: `low` elements of `value` before, `high` after, `interior`
    between any two neighbours. None is negative.

    Constraints:
    - `pad_c1`: one low, high and interior per dim, none negative;
    - `pad_c2`: `value` has the operand's element type;
    - `pad_c3`: the result's extent is
      `low + max(0, n + (n - 1) * interior) + high`, or dynamic, or anything
      where a part of this is.

    Example: `%r = graph.pad %a, %z low [1] high [1] interior = [0] : tensor<4xf32> to tensor<6xf32>`
  }];
  let arguments = (ins Graph_Tensor:$operand, Graph_ScalarTensor:$value,
    Variadic<Index>:$low, Variadic<Index>:$high,
    DenseI64ArrayAttr:$static_low, DenseI64ArrayAttr:$static_high,
    DenseI64ArrayAttr:$interior);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $operand `,` $value `low` custom<DynamicIndexList>($low, $static_low)
    `high` custom<DynamicIndexList>($high, $static_high) `interior` `=`
    $interior attr-dict `:` type($operand) `,` type($value) `to` type($result)
  }];
  let builders = [
    OpBuilder<(ins "::mlir::Value":$operand, "::mlir::Value":$value,
      "::llvm::ArrayRef<::mlir::OpFoldResult>":$low,
      "::llvm::ArrayRef<::mlir::OpFoldResult>":$high,
      "::llvm::ArrayRef<int64_t>":$interior)>,
    OpBuilder<(ins "::mlir::Type":$result, "::mlir::Value":$operand,
      "::mlir::Value":$value, "::llvm::ArrayRef<::mlir::OpFoldResult>":$low,
      "::llvm::ArrayRef<::mlir::OpFoldResult>":$high,
      "::llvm::ArrayRef<int64_t>":$interior)>];
  let extraClassDeclaration = [{
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedLow();
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedHigh();
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_ReverseOp : Graph_Op<"reverse", [
    SameOperandsAndResultType, Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = "Reverses the order of elements along dims";
  let description = [{
    Constraints:
    - `reverse_c1`: `dimensions` are dims of the operand, each once.

    Example: `%r = graph.reverse %a dims = [0] : tensor<4xf32>`
  }];
  let arguments = (ins Graph_Tensor:$operand, DenseI64ArrayAttr:$dimensions);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$operand `dims` `=` $dimensions attr-dict `:` type($result)";
  let hasVerifier = 1;
}

#endif
