//===- ExtentBound.cpp - what a size that a program computes is at most ---===//

#include "codegen/plan/ExtentBound.h"

#include "codegen/plan/ExtentFormula.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace msc::codegen;

// Whether `expr` never falls when the operand at `position` rises.
static bool isMonotone(AffineExpr expr, unsigned position, unsigned numDims) {
  auto isOperand = [&](AffineExpr inner) {
    if (auto dim = dyn_cast<AffineDimExpr>(inner))
      return dim.getPosition() == position;
    if (auto symbol = dyn_cast<AffineSymbolExpr>(inner))
      return numDims + symbol.getPosition() == position;
    return false;
  };
  bool occurs = false;
  expr.walk([&](AffineExpr inner) { occurs |= isOperand(inner); });
  if (!occurs || isOperand(expr))
    return true;
  auto binary = cast<AffineBinaryOpExpr>(expr);
  if (expr.getKind() == AffineExprKind::Add)
    return isMonotone(binary.getLHS(), position, numDims) &&
           isMonotone(binary.getRHS(), position, numDims);
  auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return expr.getKind() != AffineExprKind::Mod && factor &&
         factor.getValue() > 0 &&
         isMonotone(binary.getLHS(), position, numDims);
}

namespace {

class ExtentBounder {
public:
  explicit ExtentBounder(func::FuncOp function) : function(function) {}

  Value bound(Value value);

private:
  /// Bounds of all operands; none if one has none.
  std::optional<SmallVector<Value>> boundAll(Operation *op);
  Value boundLeast(Operation *op);
  Value boundAffine(affine::AffineApplyOp op);
  /// `op` on other operands.
  Value onBounds(Operation *op, ValueRange operands);

  func::FuncOp function;
  DenseMap<Value, Value> known;
};

} // namespace

std::optional<SmallVector<Value>> ExtentBounder::boundAll(Operation *op) {
  SmallVector<Value> bounds;
  for (Value operand : op->getOperands()) {
    Value least = bound(operand);
    if (!least)
      return std::nullopt;
    bounds.push_back(least);
  }
  return bounds;
}

Value ExtentBounder::onBounds(Operation *op, ValueRange operands) {
  OpBuilder builder(op);
  Operation *copy = builder.clone(*op);
  copy->setOperands(operands);
  return copy->getResult(0);
}

// min(a, b) <= bound of either.
Value ExtentBounder::boundLeast(Operation *op) {
  Value lhs = bound(op->getOperand(0)), rhs = bound(op->getOperand(1));
  if (lhs && rhs)
    return onBounds(op, {lhs, rhs});
  return lhs ? lhs : rhs;
}

Value ExtentBounder::boundAffine(affine::AffineApplyOp op) {
  AffineMap map = op.getAffineMap();
  for (auto [position, operand] : llvm::enumerate(op.getOperands()))
    if (!isExtentFormula(operand, function) &&
        !isMonotone(map.getResult(0), position, map.getNumDims()))
      return {};
  auto bounds = boundAll(op);
  return bounds ? onBounds(op, *bounds) : Value();
}

Value ExtentBounder::bound(Value value) {
  if (isExtentFormula(value, function))
    return value;
  Operation *op = value.getDefiningOp();
  if (!op)
    return {};
  auto [it, isNew] = known.try_emplace(value);
  if (!isNew)
    return it->second;
  auto ofAll = [&](auto op) -> Value {
    auto bounds = boundAll(op);
    return bounds ? onBounds(op, *bounds) : Value();
  };
  auto ofQuotient = [&](Operation *op) -> Value {
    std::optional<int64_t> divisor = getConstantIntValue(op->getOperand(1));
    Value lhs = divisor && *divisor > 0 ? bound(op->getOperand(0)) : Value();
    return lhs ? onBounds(op, {lhs, op->getOperand(1)}) : Value();
  };
  Value result =
      llvm::TypeSwitch<Operation *, Value>(op)
          .Case<arith::MinSIOp, arith::MinUIOp>(
              [&](auto op) { return boundLeast(op); })
          // Factors are sizes too.
          .Case<arith::AddIOp, arith::MaxSIOp, arith::MaxUIOp,
                arith::IndexCastOp, arith::IndexCastUIOp>(ofAll)
          .Case<arith::MulIOp>([&](arith::MulIOp op) -> Value {
            for (Value factor : op->getOperands())
              if (getConstantIntValue(factor).value_or(0) < 0)
                return {};
            return ofAll(op);
          })
          .Case<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp,
                arith::CeilDivSIOp, arith::CeilDivUIOp>(
              [&](auto op) { return ofQuotient(op); })
          .Case<arith::SubIOp>([&](arith::SubIOp op) -> Value {
            Value lhs = isExtentFormula(op.getRhs(), function)
                            ? bound(op.getLhs())
                            : Value();
            return lhs ? onBounds(op, {lhs, op.getRhs()}) : Value();
          })
          .Case<arith::SelectOp>([&](arith::SelectOp op) -> Value {
            Value lhs = bound(op.getTrueValue()), rhs = bound(op.getFalseValue());
            if (!lhs || !rhs)
              return {};
            OpBuilder builder(op);
            return arith::MaxSIOp::create(builder, op.getLoc(), lhs, rhs);
          })
          .Case<affine::AffineApplyOp>(
              [&](affine::AffineApplyOp op) { return boundAffine(op); })
          .Default([](Operation *) { return Value(); });
  return known[value] = result;
}

Value msc::codegen::getExtentBound(Value value, func::FuncOp function) {
  Value bound = ExtentBounder(function).bound(value);
  if (!bound || bound == value)
    return bound;
  // What counts down from another size may fall below 0 with the bound of that.
  Operation *op = value.getDefiningOp();
  OpBuilder builder(op);
  Value zero = arith::ConstantIndexOp::create(builder, op->getLoc(), 0);
  return arith::MaxSIOp::create(builder, op->getLoc(), bound, zero);
}
