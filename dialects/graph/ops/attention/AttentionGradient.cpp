//===- AttentionGradient.cpp - Derivatives of attention -------------------===//
//
// The vjp is an op of its own, so that a schedule can do it without storing the
// weights. Its own derivatives, and the jvp, are those of the expansions.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/attention/Attention.h"
#include "dialects/interfaces/ExpansionGradient.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

LogicalResult AttentionOp::vjp(VjpContext &context) {
  Operation *op = getOperation();
  auto operands = op->getOpOperands();
  if (llvm::none_of(operands,
                    [&](OpOperand &operand) { return context.wants(operand); }))
    return success();
  GraphBuilder b(context.builder(), getLoc());
  Value lse = context.primal(getLse());
  Value g = context.cotangent(op->getResult(0));
  Value delta;
  if (g) {
    Type wide = getElementTypeOrSelf(lse.getType());
    Value result = context.primal(getResult());
    delta = b.reduceSum(b.mul(b.convert(g, wide), b.convert(result, wide)), 3);
  }
  // Asked for only where it decides an extent.
  if (!g)
    g = b.splatLike(0.0, context.primal(getResult()));
  if (!delta)
    delta = b.splatLike(0.0, lse);
  if (Value cotangent = context.cotangent(op->getResult(1)))
    delta = b.sub(delta, cotangent);
  Value mask = getMask() ? context.primal(getMask()) : Value();
  auto grad = AttentionGradOp::create(
      b.getBuilder(), getLoc(), context.primal(getQuery()),
      context.primal(getKey()), context.primal(getValue()), lse, delta, g, mask,
      getScaleAttr(), getSoftcapAttr(), getCausalAttr());
  // Results and operands have one order.
  for (auto [operand, cotangent] : llvm::zip(operands, grad->getResults()))
    if (context.wants(operand))
      context.accumulate(operand, cotangent);
  return success();
}

LogicalResult AttentionOp::jvp(JvpContext &context) {
  return jvpByExpansion(*this, context);
}

LogicalResult AttentionGradOp::vjp(VjpContext &context) {
  return vjpByExpansion(*this, context);
}
LogicalResult AttentionGradOp::jvp(JvpContext &context) {
  return jvpByExpansion(*this, context);
}
