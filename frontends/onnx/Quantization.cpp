//===- Quantization.cpp - Integers with scale and zero point --------------===//
//
// Quantised values are plain integers, and scales and zero points are tensors
// like others: all is written as chains of graph ops. Rounding is half to even,
// and what is out of range saturates.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "frontends/onnx/Products.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

/// Scales are computed with in f32, but for f64.
static Type wideType(NodeImport &n, Type type) {
  return type.isF64() ? type : n.builder().getF32Type();
}

//===----------------------------------------------------------------------===//
// Scales and zero points
//===----------------------------------------------------------------------===//

/// Blocks of `block` elements along the axis share an element of the operand.
static FailureOr<Value> spreadBlocks(NodeImport &n, const Shaped &operand,
                                     const Shape &shape, int64_t axis,
                                     int64_t block) {
  auto extent = constantOf(shape[axis]);
  auto blocks = constantOf(operand.shape[axis]);
  if (!extent || !blocks)
    return n.unsupported("blocks along an axis whose extent is known at run "
                         "time only");
  if (block < 1 || *blocks != (*extent + block - 1) / block)
    return n.error("expected blocks of " + Twine(block) + " elements for " +
                   Twine(*extent) + " along axis " + Twine(axis) + ", got " +
                   Twine(*blocks) + " blocks");
  Shape split = operand.shape, merged = operand.shape;
  split.insert(split.begin() + axis + 1, n.math.constant(block));
  merged[axis] = n.math.constant(*blocks * block);
  SmallVector<int64_t> dims;
  for (int64_t dim = 0, rank = shape.size(); dim < rank; ++dim)
    dims.push_back(dim <= axis ? dim : dim + 1);
  Value spread = n.b.broadcast(operand.value, n.sizes(split), dims);
  Shaped whole = n.reshape({spread, split}, merged);
  if (*blocks * block == *extent)
    return whole.value;
  auto ones =
      SmallVector<OpFoldResult>(shape.size(), n.builder().getIndexAttr(1));
  auto zeros =
      SmallVector<OpFoldResult>(shape.size(), n.builder().getIndexAttr(0));
  return n.b.slice(whole.value, zeros, n.sizes(shape), ones);
}

/// A scale or zero point, in another type, repeated for each element of
/// `shape`: of the tensor, of an axis or of blocks along one.
static FailureOr<Value> spread(NodeImport &n, unsigned i, Type type,
                               const Shape &shape) {
  Shaped operand = n.convert(n.in(i), type);
  int64_t rank = operand.shape.size();
  if (rank == 0 || (rank == 1 && constantOf(operand.shape[0]) == 1)) {
    Shaped scalar = n.reshape(operand, {});
    return n.broadcast(scalar, shape);
  }
  auto axis = n.axis(n.intAttr("axis", 1), shape.size());
  if (failed(axis))
    return failure();
  if (rank == 1) {
    if (operand.shape[0] != shape[*axis])
      return n.error("expected " + n.math.toString(shape[*axis]) +
                     " elements as input " + Twine(i) + ", got " +
                     n.toString(operand.shape));
    return n.broadcastVector(operand.value, shape, *axis);
  }
  if (rank != static_cast<int64_t>(shape.size()))
    return n.error("expected a scalar, a vector or rank " +
                   Twine(shape.size()) + " as input " + Twine(i) + ", got " +
                   n.toString(operand.shape));
  return spreadBlocks(n, operand, shape, *axis, n.intAttr("block_size", 0));
}

//===----------------------------------------------------------------------===//
// To and from integers
//===----------------------------------------------------------------------===//

/// Bounds of an integer type, or the largest values of a small float.
static std::pair<double, double> boundsOf(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type)) {
    double width = integer.getWidth();
    if (integer.isUnsigned())
      return {0.0, std::exp2(width) - 1};
    return {-std::exp2(width - 1), std::exp2(width - 1) - 1};
  }
  double largest =
      APFloat::getLargest(cast<FloatType>(type).getFloatSemantics())
          .convertToDouble();
  return {-largest, largest};
}

static Value clamp(NodeImport &n, Value x, double low, double high) {
  x = n.b.binary<MaxOp>(x, n.b.splatLike(low, x));
  return n.b.binary<MinOp>(x, n.b.splatLike(high, x));
}

