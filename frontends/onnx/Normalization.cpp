//===- Normalization.cpp - Softmax and normalisations ---------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/pooling/Pooling.h"
#include "frontends/onnx/NodeImport.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

template <typename OpTy> static LogicalResult importSoftmax(NodeImport &n) {
  bool isCoerced = n.version < 13;
  if (n.rank(0) == 0)
    return n.unsupported("a scalar");
  int64_t given = n.intAttr("axis", isCoerced ? 1 : -1);
  // Coerced to a matrix, an axis at the end is a column of extent 1.
  if (isCoerced && given == n.rank(0)) {
    double value = std::is_same_v<OpTy, SoftmaxOp> ? 1.0 : 0.0;
    return n.result(n.splat(value, n.shape(0), n.elementType(0)), n.shape(0));
  }
  auto axis = n.axis(given, n.rank(0));
  if (failed(axis))
    return failure();
  auto softmax = [&](Value x, int64_t along) -> Value {
    return OpTy::create(n.builder(), n.loc(), x.getType(), x, along);
  };
  if (!isCoerced || *axis == n.rank(0) - 1)
    return n.result(softmax(n.value(0), *axis), n.shape(0));
  ArrayRef<Index> extents = n.shape(0);
  Shape matrix{n.math.product(extents.take_front(*axis)),
               n.math.product(extents.drop_front(*axis))};
  if (llvm::is_contained(matrix, Index()))
    return n.error("the tensor has too many elements");
  Shaped x = n.reshape(n.in(0), matrix);
  return n.result(n.reshape({softmax(x.value, 1), matrix}, extents));
}

//===----------------------------------------------------------------------===//
// Statistics given
//===----------------------------------------------------------------------===//

static LogicalResult importBatchNormalization(NodeImport &n) {
  if (n.version < 9 && !n.flagAttr("spatial", true))
    return n.unsupported("statistics of each element");
  if (n.version >= 14 && n.flagAttr("training_mode", false))
    return n.unsupported("training mode");
  for (unsigned i = 1; i < n.numOutputs(); ++i)
    if (n.wants(i))
      return n.unsupported("updated statistics as outputs");
  if (n.rank(0) < 2)
    return n.error("expected a rank of at least 2, got " + Twine(n.rank(0)));
  Type type = n.elementType(0), wide = type;
  for (unsigned i = 1; i < 5; ++i) {
    if (!isa<FloatType>(n.elementType(i)))
      return n.error("expected floats as input " + Twine(i));
    if (n.rank(i) != 1 || n.shape(i)[0] != n.shape(0)[1])
      return n.error("expected " + n.math.toString(n.shape(0)[1]) +
                     " elements as input " + Twine(i) + ", got " +
                     n.toString(n.shape(i)));
    // Statistics may be more precise than the data.
    if (n.elementType(i).getIntOrFloatBitWidth() > wide.getIntOrFloatBitWidth())
      wide = n.elementType(i);
  }
  SmallVector<Value> operands;
  for (unsigned i = 0; i < 5; ++i)
    operands.push_back(n.b.convert(n.value(i), wide));
  Value result = BatchNormOp::create(
      n.builder(), n.loc(), operands[0].getType(), operands[0], operands[1],
      operands[2], operands[3], operands[4], /*axis=*/1,
      APFloat(n.floatAttr("epsilon", 1e-5f)));
  return n.result(n.b.convert(result, type), n.shape(0));
}

//===----------------------------------------------------------------------===//
// Statistics computed
//===----------------------------------------------------------------------===//

/// The type in which statistics are computed: by `stash_type` f32, and f32 for
/// what is narrower.
static Type statisticsType(NodeImport &n) {
  Type type = n.elementType(0);
  bool isF32 = n.intAttr("stash_type", 1) == 1;
  return isF32 || isNarrowFloat(type) ? n.builder().getF32Type() : type;
}

namespace {
struct Statistics {
  Shaped mean, inverse; // dims kept
  Value normalized;
};
} // namespace

/// (x - mean) / sqrt(variance + epsilon) along dims.
static Statistics normalize(NodeImport &n, const Shaped &x,
                            ArrayRef<int64_t> dims, double epsilon) {
  Shaped mean = n.reduceMean(x, dims, /*keep=*/true);
  Value centered = n.b.sub(x.value, n.broadcast(mean, x.shape));
  Shaped variance = n.reduceMean({n.b.mul(centered, centered), x.shape}, dims,
                                 /*keep=*/true);
  Shaped inverse{n.b.unary<RsqrtOp>(n.b.addScalar(variance.value, epsilon)),
                 variance.shape};
  return {mean, inverse, n.b.mul(centered, n.broadcast(inverse, x.shape))};
}

static SmallVector<int64_t> dimsFrom(int64_t first, int64_t rank) {
  SmallVector<int64_t> dims;
  for (int64_t dim = first; dim < rank; ++dim)
    dims.push_back(dim);
  return dims;
}

