//===- FormRegions.cpp - outline fused groups and dispatch them -----------===//
//
// Fusion is decided here, once, while everything is still linalg on tensors.
// The outer program can then be bufferised and planned without knowing what a
// region computes, and a region be scheduled without knowing where it stands.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/OutlineRegion.h"
#include "codegen/regions/Passes.h"

#include "mlir/Analysis/TopologicalSortUtils.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANFORMREGIONS
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;
using linalg::LinalgOp;

// A broadcast is cheaper to compute where it is used than to store: each user
// gets one of its own.
//   %b = broadcast(%x); f(%b); g(%b)  ->  f(broadcast(%x)); g(broadcast(%x))
static void duplicateBroadcasts(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    auto broadcast = dyn_cast<LinalgOp>(op);
    if (!broadcast || !isBroadcast(broadcast) || !isCheapToRecompute(broadcast))
      continue;
    for (OpOperand &use : llvm::make_early_inc_range(op.getUses())) {
      auto user = dyn_cast<LinalgOp>(use.getOwner());
      if (op.hasOneUse() || !user || classify(user) == OpShape::Window)
        continue;
      OpBuilder builder(user);
      OpResult result = cast<OpResult>(use.get());
      Operation *copy = builder.clone(op);
      for (OpOperand &init :
           cast<LinalgOp>(copy).getDpsInitsMutable()) // destinations of its own
        if (Operation *empty = init.get().getDefiningOp<tensor::EmptyOp>()) {
          builder.setInsertionPoint(copy);
          init.set(builder.clone(*empty)->getResult(0));
        }
      use.set(copy->getResult(result.getResultNumber()));
    }
  }
}

namespace {

struct FormRegions : codegen::impl::PlanFormRegionsBase<FormRegions> {
  using PlanFormRegionsBase::PlanFormRegionsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (plan::lookupRegions(module)) {
      module.emitError("expected no module 'regions' yet");
      return signalPassFailure();
    }
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    ModuleOp regions =
        ModuleOp::create(builder, module.getLoc(), plan::kRegionsModule);
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function->hasAttr("msc.prepare"))
        continue;
      SmallVector<Block *> blocks;
      function.walk<WalkOrder::PreOrder>([&](Block *block) {
        Operation *parent = block->getParentOp();
        if (isa<LinalgOp, tensor::GenerateOp>(parent) || isKernel(parent))
          return WalkResult::skip();
        blocks.push_back(block);
        return WalkResult::advance();
      });
      for (Block *block : blocks)
        formInBlock(regions, *block);
    }
  }

  void formInBlock(ModuleOp regions, Block &block) {
    if (fuse)
      duplicateBroadcasts(block);
    bool mustSort = false;
    for (const FusionGroup &group : formFusionGroups(block, fuse)) {
      outlineRegion(regions, "r" + std::to_string(numRegions++), group);
      mustSort |= group.results.size() > 1;
    }
    // A second result may have users before the root.
    if (mustSort)
      sortTopologically(&block);
  }

  unsigned numRegions = 0;
};

} // namespace
