//===- Pooling.cpp - Pools over windows and whole images ------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/pooling/Pooling.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Window.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

static constexpr Layout kLayout = Layout::ChannelsFirst;

/// The window of a pool and the result's shape.
static LogicalResult readPool(NodeImport &n, Window &window, Shape &shape) {
  if (failed(checkImage(n)))
    return failure();
  auto kernel = n.intsAttr("kernel_shape");
  if (!kernel || kernel->size() != static_cast<size_t>(n.rank(0) - 2))
    return n.error("expected " + Twine(n.rank(0) - 2) +
                   " entries in attribute 'kernel_shape'");
  window.ceilMode = n.flagAttr("ceil_mode", false);
  ArrayRef<Index> spatial = ArrayRef<Index>(n.shape(0)).drop_front(2);
  if (failed(readWindow(n, *kernel, window)))
    return failure();
  for (int64_t i = 0; i < window.rank(); ++i)
    if (std::max(window.low[i], window.high[i]) >= window.reach(i))
      return n.unsupported("windows that lie in the padding only");
  if (failed(placeWindow(n, spatial, window)))
    return failure();
  shape = {n.shape(0)[0], n.shape(0)[1]};
  llvm::append_range(shape, window.extents);
  return success();
}

static SmallVector<int64_t> highWithBeyond(const Window &window) {
  SmallVector<int64_t> high = window.high;
  for (auto [entry, beyond] : llvm::zip_equal(high, window.beyond))
    entry += beyond;
  return high;
}

/// The place of each element in its image, counted through all images: by rows
/// or, if `byColumns`, by columns of an image.
static FailureOr<Value> flatIndices(NodeImport &n, bool byColumns) {
  const Shape &shape = n.shape(0);
  Type i64 = n.builder().getI64Type();
  SmallVector<int64_t> order;
  for (int64_t dim = n.rank(0) - 1; dim >= 0; --dim)
    order.push_back(dim);
  if (byColumns)
    std::reverse(order.begin(), order.end() - 2);
  auto [extents, sizes] = splitSizes(n.sizes(shape));
  auto type = RankedTensorType::get(extents, i64);
  Index step = n.math.constant(1);
  Value sum;
  for (int64_t dim : order) {
    Value along = IotaOp::create(n.builder(), n.loc(), type, sizes, dim);
    Value steps = n.broadcast({n.scalarOf(step, i64), {}}, shape);
    along = n.b.mul(along, steps);
    sum = sum ? n.b.add(sum, along) : along;
    step = n.math.mul(step, shape[dim]);
    if (!step)
      return n.error("the input has too many elements");
  }
  return sum;
}

static LogicalResult importMaxPool(NodeImport &n) {
  int64_t storageOrder = n.intAttr("storage_order", 0);
  if (storageOrder != 0 && storageOrder != 1)
    return n.error("expected 0 or 1 as storage_order, got " +
                   Twine(storageOrder));
  Window window;
  Shape shape;
  if (failed(readPool(n, window, shape)))
    return failure();
  SmallVector<int64_t> high = highWithBeyond(window);
  Value x = fitting(n, n.in(0), window).value;
  if (n.wants(1)) {
    auto places = flatIndices(n, storageOrder == 1);
    if (failed(places))
      return failure();
    Shaped fitted = fitting(n, {*places, n.shape(0)}, window);
    Value indices = MaxPoolGatherOp::create(
        n.builder(), n.loc(), x, fitted.value, window.kernel, window.strides,
        window.low, high, window.dilations, kLayout);
    if (failed(n.result(1, indices, shape)))
      return failure();
  }
  Value result =
      MaxPoolOp::create(n.builder(), n.loc(), x, window.kernel, window.strides,
                        window.low, high, window.dilations, kLayout);
  return n.result(result, shape);
}

/// Surrounds the spatial dims by zeros.
static Value padByZeros(NodeImport &n, Value x, ArrayRef<int64_t> low,
                        ArrayRef<int64_t> high) {
  auto pads = [&](ArrayRef<int64_t> spatial) {
    SmallVector<OpFoldResult> result(2, n.builder().getIndexAttr(0));
    for (int64_t pad : spatial)
      result.push_back(n.builder().getIndexAttr(pad));
    return result;
  };
  auto type = cast<RankedTensorType>(x.getType());
  return PadOp::create(n.builder(), n.loc(), x,
                       n.b.scalar(0.0, type.getElementType()), pads(low),
                       pads(high), SmallVector<int64_t>(type.getRank(), 0));
}

