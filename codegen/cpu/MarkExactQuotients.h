//===- MarkExactQuotients.h - Quotients that decide -------------*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_MARKEXACTQUOTIENTS_H
#define MSC_CODEGEN_CPU_MARKEXACTQUOTIENTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc::cpu {

/// On an `arith.divf`: no product with a reciprocal may take its place.
inline constexpr llvm::StringLiteral kExactAttr = "cpu.exact";

/// Marks the divisions of a region whose quotients are rounded to integers or
/// compared, by way of exact ops only.
void markExactQuotients(mlir::func::FuncOp region);

} // namespace msc::cpu

#endif // MSC_CODEGEN_CPU_MARKEXACTQUOTIENTS_H