/// y * scale + bias, in the data's type; bias may be missing.
static FailureOr<Value> scaleAndShift(NodeImport &n, Value y, unsigned scale,
                                      unsigned bias) {
  Type type = cast<RankedTensorType>(y.getType()).getElementType();
  for (unsigned i : {scale, bias}) {
    if (!n.has(i))
      continue;
    auto operand = n.broadcastTo(n.convert(n.in(i), type), n.shape(0));
    if (failed(operand))
      return failure();
    y = i == scale ? n.b.mul(y, *operand) : n.b.add(y, *operand);
  }
  return y;
}

static LogicalResult importLayerNormalization(NodeImport &n) {
  auto axis = n.axis(n.intAttr("axis", -1), n.rank(0));
  if (failed(axis))
    return failure();
  Type type = n.elementType(0), wide = statisticsType(n);
  Statistics s =
      normalize(n, n.convert(n.in(0), wide), dimsFrom(*axis, n.rank(0)),
                n.floatAttr("epsilon", 1e-5f));
  auto y = scaleAndShift(n, n.b.convert(s.normalized, type), 1, 2);
  if (failed(y) || failed(n.result(*y, n.shape(0))) ||
      failed(n.result(1, s.mean.value, s.mean.shape)) ||
      failed(n.result(2, s.inverse.value, s.inverse.shape)))
    return failure();
  return success();
}

static LogicalResult importRmsNormalization(NodeImport &n) {
  auto axis = n.axis(n.intAttr("axis", -1), n.rank(0));
  if (failed(axis))
    return failure();
  Type type = n.elementType(0);
  Shaped x = n.convert(n.in(0), statisticsType(n));
  Shaped square = n.reduceMean({n.b.mul(x.value, x.value), x.shape},
                               dimsFrom(*axis, n.rank(0)), /*keep=*/true);
  square.value = n.b.unary<RsqrtOp>(
      n.b.addScalar(square.value, n.floatAttr("epsilon", 1e-5f)));
  Value normalized = n.b.mul(x.value, n.broadcast(square, x.shape));
  auto y = scaleAndShift(n, n.b.convert(normalized, type), 1, 2);
  return failed(y) ? failure() : n.result(*y, n.shape(0));
}

/// y * scale + bias, both vectors along `axis`.
static Value scaleAlong(NodeImport &n, const Shaped &y, int64_t axis) {
  Type type = cast<RankedTensorType>(y.value.getType()).getElementType();
  auto along = [&](unsigned i) {
    return n.broadcastVector(n.b.convert(n.value(i), type), y.shape, axis);
  };
  return n.b.add(n.b.mul(y.value, along(1)), along(2));
}

static LogicalResult checkVectors(NodeImport &n, Index extent) {
  for (unsigned i : {1u, 2u})
    if (n.rank(i) != 1 || n.shape(i)[0] != extent)
      return n.error("expected " + n.math.toString(extent) +
                     " elements as input " + Twine(i) + ", got " +
                     n.toString(n.shape(i)));
  return success();
}

static LogicalResult importInstanceNormalization(NodeImport &n) {
  if (n.rank(0) < 3)
    return n.error("expected a rank of at least 3, got " + Twine(n.rank(0)));
  if (failed(checkVectors(n, n.shape(0)[1])))
    return failure();
  Shaped x = n.convert(n.in(0), statisticsType(n));
  Statistics s =
      normalize(n, x, dimsFrom(2, n.rank(0)), n.floatAttr("epsilon", 1e-5f));
  Value y = scaleAlong(n, {s.normalized, x.shape}, 1);
  return n.result(n.b.convert(y, n.elementType(0)), x.shape);
}

static LogicalResult importGroupNormalization(NodeImport &n) {
  if (n.rank(0) < 2)
    return n.error("expected a rank of at least 2, got " + Twine(n.rank(0)));
  int64_t groups = n.intAttr("num_groups", 0);
  auto channels = constantOf(n.shape(0)[1]);
  if (!channels)
    return n.unsupported("channels that are known at run time only");
  if (groups < 1 || *channels % groups != 0)
    return n.error("expected groups that divide " + Twine(*channels) +
                   " channels, got " + Twine(groups));
  bool isPerGroup = n.version < 21;
  if (failed(checkVectors(n, n.math.constant(isPerGroup ? groups : *channels))))
    return failure();
  // [N, groups, all else of a group], with statistics along the last.
  Shaped x = n.convert(n.in(0), statisticsType(n));
  Index rest = n.math.product(ArrayRef<Index>(x.shape).drop_front(2));
  Shape grouped{x.shape[0], n.math.constant(groups),
                n.math.mul(rest, *channels / groups)};
  if (llvm::is_contained(grouped, Index()))
    return n.error("the tensor has too many elements");
  Statistics s =
      normalize(n, n.reshape(x, grouped), {2}, n.floatAttr("epsilon", 1e-5f));
  Shaped y{s.normalized, grouped};
  if (isPerGroup)
    y.value = scaleAlong(n, y, 1);
  y = n.reshape(y, x.shape);
  if (!isPerGroup)
    y.value = scaleAlong(n, y, 1);
  return n.result(n.convert(y, n.elementType(0)));
}

