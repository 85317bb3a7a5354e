//===- SerializeKernels.h - Code objects of npu kernels ---------*- C++ -*-===//
#ifndef MSC_CODEGEN_NPU_SERIALIZEKERNELS_H
#define MSC_CODEGEN_NPU_SERIALIZEKERNELS_H

#include "mlir/IR/BuiltinOps.h"
#include <cstdint>
#include <vector>

namespace msc::npu {

/// The code object (docs/npu.md) of all kernels of `module`, whose buffers have
/// addresses (-npu-assign-memory). What it can't express is told by a
/// diagnostic. The same module gives the same bytes.
mlir::FailureOr<std::vector<uint8_t>> serializeKernels(mlir::ModuleOp module);

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_SERIALIZEKERNELS_H
