//===- main.cpp - msc-opt: every pass and pipeline, one by one ------------===//

#include "tools/pipelines/Pipelines.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  msc::registerDialects(registry);
  msc::registerPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "msc-opt\n", registry));
}
