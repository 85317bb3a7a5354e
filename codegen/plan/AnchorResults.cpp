//===- AnchorResults.cpp - regions write their results into their outs ----===//
//
// Scheduling may leave a region's result in a tensor of its own. Tied to its
// destination, it is computed there or, at worst, copied there; without, the
// region would return a buffer that nobody expects.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANANCHORRESULTS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using bufferization::MaterializeInDestinationOp;

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
      if (result.get() == out ||
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
