//===- ContractionGradient.cpp - Derivatives of contractions --------------===//
//
// A contraction is bilinear, and the cotangent of each operand is a contraction
// of the result's cotangent with the other operand: every letter of lhs is in
// rhs or in the result, so "lhs,rhs->result" becomes "result,rhs->lhs".
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/GraphBuilder.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

LogicalResult ContractOp::vjp(VjpContext &context) {
  Operation *op = getOperation();
  Value cotangent = context.cotangent(op->getResult(0));
  if (!cotangent)
    return success();
  SmallVector<StringRef, 3> labels = getLabels();
  GraphBuilder b(context.builder(), getLoc());
  for (unsigned i = 0; i < 2; ++i) {
    OpOperand &operand = op->getOpOperand(i);
    if (!context.wants(operand))
      continue;
    // Summed in the precision of the result, then rounded to the operand's.
    auto type = cast<RankedTensorType>(operand.get().getType());
    auto sumType = type.clone(getType().getElementType());
    std::string spec =
        (labels[2] + "," + labels[1 - i] + "->" + labels[i]).str();
    Value other = context.primal(op->getOperand(1 - i));
    Value sum = ContractOp::create(b.getBuilder(), b.getLoc(), sumType, spec,
                                   cotangent, other);
    context.accumulate(operand, b.convert(sum, type.getElementType()));
  }
  return success();
}

LogicalResult ContractOp::jvp(JvpContext &context) {
  Operation *op = getOperation();
  if (!isDifferentiableType(getType()))
    return success();
  GraphBuilder b(context.builder(), getLoc());
  Value sum;
  for (unsigned i = 0; i < 2; ++i) {
    OpOperand &operand = op->getOpOperand(i);
    if (!isDifferentiableType(operand.get().getType()))
      continue;
    Value tangent = context.tangent(operand);
    if (!tangent)
      continue;
    Value other = context.primal(op->getOperand(1 - i));
    Value part =
        ContractOp::create(b.getBuilder(), b.getLoc(), getType(), getSpec(),
                           i == 0 ? tangent : other, i == 0 ? other : tangent);
    sum = sum ? b.add(sum, part) : part;
  }
  if (sum)
    context.setTangent(op->getResult(0), sum);
  return success();
}
