//===- Reduction.cpp - Folds along axes -----------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "frontends/onnx/NodeImport.h"
#include <limits>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

namespace {
struct Axes {
  SmallVector<int64_t> dims;
  bool keep = true;
};
} // namespace

/// Which dims are reduced: without axes all of them, or none if the node says
/// so. ReduceSum has its axes as an input since opset 13, the others since 18.
static LogicalResult readAxes(NodeImport &n, int64_t inputSince, Axes &axes) {
  axes.keep = n.flagAttr("keepdims", true);
  bool isInput = n.version >= inputSince;
  if (!isInput && n.has(1))
    return n.error("expected 1 input, got 2");
  if (isInput && n.hasAttr("axes"))
    return n.error("expected the axes as an input, got an attribute");
  bool emptyIsNone = isInput && n.flagAttr("noop_with_empty_axes", false);
  auto given = n.axesOf(1, "axes");
  if (failed(given))
    return failure();
  if (*given && !(*given)->empty()) {
    auto dims = n.axes(**given, n.rank(0));
    if (failed(dims))
      return failure();
    axes.dims = *dims;
    return success();
  }
  if (!emptyIsNone)
    for (int64_t dim = 0; dim < n.rank(0); ++dim)
      axes.dims.push_back(dim);
  return success();
}

/// Reduces along axes by an op of the dialect.
template <typename OpTy>
static Shaped reduce(NodeImport &n, Value x, const Axes &axes) {
  if (axes.dims.empty())
    return {x, n.shape(0)};
  Value result = OpTy::create(n.builder(), n.loc(), x, axes.dims);
  return n.keepDims(result, n.shape(0), axes.dims, axes.keep);
}

static Shaped sum(NodeImport &n, Value x, const Axes &axes) {
  return n.reduceSum({x, n.shape(0)}, axes.dims, axes.keep);
}

/// Functions of sums are computed on floats, integers by way of f64.
static Value toFloat(NodeImport &n, Value x) {
  Type type = n.elementType(0);
  if (isa<FloatType>(type))
    return n.b.convert(x,
                       isNarrowFloat(type) ? n.builder().getF32Type() : type);
  return n.b.convert(x, n.builder().getF64Type());
}

static LogicalResult finish(NodeImport &n, const Shaped &result) {
  return n.result(n.convert(result, n.elementType(0)));
}

template <int64_t inputSince,
          Shaped (*function)(NodeImport &, Value, const Axes &)>
static LogicalResult importReduction(NodeImport &n) {
  Axes axes;
  if (failed(readAxes(n, inputSince, axes)))
    return failure();
  return finish(n, function(n, n.value(0), axes));
}

static Shaped mean(NodeImport &n, Value x, const Axes &axes) {
  return n.reduceMean({x, n.shape(0)}, axes.dims, axes.keep);
}

static Shaped sumOfAbsolutes(NodeImport &n, Value x, const Axes &axes) {
  return sum(n, n.b.unary<AbsOp>(x), axes);
}

static Shaped sumOfSquares(NodeImport &n, Value x, const Axes &axes) {
  Value wide = isa<FloatType>(n.elementType(0)) ? toFloat(n, x) : x;
  return sum(n, n.b.mul(wide, wide), axes);
}

static Shaped euclidean(NodeImport &n, Value x, const Axes &axes) {
  Value wide = toFloat(n, x);
  Shaped squares = sum(n, n.b.mul(wide, wide), axes);
  return {n.b.unary<SqrtOp>(squares.value), squares.shape};
}

static Shaped logOfSum(NodeImport &n, Value x, const Axes &axes) {
  Shaped total = sum(n, toFloat(n, x), axes);
  return {n.b.unary<LogOp>(total.value), total.shape};
}

/// The maximum goes out of the sum, so that nothing overflows; an infinite one
/// stays in, as inf - inf is NaN.
static Shaped logOfSumOfExp(NodeImport &n, Value x, const Axes &axes) {
  Value wide = toFloat(n, x);
  if (axes.dims.empty())
    return {wide, n.shape(0)};
  Axes kept = axes;
  kept.keep = true;
  Shaped max = reduce<ReduceMaxOp>(n, wide, kept);
  Value infinity =
      n.b.splatLike(std::numeric_limits<double>::infinity(), max.value);
  Value isFinite =
      n.b.compare(Predicate::lt, n.b.unary<AbsOp>(max.value), infinity);
  max.value = n.b.select(isFinite, max.value, n.b.splatLike(0.0, max.value));
  Value shifted = n.b.sub(wide, n.broadcast(max, n.shape(0)));
  Shaped total = sum(n, n.b.unary<ExpOp>(shifted), axes);
  Shaped offset = n.reshape(max, total.shape);
  return {n.b.add(n.b.unary<LogOp>(total.value), offset.value), total.shape};
}

