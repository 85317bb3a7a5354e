//===- NpuTarget.h - The reference accelerator as a target ------*- C++ -*-===//
#ifndef MSC_CODEGEN_NPU_NPUTARGET_H
#define MSC_CODEGEN_NPU_NPUTARGET_H

#include "codegen/target/TargetPlugin.h"

namespace msc::npu {

/// The target "npu-sim": docs/npu.md.
class NpuTarget : public codegen::TargetPlugin {
public:
  llvm::StringRef name() const override { return "npu-sim"; }
  llvm::StringRef codeFormat() const override { return "npu-1"; }
  void registerDialects(mlir::DialectRegistry &registry) const override;
  std::string whyNot(mlir::func::FuncOp region) const override;
  /// Of a clock of 1 GHz.
  codegen::RegionCost cost(mlir::func::FuncOp region) const override;
  void buildSchedulePipeline(mlir::OpPassManager &manager) const override;
  llvm::Error serialise(mlir::ModuleOp kernels,
                        llvm::SmallVectorImpl<char> &code) const override;
};

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_NPUTARGET_H
