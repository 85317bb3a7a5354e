//===- Normalization.cpp - Softmax and normalisations ---------------------===//

#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/pooling/Pooling.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
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

/// 1 at the first maximum along the axis (before opset 13 along all dims from
/// it on), 0 elsewhere.
static LogicalResult importHardmax(NodeImport &n) {
  if (n.rank(0) == 0)
    return n.unsupported("a scalar");
  bool isCoerced = n.version < 13;
  auto given = n.axis(n.intAttr("axis", isCoerced ? 1 : -1), n.rank(0));
  if (failed(given))
    return failure();
  int64_t axis = *given;
  Shaped x = n.in(0);
  if (isCoerced) {
    ArrayRef<Index> extents = n.shape(0);
    Shape matrix{n.math.product(extents.take_front(axis)),
                 n.math.product(extents.drop_front(axis))};
    if (llvm::is_contained(matrix, Index()))
      return n.error("the tensor has too many elements");
    x = n.reshape(x, matrix);
    axis = 1;
  }
  if (n.math.rangeOf(x.shape[axis]).max < 1)
    return n.error("expected an axis that is not empty");
  Value where = ArgMaxOp::create(n.builder(), n.loc(), x.value, axis,
                                 /*select_last=*/false);
  auto [extents, sizes] = splitSizes(n.sizes(x.shape));
  Value count = IotaOp::create(
      n.builder(), n.loc(),
      RankedTensorType::get(extents, n.builder().getI64Type()), sizes, axis);
  Value isMaximum = n.b.compare(graph::ComparePredicate::eq, count,
                                n.b.broadcastAlong(where, x.value, axis));
  Value y = n.b.convert(isMaximum, n.elementType(0));
  return n.result(n.reshape({y, x.shape}, n.shape(0)));
}

//===----------------------------------------------------------------------===//
// Statistics given
//===----------------------------------------------------------------------===//

