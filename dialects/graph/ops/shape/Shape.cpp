//===- Shape.cpp - Types and extents of shape ops -------------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

static bool areCompatible(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b;
}

/// One operand of `sizes` for each dynamic dim of the result.
static LogicalResult verifySizes(Operation *op, StringRef label,
                                 ValueRange sizes) {
  int64_t expected = typeOf(op->getResult(0)).getNumDynamicDims();
  if (expected != static_cast<int64_t>(sizes.size()))
    return op->emitOpError(label)
           << ": expected " << expected << " sizes, one per dynamic dim of "
           << op->getResult(0).getType() << ", got " << sizes.size();
  return success();
}

static LogicalResult verifyElementType(Operation *op, StringRef label,
                                       Value operand) {
  Type expected = getElementTypeOrSelf(op->getResult(0).getType());
  Type got = getElementTypeOrSelf(operand.getType());
  if (expected != got)
    return op->emitOpError(label)
           << ": expected element type " << expected << ", got " << got;
  return success();
}

/// The extents of a result whose dynamic dims are given as operands.
static LogicalResult reifySizes(Operation *op, ValueRange sizes,
                                ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(mlir::getMixedValues(typeOf(op->getResult(0)).getShape(),
                                        sizes, op->getContext()));
  return success();
}

//===----------------------------------------------------------------------===//
// Constant and iota
//===----------------------------------------------------------------------===//

LogicalResult
ConstantOp::reifyResultShapes(OpBuilder &,
                              ReifiedRankedShapedTypeDims &shapes) {
  return reifySizes(*this, {}, shapes);
}

LogicalResult IotaOp::verify() {
  int64_t rank = typeOf(getResult()).getRank();
  if (getDimension() >= static_cast<uint64_t>(rank))
    return emitOpError("iota_c1: expected a dim below the rank ")
           << rank << ", got " << static_cast<int64_t>(getDimension());
  return verifySizes(*this, "iota_c2", getSizes());
}

LogicalResult IotaOp::reifyResultShapes(OpBuilder &,
                                        ReifiedRankedShapedTypeDims &shapes) {
  return reifySizes(*this, getSizes(), shapes);
}

//===----------------------------------------------------------------------===//
// Broadcast and reshape
//===----------------------------------------------------------------------===//

LogicalResult BroadcastOp::verify() {
  auto from = typeOf(getOperand()), to = typeOf(getResult());
  ArrayRef<int64_t> dims = getDimensions();
  if (from.getRank() != static_cast<int64_t>(dims.size()))
    return emitOpError("broadcast_c1: expected ")
           << from.getRank() << " dims, got " << dims.size();
  int64_t previous = -1;
  for (int64_t dim : dims) {
    if (dim <= previous || dim >= to.getRank())
      return emitOpError("broadcast_c1: expected increasing dims below the "
                         "result's rank ")
             << to.getRank() << ", got " << dim;
    previous = dim;
  }
  for (auto [index, dim] : llvm::enumerate(dims)) {
    int64_t extent = from.getDimSize(index);
    if (extent != 1 && !areCompatible(extent, to.getDimSize(dim)))
      return emitOpError("broadcast_c2: expected extent 1 or ")
             << to.getDimSize(dim) << " for dim " << index << ", got "
             << extent;
  }
  if (failed(verifyElementType(*this, "broadcast_c3", getOperand())))
    return failure();
  return verifySizes(*this, "broadcast_c4", getSizes());
}

LogicalResult
BroadcastOp::reifyResultShapes(OpBuilder &,
                               ReifiedRankedShapedTypeDims &shapes) {
  return reifySizes(*this, getSizes(), shapes);
}

LogicalResult ReshapeOp::verify() {
  auto from = typeOf(getOperand()), to = typeOf(getResult());
  if (failed(verifyElementType(*this, "reshape_c1", getOperand())))
    return failure();
  if (from.hasStaticShape() && to.hasStaticShape() &&
      from.getNumElements() != to.getNumElements())
    return emitOpError("reshape_c2: expected ")
           << from.getNumElements() << " elements, got " << to.getNumElements();
  return verifySizes(*this, "reshape_c3", getSizes());
}

