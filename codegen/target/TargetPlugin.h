//===- TargetPlugin.h - What a target brings to the compiler ----*- C++ -*-===//
//
// A target takes regions: functions on tensors of upstream's dialects (linalg,
// tensor, arith, math, scf) in destination-passing form, which
// docs/add-a-target.md describes. Nothing of msc's own dialects appears in
// them, so that a target can be built outside of this tree, against MLIR and
// this header alone.
//
//===----------------------------------------------------------------------===//
#ifndef MSC_CODEGEN_TARGET_TARGETPLUGIN_H
#define MSC_CODEGEN_TARGET_TARGETPLUGIN_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <string>

namespace msc::codegen {

/// What a region costs a target, by the target's own model.
struct RegionCost {
  double seconds = 0;
};

class TargetPlugin {
public:
  virtual ~TargetPlugin() = default;

  /// As in --target, e.g. "npu-sim".
  virtual llvm::StringRef name() const = 0;
  /// What its code objects are: `msc_device_info::code_format` of the driver
  /// that loads them.
  virtual llvm::StringRef codeFormat() const = 0;
  /// The dialects of scheduled regions.
  virtual void registerDialects(mlir::DialectRegistry &registry) const = 0;

  /// Why the target can't take the region; empty if it can. Such regions stay
  /// on the CPU, and the reason is shown to the user: lower case, no full stop.
  virtual std::string whyNot(mlir::func::FuncOp region) const = 0;
  /// Of a region that is taken; transfers to and from the device not included.
  virtual RegionCost cost(mlir::func::FuncOp region) const = 0;

  /// Passes on a module of regions that are taken. Afterwards serialise()
  /// understands it. Each function keeps its name; its arguments are the
  /// buffers of the region's inputs and outs, in this order.
  virtual void buildSchedulePipeline(mlir::OpPassManager &manager) const = 0;
  /// The code object of a scheduled module, the same bytes for the same module.
  /// It has a kernel for each function, by its name.
  virtual llvm::Error serialise(mlir::ModuleOp kernels,
                                llvm::SmallVectorImpl<char> &code) const = 0;
};

} // namespace msc::codegen

#endif // MSC_CODEGEN_TARGET_TARGETPLUGIN_H
