//===- Resampling.cpp - Types and expansions of resampling ----------------===//

#include "dialects/graph/ops/resampling/Resampling.h"
#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

#define GET_OP_CLASSES
#include "dialects/graph/ops/resampling/Resampling.cpp.inc"

LogicalResult
ResampleOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                             ValueRange operands, DictionaryAttr attributes,
                             OpaqueProperties properties, RegionRange regions,
                             SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto from = typeOf(operands[0]), indices = typeOf(operands[1]),
       weights = typeOf(operands[2]);
  uint64_t axis = adaptor.getAxis();
  if (axis >= static_cast<uint64_t>(from.getRank()))
    return emitOptionalError(
        location, "resample_c1: expected an axis below the rank ",
        from.getRank(), ", got ", static_cast<int64_t>(axis));
  if (from.getDimSize(axis) == 0)
    return emitOptionalError(
        location, "resample_c1: expected at least one element along axis ",
        axis, ", got 0");
  if (indices.getRank() != 2 || weights.getRank() != 2 ||
      failed(verifyCompatibleShape(indices, weights)))
    return emitOptionalError(
        location, "resample_c2: expected matrices of one shape, got ", indices,
        " and ", weights);
  if (weights.getElementType() != from.getElementType())
    return emitOptionalError(
        location, "resample_c3: expected weights of element type ",
        from.getElementType(), ", got ", weights.getElementType());
  SmallVector<int64_t> shape(from.getShape());
  shape[axis] = ShapedType::isDynamic(indices.getDimSize(0))
                    ? weights.getDimSize(0)
                    : indices.getDimSize(0);
  types.push_back(from.clone(shape));
  return success();
}

LogicalResult
ResampleOp::reifyResultShapes(OpBuilder &builder,
                              ReifiedRankedShapedTypeDims &shapes) {
  auto sizes = tensor::getMixedSizes(builder, getLoc(), getOperand());
  int64_t extent = typeOf(getResult()).getDimSize(getAxis());
  sizes[getAxis()] =
      ShapedType::isDynamic(extent)
          ? tensor::getMixedSize(builder, getLoc(), getIndices(), 0)
          : OpFoldResult(builder.getIndexAttr(extent));
  shapes.push_back(std::move(sizes));
  return success();
}

/// Gathered neighbours in a new dim behind the axis, weighed and summed.
FailureOr<SmallVector<Value>> ResampleOp::decompose(OpBuilder &builder,
                                                    ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  int64_t axis = getAxis();
  std::string before, after;
  for (int64_t dim = 0; dim < typeOf(getOperand()).getRank(); ++dim)
    if (dim != axis)
      (dim < axis ? before : after).push_back(static_cast<char>('a' + dim));
  Value neighbours = GatherOp::create(
      builder, getLoc(), before + "*" + after + ",OT->" + before + "OT" + after,
      operands[0], operands[1]);
  Value weights =
      b.broadcast(operands[2], b.sizes(neighbours), {axis, axis + 1});
  return SmallVector<Value>{b.reduceSum(b.mul(neighbours, weights), axis + 1)};
}
