//===- MergeElementwise.cpp - one payload for a chain of elementwise ops --===//
//
// Inside a region nothing stands between elementwise ops any more: merged into
// one generic they are one loop nest, and equal regions look equal however
// their chain was cut into ops.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/FusionGroups.h"
#include "codegen/regions/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace msc::codegen {
#define GEN_PASS_DEF_LINALGMERGEELEMENTWISE
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;
using linalg::LinalgOp;

// Merging must not make the consumer compute the producer more than once an
// element, nor hide a value that the region returns behind a later one. One that
// is returned stays by itself: schedules know elementwise ops of one result, and
// what was just written is in cache.
static bool shouldMerge(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<LinalgOp>();
  auto consumer = dyn_cast<LinalgOp>(operand->getOwner());
  if (!producer || !consumer || classify(producer) != OpShape::Elementwise)
    return false;
  OpShape shape = classify(consumer);
  if (shape == OpShape::Window)
    return false;
  for (Operation *user : producer->getUsers())
    if (user != consumer)
      return false;
  return consumer.getMatchingIndexingMap(operand).isPermutation() ||
         isCheapToRecompute(producer);
}

namespace {

// op(producer(%x))  ->  one generic over %x. (Upstream's set of patterns would
// also cut results off from the destinations that they are written to.)
struct MergeProducer : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp consumer,
                                PatternRewriter &rewriter) const override {
    for (OpOperand *operand : consumer.getDpsInputOperands()) {
      if (!linalg::areElementwiseOpsFusable(operand) || !shouldMerge(operand))
        continue;
      Operation *producer = operand->get().getDefiningOp();
      FailureOr<linalg::ElementwiseOpFusionResult> merged =
          linalg::fuseElementwiseOps(rewriter, operand);
      if (failed(merged))
        continue;
      for (auto [before, after] : merged->replacements)
        rewriter.replaceUsesWithIf(before, after, [&](OpOperand &use) {
          return use.getOwner() != producer &&
                 use.getOwner() != merged->fusedOp;
        });
      rewriter.eraseOp(consumer);
      return success();
    }
    return rewriter.notifyMatchFailure(consumer, "no producer to merge");
  }
};

// linalg.add  ->  linalg.generic, so that it can merge.
struct GeneralizeElementwise : OpInterfaceRewritePattern<LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (isa<linalg::GenericOp, linalg::CopyOp>(op) ||
        classify(op) != OpShape::Elementwise)
      return rewriter.notifyMatchFailure(op, "not a named elementwise op");
    return linalg::generalizeNamedOp(rewriter, op);
  }
};

// A splat is a scalar that the payload refers to:
//   generic ins(dense<2.0>) { ^(%a): use(%a) }  ->  generic { use(2.0) }
struct InlineSplat : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    for (OpOperand *operand : op.getDpsInputOperands()) {
      BlockArgument arg = op.getMatchingBlockArgument(operand);
      DenseElementsAttr elements;
      if (arg.use_empty() ||
          !matchPattern(operand->get(), m_Constant(&elements)) ||
          !elements.isSplat() || !arg.getType().isIntOrIndexOrFloat())
        continue;
      Value scalar = arith::ConstantOp::create(
          rewriter, op.getLoc(), elements.getSplatValue<TypedAttr>());
      rewriter.replaceAllUsesWith(arg, scalar);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no operand is a splat");
  }
};

struct MergeElementwise
    : codegen::impl::LinalgMergeElementwiseBase<MergeElementwise> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<GeneralizeElementwise, InlineSplat, MergeProducer>(
        &getContext());
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns)))) {
      getOperation().emitError("expected merging of elementwise ops to end");
      signalPassFailure();
    }
  }
};

} // namespace