/// round(x) + zero point, saturated; the zero point (of x's type) may be null.
static Value roundTo(NodeImport &n, Value x, Value zeroPoint, Type type) {
  if (isa<IntegerType>(type))
    x = n.b.unary<RoundEvenOp>(x);
  if (zeroPoint)
    x = n.b.add(x, zeroPoint);
  auto [low, high] = boundsOf(type);
  return n.b.convert(clamp(n, x, low, high), type);
}

static FailureOr<Type> outputType(NodeImport &n, unsigned zeroPoint,
                                  Type otherwise) {
  if (n.has(zeroPoint))
    return n.elementType(zeroPoint);
  int64_t given = n.intAttr("output_dtype", 0);
  if (given == 0)
    return otherwise;
  auto type = static_cast<DataType>(given);
  Type result = elementTypeOf(type, n.builder().getContext());
  if (!result)
    return n.unsupported("quantisation to " + nameOf(type));
  return result;
}

static LogicalResult importQuantizeLinear(NodeImport &n) {
  auto type =
      outputType(n, 2, n.builder().getIntegerType(8, /*isSigned=*/false));
  if (failed(type))
    return failure();
  bool isInt = isa<IntegerType>(*type);
  if (type->isInteger(1) ||
      !(isInt || isa<Float8E4M3FNType, Float8E5M2Type>(*type)))
    return n.error("expected a zero point of integers or 8-bit floats");
  if (!isInt && !n.flagAttr("saturate", true))
    return n.unsupported("8-bit floats that do not saturate");
  Type wide = wideType(n, n.elementType(0));
  auto scale = spread(n, 1, wide, n.shape(0));
  if (failed(scale))
    return failure();
  Value zeroPoint;
  if (n.has(2) && isInt) {
    auto given = spread(n, 2, wide, n.shape(0));
    if (failed(given))
      return failure();
    zeroPoint = *given;
  }
  Value x = n.b.div(n.b.convert(n.value(0), wide), *scale);
  return n.result(roundTo(n, x, zeroPoint, *type), n.shape(0));
}

/// input `zeroPoint` subtracted from x in i32, which holds all differences of
/// 8 and 16 bits; x itself if there is none.
static FailureOr<Value> subtractZeroPoint(NodeImport &n, Value x,
                                          const Shape &shape,
                                          unsigned zeroPoint) {
  if (!n.has(zeroPoint))
    return x;
  Type i32 = n.builder().getI32Type();
  auto offset = spread(n, zeroPoint, i32, shape);
  if (failed(offset))
    return failure();
  return n.b.sub(n.b.convert(x, i32), *offset);
}

static LogicalResult importDequantizeLinear(NodeImport &n) {
  if (!isa<FloatType>(n.elementType(1)))
    return n.error("expected floats as scale");
  Type type = n.elementType(1);
  if (int64_t given = n.intAttr("output_dtype", 0)) {
    type =
        elementTypeOf(static_cast<DataType>(given), n.builder().getContext());
    if (!isa_and_nonnull<FloatType>(type))
      return n.unsupported("the type of attribute 'output_dtype'");
  }
  Type wide = wideType(n, n.elementType(1));
  Value x = n.value(0);
  if (isa<IntegerType>(n.elementType(0))) {
    auto difference = subtractZeroPoint(n, x, n.shape(0), 2);
    if (failed(difference))
      return failure();
    x = *difference;
  }
  auto scale = spread(n, 1, wide, n.shape(0));
  if (failed(scale))
    return failure();
  Value y = n.b.mul(n.b.convert(x, wide), *scale);
  return n.result(n.b.convert(y, type), n.shape(0));
}

