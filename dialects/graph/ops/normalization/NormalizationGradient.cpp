//===- NormalizationGradient.cpp - Derivatives of normalisation -----------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/interfaces/ExpansionGradient.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Sum along the axis, repeated along it.
static Value sumAlong(GraphBuilder &b, Value x, int64_t axis) {
  return b.broadcastAlong(b.reduceSum(x, axis), x, axis);
}

//===----------------------------------------------------------------------===//
// Softmax: the Jacobian diag(y) - y y^T is its own transpose
//===----------------------------------------------------------------------===//

static Value timesJacobian(GraphBuilder &b, Value y, Value v, int64_t axis) {
  return b.mul(y, b.sub(v, sumAlong(b, b.mul(y, v), axis)));
}

LogicalResult SoftmaxOp::vjp(VjpContext &context) {
  OpOperand &operand = getOperation()->getOpOperand(0);
  OpResult result = getOperation()->getResult(0);
  Value cotangent = context.cotangent(result);
  if (!cotangent || !context.wants(operand))
    return success();
  GraphBuilder b(context.builder(), getLoc());
  context.accumulate(
      operand, timesJacobian(b, context.primal(result), cotangent, getAxis()));
  return success();
}

LogicalResult SoftmaxOp::jvp(JvpContext &context) {
  OpResult result = getOperation()->getResult(0);
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  if (!tangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  context.setTangent(
      result, timesJacobian(b, context.primal(result), tangent, getAxis()));
  return success();
}

//===----------------------------------------------------------------------===//
// Log-softmax: the Jacobian is 1 - 1 exp(y)^T
//===----------------------------------------------------------------------===//

LogicalResult LogSoftmaxOp::vjp(VjpContext &context) {
  OpOperand &operand = getOperation()->getOpOperand(0);
  OpResult result = getOperation()->getResult(0);
  Value cotangent = context.cotangent(result);
  if (!cotangent || !context.wants(operand))
    return success();
  GraphBuilder b(context.builder(), getLoc());
  Value softmax = b.unary<ExpOp>(context.primal(result));
  context.accumulate(
      operand,
      b.sub(cotangent, b.mul(softmax, sumAlong(b, cotangent, getAxis()))));
  return success();
}

LogicalResult LogSoftmaxOp::jvp(JvpContext &context) {
  OpResult result = getOperation()->getResult(0);
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  if (!tangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  Value softmax = b.unary<ExpOp>(context.primal(result));
  context.setTangent(
      result, b.sub(tangent, sumAlong(b, b.mul(softmax, tangent), getAxis())));
  return success();
}

//===----------------------------------------------------------------------===//
// Batch norm: y = (x - mean) * scale * r + offset, r = rsqrt(variance +
// epsilon)
//===----------------------------------------------------------------------===//

namespace {

/// The vectors and sums that both modes are made of.
template <typename Context> struct BatchNorm : GraphBuilder {
  BatchNorm(BatchNormOp op, Context &context)
      : GraphBuilder(context.builder(), op.getLoc()), op(op), context(context) {
    for (int64_t dim = 0; dim < typeOf(op.getOperand()).getRank(); ++dim)
      if (dim != static_cast<int64_t>(op.getAxis()))
        others.push_back(dim);
  }

  Value scale() { return context.primal(op.getScale()); }
  Value r() {
    if (!deviation)
      deviation = unary<RsqrtOp>(addScalar(context.primal(op.getVariance()),
                                           op.getEpsilon().convertToDouble()));
    return deviation;
  }
  /// A vector repeated along the other dims of `like`.
  Value along(Value vector, Value like) {
    return broadcastAlong(vector, like, others);
  }
  Value centred() {
    Value x = context.primal(op.getOperand());
    return sub(x, along(context.primal(op.getMean()), x));
  }
  /// d y / d variance is centred times this vector.
  Value byVariance() {
    Value cube = mul(r(), mul(r(), r()));
    return mulScalar(mul(scale(), cube), -0.5);
  }

  BatchNormOp op;
  Context &context;
  SmallVector<int64_t> others;
  Value deviation;
};

} // namespace

LogicalResult BatchNormOp::vjp(VjpContext &context) {
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (!cotangent)
    return success();
  BatchNorm<VjpContext> b(*this, context);
  auto operands = getOperation()->getOpOperands().begin();
  OpOperand &x = operands[0], &scale = operands[1], &offset = operands[2],
            &mean = operands[3], &variance = operands[4];
  if (context.wants(x)) {
    Value factor = b.mul(b.scale(), b.r());
    context.accumulate(x, b.mul(cotangent, b.along(factor, cotangent)));
  }
  if (context.wants(offset) || context.wants(mean)) {
    Value sum = b.reduceSum(cotangent, b.others);
    if (context.wants(offset))
      context.accumulate(offset, sum);
    if (context.wants(mean))
      context.accumulate(mean, b.neg(b.mul(sum, b.mul(b.scale(), b.r()))));
  }
  if (context.wants(scale) || context.wants(variance)) {
    Value sum = b.reduceSum(b.mul(cotangent, b.centred()), b.others);
    if (context.wants(scale))
      context.accumulate(scale, b.mul(sum, b.r()));
    if (context.wants(variance))
      context.accumulate(variance, b.mul(sum, b.byVariance()));
  }
  return success();
}

LogicalResult BatchNormOp::jvp(JvpContext &context) {
  BatchNorm<JvpContext> b(*this, context);
  auto operands = getOperation()->getOpOperands().begin();
  Value x = context.tangent(operands[0]), scale = context.tangent(operands[1]),
        offset = context.tangent(operands[2]),
        mean = context.tangent(operands[3]),
        variance = context.tangent(operands[4]);
  // The tangent is `vector + centred * factor + x' * scale * r`, where the
  // vector and the factor gather what the four small tangents give.
  auto sumOf = [&](Value lhs, Value rhs) {
    return lhs && rhs ? b.add(lhs, rhs) : lhs ? lhs : rhs;
  };
  Value vector = offset;
  if (mean)
    vector = sumOf(vector, b.neg(b.mul(mean, b.mul(b.scale(), b.r()))));
  Value factor;
  if (scale)
    factor = b.mul(scale, b.r());
  if (variance)
    factor = sumOf(factor, b.mul(variance, b.byVariance()));

  Value tangent;
  if (x)
    tangent = b.mul(x, b.along(b.mul(b.scale(), b.r()), x));
  if (factor) {
    Value centred = b.centred();
    tangent = sumOf(tangent, b.mul(centred, b.along(factor, centred)));
  }
  if (vector)
    tangent =
        sumOf(tangent, b.along(vector, tangent ? tangent
                                               : context.primal(getOperand())));
  if (tangent)
    context.setTangent(getOperation()->getResult(0), tangent);
  return success();
}

//===----------------------------------------------------------------------===//
// Layer norm and RMS norm
//
// With xh = (x - mean) * rstd, g the cotangent of the normalised element and E
// the mean over a row, the operand's cotangent is rstd * (g - E(g) - xh * E(g *
// xh)); RMS norm lacks E(g) and the mean. The statistics are results, so that
// nothing is computed again.
//===----------------------------------------------------------------------===//

namespace {

/// The values that both ops and both modes are made of, in the type of the
/// statistics.
template <typename Context> struct RowNorm : GraphBuilder {
  RowNorm(Operation *op, Context &context, ArrayRef<int64_t> dims)
      : GraphBuilder(context.builder(), op->getLoc()), op(op), context(context),
        dims(dims), isCentred(isa<LayerNormOp>(op)) {
    for (int64_t dim = 0; dim < typeOf(op->getOperand(0)).getRank(); ++dim)
      if (!llvm::is_contained(dims, dim))
        others.push_back(dim);
  }

  Type narrow() { return typeOf(op->getOperand(0)).getElementType(); }
  Type wide() { return typeOf(op->getResults().back()).getElementType(); }
  Value widen(Value value) { return convert(value, wide()); }

  Value x() {
    if (!operand)
      operand = widen(context.primal(op->getOperand(0)));
    return operand;
  }
  Value rstd() { return context.primal(op->getResults().back()); }
  /// A statistic repeated along its row.
  Value rows(Value statistic) { return broadcastAlong(statistic, x(), dims); }
  /// A vector along the dims, repeated along the others.
  Value vectors(Value vector) {
    return broadcast(widen(vector), sizes(x()), dims);
  }
  Value normalized() {
    if (!xh) {
      Value centred =
          isCentred ? sub(x(), rows(context.primal(op->getResult(1)))) : x();
      xh = mul(centred, rows(rstd()));
    }
    return xh;
  }
  Value perElement(Value statistic) {
    return divideByExtents(statistic, x(), dims);
  }
  Value mean(Value value) { return perElement(reduceSum(value, dims)); }
  Value plus(Value lhs, Value rhs) { return lhs ? add(lhs, rhs) : rhs; }

  Operation *op;
  Context &context;
  ArrayRef<int64_t> dims;
  bool isCentred;
  SmallVector<int64_t> others;
  Value operand, xh;
};

} // namespace

static LogicalResult rowNormVjp(Operation *op, VjpContext &context,
                                ArrayRef<int64_t> dims, OpOperand *scale,
                                OpOperand *offset) {
  RowNorm<VjpContext> b(op, context, dims);
  Value g = context.cotangent(op->getResult(0));
  Value mean = b.isCentred ? context.cotangent(op->getResult(1)) : Value();
  Value rstd = context.cotangent(op->getResults().back());
  if (g)
    g = b.widen(g);
  if (g && scale && context.wants(*scale))
    context.accumulate(
        *scale,
        b.convert(b.reduceSum(b.mul(g, b.normalized()), b.others), b.narrow()));
  if (g && offset && context.wants(*offset))
    context.accumulate(*offset,
                       b.convert(b.reduceSum(g, b.others), b.narrow()));
  if (!context.wants(op->getOpOperand(0)))
    return success();
  Value sum;
  if (g) {
    if (scale)
      g = b.mul(g, b.vectors(context.primal(scale->get())));
    sum = b.sub(
        g, b.mul(b.normalized(), b.rows(b.mean(b.mul(g, b.normalized())))));
    if (b.isCentred)
      sum = b.sub(sum, b.rows(b.mean(g)));
    sum = b.mul(sum, b.rows(b.rstd()));
  }
  if (mean)
    sum = b.plus(sum, b.rows(b.perElement(mean)));
  if (rstd) {
    Value square = b.mul(b.rstd(), b.rstd());
    Value factor = b.neg(b.perElement(b.mul(rstd, square)));
    sum = b.plus(sum, b.mul(b.normalized(), b.rows(factor)));
  }
  context.accumulate(op->getOpOperand(0), b.convert(sum, b.narrow()));
  return success();
}

static LogicalResult rowNormJvp(Operation *op, JvpContext &context,
                                ArrayRef<int64_t> dims, OpOperand *scale,
                                OpOperand *offset) {
  RowNorm<JvpContext> b(op, context, dims);
  Value tangent;
  if (Value x = context.tangent(op->getOpOperand(0))) {
    x = b.widen(x);
    Value centred = x;
    if (b.isCentred) {
      Value mean = b.mean(x);
      context.setTangent(op->getResult(1), mean);
      centred = b.sub(x, b.rows(mean));
    }
    // E(xh * x'): how the row's deviation grows.
    Value growth = b.mean(b.mul(b.normalized(), x));
    context.setTangent(op->getResults().back(),
                       b.neg(b.mul(growth, b.mul(b.rstd(), b.rstd()))));
    tangent = b.mul(b.sub(centred, b.mul(b.normalized(), b.rows(growth))),
                    b.rows(b.rstd()));
    if (scale)
      tangent = b.mul(tangent, b.vectors(context.primal(scale->get())));
  }
  if (scale)
    if (Value t = context.tangent(*scale))
      tangent = b.plus(tangent, b.mul(b.normalized(), b.vectors(t)));
  if (offset)
    if (Value t = context.tangent(*offset))
      tangent = b.plus(tangent, b.vectors(t));
  if (tangent)
    context.setTangent(op->getResult(0), b.convert(tangent, b.narrow()));
  return success();
}

/// An operand that may be missing.
static OpOperand *orNull(MutableOperandRange operand) {
  return operand.empty() ? nullptr : &operand[0];
}

LogicalResult LayerNormOp::vjp(VjpContext &context) {
  return rowNormVjp(*this, context, getDimensions(), orNull(getScaleMutable()),
                    orNull(getOffsetMutable()));
}
LogicalResult LayerNormOp::jvp(JvpContext &context) {
  return rowNormJvp(*this, context, getDimensions(), orNull(getScaleMutable()),
                    orNull(getOffsetMutable()));
}
LogicalResult RmsNormOp::vjp(VjpContext &context) {
  return rowNormVjp(*this, context, getDimensions(), orNull(getScaleMutable()),
                    nullptr);
}
LogicalResult RmsNormOp::jvp(JvpContext &context) {
  return rowNormJvp(*this, context, getDimensions(), orNull(getScaleMutable()),
                    nullptr);
}

LogicalResult GroupNormOp::vjp(VjpContext &context) {
  return vjpByExpansion(*this, context);
}
LogicalResult GroupNormOp::jvp(JvpContext &context) {
  return jvpByExpansion(*this, context);
}
