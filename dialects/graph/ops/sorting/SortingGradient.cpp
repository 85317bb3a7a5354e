//===- SortingGradient.cpp - Derivatives of sorting ops -------------------===//
//
// The values are the operand's elements at the places that the op gives:
// tangents are gathered from there, cotangents scattered to there.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "dialects/graph/ops/sorting/Sorting.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// "a*c" of the operand, "abc" of the results.
static std::pair<std::string, std::string> lettersOf(TopKOp op) {
  std::string letters;
  for (int64_t dim = 0; dim < op.getOperand().getType().getRank(); ++dim)
    letters.push_back(static_cast<char>('a' + dim));
  std::string dims = letters;
  dims[op.getAxis()] = '*';
  return {dims, letters};
}

LogicalResult TopKOp::vjp(VjpContext &context) {
  OpOperand &operand = getOperation()->getOpOperand(0);
  if (!isDifferentiableType(getOperand().getType()) || !context.wants(operand))
    return success();
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (!cotangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  RankedTensorType type = getOperand().getType();
  Value zeros =
      type.hasStaticShape()
          ? b.splat(0.0, type.getElementType(),
                    getAsIndexOpFoldResult(getContext(), type.getShape()))
          : b.splatLike(0.0, context.primal(getOperand()));
  auto [dims, letters] = lettersOf(*this);
  context.accumulate(
      operand,
      ScatterOp::create(b.getBuilder(), getLoc(), type, ScatterCombiner::add,
                        dims + "," + letters + "," + letters, zeros,
                        context.primal(getIndices()), cotangent));
  return success();
}

LogicalResult TopKOp::jvp(JvpContext &context) {
  if (!isDifferentiableType(getOperand().getType()))
    return success();
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  if (!tangent)
    return success();
  auto [dims, letters] = lettersOf(*this);
  context.setTangent(getOperation()->getResult(0),
                     GatherOp::create(context.builder(), getLoc(),
                                      dims + "," + letters + "->" + letters,
                                      tangent, context.primal(getIndices())));
  return success();
}
