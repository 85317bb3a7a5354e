//===- Npu.h - the npu dialect --------------------------------------------===//
//
// Kernels of the reference accelerator, on memrefs. The ops are described in
// NpuOps.td, the chip in docs/npu.md.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_NPU_NPU_H
#define MSC_DIALECTS_NPU_NPU_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"

#include "dialects/npu/NpuDialect.h.inc"
#include "dialects/npu/NpuEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/npu/NpuAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialects/npu/NpuOps.h.inc"

namespace msc::npu {

/// Names of the dialect's discardable attributes; see NpuDialect.td.
constexpr llvm::StringLiteral kKernelAttr = "npu.kernel";
constexpr llvm::StringLiteral kScheduleAttr = "npu.schedule";
constexpr llvm::StringLiteral kLocalBytesAttr = "npu.local_bytes";
constexpr llvm::StringLiteral kAccBytesAttr = "npu.acc_bytes";

/// How many sources a function of the vector unit has.
unsigned getNumSources(Function function);

inline bool isDma(UnitKind unit) { return unit >= UnitKind::Dma0; }

/// Where a memref lies.
bool isLocal(mlir::MemRefType type);
bool isAccumulator(mlir::MemRefType type);
inline bool isOnChip(mlir::MemRefType type) {
  return isLocal(type) || isAccumulator(type);
}

} // namespace msc::npu

#endif // MSC_DIALECTS_NPU_NPU_H