static LogicalResult importDynamicQuantizeLinear(NodeImport &n) {
  Type f32 = n.builder().getF32Type();
  Type ui8 = n.builder().getIntegerType(8, /*isSigned=*/false);
  if (n.elementType(0) != f32)
    return n.error("expected f32");
  SmallVector<int64_t> all;
  for (int64_t dim = 0; dim < n.rank(0); ++dim)
    all.push_back(dim);
  Value x = n.value(0);
  Value zero = n.b.scalar(0.0, f32), steps = n.b.scalar(255.0, f32);
  // The range has zero in it.
  Value low = all.empty() ? x : n.b.reduce<ReduceMinOp>(x, all);
  Value high = all.empty() ? x : n.b.reduce<ReduceMaxOp>(x, all);
  low = n.b.binary<MinOp>(low, zero);
  high = n.b.binary<MaxOp>(high, zero);
  Value scale = n.b.div(n.b.sub(high, low), steps);
  Value zeroPoint = roundTo(n, n.b.div(n.b.sub(zero, low), scale), {}, ui8);
  Value offset = n.b.convert(zeroPoint, f32);
  Value quotient = n.b.div(x, n.broadcast({scale, {}}, n.shape(0)));
  Value y = roundTo(n, quotient, n.broadcast({offset, {}}, n.shape(0)), ui8);
  if (failed(n.result(0, y, n.shape(0))) || failed(n.result(1, scale, {})) ||
      failed(n.result(2, zeroPoint, {})))
    return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Products of integers
//===----------------------------------------------------------------------===//

/// A zero point of a matrix: a scalar, or one for each row of the left or
/// column of the right operand.
static FailureOr<Shaped> withoutMatrixZeroPoint(NodeImport &n, unsigned matrix,
                                                unsigned zeroPoint,
                                                bool isLeft) {
  Shaped x = n.in(matrix);
  if (!n.has(zeroPoint))
    return x;
  Shaped offset = n.in(zeroPoint);
  size_t rank = x.shape.size();
  if (offset.shape.size() == 1) {
    if (constantOf(offset.shape[0]) == 1)
      offset = n.reshape(offset, {});
    else if (isLeft && rank >= 2) // a column
      offset = n.reshape(offset, {offset.shape[0], n.math.constant(1)});
  }
  Type i32 = n.builder().getI32Type();
  auto spread = n.broadcastTo(n.convert(offset, i32), x.shape);
  if (failed(spread))
    return failure();
  return Shaped{n.b.sub(n.b.convert(x.value, i32), *spread), x.shape};
}

static FailureOr<Shaped> multiplyIntegers(NodeImport &n, unsigned lhs,
                                          unsigned lhsZero, unsigned rhs,
                                          unsigned rhsZero) {
  for (unsigned i : {lhs, rhs})
    if (!isa<IntegerType>(n.elementType(i)))
      return n.unsupported("factors that are no integers");
  auto left = withoutMatrixZeroPoint(n, lhs, lhsZero, /*isLeft=*/true);
  auto right = withoutMatrixZeroPoint(n, rhs, rhsZero, /*isLeft=*/false);
  if (failed(left) || failed(right))
    return failure();
  return multiplyMatrices(n, *left, *right, n.builder().getI32Type());
}

static LogicalResult importMatMulInteger(NodeImport &n) {
  auto product = multiplyIntegers(n, 0, 2, 1, 3);
  return failed(product) ? failure() : n.result(*product);
}

/// A scale of the left or right operand of a product, for its result.
static FailureOr<Value> scaleOfProduct(NodeImport &n, unsigned i, bool isLeft,
                                       const Shape &shape, Type wide) {
  Shaped scale = n.convert(n.in(i), wide);
  if (scale.shape.size() == 1) {
    if (constantOf(scale.shape[0]) == 1)
      scale = n.reshape(scale, {});
    else if (isLeft && shape.size() >= 2)
      scale = n.reshape(scale, {scale.shape[0], n.math.constant(1)});
  }
  return n.broadcastTo(scale, shape);
}

static LogicalResult importQLinearMatMul(NodeImport &n) {
  auto product = multiplyIntegers(n, 0, 2, 3, 5);
  if (failed(product))
    return failure();
  const Shape &shape = product->shape;
  Type f32 = n.builder().getF32Type(), type = n.elementType(7);
  if (!isa<IntegerType>(type))
    return n.unsupported("a result that is no integer");
  auto left = scaleOfProduct(n, 1, true, shape, f32);
  auto right = scaleOfProduct(n, 4, false, shape, f32);
  auto result = scaleOfProduct(n, 6, true, shape, f32);
  auto zeroPoint = scaleOfProduct(n, 7, true, shape, f32);
  if (failed(left) || failed(right) || failed(result) || failed(zeroPoint))
    return failure();
  Value factor = n.b.div(n.b.mul(*left, *right), *result);
  Value y = n.b.mul(n.b.convert(product->value, f32), factor);
  return n.result(roundTo(n, y, *zeroPoint, type), shape);
}

/// x and w less their zero points, in i32. A filter's zero points run along its
/// output channels.
static FailureOr<Shaped> convolveIntegers(NodeImport &n, unsigned imageZero,
                                          unsigned filter,
                                          unsigned filterZero) {
  Type i32 = n.builder().getI32Type();
  auto without = [&](unsigned i, unsigned zeroPoint) -> FailureOr<Shaped> {
    Shaped x = n.convert(n.in(i), i32);
    if (!n.has(zeroPoint))
      return x;
    Shaped offset = n.convert(n.in(zeroPoint), i32);
    bool isScalar = offset.shape.empty() || (offset.shape.size() == 1 &&
                                             constantOf(offset.shape[0]) == 1);
    Value spread;
    if (isScalar)
      spread = n.broadcast(n.reshape(offset, {}), x.shape);
    else if (offset.shape.size() == 1 && !x.shape.empty() &&
             offset.shape[0] == x.shape[0] && zeroPoint == filterZero)
      spread = n.broadcastVector(offset.value, x.shape, 0);
    else
      return n.error("expected a scalar or an element an output channel as "
                     "input " +
                     Twine(zeroPoint) + ", got " + n.toString(offset.shape));
    return Shaped{n.b.sub(x.value, spread), x.shape};
  };
  auto image = without(0, imageZero);
  auto weights = without(filter, filterZero);
  if (failed(image) || failed(weights))
    return failure();
  return convolve(n, *image, *weights);
}

static LogicalResult importConvInteger(NodeImport &n) {
  auto result = convolveIntegers(n, 2, 1, 3);
  return failed(result) ? failure() : n.result(*result);
}

static LogicalResult importQLinearConv(NodeImport &n) {
  auto sum = convolveIntegers(n, 2, 3, 5);
  if (failed(sum))
    return failure();
  const Shape &shape = sum->shape;
  Value product = sum->value;
  auto alongChannels = [&](unsigned i, Type type) -> FailureOr<Value> {
    Shaped vector = n.convert(n.in(i), type);
    if (vector.shape.empty() ||
        (vector.shape.size() == 1 && constantOf(vector.shape[0]) == 1))
      return n.broadcast(n.reshape(vector, {}), shape);
    if (vector.shape.size() != 1 || vector.shape[0] != shape[1])
      return n.error("expected a scalar or " + n.math.toString(shape[1]) +
                     " elements as input " + Twine(i) + ", got " +
                     n.toString(vector.shape));
    return n.broadcastVector(vector.value, shape, 1);
  };
  if (n.has(8)) {
    auto bias = alongChannels(8, n.builder().getI32Type());
    if (failed(bias))
      return failure();
    product = n.b.add(product, *bias);
  }
  Type f32 = n.builder().getF32Type();
  auto image = alongChannels(1, f32), filter = alongChannels(4, f32),
       result = alongChannels(6, f32), zeroPoint = alongChannels(7, f32);
  if (failed(image) || failed(filter) || failed(result) || failed(zeroPoint))
    return failure();
  Value factor = n.b.div(n.b.mul(*image, *filter), *result);
  Value y = n.b.mul(n.b.convert(product, f32), factor);
  return n.result(roundTo(n, y, *zeroPoint, n.elementType(7)), shape);
}

static constexpr OpEntry kOps[] = {
    {"ConvInteger", {10}, 2, 4, 1, kInt, importConvInteger},
    {"DequantizeLinear",
     {10, 13, 19, 21, 23, 24, 25, 28},
     2,
     3,
     1,
     kNumber,
     importDequantizeLinear},
    {"DynamicQuantizeLinear",
     {11},
     1,
     1,
     3,
     kFloat,
     importDynamicQuantizeLinear},
    {"MatMulInteger", {10}, 2, 4, 1, kInt, importMatMulInteger},
    {"QLinearConv", {10}, 8, 9, 1, kInt, importQLinearConv},
    {"QLinearMatMul", {10, 21}, 8, 8, 1, kNumber, importQLinearMatMul},
    {"QuantizeLinear",
     {10, 13, 19, 21, 23, 24, 25, 28},
     2,
     3,
     1,
     kNumber,
     importQuantizeLinear},
};

void msc::onnx::addQuantizationOps(OpTable &table) { table.add(kOps); }
