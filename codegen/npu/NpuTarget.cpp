//===- NpuTarget.cpp - The reference accelerator as a target --------------===//
#include "codegen/npu/NpuTarget.h"
#include "codegen/npu/Passes.h"
#include "codegen/npu/Schedules.h"
#include "codegen/npu/SerializeKernels.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace msc::npu;

static constexpr double kClock = 1e9;

void NpuTarget::registerDialects(DialectRegistry &registry) const {
  registry.insert<NpuDialect>();
}

/// A plan changes nothing, but wants its ops in one form: that of a copy.
template <typename Use> static auto withPlan(func::FuncOp region, Use use) {
  OwningOpRef<func::FuncOp> copy = region.clone();
  generalise(*copy);
  std::string why;
  std::unique_ptr<Schedule> schedule = planRegion(*copy, why);
  return use(schedule.get(), why);
}

std::string NpuTarget::whyNot(func::FuncOp region) const {
  return withPlan(region, [](Schedule *, std::string why) { return why; });
}

msc::codegen::RegionCost NpuTarget::cost(func::FuncOp region) const {
  return withPlan(region, [](Schedule *schedule, std::string) {
    codegen::RegionCost cost;
    cost.seconds = schedule ? schedule->cycles() / kClock : 0;
    return cost;
  });
}

void NpuTarget::buildSchedulePipeline(OpPassManager &manager) const {
  manager.addPass(createScheduleRegions());
  manager.addNestedPass<func::FuncOp>(createAssignMemory());
}

llvm::Error NpuTarget::serialise(ModuleOp kernels,
                                 llvm::SmallVectorImpl<char> &code) const {
  std::string messages;
  ScopedDiagnosticHandler handler(
      kernels.getContext(), [&](Diagnostic &diagnostic) {
        messages += (messages.empty() ? "" : "\n") + diagnostic.str();
        return success();
      });
  FailureOr<std::vector<uint8_t>> bytes = serializeKernels(kernels);
  if (failed(bytes))
    return llvm::createStringError(messages);
  code.assign(bytes->begin(), bytes->end());
  return llvm::Error::success();
}
