//===- ShapeGradient.cpp - Derivatives of shape ops -----------------------===//
//
// All of these ops are linear: the tangent moves as the value does, and the
// cotangent moves back. A value is asked for only where an extent is unknown.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "dialects/graph/GraphBuilder.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Extents of an original value in the derived program.
template <typename Context>
static SmallVector<OpFoldResult> sizesOf(Context &context, GraphBuilder &b,
                                         Value value) {
  auto type = typeOf(value);
  if (!type.hasStaticShape())
    return b.sizes(context.primal(value));
  return getAsIndexOpFoldResult(b.getBuilder().getContext(), type.getShape());
}

/// Index operands of an original op in the derived program.
template <typename Context>
static SmallVector<OpFoldResult> primals(Context &context,
                                         ArrayRef<OpFoldResult> list) {
  SmallVector<OpFoldResult> result(list);
  for (OpFoldResult &entry : result)
    if (auto value = dyn_cast<Value>(entry))
      entry = context.primal(value);
  return result;
}

template <typename Context>
static SmallVector<Value> primals(Context &context, ValueRange values) {
  return llvm::map_to_vector(
      values, [&](Value value) { return context.primal(value); });
}

/// The cotangent of an op with one result, if the operand wants any of it.
static Value wantedCotangent(Operation *op, VjpContext &context,
                             unsigned operand = 0) {
  if (!context.wants(op->getOpOperand(operand)))
    return {};
  return context.cotangent(op->getResult(0));
}

/// The jvp of a linear op of one tensor: the op on the tangent.
template <typename OpTy, typename BuildFn>
static LogicalResult linearJvp(OpTy op, JvpContext &context, BuildFn build) {
  Operation *operation = op.getOperation();
  Value tangent = context.tangent(operation->getOpOperand(0));
  if (tangent)
    context.setTangent(operation->getResult(0), build(tangent));
  return success();
}

//===----------------------------------------------------------------------===//
// Constants: no derivative
//===----------------------------------------------------------------------===//

LogicalResult ConstantOp::vjp(VjpContext &) { return success(); }
LogicalResult ConstantOp::jvp(JvpContext &) { return success(); }
LogicalResult IotaOp::vjp(VjpContext &) { return success(); }
LogicalResult IotaOp::jvp(JvpContext &) { return success(); }

//===----------------------------------------------------------------------===//
// Broadcast and reshape
//===----------------------------------------------------------------------===//

