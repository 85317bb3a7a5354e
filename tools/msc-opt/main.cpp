//===- main.cpp - msc-opt: every pass and pipeline, one by one ------------===//
#include "codegen/cpu/CompileToObject.h"
#include "codegen/cpu/Passes.h"
#include "codegen/cpu/Pipeline.h"
#include "codegen/plan/Passes.h"
#include "codegen/plan/Pipeline.h"
#include "codegen/regions/Passes.h"
#include "codegen/regions/Pipeline.h"
#include "dialects/plan/Plan.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();

  // Ours, sorted by folder.
  msc::cpu::registerCpuPasses();
  msc::cpu::registerCpuPipelines();
  msc::cpu::registerTranslations(registry);
  msc::codegen::registerPlanPasses();
  msc::codegen::registerPlanPipelines();
  msc::codegen::registerRegionsPasses();
  msc::codegen::registerFormRegionsPipeline();
  registry.insert<msc::plan::PlanDialect>();

  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "msc-opt\n", registry));
}
