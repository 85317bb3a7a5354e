//===- ResamplingGradient.cpp - Derivatives of resampling -----------------===//
//
// Bilinear in the operand and the weights. The operand's cotangent is the
// transpose: each element's parts are scattered back to its neighbours.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "dialects/graph/ops/resampling/Resampling.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

/// The letters of the operand, of the result, and of the neighbours before they
/// are summed; positions are `O`, neighbours `T`.
struct Letters {
  explicit Letters(ResampleOp op) {
    for (int64_t dim = 0; dim < op.getOperand().getType().getRank(); ++dim) {
      bool isAxis = dim == static_cast<int64_t>(op.getAxis());
      char letter = static_cast<char>('a' + dim);
      operand.push_back(isAxis ? '*' : letter);
      result.push_back(isAxis ? 'O' : letter);
      neighbours += isAxis ? "OT" : std::string(1, letter);
    }
  }
  std::string operand, result, neighbours;
};

} // namespace

LogicalResult ResampleOp::vjp(VjpContext &context) {
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (!cotangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  OpBuilder &builder = b.getBuilder();
  Letters letters(*this);
  OpOperand &operand = getOperation()->getOpOperand(0);
  OpOperand &weights = getOperation()->getOpOperand(2);
  RankedTensorType type = getOperand().getType();
  if (context.wants(operand)) {
    Value parts = ContractOp::create(
        builder, getLoc(), letters.result + ",OT->" + letters.neighbours,
        cotangent, context.primal(getWeights()), type.getElementType());
    Value zeros =
        type.hasStaticShape()
            ? b.splat(0.0, type.getElementType(),
                      getAsIndexOpFoldResult(getContext(), type.getShape()))
            : b.splatLike(0.0, context.primal(getOperand()));
    context.accumulate(
        operand,
        ScatterOp::create(builder, getLoc(), type, ScatterCombiner::add,
                          letters.operand + ",OT," + letters.neighbours, zeros,
                          context.primal(getIndices()), parts));
  }
  if (context.wants(weights)) {
    Value neighbours = GatherOp::create(
        builder, getLoc(), letters.operand + ",OT->" + letters.neighbours,
        context.primal(getOperand()), context.primal(getIndices()));
    context.accumulate(
        weights,
        ContractOp::create(builder, getLoc(),
                           letters.neighbours + "," + letters.result + "->OT",
                           neighbours, cotangent, type.getElementType()));
  }
  return success();
}

LogicalResult ResampleOp::jvp(JvpContext &context) {
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  Value weightsTangent = context.tangent(getOperation()->getOpOperand(2));
  GraphBuilder b(context.builder(), getLoc());
  auto resample = [&](Value x, Value weights) -> Value {
    return ResampleOp::create(b.getBuilder(), getLoc(), x,
                              context.primal(getIndices()), weights, getAxis());
  };
  Value sum;
  if (tangent)
    sum = resample(tangent, context.primal(getWeights()));
  if (weightsTangent) {
    Value part = resample(context.primal(getOperand()), weightsTangent);
    sum = sum ? b.add(sum, part) : part;
  }
  if (sum)
    context.setTangent(getOperation()->getResult(0), sum);
  return success();
}
