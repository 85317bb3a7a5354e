//===- StraightLine.h - Derivatives of straight-line functions --*- C++ -*-===//
//
// The simplest engine that the gradient interface admits, after the reverse and
// forward modes of Griewank and Walther, "Evaluating Derivatives", chapter 3:
// functions of one block, whatever an op asks for kept as it is, nothing
// recomputed.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_AUTODIFF_GRAPH_STRAIGHTLINE_H
#define MSC_AUTODIFF_GRAPH_STRAIGHTLINE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc {

/// Adds a function beside `function` that takes its arguments and a cotangent
/// for each float result, and returns a cotangent for each float argument. An
/// op without a gradient, or with regions, is an error at its location.
mlir::FailureOr<mlir::func::FuncOp> buildVjp(mlir::func::FuncOp function,
                                             llvm::StringRef name);

/// The same with a tangent for each float argument and each float result.
mlir::FailureOr<mlir::func::FuncOp> buildJvp(mlir::func::FuncOp function,
                                             llvm::StringRef name);

} // namespace msc

#endif // MSC_AUTODIFF_GRAPH_STRAIGHTLINE_H
