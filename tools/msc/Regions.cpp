#include "tools/msc/Regions.h"
#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace msc;

void msc::tools::printRegions(mlir::ModuleOp module, raw_ostream &out) {
  out << formatv("\n{0,-8} {1,-36} {2,5} {3,12} {4,12}  {5}\n", "region", "ops",
                 "calls", "FLOPs", "bytes", "schedule");
  mlir::ModuleOp regions = plan::lookupRegions(module);
  if (!regions)
    return;
  // How often the program names it; a loop calls it more often.
  StringMap<int64_t> calls;
  module.walk([&](plan::DispatchOp dispatch) {
    ++calls[dispatch.getRegionAttr().getLeafReference()];
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
    out << formatv("{0,-8} {1,-36} {2,5} {3,12} {4,12}  {5}\n",
                   region.getName(), text(plan::kOpsAttr),
                   calls.lookup(region.getName()), number(plan::kFlopsAttr),
                   number(plan::kBytesAttr), text("cpu.schedule"));
  }
}
