//===- NormalizationGradient.cpp - Derivatives of normalisation -----------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/GraphBuilder.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

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
