#include "dialects/graph/ImageDims.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace msc::graph;

/// Attributes of windows are below this, so that their products fit.
static constexpr int64_t kLimit = int64_t(1) << 31;

bool msc::graph::areCompatibleExtents(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b;
}

TypedAttr msc::graph::leastElement(Type elementType, bool isUnsigned) {
  if (auto floatType = dyn_cast<FloatType>(elementType)) {
    const llvm::fltSemantics &semantics = floatType.getFloatSemantics();
    return FloatAttr::get(floatType,
                          APFloat::semanticsHasInf(semantics)
                              ? APFloat::getInf(semantics, /*Negative=*/true)
                              : APFloat::getLargest(semantics, true));
  }
  unsigned width = elementType.getIntOrFloatBitWidth();
  return IntegerAttr::get(elementType, isUnsigned
                                           ? APInt::getMinValue(width)
                                           : APInt::getSignedMinValue(width));
}

int64_t WindowDim::count(int64_t extent) const {
  if (ShapedType::isDynamic(extent) || ShapedType::isDynamic(size))
    return ShapedType::kDynamic;
  int64_t last = extent + padLow + padHigh - reach() - 1;
  return llvm::divideFloorSigned(last, stride) + 1;
}

OpFoldResult WindowDim::count(OpBuilder &builder, Location loc,
                              OpFoldResult extent, OpFoldResult size) const {
  AffineExpr s0, s1;
  bindSymbols(builder.getContext(), s0, s1);
  AffineExpr last = s0 + (padLow + padHigh - 1) - (s1 - 1) * dilation;
  return affine::makeComposedFoldedAffineApply(
      builder, loc, last.floorDiv(stride) + 1, {extent, size});
}

std::string msc::graph::checkWindows(int64_t rank, ArrayRef<int64_t> strides,
                                     ArrayRef<int64_t> padLow,
                                     ArrayRef<int64_t> padHigh,
                                     ArrayRef<int64_t> dilations) {
  if (rank < 3 || rank > 5)
    return llvm::formatv("expected a rank of 3 to 5, got {0}", rank);
  struct {
    const char *name;
    ArrayRef<int64_t> values;
    int64_t least;
  } attributes[] = {{"strides", strides, 1},
                    {"padding_low", padLow, 0},
                    {"padding_high", padHigh, 0},
                    {"dilations", dilations, 1}};
  for (auto &[name, values, least] : attributes) {
    if (static_cast<int64_t>(values.size()) != rank - 2)
      return llvm::formatv("expected {0} {1}, one per spatial dim, got {2}",
                           rank - 2, name, values.size());
    for (int64_t value : values)
      if (value < least || value >= kLimit)
        return llvm::formatv("expected {0} of at least {1} and below 2^31, "
                             "got {2}",
                             name, least, value);
  }
  return {};
}
