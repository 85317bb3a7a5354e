//===- PointerCall.h - Calls of memref functions with pointers --*- C++ -*-===//
//
// Ops of the LLVM dialect that take C data apart and make memrefs of pointers,
// in code that is not lowered yet.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_EMIT_POINTERCALL_H
#define MSC_CODEGEN_EMIT_POINTERCALL_H

#include "codegen/emit/Signature.h"
#include "mlir/IR/Builders.h"

namespace msc::emit {

/// `((void **)pointers)[index]`
mlir::Value loadPointer(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value pointers, int64_t index);

/// `((void **)pointers)[index] = value`
void storePointer(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::Value pointers, int64_t index, mlir::Value value);

/// `((int64_t *)integers)[index]`
mlir::Value loadInt64(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value integers, int64_t index);

/// `((int64_t *)integers)[index] = value`
void storeInt64(mlir::OpBuilder &builder, mlir::Location loc,
                mlir::Value integers, int64_t index, mlir::Value value);

/// `(char *)pointer + bytes`
mlir::Value offsetPointer(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value pointer, uint64_t bytes);

/// A memref of identity layout at `pointer`; `extents` (i64) are those of its
/// dynamic dims.
mlir::Value memrefAt(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::MemRefType type, mlir::Value pointer,
                     mlir::ValueRange extents);

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_POINTERCALL_H