LogicalResult
ReshapeOp::reifyResultShapes(OpBuilder &, ReifiedRankedShapedTypeDims &shapes) {
  return reifySizes(*this, getSizes(), shapes);
}

//===----------------------------------------------------------------------===//
// Transpose, concat, reverse
//===----------------------------------------------------------------------===//

LogicalResult
TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                              ValueRange operands, DictionaryAttr attributes,
                              OpaqueProperties properties, RegionRange regions,
                              SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto from = typeOf(operands[0]);
  ArrayRef<int64_t> permutation = adaptor.getPermutation();
  if (static_cast<int64_t>(permutation.size()) != from.getRank() ||
      !isPermutationVector(permutation))
    return emitOptionalError(location,
                             "transpose_c1: expected a permutation of ",
                             from.getRank(), " dims, got [", permutation, "]");
  SmallVector<int64_t> shape;
  for (int64_t dim : permutation)
    shape.push_back(from.getDimSize(dim));
  types.push_back(from.clone(shape));
  return success();
}

LogicalResult
TransposeOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  auto sizes = tensor::getMixedSizes(builder, getLoc(), getOperand());
  auto &result = shapes.emplace_back();
  for (int64_t dim : getPermutation())
    result.push_back(sizes[dim]);
  return success();
}

LogicalResult
ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  int64_t axis = adaptor.getAxis();
  if (operands.empty())
    return emitOptionalError(location,
                             "concat_c1: expected at least one operand, got 0");
  auto first = typeOf(operands[0]);
  SmallVector<int64_t> shape(first.getShape());
  if (axis < 0 || axis >= first.getRank())
    return emitOptionalError(location,
                             "concat_c1: expected an axis below the rank ",
                             first.getRank(), ", got ", axis);
  for (Value operand : operands.drop_front()) {
    auto type = typeOf(operand);
    if (type.getRank() != first.getRank())
      return emitOptionalError(location, "concat_c1: expected rank ",
                               first.getRank(), ", got ", type.getRank());
    if (type.getElementType() != first.getElementType())
      return emitOptionalError(location, "concat_c2: expected element type ",
                               first.getElementType(), ", got ",
                               type.getElementType());
    for (int64_t dim = 0; dim < first.getRank(); ++dim) {
      int64_t extent = type.getDimSize(dim);
      if (dim == axis)
        shape[dim] =
            ShapedType::isDynamic(shape[dim]) || ShapedType::isDynamic(extent)
                ? ShapedType::kDynamic
                : shape[dim] + extent;
      else if (!areCompatible(shape[dim], extent))
        return emitOptionalError(location, "concat_c2: expected extent ",
                                 shape[dim], " for dim ", dim, ", got ",
                                 extent);
      else if (ShapedType::isDynamic(shape[dim]))
        shape[dim] = extent;
    }
  }
  types.push_back(first.clone(shape));
  return success();
}

LogicalResult ConcatOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  auto result = typeOf(getResult());
  auto sizes = tensor::getMixedSizes(builder, getLoc(), getInputs()[0]);
  SmallVector<OpFoldResult> extents;
  AffineExpr sum = builder.getAffineConstantExpr(0);
  for (auto [index, input] : llvm::enumerate(getInputs())) {
    extents.push_back(
        tensor::getMixedSize(builder, getLoc(), input, getAxis()));
    sum = sum + builder.getAffineSymbolExpr(index);
  }
  sizes[getAxis()] =
      affine::makeComposedFoldedAffineApply(builder, getLoc(), sum, extents);
  // Another operand may know an extent that the first one doesn't.
  for (auto [size, extent] : llvm::zip_equal(sizes, result.getShape()))
    if (!ShapedType::isDynamic(extent))
      size = builder.getIndexAttr(extent);
  shapes.push_back(std::move(sizes));
  return success();
}

LogicalResult ReverseOp::verify() {
  llvm::SmallDenseSet<int64_t> seen;
  int64_t rank = typeOf(getOperand()).getRank();
  for (int64_t dim : getDimensions())
    if (dim < 0 || dim >= rank || !seen.insert(dim).second)
      return emitOpError("reverse_c1: expected distinct dims below the rank ")
             << rank << ", got [" << getDimensions() << "]";
  return success();
}

