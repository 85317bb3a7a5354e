//===- Convolution.cpp - Types, verifiers, extents ------------------------===//

#include "dialects/graph/ops/convolution/Convolution.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

//===----------------------------------------------------------------------===//
// Roles of the tensors
//===----------------------------------------------------------------------===//

RankedTensorType ConvOp::getImageType() { return getInput().getType(); }
RankedTensorType ConvOp::getFilterType() { return getFilter().getType(); }
RankedTensorType ConvOp::getOutputType() { return getType(); }
RankedTensorType ConvInputGradOp::getImageType() { return getType(); }
RankedTensorType ConvInputGradOp::getFilterType() {
  return getFilter().getType();
}
RankedTensorType ConvInputGradOp::getOutputType() {
  return getCotangent().getType();
}
RankedTensorType ConvFilterGradOp::getImageType() {
  return getInput().getType();
}
RankedTensorType ConvFilterGradOp::getFilterType() { return getType(); }
RankedTensorType ConvFilterGradOp::getOutputType() {
  return getCotangent().getType();
}

/// `attributes` is an op of the family or its adaptor.
template <typename T>
static ImageDims imageDims(T &attributes, RankedTensorType image) {
  return {static_cast<unsigned>(image.getRank()),
          attributes.getLayout() == Layout::ChannelsLast};
}

template <typename T>
static SmallVector<WindowDim> windowsOf(T &attributes, ImageDims dims,
                                        RankedTensorType filter) {
  SmallVector<WindowDim> windows;
  for (unsigned i = 0; i < dims.numSpatial(); ++i)
    windows.push_back({filter.getDimSize(dims.filterSpatial(i)),
                       attributes.getStrides()[i], attributes.getDilations()[i],
                       attributes.getPaddingLow()[i],
                       attributes.getPaddingHigh()[i]});
  return windows;
}

#define ROLES(OP)                                                              \
  ImageDims OP::getImageDims() { return imageDims(*this, getImageType()); }    \
  SmallVector<WindowDim> OP::getWindows() {                                    \
    return windowsOf(*this, getImageDims(), getFilterType());                  \
  }
ROLES(ConvOp)
ROLES(ConvInputGradOp)
ROLES(ConvFilterGradOp)
#undef ROLES

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

namespace {
/// A constraint that doesn't hold: the number of its label and what is wrong.
struct Violation {
  int label = 0;
  std::string text;
  explicit operator bool() const { return label != 0; }
};
} // namespace

template <typename... Args>
static Violation violation(int label, const char *format, Args &&...args) {
  return {label, llvm::formatv(format, std::forward<Args>(args)...).str()};
}

/// Constraints 1 to 3 of graph.conv: all that its operands must fulfil.
template <typename T>
static Violation checkOperands(T &attributes, RankedTensorType image,
                               RankedTensorType filter) {
  std::string windows = checkWindows(
      image.getRank(), attributes.getStrides(), attributes.getPaddingLow(),
      attributes.getPaddingHigh(), attributes.getDilations());
  if (!windows.empty())
    return {1, windows};
  if (filter.getRank() != image.getRank())
    return violation(1, "expected a filter of the image's rank {0}, got {1}",
                     image.getRank(), filter.getRank());
  ImageDims dims = imageDims(attributes, image);
  for (unsigned i = 0; i < dims.numSpatial(); ++i) {
    int64_t size = filter.getDimSize(dims.filterSpatial(i));
    if (!ShapedType::isDynamic(size) && (size < 1 || size >> 31 != 0))
      return violation(1,
                       "expected spatial extents of the filter of at least 1 "
                       "and below 2^31, got {0}",
                       size);
  }

  int64_t groups = attributes.getGroups();
  if (groups < 1)
    return violation(2, "expected at least 1 group, got {0}", groups);
  int64_t channels = image.getDimSize(dims.channel());
  int64_t perGroup = filter.getDimSize(dims.filterInput());
  if (!ShapedType::isDynamic(channels) &&
      (channels % groups != 0 ||
       !areCompatibleExtents(channels / groups, perGroup)))
    return violation(2,
                     "expected {0} groups of the filter's input channels to be "
                     "the {1} channels of the image, got {2} a group",
                     groups, channels, perGroup);
  int64_t outputs = filter.getDimSize(dims.filterOutput());
  if (!ShapedType::isDynamic(outputs) && outputs % groups != 0)
    return violation(2, "expected output channels in {0} groups, got {1}",
                     groups, outputs);
  if (filter.getElementType() != image.getElementType())
    return violation(3, "expected the image's element type '{0}', got '{1}'",
                     image.getElementType(), filter.getElementType());
  return {};
}