/// Minimum and maximum, of booleans too (since opset 20).
template <typename OpTy, typename BoolOpTy>
static LogicalResult importExtreme(NodeImport &n) {
  Axes axes;
  if (failed(readAxes(n, 18, axes)))
    return failure();
  if (!n.elementType(0).isInteger(1))
    return n.result(reduce<OpTy>(n, n.value(0), axes));
  if (n.version < 20)
    return n.error("expected numbers, got booleans");
  return n.result(reduce<BoolOpTy>(n, n.value(0), axes));
}

static LogicalResult importProduct(NodeImport &n) {
  Axes axes;
  if (failed(readAxes(n, 18, axes)))
    return failure();
  // The number of elements of a shape, as exporters compute it.
  auto elements = n.elements(0);
  bool isShape = elements && n.elementType(0).isSignlessInteger(64);
  if (isShape && n.rank(0) == 1 && axes.dims.size() == 1)
    if (Index product = n.math.product(*elements)) {
      Shape shape;
      if (axes.keep)
        shape.push_back(n.math.constant(1));
      return n.resultElements({product}, shape, n.elementType(0));
    }
  return n.result(reduce<ReduceProdOp>(n, n.value(0), axes));
}

template <typename OpTy> static LogicalResult importArg(NodeImport &n) {
  bool keep = n.flagAttr("keepdims", true);
  bool selectLast = n.flagAttr("select_last_index", false);
  if (n.rank(0) == 0)
    return n.unsupported("a scalar");
  auto axis = n.axis(n.intAttr("axis", 0), n.rank(0));
  if (failed(axis))
    return failure();
  if (n.math.rangeOf(n.shape(0)[*axis]).max < 1)
    return n.error("expected an axis that is not empty");
  Value result =
      OpTy::create(n.builder(), n.loc(), n.value(0), *axis, selectLast);
  return n.result(n.keepDims(result, n.shape(0), {*axis}, keep));
}

static constexpr OpEntry kOps[] = {
    {"ArgMax", {1, 11, 12, 13}, 1, 1, 1, kNumber, importArg<ArgMaxOp>},
    {"ArgMin", {1, 11, 12, 13}, 1, 1, 1, kNumber, importArg<ArgMinOp>},
    {"ReduceL1",
     {1, 11, 13, 18},
     1,
     2,
     1,
     kNumber,
     importReduction<18, sumOfAbsolutes>},
    {"ReduceL2",
     {1, 11, 13, 18},
     1,
     2,
     1,
     kNumber,
     importReduction<18, euclidean>},
    {"ReduceLogSum",
     {1, 11, 13, 18, 28},
     1,
     2,
     1,
     kNumber,
     importReduction<18, logOfSum>},
    {"ReduceLogSumExp",
     {1, 11, 13, 18, 28},
     1,
     2,
     1,
     kNumber,
     importReduction<18, logOfSumOfExp>},
    {"ReduceMax",
     {1, 11, 12, 13, 18, 20},
     1,
     2,
     1,
     kAny,
     importExtreme<ReduceMaxOp, ReduceOrOp>},
    {"ReduceMean",
     {1, 11, 13, 18},
     1,
     2,
     1,
     kNumber,
     importReduction<18, mean>},
    {"ReduceMin",
     {1, 11, 12, 13, 18, 20},
     1,
     2,
     1,
     kAny,
     importExtreme<ReduceMinOp, ReduceAndOp>},
    {"ReduceProd", {1, 11, 13, 18}, 1, 2, 1, kNumber, importProduct},
    {"ReduceSum", {1, 11, 13}, 1, 2, 1, kNumber, importReduction<13, sum>},
    {"ReduceSumSquare",
     {1, 11, 13, 18},
     1,
     2,
     1,
     kNumber,
     importReduction<18, sumOfSquares>},
};

void msc::onnx::addReductionOps(OpTable &table) { table.add(kOps); }
