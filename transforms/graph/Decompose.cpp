//===- Decompose.cpp - Composites become primitives -----------------------===//
//
// Composite ops stay whole as long as that is faster or more precise. -O0 wants
// neither: it is the program as it is defined, against which everything else is
// held.
//
//===----------------------------------------------------------------------===//

#include "transforms/graph/Passes.h"

using namespace mlir;

namespace msc {

#define GEN_PASS_DEF_GRAPHDECOMPOSE
#include "transforms/graph/Passes.h.inc"

namespace {

struct GraphDecompose : impl::GraphDecomposeBase<GraphDecompose> {
  void runOnOperation() override {
    // Expansions may hold composites again, so a worklist.
    SmallVector<DecomposableOpInterface> worklist;
    auto collect = [&](Operation *op) {
      if (auto composite = dyn_cast<DecomposableOpInterface>(op))
        worklist.push_back(composite);
    };
    getOperation()->walk(collect);
    while (!worklist.empty()) {
      DecomposableOpInterface op = worklist.pop_back_val();
      OpBuilder builder(op);
      Operation *before = op->getPrevNode();
      auto values = op.decompose(builder, op->getOperands());
      if (failed(values)) {
        op->emitError() << "has no expansion";
        return signalPassFailure();
      }
      for (Operation *made = before ? before->getNextNode()
                                    : &op->getBlock()->front();
           made != op; made = made->getNextNode())
        made->walk(collect);
      op->replaceAllUsesWith(*values);
      op->erase();
    }
  }
};

} // namespace
} // namespace msc
