//===- PoolingGradient.cpp - Derivatives of pooling -----------------------===//
//
// The maximum of a window is, almost everywhere, one of its elements, so
// max_pool's derivative reads the tangent where the maximum is
// (max_pool_gather) and adds the cotangent there (max_pool_scatter); these two
// are linear in their second operand, transposes of each other, and constant in
// the first. avg_pool is linear, and avg_pool_grad its transpose.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/pooling/Pooling.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Another op of the family with the windows of `op`.
template <typename OpTy, typename FromTy>
static Value make(OpBuilder &builder, FromTy op, Type type,
                  ValueRange operands) {
  OperationState state(op.getLoc(), OpTy::getOperationName(), operands, type,
                       op->getAttrs());
  return builder.create(state)->getResult(0);
}

LogicalResult MaxPoolOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (g && context.wants(getInputMutable()))
    context.accumulate(getInputMutable(),
                       make<MaxPoolScatterOp>(context.builder(), *this,
                                              getInput().getType(),
                                              {context.primal(getInput()), g}));
  return success();
}

LogicalResult MaxPoolOp::jvp(JvpContext &context) {
  if (Value t = context.tangent(getInputMutable()))
    context.setTangent(getOperation()->getResult(0),
                       make<MaxPoolGatherOp>(context.builder(), *this,
                                             getType(),
                                             {context.primal(getInput()), t}));
  return success();
}

LogicalResult MaxPoolGatherOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (g && context.wants(getValuesMutable()))
    context.accumulate(getValuesMutable(),
                       make<MaxPoolScatterOp>(context.builder(), *this,
                                              getValues().getType(),
                                              {context.primal(getInput()), g}));
  return success();
}

LogicalResult MaxPoolGatherOp::jvp(JvpContext &context) {
  if (!isDifferentiableType(getType()))
    return success();
  if (Value t = context.tangent(getValuesMutable()))
    context.setTangent(getOperation()->getResult(0),
                       make<MaxPoolGatherOp>(context.builder(), *this,
                                             getType(),
                                             {context.primal(getInput()), t}));
  return success();
}

LogicalResult MaxPoolScatterOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (g && context.wants(getCotangentMutable()))
    context.accumulate(getCotangentMutable(),
                       make<MaxPoolGatherOp>(context.builder(), *this,
                                             getCotangent().getType(),
                                             {context.primal(getInput()), g}));
  return success();
}

LogicalResult MaxPoolScatterOp::jvp(JvpContext &context) {
  if (!isDifferentiableType(getType()))
    return success();
  if (Value t = context.tangent(getCotangentMutable()))
    context.setTangent(getOperation()->getResult(0),
                       make<MaxPoolScatterOp>(context.builder(), *this,
                                              getType(),
                                              {context.primal(getInput()), t}));
  return success();
}

LogicalResult AvgPoolOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (!g || !context.wants(getInputMutable()))
    return success();
  ImageDims dims = getImageDims();
  SmallVector<Value> operands{g};
  RankedTensorType type = getInput().getType();
  for (unsigned dim = 0; dim < dims.rank; ++dim)
    if (type.isDynamicDim(dim)) {
      // Batch and channels are also the cotangent's: no need to keep the input.
      bool isShared = dim == dims.batch() || dim == dims.channel();
      operands.push_back(tensor::DimOp::create(
          context.builder(), getLoc(),
          isShared ? g : context.primal(getInput()), dim));
    }
  context.accumulate(
      getInputMutable(),
      make<AvgPoolGradOp>(context.builder(), *this, type, operands));
  return success();
}

LogicalResult AvgPoolOp::jvp(JvpContext &context) {
  if (Value t = context.tangent(getInputMutable()))
    context.setTangent(getOperation()->getResult(0),
                       make<AvgPoolOp>(context.builder(), *this, getType(), t));
  return success();
}

LogicalResult AvgPoolGradOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (g && context.wants(getCotangentMutable()))
    context.accumulate(
        getCotangentMutable(),
        make<AvgPoolOp>(context.builder(), *this, getCotangent().getType(), g));
  return success();
}

LogicalResult AvgPoolGradOp::jvp(JvpContext &context) {
  Value t = context.tangent(getCotangentMutable());
  if (!t)
    return success();
  SmallVector<Value> operands{t};
  for (Value size : getSizes())
    operands.push_back(context.primal(size));
  context.setTangent(
      getOperation()->getResult(0),
      make<AvgPoolGradOp>(context.builder(), *this, getType(), operands));
  return success();
}