LogicalResult BroadcastOp::vjp(VjpContext &context) {
  Value cotangent = wantedCotangent(*this, context);
  if (!cotangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  auto from = typeOf(getOperand()), to = typeOf(getResult());
  auto sizes = b.sizes(cotangent);
  // Sum over new dims and over repeated ones, which then come back as 1.
  SmallVector<int64_t> summed;
  SmallVector<OpFoldResult> extents(from.getRank());
  for (int64_t dim = 0; dim < to.getRank(); ++dim) {
    const int64_t *entry = llvm::find(getDimensions(), dim);
    int64_t source = entry - getDimensions().begin();
    bool isNew = source == from.getRank();
    bool isRepeated =
        !isNew && from.getDimSize(source) == 1 && to.getDimSize(dim) != 1;
    if (isNew || isRepeated)
      summed.push_back(dim);
    if (!isNew)
      extents[source] = isRepeated
                            ? OpFoldResult(b.getBuilder().getIndexAttr(1))
                            : sizes[dim];
  }
  Value sum = summed.empty() ? cotangent : b.reduceSum(cotangent, summed);
  if (typeOf(sum).getRank() != from.getRank())
    sum = b.reshape(sum, extents);
  context.accumulate(getOperation()->getOpOperand(0), sum);
  return success();
}

LogicalResult BroadcastOp::jvp(JvpContext &context) {
  return linearJvp(*this, context, [&](Value tangent) -> Value {
    return BroadcastOp::create(context.builder(), getLoc(), getType(), tangent,
                               primals(context, getSizes()), getDimensions());
  });
}

LogicalResult ReshapeOp::vjp(VjpContext &context) {
  Value cotangent = wantedCotangent(*this, context);
  if (!cotangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  context.accumulate(getOperation()->getOpOperand(0),
                     b.reshape(cotangent, sizesOf(context, b, getOperand())));
  return success();
}

LogicalResult ReshapeOp::jvp(JvpContext &context) {
  return linearJvp(*this, context, [&](Value tangent) -> Value {
    return ReshapeOp::create(context.builder(), getLoc(), getType(), tangent,
                             primals(context, getSizes()));
  });
}

//===----------------------------------------------------------------------===//
// Transpose, concat, reverse
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::vjp(VjpContext &context) {
  Value cotangent = wantedCotangent(*this, context);
  if (!cotangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  context.accumulate(
      getOperation()->getOpOperand(0),
      b.transpose(cotangent, invertPermutationVector(getPermutation())));
  return success();
}

LogicalResult TransposeOp::jvp(JvpContext &context) {
  return linearJvp(*this, context, [&](Value tangent) {
    return GraphBuilder(context.builder(), getLoc())
        .transpose(tangent, getPermutation());
  });
}

LogicalResult ConcatOp::vjp(VjpContext &context) {
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (!cotangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  SmallVector<OpFoldResult> offsets(typeOf(cotangent).getRank(),
                                    b.getBuilder().getIndexAttr(0));
  SmallVector<OpFoldResult> strides(typeOf(cotangent).getRank(),
                                    b.getBuilder().getIndexAttr(1));
  AffineExpr s0, s1;
  bindSymbols(getContext(), s0, s1);
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    auto sizes = sizesOf(context, b, operand.get());
    if (context.wants(operand))
      context.accumulate(operand, b.slice(cotangent, offsets, sizes, strides));
    offsets[getAxis()] = affine::makeComposedFoldedAffineApply(
        b.getBuilder(), getLoc(), s0 + s1,
        {offsets[getAxis()], sizes[getAxis()]});
  }
  return success();
}

LogicalResult ConcatOp::jvp(JvpContext &context) {
  GraphBuilder b(context.builder(), getLoc());
  SmallVector<Value> tangents;
  bool any = false;
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    tangents.push_back(context.tangent(operand));
    any |= static_cast<bool>(tangents.back());
  }
  if (!any)
    return success();
  for (auto [tangent, input] : llvm::zip_equal(tangents, getInputs()))
    if (!tangent)
      tangent = b.splat(0.0, typeOf(input).getElementType(),
                        sizesOf(context, b, input));
  context.setTangent(getOperation()->getResult(0),
                     ConcatOp::create(context.builder(), getLoc(), getType(),
                                      tangents, getAxis()));
  return success();
}

LogicalResult ReverseOp::vjp(VjpContext &context) {
  Value cotangent = wantedCotangent(*this, context);
  if (cotangent)
    context.accumulate(getOperation()->getOpOperand(0),
                       ReverseOp::create(context.builder(), getLoc(), getType(),
                                         cotangent, getDimensions()));
  return success();
}

LogicalResult ReverseOp::jvp(JvpContext &context) {
  return linearJvp(*this, context, [&](Value tangent) -> Value {
    return ReverseOp::create(context.builder(), getLoc(), getType(), tangent,
                             getDimensions());
  });
}

//===----------------------------------------------------------------------===//
// Slice and pad
//===----------------------------------------------------------------------===//

LogicalResult SliceOp::vjp(VjpContext &context) {
  Value cotangent = wantedCotangent(*this, context);
  if (!cotangent)
    return success();
  if (!getStrides().empty())
    return emitOpError("expected static strides in order to be differentiated");
  context.accumulateSlice(getOperation()->getOpOperand(0), cotangent,
                          primals(context, getMixedOffsets()),
                          primals(context, getMixedSizes()), getMixedStrides());
  return success();
}

LogicalResult SliceOp::jvp(JvpContext &context) {
  return linearJvp(*this, context, [&](Value tangent) -> Value {
    return SliceOp::create(context.builder(), getLoc(), tangent,
                           primals(context, getMixedOffsets()),
                           primals(context, getMixedSizes()),
                           primals(context, getMixedStrides()));
  });
}

LogicalResult PadOp::vjp(VjpContext &context) {
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (!cotangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  auto low = primals(context, getMixedLow());
  OpOperand &operand = getOperation()->getOpOperand(0);
  OpOperand &value = getOperation()->getOpOperand(1);
  if (context.wants(operand)) {
    SmallVector<OpFoldResult> strides;
    for (int64_t interior : getInterior())
      strides.push_back(b.getBuilder().getIndexAttr(interior + 1));
    context.accumulate(
        operand,
        b.slice(cotangent, low, sizesOf(context, b, getOperand()), strides));
  }
  if (context.wants(value)) {
    // The sum where no element of the operand lies. A mask, not the difference
    // of two sums, which would cancel.
    Type boolean = b.getBuilder().getI1Type();
    Type cotangentType = typeOf(cotangent).clone(boolean);
    Value inside = b.splat(0.0, boolean, sizesOf(context, b, getOperand()));
    Value padded =
        PadOp::create(context.builder(), getLoc(), cotangentType, inside,
                      b.scalar(1.0, boolean), low,
                      primals(context, getMixedHigh()), getInterior());
    Value outside = b.select(padded, cotangent, b.splatLike(0.0, cotangent));
    auto all =
        llvm::to_vector(llvm::seq<int64_t>(0, typeOf(cotangent).getRank()));
    context.accumulate(value, b.reduceSum(outside, all));
  }
  return success();
}

LogicalResult PadOp::jvp(JvpContext &context) {
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  Value valueTangent = context.tangent(getOperation()->getOpOperand(1));
  if (!tangent && !valueTangent)
    return success();
  GraphBuilder b(context.builder(), getLoc());
  Type elementType = typeOf(getOperand()).getElementType();
  if (!tangent)
    tangent = b.splat(0.0, elementType, sizesOf(context, b, getOperand()));
  if (!valueTangent)
    valueTangent = b.scalar(0.0, elementType);
  context.setTangent(
      getOperation()->getResult(0),
      PadOp::create(context.builder(), getLoc(), getType(), tangent,
                    valueTangent, primals(context, getMixedLow()),
                    primals(context, getMixedHigh()), getInterior()));
  return success();
}
