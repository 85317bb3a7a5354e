//===- Pipeline.h - the pipeline -msc-form-regions
//--------------------------===//

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

/// Registers -msc-form-regions.
void registerFormRegionsPipeline();

} // namespace msc::codegen

#endif // MSC_CODEGEN_REGIONS_PIPELINE_H
