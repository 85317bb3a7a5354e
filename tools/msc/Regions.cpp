#include "tools/msc/Regions.h"
#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace msc;
using tools::Calls;

msc::tools::Calls msc::tools::countCalls(mlir::Operation *op) {
  Calls calls{1, false};
  while ((op = op->getParentOp())) {
    auto loop = dyn_cast<mlir::LoopLikeOpInterface>(op);
    if (!loop)
      continue;
    std::optional<APInt> trips = loop.getStaticTripCount();
    if (!trips || trips->getActiveBits() > 31 ||
        MulOverflow(calls.count, trips->getSExtValue(), calls.count))
      calls.isUnknown = true;
  }
  return calls;
}

void msc::tools::printRegions(mlir::ModuleOp module, raw_ostream &out) {
  out << formatv("\n{0,-8} {1,-36} {2,5} {3,12} {4,12}  {5}\n", "region", "ops",
                 "calls", "FLOPs", "bytes", "schedule");
  mlir::ModuleOp regions = plan::lookupRegions(module);
  if (!regions)
    return;
  StringMap<Calls> calls;
  module.walk([&](plan::DispatchOp dispatch) {
    Calls more = countCalls(dispatch.getOperation());
    Calls &all = calls[dispatch.getRegionAttr().getLeafReference()];
    all.count += more.count;
    all.isUnknown |= more.isUnknown;
  });
  for (auto region : regions.getOps<mlir::func::FuncOp>()) {
    auto text = [&](StringRef name) {
      auto value = region->getAttrOfType<mlir::StringAttr>(name);
      return value ? value.getValue() : StringRef("-");
    };
    auto number = [&](StringRef name) {
      auto value = region->getAttrOfType<mlir::IntegerAttr>(name);
      return value ? std::to_string(value.getInt()) : std::string("?");
    };
    Calls all = calls.lookup(region.getName());
    out << formatv("{0,-8} {1,-36} {2,5} {3,12} {4,12}  {5}\n",
                   region.getName(), text(plan::kOpsAttr),
                   std::to_string(all.count) + (all.isUnknown ? "+" : ""),
                   number(plan::kFlopsAttr), number(plan::kBytesAttr),
                   text("cpu.schedule"));
  }
}
