//===- ExtentBound.h - what a size that a program computes is at most -----===//
//
// How many elements are not zero, or how often a loop goes round, the program
// finds out. Memory is planned before the call nevertheless, by formulas in the
// call's extents that such sizes never exceed: who computes one takes the
// minimum of it and of its bound.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_PLAN_EXTENTBOUND_H
#define MSC_CODEGEN_PLAN_EXTENTBOUND_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc::codegen {

/// A formula (ExtentFormula.h) that `value`, which is a size and so not
/// negative, never exceeds; null if none is found. Makes ops beside those that
/// compute the value.
mlir::Value getExtentBound(mlir::Value value, mlir::func::FuncOp function);

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_EXTENTBOUND_H
