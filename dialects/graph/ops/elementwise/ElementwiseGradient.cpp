//===- ElementwiseGradient.cpp - Derivatives of elementwise ops -----------===//
//
// Every elementwise op is, element by element, a function of scalars; its
// Jacobian is diagonal. So one rule serves both modes: the partial derivative
// by each operand, as a tensor, multiplied with the cotangent of the result or
// with the tangent of the operand.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/GraphBuilder.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

/// What a partial derivative is made of: the operands and the result of the
/// op, asked for only when used, since whatever is asked for is stored.
struct Partial : GraphBuilder {
  Partial(OpBuilder &builder, Operation *op, function_ref<Value(Value)> primal)
      : GraphBuilder(builder, op->getLoc()), op(op), primal(primal) {}

  Value x() { return primal(op->getOperand(0)); }
  Value y() { return primal(op->getOperand(1)); }
  Value result() { return primal(op->getResult(0)); }
  Value squared(Value v) { return mul(v, v); }

  Operation *op;
  function_ref<Value(Value)> primal;
};

/// `seed` times the partial derivative by operand `index`; null for zero.
using PartialFn = function_ref<Value(Partial &p, unsigned index, Value seed)>;

LogicalResult applyVjp(Operation *op, VjpContext &context, PartialFn partial) {
  auto primal = [&](Value value) { return context.primal(value); };
  Value cotangent = context.cotangent(op->getResult(0));
  if (!cotangent)
    return success();
  for (OpOperand &operand : op->getOpOperands()) {
    if (!context.wants(operand))
      continue;
    Partial p(context.builder(), op, primal);
    if (Value part = partial(p, operand.getOperandNumber(), cotangent))
      context.accumulate(operand, part);
  }
  return success();
}

LogicalResult applyJvp(Operation *op, JvpContext &context, PartialFn partial) {
  auto primal = [&](Value value) { return context.primal(value); };
  Value sum;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isDifferentiableType(operand.get().getType()))
      continue;
    Value tangent = context.tangent(operand);
    if (!tangent)
      continue;
    Partial p(context.builder(), op, primal);
    Value part = partial(p, operand.getOperandNumber(), tangent);
    if (part)
      sum = sum ? p.add(sum, part) : part;
  }
  if (sum)
    context.setTangent(op->getResult(0), sum);
  return success();
}

} // namespace

