//===- Normalization.cpp - Verifiers and expansions of normalisation ------===//

#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

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

//===----------------------------------------------------------------------===//
// Layer norm and RMS norm
//===----------------------------------------------------------------------===//

/// The type of statistics of elements of `type`.
static Type statisticsType(Type type) {
  return type.getIntOrFloatBitWidth() < 32 ? Float32Type::get(type.getContext())
                                           : type;
}

/// The entries of all dims but some.
template <typename T>
static SmallVector<T> dropDims(ArrayRef<T> entries, ArrayRef<int64_t> dims) {
  SmallVector<T> kept;
  for (auto [dim, entry] : llvm::enumerate(entries))
    if (!llvm::is_contained(dims, static_cast<int64_t>(dim)))
      kept.push_back(entry);
  return kept;
}

/// The operand's type, and `statistics` times that of a statistic.
static LogicalResult inferRowNorm(std::optional<Location> location,
                                  Value operand, ArrayRef<int64_t> dims,
                                  unsigned statistics,
                                  SmallVectorImpl<Type> &types) {
  auto type = typeOf(operand);
  int64_t previous = -1;
  for (int64_t dim : dims) {
    if (dim <= previous || dim >= type.getRank())
      return emitOptionalError(
          location, "layer_norm_c1: expected increasing dims below the rank ",
          type.getRank(), ", got ", dim);
    previous = dim;
  }
  types.push_back(type);
  types.append(statistics,
               RankedTensorType::get(dropDims(type.getShape(), dims),
                                     statisticsType(type.getElementType())));
  return success();
}

static LogicalResult verifyRowNorm(Operation *op, ArrayRef<int64_t> dims,
                                   ArrayRef<Value> vectors) {
  auto type = typeOf(op->getOperand(0));
  SmallVector<int64_t> shape;
  for (int64_t dim : dims)
    shape.push_back(type.getDimSize(dim));
  auto expected = type.clone(shape);
  for (Value vector : vectors) {
    if (!vector)
      continue;
    auto got = typeOf(vector);
    if (got.getElementType() != expected.getElementType() ||
        failed(verifyCompatibleShape(got, expected)))
      return op->emitOpError(
                 "layer_norm_c2: expected scale and offset of type ")
             << expected << ", got " << got;
  }
  return success();
}

static LogicalResult reifyRowNorm(Operation *op, ArrayRef<int64_t> dims,
                                  OpBuilder &builder,
                                  ReifiedRankedShapedTypeDims &shapes) {
  GraphBuilder b(builder, op->getLoc());
  SmallVector<OpFoldResult> sizes = b.sizes(op->getOperand(0));
  shapes.push_back(sizes);
  shapes.append(op->getNumResults() - 1, dropDims<OpFoldResult>(sizes, dims));
  return success();
}

/// A vector along `dims` repeated along the others.
static Value broadcastVector(GraphBuilder &b, Value vector, Value like,
                             ArrayRef<int64_t> dims) {
  return b.broadcast(vector, b.sizes(like), dims);
}

/// 1 / sqrt(mean(x^2) + epsilon) along dims.
static Value reciprocalRoot(GraphBuilder &b, Value x, ArrayRef<int64_t> dims,
                            const APFloat &epsilon) {
  Value variance = b.divideByExtents(b.reduceSum(b.mul(x, x), dims), x, dims);
  return b.unary<RsqrtOp>(b.addScalar(variance, epsilon.convertToDouble()));
}

LogicalResult LayerNormOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor in(operands, attributes, properties, regions);
  return inferRowNorm(location, in.getOperand(), in.getDimensions(), 2, types);
}

LogicalResult LayerNormOp::verify() {
  return verifyRowNorm(*this, getDimensions(), {getScale(), getOffset()});
}

LogicalResult
LayerNormOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  return reifyRowNorm(*this, getDimensions(), builder, shapes);
}

Expansion LayerNormOp::decompose(OpBuilder &builder, ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  Adaptor in(operands, *this);
  Type type = getOperand().getType().getElementType();
  ArrayRef<int64_t> dims = getDimensions();
  Value x = b.convert(in.getOperand(), statisticsType(type));
  Value mean = b.divideByExtents(b.reduceSum(x, dims), x, dims);
  Value centred = b.sub(x, b.broadcastAlong(mean, x, dims));
  Value rstd = reciprocalRoot(b, centred, dims, getEpsilon());
  Value y = b.convert(b.mul(centred, b.broadcastAlong(rstd, x, dims)), type);
  if (Value scale = in.getScale())
    y = b.mul(y, broadcastVector(b, scale, y, dims));
  if (Value offset = in.getOffset())
    y = b.add(y, broadcastVector(b, offset, y, dims));
  return SmallVector<Value>{y, mean, rstd};
}

