//===- MarkExactQuotients.cpp - Quotients that decide ---------------------===//
// A division by what is the same in all lanes becomes a product with the
// reciprocal, which may be off by a unit in the last place. Where the quotient
// is rounded to an integer or compared, a tie would fall to the other side: a
// model that quantises its inputs would give other integers.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/MarkExactQuotients.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using linalg::GenericOp;

/// What an element in the body of `op` is an element of; null if it is none.
static Value tensorOf(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto op = argument
                ? dyn_cast<GenericOp>(argument.getOwner()->getParentOp())
                : GenericOp();
  return op ? op.getMatchingOpOperand(argument)->get() : Value();
}

static bool isZero(Value value) {
  if (Value tensor = tensorOf(value))
    value = tensor;
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    value = fill.getInputs().front();
  return matchPattern(value, m_AnyZeroFloat());
}

/// Whether a result of `op` may differ by much where its operand hardly does.
/// The sign does not depend on how a quotient is computed.
static bool isJump(Operation *op) {
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    return compare.getPredicate() != arith::CmpFPredicate::ORD &&
           compare.getPredicate() != arith::CmpFPredicate::UNO &&
           !isZero(compare.getLhs()) && !isZero(compare.getRhs());
  return isa<math::CeilOp, math::FloorOp, math::RoundEvenOp, math::RoundOp,
             math::TruncOp, arith::FPToSIOp, arith::FPToUIOp>(op);
}

/// Whether the op's result is rounded once at most. Of others, and of sums in
/// any order, no digit is certain: nothing is gained by exact operands.
static bool isExact(Operation *op) {
  return !isa<math::MathDialect>(op->getDialect()) || isJump(op) ||
         isa<math::AbsFOp, math::CopySignOp, math::SqrtOp>(op);
}

static bool isElementwise(GenericOp op) {
  return op.getNumLoops() == op.getNumParallelLoops();
}

void msc::cpu::markExactQuotients(func::FuncOp region) {
  SmallVector<Value> worklist;
  region.walk([&](Operation *op) {
    if (isa<GenericOp>(op->getParentOp()) && isJump(op))
      llvm::append_range(worklist, op->getOperands());
  });
  DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    if (Value tensor = tensorOf(value)) {
      worklist.push_back(tensor);
      continue;
    }
    Operation *op = value.getDefiningOp();
    if (!op)
      continue;
    if (auto generic = dyn_cast<GenericOp>(op)) {
      unsigned number = cast<OpResult>(value).getResultNumber();
      if (isElementwise(generic))
        worklist.push_back(
            generic.getBody()->getTerminator()->getOperand(number));
      continue;
    }
    if (!isExact(op) || (op->getNumRegions() != 0 && !isa<tensor::PadOp>(op)))
      continue;
    if (isa<arith::DivFOp>(op))
      op->setAttr(kExactAttr, UnitAttr::get(op->getContext()));
    llvm::append_range(worklist, op->getOperands());
  }
}
