//===- DropResults.cpp - results that are arguments are not returned ------===//
//
// After bufferisation each result has to be the destination that it was given.
// If it is not, something before has lost it; returning another buffer would
// hand the caller memory of the arena.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "mlir/Interfaces/ViewLikeInterface.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANDROPRESULTS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

static bool isDestination(func::FuncOp function, BlockArgument arg,
                          int64_t result) {
  if (!arg || arg.getOwner() != &function.front())
    return false;
  for (StringRef name : {plan::kResultAttr, plan::kDonatedAttr})
    if (auto attr =
            function.getArgAttrOfType<IntegerAttr>(arg.getArgNumber(), name))
      if (attr.getInt() == result)
        return true;
  return false;
}

namespace {

struct DropResults : codegen::impl::PlanDropResultsBase<DropResults> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isDeclaration() || function.isPrivate() ||
        function->hasAttr("msc.prepare"))
      return;
    Operation *ret = function.front().getTerminator();
    llvm::BitVector dropped(function.getNumResults());
    for (auto [number, result] : llvm::enumerate(ret->getOperands())) {
      // An extent that the data decide is told to the caller.
      if (result.getType().isIndex())
        continue;
      dropped.set(number);
      Value buffer = result;
      while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
        buffer = view.getViewSource();
      if (!isDestination(function, dyn_cast<BlockArgument>(buffer), number)) {
        function.emitError("expected result ")
            << number << " to be computed in its destination";
        return signalPassFailure();
      }
    }
    (void)function.eraseResults(dropped);
    ret->eraseOperands(dropped);
  }
};

} // namespace
