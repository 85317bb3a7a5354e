//===- FramePads.cpp - producers write into a framed buffer ---------------===//
//
// A padded tensor is a buffer whose frame holds the padding value. Whoever
// computes the source writes it into the interior, so that padding costs the
// frame only:
//
//   %e = tensor.empty()
//   %s = op ... outs(%e)
//   %p = tensor.pad %s
// ->
//   %f = frame filled slab by slab
//   %i = extract_slice of %f, the interior
//   %s = op ... outs(%i)
//   %p = insert_slice %s into %f
//
// A source that somebody else has placed (an argument, an earlier pad) is
// copied into the interior instead. One without elements leaves padding alone.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace msc::codegen {
#define GEN_PASS_DEF_LINALGFRAMEPADS
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

// The tensor.empty that the pad's source is computed into, if it may become a
// slice of a larger buffer.
static tensor::EmptyOp findMovableDestination(tensor::PadOp pad) {
  auto result = dyn_cast<OpResult>(pad.getSource());
  if (!result || result.getOwner()->getBlock() != pad->getBlock())
    return nullptr;
  // A reshape of a slice may not be a view, and a result of the function has
  // its place already.
  for (Operation *user : result.getUsers())
    if (!isa<linalg::LinalgOp, tensor::PadOp, tensor::DimOp>(user))
      return nullptr;
  while (auto op = dyn_cast_or_null<linalg::LinalgOp>(result ? result.getOwner()
                                                             : nullptr)) {
    Value init = op.getTiedOpOperand(result)->get();
    if (auto empty = init.getDefiningOp<tensor::EmptyOp>())
      return empty->hasOneUse() && empty->getBlock() == pad->getBlock()
                 ? empty
                 : nullptr;
    result = dyn_cast<OpResult>(init);
  }
  return nullptr;
}

// Whether there is nothing within the padding.
static bool isEmpty(tensor::PadOp pad) {
  return llvm::is_contained(pad.getSourceType().getShape(), 0);
}

namespace {

class PadFramer {
public:
  PadFramer(RewriterBase &rewriter, tensor::PadOp pad)
      : rewriter(rewriter), pad(pad), loc(pad.getLoc()) {}

  LogicalResult run();

private:
  OpFoldResult add(OpFoldResult a, OpFoldResult b) {
    AffineExpr x, y;
    bindSymbols(rewriter.getContext(), x, y);
    return affine::makeComposedFoldedAffineApply(rewriter, loc, x + y, {a, b});
  }
  Value fillSlab(Value frame, ArrayRef<OpFoldResult> offsets,
                 ArrayRef<OpFoldResult> sizes);
  Value fillFrame(Value frame);
  void replacePad(Value padded);

  RewriterBase &rewriter;
  tensor::PadOp pad;
  Location loc;
  Value padding;
  SmallVector<OpFoldResult> low, high, inner, outer;
};

} // namespace

Value PadFramer::fillSlab(Value frame, ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> strides(offsets.size(), rewriter.getIndexAttr(1));
  Value slab = tensor::ExtractSliceOp::create(rewriter, loc, frame, offsets,
                                              sizes, strides);
  Value filled =
      linalg::FillOp::create(rewriter, loc, padding, slab).getResult(0);
  return tensor::InsertSliceOp::create(rewriter, loc, filled, frame, offsets,
                                       sizes, strides);
}

// Two slabs a padded dim: whole in later dims, between the slabs in earlier
// ones, so that no element is set twice.
Value PadFramer::fillFrame(Value frame) {
  unsigned rank = outer.size();
  SmallVector<OpFoldResult> offsets(rank, rewriter.getIndexAttr(0));
  SmallVector<OpFoldResult> sizes = outer;
  for (unsigned dim = 0; dim < rank; ++dim) {
    if (!isConstantIntValue(low[dim], 0)) {
      sizes[dim] = low[dim];
      frame = fillSlab(frame, offsets, sizes);
    }
    if (!isConstantIntValue(high[dim], 0)) {
      offsets[dim] = add(low[dim], inner[dim]);
      sizes[dim] = high[dim];
      frame = fillSlab(frame, offsets, sizes);
    }
    offsets[dim] = low[dim];
    sizes[dim] = inner[dim];
  }
  return frame;
}

void PadFramer::replacePad(Value padded) {
  if (padded.getType() != pad.getResultType())
    padded = tensor::CastOp::create(rewriter, loc, pad.getResultType(), padded);
  rewriter.replaceOp(pad, padded);
}

LogicalResult PadFramer::run() {
  padding = pad.getConstantPaddingValue();
  if (!padding)
    return rewriter.notifyMatchFailure(pad, "the padding is not one value");
  low = pad.getMixedLowPad();
  high = pad.getMixedHighPad();

  // The frame has to exist before the source is computed; so have its extents
  // and the padding value.
  bool isKnownEarly = matchPattern(padding, m_Constant()) &&
                      pad.getLow().empty() && pad.getHigh().empty();
  tensor::EmptyOp movable = isKnownEarly && !isEmpty(pad)
                                ? findMovableDestination(pad)
                                : tensor::EmptyOp();
  rewriter.setInsertionPoint(movable ? movable.getOperation()
                                     : pad.getOperation());
  if (movable)
    padding = rewriter.clone(*padding.getDefiningOp())->getResult(0);
  inner = movable ? movable.getMixedSizes()
                  : tensor::getMixedSizes(rewriter, loc, pad.getSource());
  for (auto [before, extent, after] : llvm::zip(low, inner, high))
    outer.push_back(add(add(before, extent), after));

  Value frame = tensor::EmptyOp::create(rewriter, loc, outer,
                                        pad.getResultType().getElementType());
  if (isEmpty(pad)) {
    replacePad(
        linalg::FillOp::create(rewriter, loc, padding, frame).getResult(0));
    return success();
  }
  frame = fillFrame(frame);
  SmallVector<OpFoldResult> strides(outer.size(), rewriter.getIndexAttr(1));
  auto interiorType =
      cast<RankedTensorType>(movable ? movable.getType() : pad.getSourceType());
  Value interior = tensor::ExtractSliceOp::create(rewriter, loc, interiorType,
                                                  frame, low, inner, strides);
  Value contents = pad.getSource();
  if (movable)
    rewriter.replaceOp(movable, interior);
  else
    contents =
        linalg::CopyOp::create(rewriter, loc, contents, interior).getResult(0);

  rewriter.setInsertionPoint(pad);
  Value padded = tensor::InsertSliceOp::create(rewriter, loc, contents, frame,
                                               low, inner, strides);
  replacePad(padded);
  return success();
}

namespace {

struct FramePads : codegen::impl::LinalgFramePadsBase<FramePads> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    // Steps of @prepare keep theirs, but a view of nothing is refused.
    bool isPrepare = function->hasAttr("msc.prepare");
    SmallVector<tensor::PadOp> pads;
    function.walk([&](tensor::PadOp pad) {
      if (!isPrepare || isEmpty(pad))
        pads.push_back(pad);
    });
    IRRewriter rewriter(&getContext());
    for (tensor::PadOp pad : pads)
      if (failed(PadFramer(rewriter, pad).run())) {
        pad.emitError("expected padding by one value that does not depend on "
                      "the position");
        return signalPassFailure();
      }
  }
};

} // namespace
