//===- Pipeline.h - from linalg to dispatches of regions ------------------===//

#ifndef MSC_CODEGEN_REGIONS_PIPELINE_H
#define MSC_CODEGEN_REGIONS_PIPELINE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace msc::codegen {

struct FormRegionsOptions
    : public mlir::PassPipelineOptions<FormRegionsOptions> {
  /// false: each op is a region of its own, as -O0 wants it.
  Option<bool> fuse{*this, "fuse",
                    llvm::cl::desc("Several ops may share a region"),
                    llvm::cl::init(true)};
};

/// From linalg on tensors to dispatches of regions, still on tensors.
void buildFormRegionsPipeline(mlir::OpPassManager &pm,
                              const FormRegionsOptions &options);

/// Registers it as -msc-regions-plain. -msc-form-regions is put together in
/// tools/, where targets are known: they choose layouts of weights first.
void registerFormRegionsPipeline();

} // namespace msc::codegen

#endif // MSC_CODEGEN_REGIONS_PIPELINE_H
