//===- Passes.h - From a plan to a program ----------------------*- C++ -*-===//

#ifndef MSC_CODEGEN_EMIT_PASSES_H
#define MSC_CODEGEN_EMIT_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace msc::emit {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "codegen/emit/Passes.h.inc"

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_PASSES_H
