//===- DropOperands.cpp - regions take only what they use -----------------===//
//
// Merging ops leaves operands behind that nobody reads: the sizes of an
// intermediate tensor that is gone. They would keep equal regions apart and
// buffers alive. It also leaves results that turn out to be one: written once,
// a tensor cannot be in two destinations.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/Passes.h"
#include "dialects/plan/Plan.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
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
    for (auto &[region, dispatches] : dispatchesOf) {
      auto function = cast<func::FuncOp>(region);
      if (failed(dropUnused(function, dispatches)) ||
          failed(dropRepeated(function, dispatches)))
        return signalPassFailure();
    }
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

  // return %0, %0  ->  return %0
  LogicalResult dropRepeated(func::FuncOp region,
                             MutableArrayRef<plan::DispatchOp> dispatches) {
    Operation *ret = region.front().getTerminator();
    unsigned firstOut = region.getNumArguments() - ret->getNumOperands();
    llvm::BitVector results(ret->getNumOperands()),
        arguments(region.getNumArguments());
    // By number: the first result of that value.
    SmallVector<unsigned> first;
    for (auto [number, value] : llvm::enumerate(ret->getOperands())) {
      first.push_back(llvm::find(ret->getOperands(), value) -
                      ret->getOperands().begin());
      BlockArgument out = region.getArgument(firstOut + number);
      bool isUnused = llvm::all_of(
          out.getUsers(), [](Operation *op) { return isa<tensor::DimOp>(op); });
      if (first.back() == number || !isUnused ||
          dispatches.front().readsOut(number))
        continue;
      out.replaceAllUsesWith(region.getArgument(firstOut + first.back()));
      results.set(number);
      arguments.set(firstOut + number);
    }
    if (results.none())
      return success();
    for (plan::DispatchOp dispatch : dispatches)
      dropResults(dispatch, results, first);
    ret->eraseOperands(results);
    if (failed(region.eraseResults(results)))
      return failure();
    return region.eraseArguments(arguments);
  }

  static void dropResults(plan::DispatchOp dispatch,
                          const llvm::BitVector &dropped,
                          ArrayRef<unsigned> first) {
    OpBuilder builder(dispatch);
    SmallVector<Value> outs;
    SmallVector<int64_t> reads;
    for (auto [number, out] : llvm::enumerate(dispatch.getOuts())) {
      if (dropped[number])
        continue;
      if (dispatch.readsOut(number))
        reads.push_back(outs.size());
      outs.push_back(out);
    }
    auto fewer = plan::DispatchOp::create(
        builder, dispatch.getLoc(), TypeRange(outs), dispatch.getRegion(),
        dispatch.getInputs(), outs, dispatch.getScratch(), reads,
        dispatch.getInplace());
    SmallVector<Value> replacements;
    unsigned kept = 0;
    for (unsigned number = 0; number < dropped.size(); ++number)
      replacements.push_back(dropped[number] ? replacements[first[number]]
                                             : fewer.getResult(kept++));
    dispatch.replaceAllUsesWith(replacements);
    dispatch.erase();
  }
};

} // namespace
