//===- SinkReshapes.cpp - move reshapes behind elementwise ops ------------===//
//
// A reshape between a producer and its elementwise consumer would keep the two
// in different regions. The consumer is rewritten to run over the producer's
// shape, and the reshape follows it:
//
//   map(expand_shape(%x))  ->  expand_shape(map(%x))
//
// Reshapes of contiguous tensors are free where they end up.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/FusionGroups.h"
#include "codegen/regions/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace msc::codegen {
#define GEN_PASS_DEF_LINALGSINKRESHAPES
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

// Only downwards: the consumer is elementwise, the producer a reshape of what
// some op computes, so that the patterns cannot undo each other.
static bool shouldSink(OpOperand *operand) {
  Operation *reshape = operand->get().getDefiningOp();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!consumer || classify(consumer) != OpShape::Elementwise ||
      !isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(reshape))
    return false;
  auto source = reshape->getOperand(0).getDefiningOp<linalg::LinalgOp>();
  return source && reshape->hasOneUse() && source->hasOneUse() &&
         consumer.getMatchingIndexingMap(operand).isPermutation();
}

namespace {

struct SinkReshapes : codegen::impl::LinalgSinkReshapesBase<SinkReshapes> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function->hasAttr("msc.prepare"))
      return;
    RewritePatternSet patterns(&getContext());
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, shouldSink);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(patterns, shouldSink);
    // Two reshapes in a row become one or none.
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns,
                                                         &getContext());
    if (failed(applyPatternsGreedily(function, std::move(patterns)))) {
      function.emitError("expected sinking of reshapes to end");
      signalPassFailure();
    }
  }
};

} // namespace