/// Defines both modes of an op by the product of a seed (`s`) and its partial
/// derivative by operand `i`.
#define PARTIAL(OP, ...)                                                       \
  static Value partialOf##OP(                                                  \
      [[maybe_unused]] Partial &p, [[maybe_unused]] unsigned i,                \
      [[maybe_unused]] Value s){__VA_ARGS__} LogicalResult                     \
  OP::vjp(VjpContext &context) {                                               \
    return applyVjp(*this, context, partialOf##OP);                            \
  }                                                                            \
  LogicalResult OP::jvp(JvpContext &context) {                                 \
    return applyJvp(*this, context, partialOf##OP);                            \
  }

// Arithmetic.
PARTIAL(AddOp, return s;)
PARTIAL(SubOp, return i == 0 ? s : p.neg(s);)
PARTIAL(MulOp, return p.mul(s, i == 0 ? p.y() : p.x());)
PARTIAL(DivOp, {
  if (i == 0)
    return p.div(s, p.y());
  return p.neg(p.div(p.mul(s, p.result()), p.y()));
})
PARTIAL(RemOp, {
  // x - trunc(x / y) * y
  if (i == 0)
    return s;
  Value quotient = p.div(p.sub(p.x(), p.result()), p.y());
  return p.neg(p.mul(s, p.unary<RoundEvenOp>(quotient)));
})
PARTIAL(PowOp, {
  if (i == 0) // y * x^(y - 1)
    return p.mul(s, p.mul(p.y(), p.pow(p.x(), p.addScalar(p.y(), -1.0))));
  // x^y * log(x), and 0 where x is 0
  Value zero = p.splatLike(0.0, p.x());
  Value one = p.splatLike(1.0, p.x());
  Value isZero = p.compare(ComparePredicate::eq, p.x(), zero);
  Value logarithm = p.unary<LogOp>(p.select(isZero, one, p.x()));
  return p.mul(s, p.mul(p.result(), logarithm));
})

/// Where the operand is the result: 1, or 1/2 if both operands are equal.
static Value extremePartial(Partial &p, unsigned i, Value s) {
  Value zero = p.splatLike(0.0, s);
  Value chosen =
      p.compare(ComparePredicate::eq, i == 0 ? p.x() : p.y(), p.result());
  Value tie = p.compare(ComparePredicate::eq, p.x(), p.y());
  return p.select(chosen, p.select(tie, p.mulScalar(s, 0.5), s), zero);
}
PARTIAL(MaxOp, return extremePartial(p, i, s);)
PARTIAL(MinOp, return extremePartial(p, i, s);)

PARTIAL(NegOp, return p.neg(s);)
PARTIAL(AbsOp, return p.mul(s, p.unary<SignOp>(p.x()));)

// Elementary functions.
PARTIAL(ExpOp, return p.mul(s, p.result());)
PARTIAL(LogOp, return p.div(s, p.x());)
PARTIAL(Log1pOp, return p.div(s, p.addScalar(p.x(), 1.0));)
PARTIAL(Expm1Op, return p.mul(s, p.addScalar(p.result(), 1.0));)
PARTIAL(SqrtOp, return p.div(p.mulScalar(s, 0.5), p.result());)
PARTIAL(RsqrtOp, { // -1/2 * x^(-3/2)
  Value cube = p.mul(p.result(), p.squared(p.result()));
  return p.mul(s, p.mulScalar(cube, -0.5));
})
PARTIAL(SinOp, return p.mul(s, p.unary<CosOp>(p.x()));)
PARTIAL(CosOp, return p.neg(p.mul(s, p.unary<SinOp>(p.x())));)
PARTIAL(TanOp, return p.mul(s, p.addScalar(p.squared(p.result()), 1.0));)
static Value oneMinusSquare(Partial &p, Value v) {
  return p.sub(p.splatLike(1.0, v), p.squared(v));
}
PARTIAL(AsinOp, return p.mul(s, p.unary<RsqrtOp>(oneMinusSquare(p, p.x())));)
PARTIAL(AcosOp,
        return p.neg(p.mul(s, p.unary<RsqrtOp>(oneMinusSquare(p, p.x()))));)
PARTIAL(AtanOp, return p.div(s, p.addScalar(p.squared(p.x()), 1.0));)
PARTIAL(SinhOp, return p.mul(s, p.unary<CoshOp>(p.x()));)
PARTIAL(CoshOp, return p.mul(s, p.unary<SinhOp>(p.x()));)
PARTIAL(TanhOp, return p.mul(s, oneMinusSquare(p, p.result()));)
PARTIAL(AsinhOp,
        return p.mul(s, p.unary<RsqrtOp>(p.addScalar(p.squared(p.x()), 1.0)));)
PARTIAL(AcoshOp,
        return p.mul(s, p.unary<RsqrtOp>(p.addScalar(p.squared(p.x()), -1.0)));)
PARTIAL(AtanhOp, return p.div(s, oneMinusSquare(p, p.x()));)
PARTIAL(ErfOp, { // 2 / sqrt(pi) * exp(-x^2)
  Value bell = p.unary<ExpOp>(p.neg(p.squared(p.x())));
  return p.mul(s, p.mulScalar(bell, 1.12837916709551257390));
})

// Zero almost everywhere, or not of floats.
PARTIAL(SignOp, return {};)
PARTIAL(FloorOp, return {};)
PARTIAL(CeilOp, return {};)
PARTIAL(RoundEvenOp, return {};)
PARTIAL(AndOp, return {};)
PARTIAL(OrOp, return {};)
PARTIAL(XorOp, return {};)
PARTIAL(NotOp, return {};)
PARTIAL(ShiftLeftOp, return {};)
PARTIAL(ShiftRightOp, return {};)
PARTIAL(CompareOp, return {};)

PARTIAL(SelectOp, { // operand 0, the condition, is never wanted
  Value zero = p.splatLike(0.0, s);
  return i == 1 ? p.select(p.x(), s, zero) : p.select(p.x(), zero, s);
})

LogicalResult ConvertOp::vjp(VjpContext &context) {
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  OpOperand &operand = getOperation()->getOpOperand(0);
  if (!cotangent || !context.wants(operand) ||
      !isDifferentiableType(getType()) ||
      !isDifferentiableType(operand.get().getType()))
    return success();
  GraphBuilder b(context.builder(), getLoc());
  context.accumulate(
      operand,
      b.convert(cotangent, getElementTypeOrSelf(operand.get().getType())));
  return success();
}

LogicalResult ConvertOp::jvp(JvpContext &context) {
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  if (!tangent || !isDifferentiableType(getType()))
    return success();
  GraphBuilder b(context.builder(), getLoc());
  context.setTangent(getOperation()->getResult(0),
                     b.convert(tangent, getElementTypeOrSelf(getType())));
  return success();
}

// Composites.
PARTIAL(ReluOp, {
  Value zero = p.splatLike(0.0, s);
  Value positive = p.compare(ComparePredicate::gt, p.result(), zero);
  return p.select(positive, s, zero);
})
PARTIAL(SigmoidOp, {
  Value rest = p.sub(p.splatLike(1.0, s), p.result());
  return p.mul(s, p.mul(p.result(), rest));
})
PARTIAL(SoftplusOp, return p.mul(s, p.unary<SigmoidOp>(p.x()));)
PARTIAL(GeluOp, { // Phi(x) + x * phi(x)
  Value x = p.x();
  Value erf = p.unary<ErfOp>(p.mulScalar(x, 0.70710678118654752440));
  Value phi = p.mulScalar(p.addScalar(erf, 1.0), 0.5);
  Value bell = p.unary<ExpOp>(p.mulScalar(p.squared(x), -0.5));
  Value density = p.mulScalar(bell, 0.39894228040143267794);
  return p.mul(s, p.add(phi, p.mul(x, density)));
})
