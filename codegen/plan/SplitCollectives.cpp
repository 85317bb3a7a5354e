//===- SplitCollectives.cpp - transfers run beside what does not need them ===//
//
// On tensors, before bufferisation: there the first user of the result is known
// and in-place reuse has not yet tied the source's buffer to someone who could
// have run in the meantime.
//
//   %r = collective %s        %t, %f = start %s
//   other                ->   other
//   use(%r)                   %r = wait %t, %f keep(%s)
//                             use(%r)
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANSPLITCOLLECTIVES
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

static void split(plan::CollectiveOp collective) {
  OpBuilder builder(collective);
  Location loc = collective.getLoc();
  Value result = collective.getResult();
  auto start = plan::StartOp::create(
      builder, loc, plan::TokenType::get(builder.getContext()),
      result.getType(), collective.getKindAttr(), collective.getReductionAttr(),
      collective.getChannelAttr(), collective.getSource(),
      collective.getDest());
  Block *block = collective->getBlock();
  Operation *first = block->getTerminator();
  for (Operation *user : result.getUsers()) {
    Operation *op = block->findAncestorOpInBlock(*user);
    if (op->isBeforeInBlock(first))
      first = op;
  }
  builder.setInsertionPoint(first);
  auto wait =
      plan::WaitOp::create(builder, loc, result.getType(), start.getToken(),
                           start.getInflight(), collective.getSource());
  result.replaceAllUsesWith(wait.getResult());
  collective.erase();
}

namespace {

struct SplitCollectives
    : codegen::impl::PlanSplitCollectivesBase<SplitCollectives> {
  void runOnOperation() override {
    SmallVector<plan::CollectiveOp> collectives;
    getOperation().walk([&](plan::CollectiveOp op) {
      if (op.getResult())
        collectives.push_back(op);
    });
    for (plan::CollectiveOp op : collectives)
      split(op);
  }
};

} // namespace
