//===- MarkNonpositive.cpp - Exponentials that need no upper range --------===//
// The exponentials of a softmax are those of x - max(x). Half of the work of a
// general one is for arguments that don't come.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/MarkNonpositive.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using linalg::GenericOp;

/// The operand that `value` is an element of, if it is a plain input.
static OpOperand *inputOf(GenericOp op, Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != op.getBody() ||
      argument.getArgNumber() >= op.getNumDpsInputs())
    return nullptr;
  return op.getMatchingOpOperand(argument);
}

/// True if `maximum` has, for the element of `element`, the maximum of a set
/// that this element is in.
static bool isBoundedBy(GenericOp op, OpOperand &element, OpOperand &maximum) {
  auto reduction = maximum.get().getDefiningOp<GenericOp>();
  if (!reduction || reduction.getNumDpsInputs() != 1 ||
      reduction.getNumResults() != 1 ||
      reduction.getDpsInputs()[0] != element.get())
    return false;
  Block &body = *reduction.getBody();
  auto combine =
      body.getTerminator()->getOperand(0).getDefiningOp<arith::MaximumFOp>();
  if (!combine || !llvm::is_contained(combine->getOperands(),
                                      Value(body.getArgument(0))))
    return false;
  AffineMap read = reduction.getIndexingMapsArray()[0];
  AffineMap written = reduction.getIndexingMapsArray()[1];
  if (!read.isPermutation())
    return false;
  // The index of the element, in terms of the loops of `op`, at each of the
  // reduction's loops.
  SmallVector<AffineExpr> loops(read.getNumDims());
  AffineMap map = op.getMatchingIndexingMap(&element);
  for (auto [dim, expr] : llvm::enumerate(map.getResults()))
    loops[read.getDimPosition(dim)] = expr;
  AffineMap expected = op.getMatchingIndexingMap(&maximum);
  for (auto [dim, expr] : llvm::enumerate(written.getResults()))
    if (expr.replaceDims(loops) != expected.getResult(dim))
      return false;
  return true;
}

void msc::cpu::markNonpositiveExponents(func::FuncOp region) {
  region.walk([](math::ExpOp exp) {
    auto op = dyn_cast<GenericOp>(exp->getParentOp());
    auto difference = exp.getOperand().getDefiningOp<arith::SubFOp>();
    if (!op || !difference)
      return;
    OpOperand *element = inputOf(op, difference.getLhs());
    OpOperand *maximum = inputOf(op, difference.getRhs());
    if (element && maximum && isBoundedBy(op, *element, *maximum))
      exp->setAttr(kNonpositiveAttr, UnitAttr::get(exp.getContext()));
  });
}
