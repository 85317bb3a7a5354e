//===- Pooling.cpp - Types, verifiers, extents ----------------------------===//

#include "dialects/graph/ops/pooling/Pooling.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// `attributes` is an op of the family or its adaptor.
template <typename T>
static ImageDims imageDims(T &attributes, RankedTensorType image) {
  return {static_cast<unsigned>(image.getRank()),
          attributes.getLayout() == Layout::ChannelsLast};
}

template <typename T> static SmallVector<WindowDim> windowsOf(T &attributes) {
  SmallVector<WindowDim> windows;
  for (auto [i, size] : llvm::enumerate(attributes.getWindow()))
    windows.push_back(
        {size, attributes.getStrides()[i], attributes.getDilations()[i],
         attributes.getPaddingLow()[i], attributes.getPaddingHigh()[i]});
  return windows;
}

RankedTensorType MaxPoolOp::getImageType() { return getInput().getType(); }
RankedTensorType MaxPoolOp::getPooledType() { return getType(); }
RankedTensorType MaxPoolGatherOp::getImageType() {
  return getInput().getType();
}
RankedTensorType MaxPoolGatherOp::getPooledType() { return getType(); }
RankedTensorType MaxPoolScatterOp::getImageType() {
  return getInput().getType();
}
RankedTensorType MaxPoolScatterOp::getPooledType() {
  return getCotangent().getType();
}
RankedTensorType AvgPoolOp::getImageType() { return getInput().getType(); }
RankedTensorType AvgPoolOp::getPooledType() { return getType(); }
RankedTensorType AvgPoolGradOp::getImageType() { return getType(); }
RankedTensorType AvgPoolGradOp::getPooledType() {
  return getCotangent().getType();
}

#define ROLES(OP)                                                              \
  ImageDims OP::getImageDims() { return imageDims(*this, getImageType()); }    \
  SmallVector<WindowDim> OP::getWindows() { return windowsOf(*this); }
ROLES(MaxPoolOp)
ROLES(MaxPoolGatherOp)
ROLES(MaxPoolScatterOp)
ROLES(AvgPoolOp)
ROLES(AvgPoolGradOp)
#undef ROLES

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

/// Constraint pool_c1; what is wrong, or nothing.
template <typename T>
static std::string checkPool(T &attributes, RankedTensorType image) {
  std::string windows = checkWindows(
      image.getRank(), attributes.getStrides(), attributes.getPaddingLow(),
      attributes.getPaddingHigh(), attributes.getDilations());
  if (!windows.empty())
    return windows;
  int64_t numSpatial = image.getRank() - 2;
  if (static_cast<int64_t>(attributes.getWindow().size()) != numSpatial)
    return llvm::formatv("expected {0} window extents, one per spatial dim, "
                         "got {1}",
                         numSpatial, attributes.getWindow().size());
  for (int64_t size : attributes.getWindow())
    if (size < 1 || size >> 31 != 0)
      return llvm::formatv("expected window extents of at least 1 and below "
                           "2^31, got {0}",
                           size);
  for (WindowDim window : windowsOf(attributes))
    if (window.padLow > window.reach() || window.padHigh > window.reach())
      return llvm::formatv("expected paddings smaller than the window's length "
                           "of {0}, got {1} and {2}",
                           window.reach() + 1, window.padLow, window.padHigh);
  return {};
}

/// The shape of the pooled image, if the constraints hold.
template <typename T>
static FailureOr<SmallVector<int64_t>>
pooledShape(T attributes, RankedTensorType image,
            function_ref<void(const std::string &)> report) {
  std::string error = checkPool(attributes, image);
  if (!error.empty()) {
    report("pool_c1: " + error);
    return failure();
  }
  ImageDims dims = imageDims(attributes, image);
  SmallVector<int64_t> shape(image.getShape());
  for (auto [i, window] : llvm::enumerate(windowsOf(attributes))) {
    int64_t &extent = shape[dims.spatial(i)];
    int64_t count = window.count(extent);
    if (count < 0 && !ShapedType::isDynamic(count)) {
      report(llvm::formatv("pool_c2: expected windows that fit into the padded "
                           "image, got an extent of {0} for one of {1}",
                           count, extent));
      return failure();
    }
    extent = count;
  }
  return shape;
}