template <typename T>
static SmallVector<int64_t> outputShape(T &attributes, RankedTensorType image,
                                        RankedTensorType filter) {
  ImageDims dims = imageDims(attributes, image);
  SmallVector<int64_t> shape(image.getRank());
  shape[dims.batch()] = image.getDimSize(dims.batch());
  shape[dims.channel()] = filter.getDimSize(dims.filterOutput());
  for (auto [i, window] : llvm::enumerate(windowsOf(attributes, dims, filter)))
    shape[dims.spatial(i)] = window.count(image.getDimSize(dims.spatial(i)));
  return shape;
}

/// A window that doesn't fit even once gives no output; further out, the count
/// would be negative.
static Violation checkExtents(ArrayRef<int64_t> shape) {
  for (int64_t extent : shape)
    if (extent < 0 && !ShapedType::isDynamic(extent))
      return violation(4,
                       "expected windows that fit into the padded image, "
                       "got an output extent of {0}",
                       extent);
  return {};
}

/// All constraints, for the partners of graph.conv.
template <typename OpTy>
static LogicalResult verifyPartner(OpTy op, StringRef label) {
  RankedTensorType output = op.getOutputType();
  Violation found = checkOperands(op, op.getImageType(), op.getFilterType());
  if (!found && output.getElementType() != op.getImageType().getElementType())
    found =
        violation(3, "expected the image's element type '{0}', got '{1}'",
                  op.getImageType().getElementType(), output.getElementType());
  if (!found) {
    SmallVector<int64_t> shape =
        outputShape(op, op.getImageType(), op.getFilterType());
    found = checkExtents(shape);
    auto expected = RankedTensorType::get(shape, output.getElementType());
    if (!found && failed(verifyCompatibleShape(expected, output)))
      found = violation(4, "expected a cotangent of type '{0}', got '{1}'",
                        Type(expected), Type(output));
  }
  if (found)
    return op.emitOpError(label) << "_c1: " << found.text;
  size_t dynamic = op.getType().getNumDynamicDims();
  if (op.getSizes().size() != dynamic)
    return op.emitOpError(label)
           << "_c2: expected " << dynamic << " sizes, one per dynamic dim of "
           << op.getType() << ", got " << op.getSizes().size();
  return success();
}

LogicalResult ConvInputGradOp::verify() {
  return verifyPartner(*this, "conv_input_grad");
}
LogicalResult ConvFilterGradOp::verify() {
  return verifyPartner(*this, "conv_filter_grad");
}

LogicalResult
ConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                         ValueRange operands, DictionaryAttr attributes,
                         OpaqueProperties properties, RegionRange regions,
                         SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto image = cast<RankedTensorType>(adaptor.getInput().getType());
  auto filter = cast<RankedTensorType>(adaptor.getFilter().getType());
  Violation found = checkOperands(adaptor, image, filter);
  SmallVector<int64_t> shape;
  if (!found) {
    shape = outputShape(adaptor, image, filter);
    found = checkExtents(shape);
  }
  if (found)
    return emitOptionalError(location, "conv_c", found.label, ": ", found.text);
  types.push_back(RankedTensorType::get(shape, image.getElementType()));
  return success();
}

//===----------------------------------------------------------------------===//
// Extents
//===----------------------------------------------------------------------===//

LogicalResult ConvOp::reifyResultShapes(OpBuilder &builder,
                                        ReifiedRankedShapedTypeDims &shapes) {
  ImageDims dims = getImageDims();
  auto size = [&](Value value, unsigned dim) {
    return tensor::getMixedSize(builder, getLoc(), value, dim);
  };
  SmallVector<OpFoldResult> shape(dims.rank);
  shape[dims.batch()] = size(getInput(), dims.batch());
  shape[dims.channel()] = size(getFilter(), dims.filterOutput());
  for (auto [i, window] : llvm::enumerate(getWindows()))
    shape[dims.spatial(i)] =
        window.count(builder, getLoc(), size(getInput(), dims.spatial(i)),
                     size(getFilter(), dims.filterSpatial(i)));
  shapes.push_back(std::move(shape));
  return success();
}

LogicalResult
ConvInputGradOp::reifyResultShapes(OpBuilder &builder,
                                   ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(
      getMixedValues(getType().getShape(), getSizes(), getContext()));
  return success();
}

LogicalResult
ConvFilterGradOp::reifyResultShapes(OpBuilder &builder,
                                    ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(
      getMixedValues(getType().getShape(), getSizes(), getContext()));
  return success();
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/convolution/Convolution.cpp.inc"
