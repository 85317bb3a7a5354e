//===- ConvolutionGradient.cpp - Derivatives of convolutions --------------===//
//
// All three ops are partial derivatives of one trilinear form T(image, filter,
// output), so each is bilinear and its derivatives are the other two:
//
//   op            operands       cotangent of the first   of the second
//   conv          image, filter  input_grad(g, filter)    filter_grad(image, g)
//   input_grad    output, filter conv(g, filter)          filter_grad(g,
//   output) filter_grad   image, output  input_grad(output, g)    conv(image,
//   g)
//
// The cotangent g takes the place of the result.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/convolution/Convolution.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "dialects/graph/GraphBuilder.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

/// The extents of dynamic dims of `like`, a value of the original program.
/// `batchFrom` has the same batch; asking it spares keeping `like`.
SmallVector<Value> dynamicSizes(VjpContext &context, Location loc, Value like,
                                Value batchFrom) {
  SmallVector<Value> sizes;
  auto type = cast<RankedTensorType>(like.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      sizes.push_back(tensor::DimOp::create(
          context.builder(), loc,
          dim == 0 && batchFrom ? batchFrom : context.primal(like), dim));
  return sizes;
}

/// The three ops with the attributes of one of them.
template <typename OpTy> struct Partners {
  OpTy op;
  GraphBuilder b;

  Value conv(RankedTensorType type, Value image, Value filter) {
    auto made =
        ConvOp::create(b.getBuilder(), b.getLoc(), image, filter,
                       op.getStrides(), op.getPaddingLow(), op.getPaddingHigh(),
                       op.getDilations(), op.getGroups(), op.getLayout());
    if (made.getType() == type)
      return made;
    // Inferred from the operands; what is asked for may know more or fewer
    // extents.
    SmallVector<Value> sizes;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (type.isDynamicDim(dim))
        sizes.push_back(
            tensor::DimOp::create(b.getBuilder(), b.getLoc(), made, dim));
    return ReshapeOp::create(b.getBuilder(), b.getLoc(), type, made, sizes);
  }
  Value inputGrad(RankedTensorType type, Value output, Value filter,
                  ValueRange sizes) {
    return ConvInputGradOp::create(
        b.getBuilder(), b.getLoc(), type, output, filter, sizes,
        op.getStrides(), op.getPaddingLow(), op.getPaddingHigh(),
        op.getDilations(), op.getGroups(), op.getLayout());
  }
  Value filterGrad(RankedTensorType type, Value image, Value output,
                   ValueRange sizes) {
    return ConvFilterGradOp::create(
        b.getBuilder(), b.getLoc(), type, image, output, sizes, op.getStrides(),
        op.getPaddingLow(), op.getPaddingHigh(), op.getDilations(),
        op.getGroups(), op.getLayout());
  }
};

template <typename OpTy>
Partners<OpTy> partnersOf(OpTy op, OpBuilder &builder) {
  return {op, GraphBuilder(builder, op.getLoc())};
}

/// The tangents of both operands, each put into the op with the other one.
LogicalResult bilinearJvp(Operation *op, JvpContext &context) {
  Value sum;
  for (unsigned i = 0; i < 2; ++i) {
    if (!isDifferentiableType(op->getOperand(i).getType()))
      return success();
    Value tangent = context.tangent(op->getOpOperand(i));
    if (!tangent)
      continue;
    SmallVector<Value> operands;
    for (auto [j, operand] : llvm::enumerate(op->getOperands()))
      operands.push_back(j == i ? tangent : context.primal(operand));
    OperationState state(op->getLoc(), op->getName(), operands,
                         op->getResultTypes(), op->getAttrs());
    Value part = context.builder().create(state)->getResult(0);
    GraphBuilder b(context.builder(), op->getLoc());
    sum = sum ? b.add(sum, part) : part;
  }
  if (sum)
    context.setTangent(op->getResult(0), sum);
  return success();
}

} // namespace

LogicalResult ConvOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (!g)
    return success();
  auto partners = partnersOf(*this, context.builder());
  OpOperand &image = getInputMutable(), &filter = getFilterMutable();
  if (context.wants(image))
    context.accumulate(
        image,
        partners.inputGrad(getImageType(), g, context.primal(getFilter()),
                           dynamicSizes(context, getLoc(), getInput(), g)));
  if (context.wants(filter))
    context.accumulate(
        filter,
        partners.filterGrad(getFilterType(), context.primal(getInput()), g,
                            dynamicSizes(context, getLoc(), getFilter(), {})));
  return success();
}

LogicalResult ConvInputGradOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (!g)
    return success();
  auto partners = partnersOf(*this, context.builder());
  OpOperand &output = getCotangentMutable(), &filter = getFilterMutable();
  if (context.wants(output))
    context.accumulate(
        output, partners.conv(getOutputType(), g, context.primal(getFilter())));
  if (context.wants(filter))
    context.accumulate(
        filter,
        partners.filterGrad(getFilterType(), g, context.primal(getCotangent()),
                            dynamicSizes(context, getLoc(), getFilter(), {})));
  return success();
}

LogicalResult ConvFilterGradOp::vjp(VjpContext &context) {
  Value g = context.cotangent(getOperation()->getResult(0));
  if (!g)
    return success();
  auto partners = partnersOf(*this, context.builder());
  OpOperand &image = getInputMutable(), &output = getCotangentMutable();
  if (context.wants(image))
    context.accumulate(
        image,
        partners.inputGrad(getImageType(), context.primal(getCotangent()), g,
                           dynamicSizes(context, getLoc(), getInput(), {})));
  if (context.wants(output))
    context.accumulate(
        output, partners.conv(getOutputType(), context.primal(getInput()), g));
  return success();
}

LogicalResult ConvOp::jvp(JvpContext &context) {
  return bilinearJvp(*this, context);
}
LogicalResult ConvInputGradOp::jvp(JvpContext &context) {
  return bilinearJvp(*this, context);
}
LogicalResult ConvFilterGradOp::jvp(JvpContext &context) {
  return bilinearJvp(*this, context);
}
