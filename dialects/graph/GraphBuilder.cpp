#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace msc::graph;

Value GraphBuilder::add(Value lhs, Value rhs) {
  return binary<AddOp>(lhs, rhs);
}
Value GraphBuilder::sub(Value lhs, Value rhs) {
  return binary<SubOp>(lhs, rhs);
}
Value GraphBuilder::mul(Value lhs, Value rhs) {
  return binary<MulOp>(lhs, rhs);
}
Value GraphBuilder::div(Value lhs, Value rhs) {
  return binary<DivOp>(lhs, rhs);
}
Value GraphBuilder::pow(Value lhs, Value rhs) {
  return binary<PowOp>(lhs, rhs);
}
Value GraphBuilder::neg(Value operand) { return unary<NegOp>(operand); }

Value GraphBuilder::compare(ComparePredicate predicate, Value lhs, Value rhs) {
  return CompareOp::create(builder, loc, predicate, lhs, rhs);
}

Value GraphBuilder::select(Value condition, Value onTrue, Value onFalse) {
  return SelectOp::create(builder, loc, onTrue.getType(), condition, onTrue,
                          onFalse);
}

Value GraphBuilder::convert(Value operand, Type elementType) {
  auto type = cast<RankedTensorType>(operand.getType());
  if (type.getElementType() == elementType)
    return operand;
  return ConvertOp::create(builder, loc, type.clone(elementType), operand);
}

Value GraphBuilder::addScalar(Value operand, double constant) {
  return add(operand, splatLike(constant, operand));
}

Value GraphBuilder::mulScalar(Value operand, double constant) {
  return mul(operand, splatLike(constant, operand));
}

/// `value` as an attribute of a float or integer type.
static TypedAttr numberAttr(double value, Type type) {
  if (auto floatType = dyn_cast<FloatType>(type)) {
    APFloat number(value);
    bool lossy;
    number.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                   &lossy);
    return FloatAttr::get(floatType, number);
  }
  return IntegerAttr::get(type, static_cast<int64_t>(value));
}

Value GraphBuilder::scalar(double value, Type elementType) {
  auto type = RankedTensorType::get({}, elementType);
  return ConstantOp::create(
      builder, loc, type,
      DenseElementsAttr::get(type, numberAttr(value, elementType)));
}

Value GraphBuilder::splat(double value, Type elementType,
                          ArrayRef<OpFoldResult> sizes) {
  auto type = RankedTensorType::get(splitSizes(sizes).first, elementType);
  if (!type.hasStaticShape())
    return broadcast(scalar(value, elementType), sizes, {});
  return ConstantOp::create(
      builder, loc, type,
      DenseElementsAttr::get(type, numberAttr(value, elementType)));
}

Value GraphBuilder::splatLike(double value, Value like) {
  return splatLike(value, like,
                   cast<RankedTensorType>(like.getType()).getElementType());
}

Value GraphBuilder::splatLike(double value, Value like, Type elementType) {
  auto type = cast<RankedTensorType>(like.getType());
  if (type.hasStaticShape())
    return splat(value, elementType,
                 getAsIndexOpFoldResult(builder.getContext(), type.getShape()));
  return splat(value, elementType, sizes(like));
}

Value GraphBuilder::indexScalar(OpFoldResult index, Type elementType) {
  if (auto constant = getConstantIntValue(index))
    return scalar(static_cast<double>(*constant), elementType);
  Type i64 = builder.getI64Type();
  Value integer =
      arith::IndexCastOp::create(builder, loc, i64, cast<Value>(index));
  Value scalar = tensor::FromElementsOp::create(
      builder, loc, RankedTensorType::get({}, i64), integer);
  return convert(scalar, elementType);
}

SmallVector<OpFoldResult> GraphBuilder::sizes(Value tensor) {
  return tensor::getMixedSizes(builder, loc, tensor);
}

std::pair<SmallVector<int64_t>, SmallVector<Value>>
msc::graph::splitSizes(ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> extents;
  SmallVector<Value> values;
  dispatchIndexOpFoldResults(sizes, values, extents);
  return {extents, values};
}

static Type elementTypeOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

