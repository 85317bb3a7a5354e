//===- DropOperands.cpp - regions take only what they use -----------------===//
//
// Merging ops leaves operands behind that nobody reads: the sizes of an
// intermediate tensor that is gone. They would keep equal regions apart and
// buffers alive.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/Passes.h"
#include "dialects/plan/Plan.h"

#include "llvm/ADT/MapVector.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANDROPOPERANDS
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

namespace {

struct DropOperands : codegen::impl::PlanDropOperandsBase<DropOperands> {
  void runOnOperation() override {
    SymbolTableCollection symbols;
    llvm::MapVector<Operation *, SmallVector<plan::DispatchOp>> dispatchesOf;
    getOperation().walk([&](plan::DispatchOp dispatch) {
      func::FuncOp region = dispatch.lookupRegion(symbols);
      if (region && !region.isDeclaration())
        dispatchesOf[region].push_back(dispatch);
    });
    for (auto &[region, dispatches] : dispatchesOf)
      if (failed(dropUnused(cast<func::FuncOp>(region), dispatches)))
        return signalPassFailure();
  }

  LogicalResult dropUnused(func::FuncOp region,
                           MutableArrayRef<plan::DispatchOp> dispatches) {
    unsigned numInputs = dispatches.front().getInputs().size();
    llvm::BitVector unused(region.getNumArguments());
    for (unsigned input = 0; input < numInputs; ++input)
      unused[input] = region.getArgument(input).use_empty();
    if (unused.none())
      return success();
    for (plan::DispatchOp dispatch : dispatches) {
      // The pairs count inputs.
      if (!dispatch.getInplace().empty())
        return dispatch.emitError("expected no in-place pairs yet");
      for (unsigned input = numInputs; input-- > 0;)
        if (unused[input])
          dispatch.getInputsMutable().erase(input);
    }
    return region.eraseArguments(unused);
  }
};

} // namespace
