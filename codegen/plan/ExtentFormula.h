//===- ExtentFormula.h - scalars computed from the extents of a call ------===//
//
// With dynamic shapes a program's sizes are formulas in the extents that a call
// brings: the dims of arguments, and arguments that are indices. Such a formula
// is a slice of pure scalar ops, which can be computed elsewhere too, for
// instance before the call.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_PLAN_EXTENTFORMULA_H
#define MSC_CODEGEN_PLAN_EXTENTFORMULA_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include <optional>
#include <string>

namespace msc::codegen {

/// What a formula is made of: a dim of an argument or an argument's value.
using ExtentFn = llvm::function_ref<mlir::Value(mlir::BlockArgument,
                                                std::optional<int64_t>)>;

/// The name by which a call's extent is known: that of `graph.dims`, "arg2.0"
/// (dim 0 of argument 2) or "arg2" (its value).
std::string getExtentName(mlir::func::FuncOp function, mlir::BlockArgument arg,
                          std::optional<int64_t> dim);

/// Whether `value` is a formula in the extents of `function`'s arguments.
bool isExtentFormula(mlir::Value value, mlir::func::FuncOp function);

/// The extents that the formula `value` reads.
void walkExtents(
    mlir::Value value,
    llvm::function_ref<void(mlir::BlockArgument, std::optional<int64_t>)> fn);

/// Computes formulas at the builder's place, each op once.
class ExtentCloner {
public:
  ExtentCloner(mlir::OpBuilder &builder, ExtentFn getExtent)
      : builder(builder), getExtent(getExtent) {}

  /// `value` must be a formula.
  mlir::Value clone(mlir::Value value);

private:
  mlir::OpBuilder &builder;
  ExtentFn getExtent;
  mlir::IRMapping known;
};

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_EXTENTFORMULA_H