static LogicalResult importMeanVarianceNormalization(NodeImport &n) {
  auto axes = n.axes(n.intsAttr("axes").value_or(SmallVector<int64_t>{0, 2, 3}),
                     n.rank(0));
  if (failed(axes))
    return failure();
  // (x - mean) / (sqrt(E(x^2) - mean^2) + 1e-9), by ONNX's function body; the
  // variance is computed without cancellation.
  Type type = n.elementType(0);
  Type wide = isNarrowFloat(type) ? n.builder().getF32Type() : type;
  Shaped x = n.convert(n.in(0), wide);
  Shaped mean = n.reduceMean(x, *axes, /*keep=*/true);
  Value centered = n.b.sub(x.value, n.broadcast(mean, x.shape));
  Shaped deviation = n.reduceMean({n.b.mul(centered, centered), x.shape}, *axes,
                                  /*keep=*/true);
  deviation.value = n.b.addScalar(n.b.unary<SqrtOp>(deviation.value), 1e-9);
  Value y = n.b.div(centered, n.broadcast(deviation, x.shape));
  return n.result(n.b.convert(y, type), x.shape);
}

static LogicalResult importLpNormalization(NodeImport &n) {
  int64_t p = n.intAttr("p", 2);
  if (p != 1 && p != 2)
    return n.error("expected a norm p of 1 or 2, got " + Twine(p));
  auto axis = n.axis(n.intAttr("axis", -1), n.rank(0));
  if (failed(axis))
    return failure();
  Shaped x = n.in(0);
  Value power = p == 1 ? n.b.unary<AbsOp>(x.value) : n.b.mul(x.value, x.value);
  Shaped norm = n.reduceSum({power, x.shape}, {*axis}, /*keep=*/true);
  if (p == 2)
    norm.value = n.b.unary<SqrtOp>(norm.value);
  // A norm of zero gives zero.
  Value zero = n.b.splatLike(0.0, norm.value);
  Value isZero = n.b.compare(graph::ComparePredicate::eq, norm.value, zero);
  norm.value = n.b.select(isZero, n.b.splatLike(1.0, norm.value), norm.value);
  return n.result(n.b.div(x.value, n.broadcast(norm, x.shape)), x.shape);
}

static LogicalResult importLrn(NodeImport &n) {
  if (n.rank(0) < 3)
    return n.error("expected a rank of at least 3, got " + Twine(n.rank(0)));
  int64_t size = n.intAttr("size", 0);
  auto channels = constantOf(n.shape(0)[1]);
  if (size < 1 || size > 65536)
    return n.error("expected a size of at least 1, got " + Twine(size));
  if (!channels)
    return n.unsupported("channels that are known at run time only");
  // The mean over a window of channels, which become a spatial dim; what lies
  // outside counts as zero.
  Shaped x = n.in(0);
  Index rest = n.math.product(ArrayRef<Index>(x.shape).drop_front(2));
  Shape image{x.shape[0], n.math.constant(1), x.shape[1], rest};
  if (!rest)
    return n.error("the tensor has too many elements");
  Shaped squares = n.reshape({n.b.mul(x.value, x.value), x.shape}, image);
  SmallVector<int64_t> ones{1, 1}, window{size, 1};
  SmallVector<int64_t> low{(size - 1) / 2, 0}, high{size / 2, 0};
  squares.value = AvgPoolOp::create(
      n.builder(), n.loc(), squares.value, window, ones, low, high, ones,
      Layout::ChannelsFirst, /*count_include_pad=*/true);
  Value mean = n.reshape(squares, x.shape).value;
  Value base = n.b.addScalar(n.b.mulScalar(mean, n.floatAttr("alpha", 1e-4f)),
                             n.floatAttr("bias", 1.0));
  Value divisor = n.b.pow(base, n.b.splatLike(n.floatAttr("beta", 0.75), base));
  return n.result(n.b.div(x.value, divisor), x.shape);
}

static constexpr OpEntry kOps[] = {
    {"BatchNormalization",
     {7, 9, 14, 15},
     5,
     5,
     5,
     kFloat,
     importBatchNormalization},
    {"GroupNormalization",
     {18, 21},
     3,
     3,
     1,
     kFloat | kSame,
     importGroupNormalization},
    {"InstanceNormalization",
     {6, 22},
     3,
     3,
     1,
     kFloat | kSame,
     importInstanceNormalization},
    {"LRN", {1, 13}, 1, 1, 1, kFloat, importLrn},
    {"LayerNormalization",
     {17},
     2,
     3,
     3,
     kFloat | kSame,
     importLayerNormalization},
    {"LogSoftmax", {1, 11, 13}, 1, 1, 1, kFloat, importSoftmax<LogSoftmaxOp>},
    {"LpNormalization", {1, 22}, 1, 1, 1, kFloat, importLpNormalization},
    {"MeanVarianceNormalization",
     {9, 13},
     1,
     1,
     1,
     kFloat,
     importMeanVarianceNormalization},
    {"RMSNormalization", {23}, 2, 2, 1, kFloat, importRmsNormalization},
    {"Softmax", {1, 11, 13}, 1, 1, 1, kFloat, importSoftmax<SoftmaxOp>},
};

void msc::onnx::addNormalizationOps(OpTable &table) { table.add(kOps); }
