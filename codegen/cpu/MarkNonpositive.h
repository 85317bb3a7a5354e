//===- MarkNonpositive.h - Exponentials without upper range ----*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_MARKNONPOSITIVE_H
#define MSC_CODEGEN_CPU_MARKNONPOSITIVE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc::cpu {

/// On a `math.exp`: its operand is at most 0, or NaN. What loses the attribute
/// loses some speed.
inline constexpr llvm::StringLiteral kNonpositiveAttr = "cpu.nonpositive";

/// Finds exponentials of a tensor's element minus a maximum that the element
/// took part in.
void markNonpositiveExponents(mlir::func::FuncOp region);

} // namespace msc::cpu

#endif