LogicalResult
ReverseOp::reifyResultShapes(OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  return reifyAsOperand(*this, 0, builder, shapes);
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

void SliceOp::build(OpBuilder &builder, OperationState &state, Value operand,
                    ArrayRef<OpFoldResult> offsets,
                    ArrayRef<OpFoldResult> sizes,
                    ArrayRef<OpFoldResult> strides) {
  SmallVector<int64_t> staticOffsets, staticSizes, staticStrides;
  SmallVector<Value> dynamicOffsets, dynamicSizes, dynamicStrides;
  dispatchIndexOpFoldResults(offsets, dynamicOffsets, staticOffsets);
  dispatchIndexOpFoldResults(sizes, dynamicSizes, staticSizes);
  dispatchIndexOpFoldResults(strides, dynamicStrides, staticStrides);
  build(builder, state, typeOf(operand).clone(staticSizes), operand,
        dynamicOffsets, dynamicSizes, dynamicStrides, staticOffsets,
        staticSizes, staticStrides);
}

SmallVector<OpFoldResult> SliceOp::getMixedOffsets() {
  return getMixedValues(getStaticOffsets(), getOffsets(), getContext());
}
SmallVector<OpFoldResult> SliceOp::getMixedSizes() {
  return getMixedValues(getStaticSizes(), getSizes(), getContext());
}
SmallVector<OpFoldResult> SliceOp::getMixedStrides() {
  return getMixedValues(getStaticStrides(), getStrides(), getContext());
}

LogicalResult SliceOp::verify() {
  auto from = typeOf(getOperand());
  for (auto [what, list] : {std::pair("offset", getStaticOffsets()),
                            std::pair("size", getStaticSizes()),
                            std::pair("stride", getStaticStrides())})
    if (static_cast<int64_t>(list.size()) != from.getRank())
      return emitOpError("slice_c1: expected one ")
             << what << " per dim, " << from.getRank() << ", got "
             << list.size();
  for (int64_t dim = 0; dim < from.getRank(); ++dim) {
    int64_t offset = getStaticOffsets()[dim], size = getStaticSizes()[dim],
            stride = getStaticStrides()[dim], extent = from.getDimSize(dim);
    if (!ShapedType::isDynamic(stride) && stride < 1)
      return emitOpError("slice_c2: expected a positive stride for dim ")
             << dim << ", got " << stride;
    if ((!ShapedType::isDynamic(offset) && offset < 0) ||
        (!ShapedType::isDynamic(size) && size < 0))
      return emitOpError("slice_c2: expected no negative offset or size for "
                         "dim ")
             << dim << ", got " << (offset < 0 ? offset : size);
    if (llvm::any_of(ArrayRef<int64_t>{offset, size, stride, extent},
                     ShapedType::isDynamic))
      continue;
    int64_t end = size == 0 ? offset : offset + (size - 1) * stride + 1;
    if (end > extent)
      return emitOpError("slice_c2: expected a slice inside dim ")
             << dim << " of extent " << extent << ", got one that ends at "
             << end;
  }
  auto expected = from.clone(getStaticSizes());
  if (getResult().getType() != expected)
    return emitOpError("slice_c3: expected result type ")
           << expected << ", got " << getResult().getType();
  return success();
}

LogicalResult SliceOp::reifyResultShapes(OpBuilder &,
                                         ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(getMixedSizes());
  return success();
}

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

/// Extent of a padded dim; dynamic if any part of it is.
static int64_t paddedExtent(int64_t extent, int64_t low, int64_t high,
                            int64_t interior) {
  if (llvm::any_of(ArrayRef<int64_t>{extent, low, high}, ShapedType::isDynamic))
    return ShapedType::kDynamic;
  return low + std::max<int64_t>(0, extent + (extent - 1) * interior) + high;
}

static SmallVector<int64_t> paddedShape(ArrayRef<int64_t> shape,
                                        ArrayRef<int64_t> low,
                                        ArrayRef<int64_t> high,
                                        ArrayRef<int64_t> interior) {
  SmallVector<int64_t> result;
  for (auto [extent, before, after, between] :
       llvm::zip_equal(shape, low, high, interior))
    result.push_back(paddedExtent(extent, before, after, between));
  return result;
}

void PadOp::build(OpBuilder &builder, OperationState &state, Value operand,
                  Value value, ArrayRef<OpFoldResult> low,
                  ArrayRef<OpFoldResult> high, ArrayRef<int64_t> interior) {
  auto type = typeOf(operand);
  SmallVector<int64_t> shape =
      paddedShape(type.getShape(), decomposeMixedValues(low).first,
                  decomposeMixedValues(high).first, interior);
  build(builder, state, type.clone(shape), operand, value, low, high, interior);
}

void PadOp::build(OpBuilder &builder, OperationState &state, Type result,
                  Value operand, Value value, ArrayRef<OpFoldResult> low,
                  ArrayRef<OpFoldResult> high, ArrayRef<int64_t> interior) {
  auto [staticLow, dynamicLow] = decomposeMixedValues(low);
  auto [staticHigh, dynamicHigh] = decomposeMixedValues(high);
  build(builder, state, result, operand, value, dynamicLow, dynamicHigh,
        staticLow, staticHigh, interior);
}

SmallVector<OpFoldResult> PadOp::getMixedLow() {
  return getMixedValues(getStaticLow(), getLow(), getContext());
}
SmallVector<OpFoldResult> PadOp::getMixedHigh() {
  return getMixedValues(getStaticHigh(), getHigh(), getContext());
}

LogicalResult PadOp::verify() {
  auto from = typeOf(getOperand());
  for (auto [what, list] :
       {std::pair("low", getStaticLow()), std::pair("high", getStaticHigh()),
        std::pair("interior", getInterior())}) {
    if (static_cast<int64_t>(list.size()) != from.getRank())
      return emitOpError("pad_c1: expected one ")
             << what << " per dim, " << from.getRank() << ", got "
             << list.size();
    for (int64_t count : list)
      if (!ShapedType::isDynamic(count) && count < 0)
        return emitOpError("pad_c1: expected no negative ")
               << what << ", got " << count;
  }
  if (failed(verifyElementType(*this, "pad_c2", getValue())))
    return failure();
  auto expected = from.clone(paddedShape(from.getShape(), getStaticLow(),
                                         getStaticHigh(), getInterior()));
  // What is known of an extent may differ between the type and the parts.
  if (getElementTypeOrSelf(getType()) != expected.getElementType() ||
      failed(verifyCompatibleShape(getType(), expected)))
    return emitOpError("pad_c3: expected result type ")
           << expected << ", got " << getResult().getType();
  return success();
}

LogicalResult PadOp::reifyResultShapes(OpBuilder &builder,
                                       ReifiedRankedShapedTypeDims &shapes) {
  auto sizes = tensor::getMixedSizes(builder, getLoc(), getOperand());
  auto result = typeOf(getResult());
  auto low = getMixedLow(), high = getMixedHigh();
  AffineExpr n, before, after;
  bindSymbols(builder.getContext(), n, before, after);
  for (int64_t dim = 0; dim < result.getRank(); ++dim) {
    if (!result.isDynamicDim(dim)) {
      sizes[dim] = builder.getIndexAttr(result.getDimSize(dim));
      continue;
    }
    int64_t interior = getInterior()[dim];
    if (interior != 0) {
      // max(0, n + (n - 1) * interior)
      auto map = AffineMap::get(
          0, 1,
          {builder.getAffineConstantExpr(0), n * (interior + 1) - interior},
          builder.getContext());
      sizes[dim] = affine::makeComposedFoldedAffineMax(builder, getLoc(), map,
                                                       {sizes[dim]});
    }
    sizes[dim] = affine::makeComposedFoldedAffineApply(
        builder, getLoc(), n + before + after,
        {sizes[dim], low[dim], high[dim]});
  }
  shapes.push_back(std::move(sizes));
  return success();
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/shape/Shape.cpp.inc"
