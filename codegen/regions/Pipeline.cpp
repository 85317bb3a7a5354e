//===- Pipeline.cpp - from linalg to dispatches of regions ----------------===//

#include "codegen/regions/Pipeline.h"

#include "codegen/regions/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace msc::codegen;

void msc::codegen::buildFormRegionsPipeline(OpPassManager &pm,
                                            const FormRegionsOptions &options) {
  // Sizes in terms of what a function is given: equal ones become one value,
  // and reshapes have no users that only ask for sizes.
  pm.addNestedPass<func::FuncOp>(
      memref::createResolveRankedShapeTypeResultDimsPass());
  pm.addNestedPass<func::FuncOp>(createLinalgHoistBranchDims());
  if (options.fuse)
    pm.addNestedPass<func::FuncOp>(createLinalgSinkReshapes());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // From here to the outlining nothing may merge destinations again.
  pm.addNestedPass<func::FuncOp>(createPlanOwnDestinations());
  pm.addNestedPass<func::FuncOp>(createLinalgFramePads());
  PlanFormRegionsOptions formOptions;
  formOptions.fuse = options.fuse;
  pm.addPass(createPlanFormRegions(formOptions));

  OpPassManager &regions = pm.nest<ModuleOp>();
  if (options.fuse)
    regions.addNestedPass<func::FuncOp>(createLinalgMergeElementwise());
  regions.addPass(createCanonicalizerPass());
  regions.addPass(createCSEPass());
  pm.addPass(createPlanDropOperands());
  pm.addPass(createPlanMarkInPlace());
  pm.addPass(createPlanDedupRegions());
}

void msc::codegen::registerFormRegionsPipeline() {
  PassPipelineRegistration<FormRegionsOptions>(
      "msc-regions-plain",
      "Fuse linalg ops on tensors, as they are, into regions and dispatch "
      "them",
      buildFormRegionsPipeline);
}
