//===- AnchorResults.cpp - regions write their results into their outs ----===//
//
// Scheduling may leave a region's result in a tensor of its own. Tied to its
// destination, it is computed there or, at worst, copied there; without, the
// region would return a buffer that nobody expects.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANANCHORRESULTS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using bufferization::MaterializeInDestinationOp;

// Whether loops make `result` in `out`: bufferisation sees that by itself, and
// would take a write into `out` behind them for a conflict.
static bool isLoopIn(Value result, BlockArgument out) {
  auto loop = result.getDefiningOp<scf::ForOp>();
  if (!loop)
    return false;
  Value init = loop.getTiedLoopInit(cast<OpResult>(result))->get();
  if (auto fill = init.getDefiningOp<linalg::FillOp>())
    init = fill.getOutputs()[0];
  return init == out || isLoopIn(init, out);
}

namespace {

struct AnchorResults : codegen::impl::PlanAnchorResultsBase<AnchorResults> {
  void runOnOperation() override {
    func::FuncOp region = getOperation();
    if (region.isDeclaration())
      return;
    Operation *ret = region.front().getTerminator();
    OpBuilder builder(ret);
    unsigned firstOut = region.getNumArguments() - ret->getNumOperands();
    for (auto [number, result] : llvm::enumerate(ret->getOpOperands())) {
      BlockArgument out = region.getArgument(firstOut + number);
      if (result.get() == out || isLoopIn(result.get(), out) ||
          result.get().getDefiningOp<MaterializeInDestinationOp>())
        continue;
      result.set(
          MaterializeInDestinationOp::create(builder, result.get().getLoc(),
                                             out.getType(), result.get(), out)
              .getResult());
    }
  }
};

} // namespace
