//===- Derivatives.h - Derivatives of straight-line functions ---*- C++ -*-===//
//
// The simplest engine that the gradient interface admits: no activity analysis
// to speak of, nothing recomputed, nothing stored. It serves to test what ops
// say of themselves.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_TEST_FACETS_DERIVATIVES_H
#define MSC_TEST_FACETS_DERIVATIVES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc::facets {

/// Adds a function beside `function` that takes its arguments and a cotangent
/// for each float result, and returns a cotangent for each float argument.
mlir::FailureOr<mlir::func::FuncOp> buildVjp(mlir::func::FuncOp function,
                                             llvm::StringRef name);

/// The same with a tangent for each float argument and each float result.
mlir::FailureOr<mlir::func::FuncOp> buildJvp(mlir::func::FuncOp function,
                                             llvm::StringRef name);

} // namespace msc::facets

#endif // MSC_TEST_FACETS_DERIVATIVES_H
