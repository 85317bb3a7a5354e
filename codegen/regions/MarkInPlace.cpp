//===- MarkInPlace.cpp - which inputs of a region an out may overwrite ----===//
//
// A dispatch that says which of its inputs may be the same buffer as an out
// lets a residual be added, or a weight be updated, in place. Whether that is
// so is seen in the region's body while it is still linalg on tensors.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/FusionGroups.h"
#include "codegen/regions/Passes.h"
#include "dialects/plan/Plan.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANMARKINPLACE
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

// The elementwise op that makes result number `out` in destination `outArg`,
// which nothing else uses; null if it is not made so.
static linalg::LinalgOp getWriter(func::ReturnOp result, int64_t out,
                                  BlockArgument outArg) {
  auto writer = result.getOperand(out).getDefiningOp<linalg::LinalgOp>();
  if (!writer || classify(writer) != OpShape::Elementwise)
    return nullptr;
  OpOperand *init =
      writer.getTiedOpOperand(cast<OpResult>(result.getOperand(out)));
  bool onlyUse = llvm::all_of(outArg.getUses(), [&](OpOperand &use) {
    return &use == init || isa<tensor::DimOp>(use.getOwner());
  });
  return init->get() == outArg && onlyUse ? writer : nullptr;
}

// Input -> out pairs: the input's one use is by the out's writer, which reads
// of it exactly the element that it writes.
static SmallVector<int64_t> findInPlacePairs(func::FuncOp region) {
  SmallVector<int64_t> pairs;
  auto result = cast<func::ReturnOp>(region.front().getTerminator());
  int64_t numOuts = result.getNumOperands();
  int64_t numInputs = region.getNumArguments() - numOuts;
  for (int64_t input = 0; input < numInputs; ++input) {
    OpOperand *use = nullptr;
    bool isSingle = true;
    for (OpOperand &candidate : region.getArgument(input).getUses()) {
      if (isa<tensor::DimOp>(candidate.getOwner()))
        continue;
      isSingle = !use;
      use = &candidate;
      if (!isSingle)
        break;
    }
    if (!use || !isSingle)
      continue;
    for (int64_t out = 0; out < numOuts; ++out) {
      BlockArgument outArg = region.getArgument(numInputs + out);
      linalg::LinalgOp writer = getWriter(result, out, outArg);
      if (!writer || use->getOwner() != writer || !writer.isDpsInput(use) ||
          use->get().getType() != outArg.getType())
        continue;
      AffineMap outMap = writer.getMatchingIndexingMap(
          writer.getTiedOpOperand(cast<OpResult>(result.getOperand(out))));
      if (writer.getMatchingIndexingMap(use) == outMap)
        llvm::append_range(pairs, ArrayRef<int64_t>{input, out});
    }
  }
  return pairs;
}

namespace {

struct MarkInPlace : codegen::impl::PlanMarkInPlaceBase<MarkInPlace> {
  void runOnOperation() override {
    SymbolTableCollection symbols;
    DenseMap<Operation *, SmallVector<int64_t>> pairsOf;
    getOperation().walk([&](plan::DispatchOp dispatch) {
      func::FuncOp region = dispatch.lookupRegion(symbols);
      if (!region || region.isDeclaration())
        return;
      auto [it, isNew] = pairsOf.try_emplace(region);
      if (isNew)
        it->second = findInPlacePairs(region);
      dispatch.setInplace(it->second);
    });
  }
};

} // namespace
