//===- Case.h - One op to be tested -----------------------------*- C++ -*-===//

#ifndef MSC_TEST_FACETS_CASE_H
#define MSC_TEST_FACETS_CASE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "test/facets/Array.h"

namespace msc::facets {

/// A function of a case file; see README.md for its form.
class Case {
public:
  explicit Case(mlir::func::FuncOp function) : function(function) {}

  std::string name() const { return function.getName().str(); }
  mlir::func::FuncOp getFunction() const { return function; }

  /// The one graph op, or null.
  mlir::Operation *op() const;

  /// Whether each shape in the function is known.
  bool isStatic() const;

  /// A module that holds the function under the name "primal".
  mlir::OwningOpRef<mlir::ModuleOp> module() const;

  /// Values for the arguments of `function` (a derivative's, perhaps): those of
  /// the case in its domain, further ones in [-1, 1]. The same at each call.
  std::vector<Array> inputs(mlir::func::FuncOp function) const;

private:
  mutable mlir::func::FuncOp function; // a handle
};

/// The function "primal" of a module made by `Case::module`, and its graph op.
mlir::func::FuncOp primalOf(mlir::ModuleOp module);
mlir::Operation *graphOpOf(mlir::func::FuncOp function);

/// Checks (GoogleTest expectations) of the facets.
void checkVjp(const Case &testCase);
void checkJvp(const Case &testCase);
void checkSecondVjp(const Case &testCase);
void checkSharding(const Case &testCase);
void checkCost(const Case &testCase);
void checkDecomposition(const Case &testCase);

} // namespace msc::facets

#endif // MSC_TEST_FACETS_CASE_H
