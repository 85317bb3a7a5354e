#include "codegen/to_linalg/ImageLoops.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

Value msc::filledFor(OpBuilder &builder, Operation *op,
                     ArrayRef<OpFoldResult> sizes, TypedAttr value) {
  Value filled = filledTensor(builder, op->getLoc(), sizes, value);
  filled.getDefiningOp()->setAttr(kSourceOpAttr, sourceOpAttr(op).getValue());
  return filled;
}

SmallVector<AffineExpr> msc::imageExprs(ImageDims dims, AffineExpr batch,
                                        ArrayRef<AffineExpr> channel,
                                        ArrayRef<AffineExpr> spatial) {
  SmallVector<AffineExpr> exprs{batch};
  if (!dims.channelsLast)
    llvm::append_range(exprs, channel);
  llvm::append_range(exprs, spatial);
  if (dims.channelsLast)
    llvm::append_range(exprs, channel);
  return exprs;
}

Value msc::padImage(OpBuilder &builder, Location loc, Value image,
                    ImageDims dims, ArrayRef<WindowDim> windows,
                    TypedAttr value) {
  if (llvm::none_of(windows, [](WindowDim w) { return w.isPadded(); }))
    return image;
  SmallVector<OpFoldResult> low(dims.rank, builder.getIndexAttr(0));
  SmallVector<OpFoldResult> high(low);
  for (auto [i, window] : llvm::enumerate(windows)) {
    low[dims.spatial(i)] = builder.getIndexAttr(window.padLow);
    high[dims.spatial(i)] = builder.getIndexAttr(window.padHigh);
  }
  Value scalar = arith::ConstantOp::create(builder, loc, value);
  return tensor::PadOp::create(builder, loc, /*resultType=*/Type(), image, low,
                               high, scalar);
}

/// Where the windows of one dim go.
namespace {
struct Placement {
  OpFoldResult size;                 // of the spread-out dim
  OpFoldResult first, count, offset; // of the windows that are in it
};
} // namespace

/// Window `o` goes to `o * stride + base`. Where a padding exceeds the reach,
/// windows at that end see no element of the image and are left out.
static Placement place(OpBuilder &builder, Location loc, WindowDim window,
                       OpFoldResult imageSize, OpFoldResult windowCount) {
  int64_t base = window.reach() - window.padLow;
  int64_t first = base < 0 ? llvm::divideCeilSigned(-base, window.stride) : 0;
  int64_t offset = base + first * window.stride;
  AffineExpr s0, s1;
  bindSymbols(builder.getContext(), s0, s1);
  Placement p;
  p.first = builder.getIndexAttr(first);
  p.offset = builder.getIndexAttr(offset);
  p.size = affine::makeComposedFoldedAffineApply(
      builder, loc, s0 + window.reach(), {imageSize});
  p.count = affine::makeComposedFoldedAffineApply(builder, loc, s0 - first,
                                                  {windowCount});
  if (window.padHigh > window.reach()) {
    AffineExpr room =
        (s0 + (window.reach() - 1 - offset)).floorDiv(window.stride) + 1;
    AffineMap bounds =
        AffineMap::get(0, 2, {room, s1 - first}, builder.getContext());
    p.count = affine::makeComposedFoldedAffineMin(builder, loc, bounds,
                                                  {imageSize, windowCount});
  }
  return p;
}

Value msc::spreadWindows(OpBuilder &builder, Operation *op, Value pooled,
                         ImageDims dims, ArrayRef<WindowDim> windows,
                         ArrayRef<OpFoldResult> imageSizes, TypedAttr value) {
  Location loc = op->getLoc();
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  SmallVector<OpFoldResult> counts =
      tensor::getMixedSizes(builder, loc, pooled);
  SmallVector<OpFoldResult> sizes(counts), offsets(dims.rank, zero),
      firsts(dims.rank, zero), strides(dims.rank, one), ones(dims.rank, one);
  bool isTrivial = true, isCut = false;
  for (auto [i, window] : llvm::enumerate(windows)) {
    unsigned dim = dims.spatial(i);
    Placement p = place(builder, loc, window, imageSizes[dim], counts[dim]);
    sizes[dim] = p.size;
    offsets[dim] = p.offset;
    firsts[dim] = p.first;
    counts[dim] = p.count;
    strides[dim] = builder.getIndexAttr(window.stride);
    isTrivial &= window.isTrivial();
    isCut |= window.padLow > window.reach() || window.padHigh > window.reach();
  }
  if (isTrivial)
    return pooled;
  if (isCut)
    pooled = tensor::ExtractSliceOp::create(builder, loc, pooled, firsts,
                                            counts, ones);
  SmallVector<int64_t> extents;
  SmallVector<Value> dynamic;
  dispatchIndexOpFoldResults(counts, dynamic, extents);
  pooled = castTo(builder, loc, pooled,
                  cast<RankedTensorType>(pooled.getType()).clone(extents));
  Value background = filledFor(builder, op, sizes, value);
  return tensor::InsertSliceOp::create(builder, loc, pooled, background,
                                       offsets, counts, strides);
}
