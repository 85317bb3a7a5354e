//===- Normalization.cpp - Verifiers and expansions of normalisation ------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/GraphBuilder.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static LogicalResult verifyAxis(Operation *op, StringRef label, uint64_t axis) {
  int64_t rank = typeOf(op->getOperand(0)).getRank();
  if (axis >= static_cast<uint64_t>(rank))
    return op->emitOpError(label)
           << ": expected an axis below the rank " << rank << ", got "
           << static_cast<int64_t>(axis);
  return success();
}

using Expansion = FailureOr<SmallVector<Value>>;

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

LogicalResult SoftmaxOp::verify() {
  return verifyAxis(*this, "softmax_c1", getAxis());
}
LogicalResult LogSoftmaxOp::verify() {
  return verifyAxis(*this, "softmax_c1", getAxis());
}

/// x less its maximum along the axis.
static Value shifted(GraphBuilder &b, Value x, int64_t axis) {
  Value maximum = b.reduce<ReduceMaxOp>(x, axis);
  return b.sub(x, b.broadcastAlong(maximum, x, axis));
}

Expansion SoftmaxOp::decompose(OpBuilder &builder, ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  int64_t axis = getAxis();
  Value exponential = b.unary<ExpOp>(shifted(b, operands[0], axis));
  Value sum = b.reduceSum(exponential, axis);
  return SmallVector<Value>{
      b.div(exponential, b.broadcastAlong(sum, operands[0], axis))};
}

Expansion LogSoftmaxOp::decompose(OpBuilder &builder, ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  int64_t axis = getAxis();
  Value difference = shifted(b, operands[0], axis);
  Value sum = b.reduceSum(b.unary<ExpOp>(difference), axis);
  Value logarithm = b.unary<LogOp>(sum);
  return SmallVector<Value>{
      b.sub(difference, b.broadcastAlong(logarithm, operands[0], axis))};
}

//===----------------------------------------------------------------------===//
// Batch norm
//===----------------------------------------------------------------------===//

LogicalResult BatchNormOp::verify() {
  if (failed(verifyAxis(*this, "batch_norm_c1", getAxis())))
    return failure();
  auto type = typeOf(getOperand());
  auto expected =
      RankedTensorType::get(type.getDimSize(getAxis()), type.getElementType());
  auto got = typeOf(getScale());
  if (got.getElementType() != expected.getElementType() ||
      failed(verifyCompatibleShape(got, expected)))
    return emitOpError("batch_norm_c2: expected vectors of type ")
           << expected << ", got " << got;
  return success();
}

LogicalResult
BatchNormOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  return reifyAsOperand(*this, 0, builder, shapes);
}

Expansion BatchNormOp::decompose(OpBuilder &builder, ValueRange operands) {
  // What depends on the vectors alone comes first, so that it can be computed
  // once. The mean is still subtracted element by element: folding it into the
  // offset would cancel where it is large.
  GraphBuilder b(builder, getLoc());
  Adaptor in(operands, *this);
  Value x = in.getOperand();
  SmallVector<int64_t> others;
  for (int64_t dim = 0; dim < typeOf(x).getRank(); ++dim)
    if (dim != static_cast<int64_t>(getAxis()))
      others.push_back(dim);
  auto along = [&](Value vector) {
    return b.broadcastAlong(vector, x, others);
  };
  double epsilon = getEpsilon().convertToDouble();
  Value deviation = b.unary<RsqrtOp>(b.addScalar(in.getVariance(), epsilon));
  Value factor = b.mul(in.getScale(), deviation);
  Value centred = b.sub(x, along(in.getMean()));
  return SmallVector<Value>{
      b.add(b.mul(centred, along(factor)), along(in.getOffset()))};
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/normalization/Normalization.cpp.inc"