Value GraphBuilder::broadcast(Value operand, ArrayRef<OpFoldResult> sizes,
                              ArrayRef<int64_t> dimensions) {
  auto [extents, values] = splitSizes(sizes);
  auto type = RankedTensorType::get(extents, elementTypeOf(operand));
  return BroadcastOp::create(builder, loc, type, operand, values, dimensions);
}

Value GraphBuilder::broadcastAlong(Value operand, Value like,
                                   ArrayRef<int64_t> newDims) {
  int64_t rank = cast<RankedTensorType>(like.getType()).getRank();
  SmallVector<int64_t> dimensions;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(newDims, dim))
      dimensions.push_back(dim);
  return broadcast(operand, sizes(like), dimensions);
}

Value GraphBuilder::reshape(Value operand, ArrayRef<OpFoldResult> sizes) {
  auto [extents, values] = splitSizes(sizes);
  auto type = RankedTensorType::get(extents, elementTypeOf(operand));
  if (type == operand.getType() && type.hasStaticShape())
    return operand;
  return ReshapeOp::create(builder, loc, type, operand, values);
}

Value GraphBuilder::transpose(Value operand, ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(operand.getType());
  SmallVector<int64_t> shape;
  for (int64_t dim : permutation)
    shape.push_back(type.getDimSize(dim));
  return TransposeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()),
      operand, permutation);
}

Value GraphBuilder::slice(Value operand, ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes,
                          ArrayRef<OpFoldResult> strides) {
  return SliceOp::create(builder, loc, operand, offsets, sizes, strides);
}

Value GraphBuilder::scatteredSlice(Value like, Value slice,
                                   ArrayRef<OpFoldResult> offsets,
                                   ArrayRef<OpFoldResult> sizes,
                                   ArrayRef<OpFoldResult> strides) {
  // Spread by the strides, then surround up to the whole extent. The spread is
  // static: only static strides come here.
  auto extents = this->sizes(like);
  SmallVector<OpFoldResult> high;
  SmallVector<int64_t> interior;
  AffineExpr s0, s1, s2;
  bindSymbols(builder.getContext(), s0, s1, s2);
  for (auto [extent, offset, size, stride] :
       llvm::zip_equal(extents, offsets, sizes, strides)) {
    int64_t step = *getConstantIntValue(stride);
    interior.push_back(step - 1);
    // extent - offset - (1 + (size - 1) * step)
    high.push_back(affine::makeComposedFoldedAffineApply(
        builder, loc, s0 - s1 - 1 - (s2 - 1) * step, {extent, offset, size}));
  }
  return PadOp::create(builder, loc, like.getType(), slice,
                       scalar(0.0, elementTypeOf(slice)), offsets, high,
                       interior);
}

Value GraphBuilder::reduceSum(Value operand, ArrayRef<int64_t> dimensions) {
  if (dimensions.empty())
    return operand;
  return reduce<ReduceSumOp>(operand, dimensions);
}

Value GraphBuilder::reduceMean(Value operand, ArrayRef<int64_t> dimensions) {
  if (dimensions.empty())
    return operand;
  return divideByExtents(reduceSum(operand, dimensions), operand, dimensions);
}

Value GraphBuilder::divideByExtents(Value value, Value of,
                                    ArrayRef<int64_t> dimensions) {
  double count = 1;
  SmallVector<OpFoldResult> unknown;
  for (int64_t dim : dimensions) {
    OpFoldResult extent = tensor::getMixedSize(builder, loc, of, dim);
    if (auto constant = getConstantIntValue(extent))
      count *= static_cast<double>(*constant);
    else
      unknown.push_back(extent);
  }
  if (unknown.empty())
    return div(value, splatLike(count, value));
  Value index = nullptr;
  for (OpFoldResult extent : unknown) {
    Value factor = cast<Value>(extent);
    index = index
                ? arith::MulIOp::create(builder, loc, index, factor).getResult()
                : factor;
  }
  if (count != 1) {
    Value factor = arith::ConstantIndexOp::create(builder, loc, count);
    index = arith::MulIOp::create(builder, loc, index, factor);
  }
  Value divisor = indexScalar(index, elementTypeOf(value));
  return div(value, broadcast(divisor, sizes(value), {}));
}
