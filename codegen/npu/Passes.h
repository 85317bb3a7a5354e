//===- Passes.h - Passes of the reference accelerator -----------*- C++ -*-===//
#ifndef MSC_CODEGEN_NPU_PASSES_H
#define MSC_CODEGEN_NPU_PASSES_H

#include "dialects/npu/Npu.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace msc::npu {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "codegen/npu/Passes.h.inc"

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_PASSES_H
