//===- Pipeline.h - The CPU's named pipelines ------------------*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_PIPELINE_H
#define MSC_CODEGEN_CPU_PIPELINE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include <string>

namespace msc::cpu {

struct CpuPipelineOptions
    : public mlir::PassPipelineOptions<CpuPipelineOptions> {
  Option<std::string> triple{*this, "triple",
                             llvm::cl::desc("target triple; default: host"),
                             llvm::cl::init("")};
  Option<std::string> march{*this, "march",
                            llvm::cl::desc("CPU as LLVM names it"),
                            llvm::cl::init("native")};
  Option<std::string> features{
      *this, "features", llvm::cl::desc("more features"), llvm::cl::init("")};
  Option<std::string> schedule{*this, "schedule",
                               llvm::cl::desc("auto or loops (-O0)"),
                               llvm::cl::init("auto")};
  Option<std::string> fp{*this, "fp", llvm::cl::desc("fast or strict"),
                         llvm::cl::init("fast")};
  Option<bool> threads{*this, "threads", llvm::cl::desc("split large regions"),
                       llvm::cl::init(true)};
};

/// `-msc-cpu`: schedules the regions of a module (bodies on tensors).
void buildCpuPipeline(mlir::OpPassManager &pm,
                      const CpuPipelineOptions &options);

/// `-msc-llvm`: takes a bufferised module of functions, without nested modules,
/// to the LLVM dialect.
void buildLlvmPipeline(mlir::OpPassManager &pm,
                       const CpuPipelineOptions &options);

void registerCpuPipelines();

} // namespace msc::cpu

#endif