LogicalResult RmsNormOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor in(operands, attributes, properties, regions);
  return inferRowNorm(location, in.getOperand(), in.getDimensions(), 1, types);
}

LogicalResult RmsNormOp::verify() {
  return verifyRowNorm(*this, getDimensions(), {getScale()});
}

LogicalResult
RmsNormOp::reifyResultShapes(OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  return reifyRowNorm(*this, getDimensions(), builder, shapes);
}

Expansion RmsNormOp::decompose(OpBuilder &builder, ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  Adaptor in(operands, *this);
  Type type = getOperand().getType().getElementType();
  ArrayRef<int64_t> dims = getDimensions();
  Value x = b.convert(in.getOperand(), statisticsType(type));
  Value rstd = reciprocalRoot(b, x, dims, getEpsilon());
  Value y = b.convert(b.mul(x, b.broadcastAlong(rstd, x, dims)), type);
  if (Value scale = in.getScale())
    y = b.mul(y, broadcastVector(b, scale, y, dims));
  return SmallVector<Value>{y, rstd};
}

//===----------------------------------------------------------------------===//
// Group norm
//===----------------------------------------------------------------------===//

LogicalResult GroupNormOp::verify() {
  auto type = typeOf(getOperand());
  uint64_t axis = getAxis();
  if (axis == 0 || axis >= static_cast<uint64_t>(type.getRank()))
    return emitOpError("group_norm_c1: expected an axis in [1, ")
           << type.getRank() << "), got " << static_cast<int64_t>(axis);
  int64_t channels = type.getDimSize(axis);
  int64_t groups = static_cast<int64_t>(getGroups());
  if (ShapedType::isDynamic(channels) || groups < 1 || channels % groups != 0)
    return emitOpError("group_norm_c2: expected groups that divide the ")
           << (ShapedType::isDynamic(channels)
                   ? "unknown extent"
                   : "extent " + Twine(channels).str())
           << " of axis " << axis << ", got " << groups;
  auto expected = type.clone({channels});
  for (Value vector : {getScale(), getOffset()})
    if (vector && vector.getType() != expected)
      return emitOpError("group_norm_c3: expected scale and offset of type ")
             << expected << ", got " << vector.getType();
  return success();
}

LogicalResult
GroupNormOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  return reifyAsOperand(*this, 0, builder, shapes);
}

Expansion GroupNormOp::decompose(OpBuilder &builder, ValueRange operands) {
  // The axis becomes two, the groups and the channels of each; all but the
  // first dim and the groups are normalised over.
  GraphBuilder b(builder, getLoc());
  Adaptor in(operands, *this);
  Value x = in.getOperand();
  int64_t rank = typeOf(x).getRank(), axis = getAxis();
  int64_t groups = getGroups();
  SmallVector<OpFoldResult> sizes = b.sizes(x), grouped = sizes;
  grouped[axis] = builder.getIndexAttr(groups);
  grouped.insert(grouped.begin() + axis + 1,
                 builder.getIndexAttr(typeOf(x).getDimSize(axis) / groups));
  SmallVector<int64_t> dims, others;
  for (int64_t dim = 1; dim <= rank; ++dim)
    if (dim != axis)
      dims.push_back(dim);
  for (int64_t dim = 0; dim < rank; ++dim)
    if (dim != axis)
      others.push_back(dim);
  auto norm = LayerNormOp::create(builder, getLoc(), b.reshape(x, grouped),
                                  /*scale=*/Value(), /*offset=*/Value(), dims,
                                  getEpsilon());
  Value y = b.reshape(norm.getResult(), sizes);
  if (Value scale = in.getScale())
    y = b.mul(y, b.broadcastAlong(scale, y, others));
  if (Value offset = in.getOffset())
    y = b.add(y, b.broadcastAlong(offset, y, others));
  return SmallVector<Value>{y};
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/normalization/Normalization.cpp.inc"