static LogicalResult importBatchNormalization(NodeImport &n) {
  if (n.version < 9 && !n.flagAttr("spatial", true))
    return n.unsupported("statistics of each element");
  if (n.version < 7 ? !n.flagAttr("is_test", false)
                    : n.version >= 14 && n.flagAttr("training_mode", false))
    return n.unsupported("training mode");
  for (unsigned i = 1; i < n.numOutputs(); ++i)
    if (n.wants(i))
      return n.unsupported("updated statistics as outputs");
  if (n.rank(0) < 2)
    return n.misfit("expected a rank of at least 2, got " + Twine(n.rank(0)));
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

/// The type in which statistics are computed: f32 for what is narrower, or for
/// all if the node says so.
static Type statisticsType(NodeImport &n, bool isF32) {
  Type type = n.elementType(0);
  return isF32 || isNarrowFloat(type) ? n.builder().getF32Type() : type;
}

namespace {

/// Layer norm or RMS norm over the dims from an axis on.
class RowNormImport {
public:
  explicit RowNormImport(NodeImport &n) : n(n) {}

  /// OpTy with its scale and offset (none if OpTy takes none), results kept.
  template <typename OpTy, unsigned numVectors> LogicalResult run() {
    auto axis = n.axis(n.intAttr("axis", -1), n.rank(0));
    if (failed(axis))
      return failure();
    for (int64_t dim = *axis; dim < n.rank(0); ++dim)
      dims.push_back(dim);
    inner.assign(n.shape(0).begin() + *axis, n.shape(0).end());
    Type type = n.elementType(0);
    Type wide = statisticsType(n, n.intAttr("stash_type", 1) == 1);
    // f64 with statistics in f32 is rounded first; narrower types are widened
    // by the op.
    bool isRounded =
        wide.getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth();
    Value x = isRounded ? n.b.convert(n.value(0), wide) : n.value(0);
    SmallVector<Value, 2> vectors(numVectors);
    for (unsigned i = 0; i < numVectors; ++i)
      if (n.has(i + 1) && !isRounded && isInner(i + 1)) {
        auto vector = n.broadcastTo(n.in(i + 1), inner);
        if (failed(vector))
          return failure();
        vectors[i] = *vector;
      } else if (n.has(i + 1)) {
        // What comes after it must wait, too.
        break;
      }
    auto norm = create<OpTy>(x, vectors);
    Value y = n.b.convert(norm.getResult(), type);
    for (unsigned i = 0; i < numVectors; ++i) {
      if (!n.has(i + 1) || vectors[i])
        continue;
      auto operand = n.broadcastTo(n.convert(n.in(i + 1), type), n.shape(0));
      if (failed(operand))
        return failure();
      y = i == 0 ? n.b.mul(y, *operand) : n.b.add(y, *operand);
    }
    if (failed(n.result(y, n.shape(0))))
      return failure();
    for (unsigned i = 1; i < norm->getNumResults(); ++i)
      if (n.wants(i)) {
        Shaped rows = n.keepDims(norm->getResult(i), n.shape(0), dims, true);
        if (failed(n.result(i, rows.value, rows.shape)))
          return failure();
      }
    return success();
  }

private:
  /// Whether a vector runs along the normalised dims only.
  bool isInner(unsigned i) {
    return n.rank(i) <= static_cast<int64_t>(inner.size());
  }

  template <typename OpTy> OpTy create(Value x, ArrayRef<Value> vectors) {
    APFloat epsilon(n.floatAttr("epsilon", 1e-5f));
    if constexpr (std::is_same_v<OpTy, LayerNormOp>)
      return LayerNormOp::create(n.builder(), n.loc(), x, vectors[0],
                                 vectors[1], dims, epsilon);
    else
      return RmsNormOp::create(n.builder(), n.loc(), x, vectors[0], dims,
                               epsilon);
  }

  NodeImport &n;
  SmallVector<int64_t> dims;
  Shape inner;
};

} // namespace

static LogicalResult importLayerNormalization(NodeImport &n) {
  return RowNormImport(n).run<LayerNormOp, 2>();
}

static LogicalResult importRmsNormalization(NodeImport &n) {
  return RowNormImport(n).run<RmsNormOp, 1>();
}

static LogicalResult checkVectors(NodeImport &n, Index extent) {
  for (unsigned i : {1u, 2u})
    if (n.rank(i) != 1 || n.shape(i)[0] != extent)
      return n.error("expected " + n.math.toString(extent) +
                     " elements as input " + Twine(i) + ", got " +
                     n.toString(n.shape(i)));
  return success();
}

/// Group norm in the type of its statistics; the vectors are given.
static LogicalResult importGroups(NodeImport &n, int64_t groups, Value scale,
                                  Value offset, Type wide) {
  Value y = GroupNormOp::create(
      n.builder(), n.loc(), n.typeOf(n.shape(0), wide),
      n.b.convert(n.value(0), wide), n.b.convert(scale, wide),
      n.b.convert(offset, wide), /*axis=*/1, groups,
      APFloat(n.floatAttr("epsilon", 1e-5f)));
  return n.result(n.b.convert(y, n.elementType(0)), n.shape(0));
}

static LogicalResult importInstanceNormalization(NodeImport &n) {
  if (n.rank(0) < 3)
    return n.misfit("expected a rank of at least 3, got " + Twine(n.rank(0)));
  if (failed(checkVectors(n, n.shape(0)[1])))
    return failure();
  auto channels = constantOf(n.shape(0)[1]);
  if (!channels)
    return n.unsupported("channels that are known at run time only");
  if (*channels == 0)
    return n.result(n.value(0), n.shape(0));
  return importGroups(n, *channels, n.value(1), n.value(2),
                      statisticsType(n, /*isF32=*/false));
}

static LogicalResult importGroupNormalization(NodeImport &n) {
  if (n.rank(0) < 2)
    return n.misfit("expected a rank of at least 2, got " + Twine(n.rank(0)));
  int64_t groups = n.intAttr("num_groups", 0);
  auto channels = constantOf(n.shape(0)[1]);
  if (!channels)
    return n.unsupported("channels that are known at run time only");
  if (groups < 1 || *channels % groups != 0)
    return n.error("expected groups that divide " + Twine(*channels) +
                   " channels, got " + Twine(groups));
  // Before opset 21 the vectors have an element a group.
  bool isPerGroup = n.version < 21;
  if (failed(checkVectors(n, n.math.constant(isPerGroup ? groups : *channels))))
    return failure();
  Type wide = statisticsType(n, !isPerGroup && n.intAttr("stash_type", 1) == 1);
  auto perChannel = [&](unsigned i) -> Value {
    if (!isPerGroup)
      return n.value(i);
    Shape members{n.math.constant(groups), n.math.constant(*channels / groups)};
    Value spread = n.b.broadcast(n.value(i), n.sizes(members), {0});
    return n.reshape({spread, members}, n.shape(0)[1]).value;
  };
  return importGroups(n, groups, perChannel(1), perChannel(2), wide);
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
    return n.misfit("expected a rank of at least 3, got " + Twine(n.rank(0)));
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
     {1, 6, 7, 9, 14, 15},
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
    {"Hardmax", {1, 11, 13}, 1, 1, 1, kFloat, importHardmax},
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
