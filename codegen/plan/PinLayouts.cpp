//===- PinLayouts.cpp - regions learn the layouts of their operands -------===//
//
// After the outer bufferisation the strides that a region is called with are
// known; static strides are what makes its code fast. Where dispatches of one
// region differ, the region is cloned for each layout: one function for all of
// them would know no stride at all.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "llvm/ADT/MapVector.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANPINLAYOUTS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

// The layouts of a dispatch's operands; null for those that are not buffers.
static ArrayAttr getLayouts(plan::DispatchOp dispatch) {
  SmallVector<Attribute> layouts;
  Builder builder(dispatch.getContext());
  for (Type type : dispatch->getOperandTypes()) {
    auto buffer = dyn_cast<MemRefType>(type);
    layouts.push_back(buffer ? cast<Attribute>(buffer.getLayout())
                             : builder.getUnitAttr());
  }
  return builder.getArrayAttr(layouts);
}

static void pin(func::FuncOp region, ArrayAttr layouts) {
  for (auto [number, layout] : llvm::enumerate(layouts))
    if (!isa<UnitAttr>(layout))
      region.setArgAttr(number, "bufferization.buffer_layout", layout);
}

namespace {

struct PinLayouts : codegen::impl::PlanPinLayoutsBase<PinLayouts> {
  void runOnOperation() override {
    SymbolTableCollection symbols;
    llvm::MapVector<func::FuncOp,
                    llvm::MapVector<ArrayAttr, SmallVector<plan::DispatchOp>>>
        dispatchesOf;
    getOperation().walk([&](plan::DispatchOp dispatch) {
      if (func::FuncOp region = dispatch.lookupRegion(symbols))
        dispatchesOf[region][getLayouts(dispatch)].push_back(dispatch);
    });
    for (auto &[region, byLayouts] : dispatchesOf) {
      std::string name = region.getSymName().str();
      SymbolTable table(region->getParentOp());
      OpBuilder builder(region);
      builder.setInsertionPointAfter(region);
      func::FuncOp pinned = region; // the first layout needs no clone
      for (auto &[layouts, dispatches] : byLayouts) {
        if (!pinned) {
          pinned = region.clone();
          pinned.setSymName(name + "_strided");
          builder.insert(pinned);
          table.insert(pinned); // makes the name unique
        }
        pin(pinned, layouts);
        for (plan::DispatchOp dispatch : dispatches)
          dispatch.setRegionAttr(
              SymbolRefAttr::get(dispatch.getRegion().getRootReference(),
                                 {FlatSymbolRefAttr::get(pinned)}));
        pinned = nullptr;
      }
    }
  }
};

} // namespace
