//===- SinkReshapes.cpp - move reshapes behind elementwise ops ------------===//
//
// A reshape between a producer and its elementwise consumer would keep the two
// in different regions. The consumer is rewritten to run over the producer's
// shape, and the reshape follows it:
//
//   map(expand_shape(%x))  ->  expand_shape(map(%x))
//
// Its other operands are reshaped in turn. Where one is a broadcast, the
// broadcast is made in the new shape, so that it still fuses:
//
//   collapse_shape(broadcast(%b))  ->  broadcast(collapse_shape(%b))
//
// Reshapes of contiguous tensors are free where they end up.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/FusionGroups.h"
#include "codegen/regions/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace msc::codegen {
#define GEN_PASS_DEF_LINALGSINKRESHAPES
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

static bool isReshape(Operation *op) {
  return isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op);
}

/// Whether the reshape splits a dim into several that are all unknown, or joins
/// those. Upstream cannot lower the split of a buffer, which the consumer's
/// other operands would get.
static bool joinsUnknownDims(Operation *op) {
  auto reassociation =
      isa<tensor::ExpandShapeOp>(op)
          ? cast<tensor::ExpandShapeOp>(op).getReassociationIndices()
          : cast<tensor::CollapseShapeOp>(op).getReassociationIndices();
  auto expanded = cast<RankedTensorType>(isa<tensor::ExpandShapeOp>(op)
                                             ? op->getResult(0).getType()
                                             : op->getOperand(0).getType());
  return llvm::any_of(reassociation, [&](const ReassociationIndices &group) {
    return llvm::count_if(group, [&](int64_t dim) {
             return expanded.isDynamicDim(dim);
           }) > 1;
  });
}

namespace {

/// Decides about every single rewriting. Two operands of one op may ask for
/// two shapes, and each would have its way in turn forever; so an op changes
/// its shape once: only ops that were there at the start do, and the rewriting
/// replaces them. A reshape that rises over a broadcast never comes down again,
/// since broadcasts don't sink reshapes.
class Sinking : public RewriterBase::Listener {
public:
  explicit Sinking(func::FuncOp function) {
    function.walk([&](linalg::GenericOp op) { original.insert(op); });
  }

  // Else a new op could be taken for one whose memory it got.
  void notifyOperationErased(Operation *op) override { original.erase(op); }

  bool shouldFold(OpOperand *operand) const {
    return isReshape(operand->getOwner()) ? shouldRise(*operand)
                                          : shouldSink(*operand);
  }

private:
  bool shouldSink(OpOperand &operand) const {
    auto consumer = dyn_cast<linalg::GenericOp>(operand.getOwner());
    Operation *reshape = operand.get().getDefiningOp();
    if (!consumer || !original.contains(consumer) || !isReshape(reshape) ||
        joinsUnknownDims(reshape) || classify(consumer) != OpShape::Elementwise)
      return false;
    auto source = reshape->getOperand(0).getDefiningOp<linalg::LinalgOp>();
    return source && isUsedByElementwise(reshape) &&
           isUsedByElementwise(source) &&
           consumer.getMatchingIndexingMap(&operand).isPermutation();
  }

  /// All users can take another shape, or are reshapes on the way to such ones.
  static bool isUsedByElementwise(Operation *op) {
    return llvm::all_of(op->getUsers(), [](Operation *user) {
      auto linalgOp = dyn_cast<linalg::LinalgOp>(user);
      return isReshape(user) ||
             (linalgOp && classify(linalgOp) == OpShape::Elementwise);
    });
  }

  static bool shouldRise(OpOperand &operand) {
    auto source = operand.get().getDefiningOp<linalg::GenericOp>();
    return source && source->hasOneUse() && isBroadcast(source);
  }

  DenseSet<Operation *> original;
};

/// Gives each use of a broadcast its own, so that it can have the shape that
/// is wanted there. Regions compute them where they need them anyway.
void separateBroadcasts(func::FuncOp function) {
  SmallVector<linalg::GenericOp> broadcasts;
  function.walk([&](linalg::GenericOp op) {
    if (op->getNumResults() == 1 && isBroadcast(op))
      broadcasts.push_back(op);
  });
  for (linalg::GenericOp op : broadcasts)
    while (!op->use_empty() && !op->hasOneUse()) {
      OpBuilder builder(op);
      op->use_begin()->set(builder.clone(*op.getOperation())->getResult(0));
    }
}

struct SinkReshapes : codegen::impl::LinalgSinkReshapesBase<SinkReshapes> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function->hasAttr("msc.prepare"))
      return;
    separateBroadcasts(function);
    Sinking sinking(function);
    auto shouldFold = [&](OpOperand *operand) {
      return sinking.shouldFold(operand);
    };
    RewritePatternSet patterns(&getContext());
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, shouldFold);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(patterns, shouldFold);
    tensor::populateFoldTensorEmptyPatterns(patterns);
    // Two reshapes in a row become one or none.
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns,
                                                         &getContext());
    GreedyRewriteConfig config;
    config.setListener(&sinking);
    if (failed(applyPatternsGreedily(function, std::move(patterns), config))) {
      function.emitError("expected sinking of reshapes to end");
      signalPassFailure();
    }
  }
};

} // namespace
