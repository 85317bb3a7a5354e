//===- NodeRequirements.cpp - What a node requires of each call -----------===//
//
// With one program for all extents, much of what ONNX demands of shapes is
// known per call only. It is proven where that is possible, else required: the
// program compares, and refuses the call. In the branch of a condition only the
// calls that take it are refused; where shapes never fit, all that take it.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/NodeImport.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::onnx;

Value NodeImport::valueOf(Index index) {
  return getValueOrCreateConstantIndexOp(
      builder(), loc(), math.materialize(builder(), loc(), index));
}

void NodeImport::require(Value condition, const Twine &message) {
  cf::AssertOp::create(builder(), loc(), condition,
                       (titleOf(node) + ": " + message).str());
}

LogicalResult NodeImport::misfit(const Twine &message, const Twine &hint) {
  if (!model.isInBranch() || isInvalid)
    return error(message, hint);
  isInvalid = true;
  model.setMisfit((titleOf(node) + ": " + message).str());
  return failure();
}

std::optional<Index> NodeImport::agree(Index lhs, Index rhs,
                                       const Twine &what) {
  if (!lhs || !rhs)
    return std::nullopt;
  // Constants first, then dims that have a name.
  bool isPlain = constantOf(rhs) ||
                 (!constantOf(lhs) && math.nameOf(lhs).empty() &&
                  !math.nameOf(rhs).empty());
  Index chosen = isPlain ? rhs : lhs;
  if (math.areEqual(lhs, rhs))
    return chosen;
  IndexRange ofLhs = math.rangeOf(lhs), ofRhs = math.rangeOf(rhs);
  if (ofLhs.max < ofRhs.min || ofRhs.max < ofLhs.min ||
      math.isAtMost(math.add(lhs, 1), rhs) ||
      math.isAtMost(math.add(rhs, 1), lhs))
    return std::nullopt;
  Value isOne = arith::CmpIOp::create(
      builder(), loc(), arith::CmpIPredicate::eq, valueOf(lhs), valueOf(rhs));
  require(isOne, "expected " + what + ", got " + math.toString(lhs) + " and " +
                     math.toString(rhs));
  math.setEqual(lhs, rhs);
  return chosen;
}

FailureOr<Shape> NodeImport::agreedShape(ArrayRef<Index> lhs,
                                         ArrayRef<Index> rhs,
                                         const Twine &what) {
  Shape shape;
  if (lhs.size() == rhs.size())
    for (auto [a, b] : llvm::zip_equal(lhs, rhs))
      if (auto common = agree(a, b, what))
        shape.push_back(*common);
  if (shape.size() != std::max(lhs.size(), rhs.size()))
    return misfit("expected " + what + ", got " + toString(lhs) + " and " +
                  toString(rhs));
  return shape;
}

Shaped NodeImport::agreed(const Shaped &operand, ArrayRef<Index> shape) {
  Type type =
      cast<RankedTensorType>(operand.value.getType()).getElementType();
  if (operand.value.getType() == typeOf(shape, type))
    return {operand.value, Shape(shape)};
  return {b.reshape(operand.value, sizes(shape)), Shape(shape)};
}

std::optional<Index> NodeImport::atLeastZero(Index index, const Twine &what) {
  if (!index)
    return std::nullopt;
  IndexRange range = math.rangeOf(index);
  if (range.min >= 0 || math.isAtMost(math.constant(0), index))
    return index;
  if (range.max < 0)
    return std::nullopt;
  // Extents for which nothing fits are none of the program's.
  if (math.getDepth() == 0 && math.requireNonNegative(index))
    return index;
  Index zero = math.constant(0);
  Value fits =
      arith::CmpIOp::create(builder(), loc(), arith::CmpIPredicate::sge,
                            valueOf(index), valueOf(zero));
  require(fits, "expected " + what);
  return math.max(index, zero);
}

FailureOr<Shape> NodeImport::asExtents(ArrayRef<Index> elements) {
  Shape extents;
  for (Index element : elements) {
    auto extent = atLeastZero(element, "extents of at least 0");
    if (!extent)
      return misfit("expected extents of at least 0, got " +
                    math.toString(element));
    extents.push_back(*extent);
  }
  return extents;
}

Index NodeImport::countOf(Value scalar, Index most) {
  OpBuilder &b = builder();
  Value count = tensor::ExtractOp::create(b, loc(), scalar, ValueRange());
  count = arith::IndexCastOp::create(b, loc(), b.getIndexType(), count);
  // Memory is planned by what a number cannot exceed, so it has to say so.
  count = arith::MinSIOp::create(b, loc(), count, valueOf(most));
  return math.value(count, {0, std::max<int64_t>(math.rangeOf(most).max, 0)});
}
