//===- Pipeline.cpp - the pipeline -msc-plan ------------------------------===//

#include "codegen/plan/Pipeline.h"

#include "codegen/plan/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace msc::codegen;

static void addBufferization(OpPassManager &pm,
                             bufferization::LayoutMapOption layouts) {
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion = layouts;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  pm.addPass(createPlanOrderConstants());
}

// A copy onto itself is seen once its two ends have become one value, hence
// the second round.
template <typename OpTy> static void addCleanup(OpPassManager &pm) {
  pm.addNestedPass<OpTy>(createCanonicalizerPass());
  pm.addNestedPass<OpTy>(createCSEPass());
  pm.addNestedPass<OpTy>(createCanonicalizerPass());
}

void msc::codegen::buildPlanTensorsPipeline(OpPassManager &pm) {
  pm.addPass(createPlanDeriveExtents());
  // Before there are destinations: see Ties.cpp. On the module: on a function
  // it takes no argument to be writable.
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  pm.addNestedPass<func::FuncOp>(createPlanMakeDestinations());
  pm.addNestedPass<func::FuncOp>(createPlanTieCarries());
  pm.addNestedPass<func::FuncOp>(createPlanSplitCollectives());
  // Arguments of the program are dense; the regions in their nested module
  // stay on tensors.
  addBufferization(pm, bufferization::LayoutMapOption::IdentityLayoutMap);
  addCleanup<func::FuncOp>(pm);
  pm.addNestedPass<func::FuncOp>(createPlanDropResults());
  pm.addPass(createPlanDispatchCopies());
  pm.addPass(createPlanPinLayouts());
}

void msc::codegen::buildPlanMemoryPipeline(OpPassManager &pm,
                                           const PlanOptions &options) {
  OpPassManager &regions = pm.nest<ModuleOp>();
  regions.addNestedPass<func::FuncOp>(createPlanAnchorResults());
  regions.addPass(bufferization::createEmptyTensorEliminationPass());
  addBufferization(regions, bufferization::LayoutMapOption::InferLayoutMap);
  addCleanup<func::FuncOp>(regions);
  regions.addPass(bufferization::createDropEquivalentBufferResultsPass());
  pm.addPass(createPlanHoistScratch());
  pm.addPass(createPlanMemory());
  addCleanup<func::FuncOp>(pm);
  PlanVerifyMemoryOptions verifyOptions;
  verifyOptions.allowCopies = options.allowCopies;
  pm.addPass(createPlanVerifyMemory(verifyOptions));
}

void msc::codegen::buildPlanPipeline(OpPassManager &pm,
                                     const PlanOptions &options,
                                     ScheduleRegionsFn schedule) {
  buildPlanTensorsPipeline(pm);
  if (schedule)
    schedule(pm);
  buildPlanMemoryPipeline(pm, options);
}

void msc::codegen::registerPlanPipelines() {
  PassPipelineRegistration<>(
      "msc-plan-tensors",
      "Choose destinations, bufferise the outer program, pin region layouts",
      buildPlanTensorsPipeline);
  PassPipelineRegistration<PlanOptions>(
      "msc-plan-memory",
      "Bufferise the regions and place all buffers in one arena",
      buildPlanMemoryPipeline);
  PassPipelineRegistration<PlanOptions>(
      "msc-plan-plain", "Plan with regions that are not scheduled",
      [](OpPassManager &pm, const PlanOptions &options) {
        buildPlanPipeline(pm, options, nullptr);
      });
}