/// Infers an op whose result is the pooled image, of the element type of
/// `elements`.
template <typename AdaptorTy>
static LogicalResult inferPooled(std::optional<Location> location,
                                 AdaptorTy adaptor, Value elements,
                                 SmallVectorImpl<Type> &types) {
  auto image = cast<RankedTensorType>(adaptor.getInput().getType());
  auto shape = pooledShape(adaptor, image, [&](const std::string &error) {
    (void)emitOptionalError(location, error);
  });
  if (failed(shape))
    return failure();
  auto type = cast<RankedTensorType>(elements.getType());
  types.push_back(RankedTensorType::get(*shape, type.getElementType()));
  return success();
}

LogicalResult
MaxPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                            ValueRange operands, DictionaryAttr attributes,
                            OpaqueProperties properties, RegionRange regions,
                            SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  return inferPooled(location, adaptor, adaptor.getInput(), types);
}

LogicalResult
AvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                            ValueRange operands, DictionaryAttr attributes,
                            OpaqueProperties properties, RegionRange regions,
                            SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  return inferPooled(location, adaptor, adaptor.getInput(), types);
}

LogicalResult MaxPoolGatherOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto image = cast<RankedTensorType>(adaptor.getInput().getType());
  auto values = cast<RankedTensorType>(adaptor.getValues().getType());
  if (failed(verifyCompatibleShape(image, values)))
    return emitOptionalError(location,
                             "max_pool_gather_c1: expected values of the shape "
                             "of the input ",
                             image, ", got ", values);
  return inferPooled(location, adaptor, adaptor.getValues(), types);
}

LogicalResult MaxPoolScatterOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto image = cast<RankedTensorType>(adaptor.getInput().getType());
  auto cotangent = cast<RankedTensorType>(adaptor.getCotangent().getType());
  SmallVector<Type, 1> pooled;
  if (failed(inferPooled(location, adaptor, adaptor.getCotangent(), pooled)))
    return failure();
  if (failed(verifyCompatibleShape(cotangent, pooled[0])))
    return emitOptionalError(location,
                             "max_pool_scatter_c1: expected a cotangent of "
                             "type ",
                             pooled[0], ", got ", cotangent);
  types.push_back(image.clone(cotangent.getElementType()));
  return success();
}

LogicalResult AvgPoolGradOp::verify() {
  auto shape = pooledShape(
      *this, getType(), [&](const std::string &error) { emitOpError(error); });
  if (failed(shape))
    return failure();
  auto pooled = RankedTensorType::get(*shape, getType().getElementType());
  RankedTensorType cotangent = getCotangent().getType();
  if (pooled.getElementType() != cotangent.getElementType() ||
      failed(verifyCompatibleShape(pooled, cotangent)))
    return emitOpError("avg_pool_grad_c1: expected a cotangent of type ")
           << pooled << ", got " << cotangent;
  size_t dynamic = getType().getNumDynamicDims();
  if (getSizes().size() != dynamic)
    return emitOpError("avg_pool_grad_c2: expected ")
           << dynamic << " sizes, one per dynamic dim of " << getType()
           << ", got " << getSizes().size();
  return success();
}

//===----------------------------------------------------------------------===//
// Extents
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult reifyPooled(OpTy op, OpBuilder &builder,
                                 ReifiedRankedShapedTypeDims &shapes) {
  Location loc = op.getLoc();
  ImageDims dims = op.getImageDims();
  auto shape = tensor::getMixedSizes(builder, loc, op.getInput());
  for (auto [i, window] : llvm::enumerate(op.getWindows())) {
    OpFoldResult &extent = shape[dims.spatial(i)];
    extent =
        window.count(builder, loc, extent, builder.getIndexAttr(window.size));
  }
  shapes.push_back(std::move(shape));
  return success();
}

LogicalResult
MaxPoolOp::reifyResultShapes(OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  return reifyPooled(*this, builder, shapes);
}
LogicalResult
MaxPoolGatherOp::reifyResultShapes(OpBuilder &builder,
                                   ReifiedRankedShapedTypeDims &shapes) {
  return reifyPooled(*this, builder, shapes);
}
LogicalResult
AvgPoolOp::reifyResultShapes(OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  return reifyPooled(*this, builder, shapes);
}
LogicalResult
MaxPoolScatterOp::reifyResultShapes(OpBuilder &builder,
                                    ReifiedRankedShapedTypeDims &shapes) {
  return reifyAsOperand(*this, 0, builder, shapes);
}
LogicalResult
AvgPoolGradOp::reifyResultShapes(OpBuilder &builder,
                                 ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(
      getMixedValues(getType().getShape(), getSizes(), getContext()));
  return success();
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/pooling/Pooling.cpp.inc"