static LogicalResult importAveragePool(NodeImport &n) {
  bool countPad = n.flagAttr("count_include_pad", false);
  Window window;
  Shape shape;
  if (failed(readPool(n, window, shape)))
    return failure();
  // Sums of narrow floats lose digits.
  Type type = n.elementType(0);
  Value x = fitting(n, n.in(0), window).value;
  if (isNarrowFloat(type))
    x = n.b.convert(x, n.builder().getF32Type());
  SmallVector<int64_t> high = highWithBeyond(window);
  // What ceil_mode adds is not counted even where padding is.
  if (countPad && high != window.high) {
    x = padByZeros(n, x, window.low, window.high);
    window.low.assign(window.rank(), 0);
    high = window.beyond;
    countPad = false;
  }
  Value result =
      AvgPoolOp::create(n.builder(), n.loc(), x, window.kernel, window.strides,
                        window.low, high, window.dilations, kLayout, countPad);
  return n.result(n.b.convert(result, type), shape);
}

//===----------------------------------------------------------------------===//
// Lp norms
//===----------------------------------------------------------------------===//

static Value powerOf(NodeImport &n, Value x, int64_t p) {
  if (p == 1)
    return n.b.unary<AbsOp>(x);
  if (p == 2)
    return n.b.mul(x, x);
  return n.b.pow(n.b.unary<AbsOp>(x), n.b.splatLike(p, x));
}

static Value rootOf(NodeImport &n, Value x, int64_t p) {
  if (p == 1)
    return x;
  if (p == 2)
    return n.b.unary<SqrtOp>(x);
  return n.b.pow(x, n.b.splatLike(1.0 / p, x));
}

static FailureOr<int64_t> readNorm(NodeImport &n) {
  int64_t p = n.intAttr("p", 2);
  if (p < 1 || p > 1024)
    return n.error("expected a norm p in [1, 1024], got " + Twine(p));
  return p;
}

static LogicalResult importLpPool(NodeImport &n) {
  auto p = readNorm(n);
  Window window;
  Shape shape;
  if (failed(p) || failed(readPool(n, window, shape)))
    return failure();
  // The sum is the mean times the window's size, padding counted as zeros.
  Value x = fitting(n, n.in(0), window).value;
  Value mean = AvgPoolOp::create(
      n.builder(), n.loc(), powerOf(n, x, *p), window.kernel,
      window.strides, window.low, highWithBeyond(window), window.dilations,
      kLayout, /*count_include_pad=*/true);
  double size = 1;
  for (int64_t extent : window.kernel)
    size *= extent;
  return n.result(rootOf(n, n.b.mulScalar(mean, size), *p), shape);
}

//===----------------------------------------------------------------------===//
// Whole images
//===----------------------------------------------------------------------===//

static FailureOr<SmallVector<int64_t>> spatialDims(NodeImport &n) {
  if (n.rank(0) < 3)
    return n.misfit("expected an image of rank 3 or more, got " +
                    Twine(n.rank(0)));
  SmallVector<int64_t> dims;
  for (int64_t dim = 2; dim < n.rank(0); ++dim)
    dims.push_back(dim);
  return dims;
}

static LogicalResult importGlobalAveragePool(NodeImport &n) {
  auto dims = spatialDims(n);
  if (failed(dims))
    return failure();
  return n.result(n.reduceMean(n.in(0), *dims, /*keep=*/true));
}

static LogicalResult importGlobalMaxPool(NodeImport &n) {
  auto dims = spatialDims(n);
  if (failed(dims))
    return failure();
  Value max = ReduceMaxOp::create(n.builder(), n.loc(), n.value(0), *dims);
  return n.result(n.keepDims(max, n.shape(0), *dims, /*keep=*/true));
}

static LogicalResult importGlobalLpPool(NodeImport &n) {
  auto p = readNorm(n);
  auto dims = spatialDims(n);
  if (failed(p) || failed(dims))
    return failure();
  Shaped power{powerOf(n, n.value(0), *p), n.shape(0)};
  Shaped sum = n.reduceSum(power, *dims, /*keep=*/true);
  return n.result(rootOf(n, sum.value, *p), sum.shape);
}

static constexpr OpEntry kOps[] = {
    {"AveragePool", {1, 7, 10, 11, 19, 22}, 1, 1, 1, kFloat, importAveragePool},
    {"GlobalAveragePool", {1, 22}, 1, 1, 1, kFloat, importGlobalAveragePool},
    {"GlobalLpPool", {2, 22}, 1, 1, 1, kFloat, importGlobalLpPool},
    {"GlobalMaxPool", {1, 22}, 1, 1, 1, kFloat, importGlobalMaxPool},
    {"LpPool", {2, 11, 18, 22}, 1, 1, 1, kFloat, importLpPool},
    {"MaxPool", {1, 8, 10, 11, 12, 22}, 1, 1, 2, kNumber, importMaxPool},
};

void msc::onnx::addPoolingOps(OpTable &table) { table.add(kOps); }
