//===- RoiAlign.cpp - Regions of images at one size -----------------------===//
//
// A region is divided into bins, and each bin is the mean or the maximum of
// samples between pixels. Unless their number is given it follows from the
// region's size, which the data decide: the samples are a loop over as many as
// the largest region has, in which smaller ones sit out.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"
#include "frontends/onnx/LoopBody.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

namespace {

/// What is the same along rows and along columns of the image.
struct RegionAxis {
  Index extent;  // of the image
  Index bins;    // of a region
  Value start;   // of each region, in pixels: [R]
  Value bin;     // size of a bin: [R]
  Value samples; // in a bin: [R], whole numbers
  Index most;    // samples of any region
};

/// The two pixels around a sample, with their weights: [R, bins].
struct Neighbours {
  Value places[2], weights[2];
};

class RoiAlign {
public:
  explicit RoiAlign(NodeImport &n) : n(n), i64(n.builder().getI64Type()) {}

  LogicalResult run();

private:
  LogicalResult readOptions();
  LogicalResult readShapes();
  void measure(RegionAxis &axis, int64_t first);
  Neighbours neighbours(const RegionAxis &axis, Index sample);
  Value sampled(Index row, Index column, Value before);
  FailureOr<Value> loop(Value init);

  /// [R] or [R, bins of an axis] over [R, rows, columns].
  Value overBins(Value value, ArrayRef<int64_t> dims) {
    return n.b.broadcast(value, n.sizes(bins), dims);
  }
  Value isAbove(Value lhs, Value rhs) {
    return n.b.compare(Predicate::gt, lhs, rhs);
  }

  NodeImport &n;
  Type i64, type; // that is computed in
  bool isMaximum = false;
  double scale = 1, offset = 0;
  int64_t ratio = 0;
  Shaped image, regions;
  Shape bins;   // [R, rows, columns]
  Shape result; // [R, C, rows, columns]
  Value batch;  // [R]
  RegionAxis axes[2];
};

} // namespace

LogicalResult RoiAlign::readOptions() {
  std::string mode = n.stringAttr("mode", "avg");
  if (mode != "avg" && mode != "max")
    return n.error("expected avg or max as mode, got " + quoted(mode));
  isMaximum = mode == "max";
  std::string transform =
      n.version < 16
          ? "output_half_pixel"
          : n.stringAttr("coordinate_transformation_mode", "half_pixel");
  if (transform != "half_pixel" && transform != "output_half_pixel")
    return n.error("unknown coordinate transformation " + quoted(transform));
  offset = transform == "half_pixel" ? 0.5 : 0;
  scale = n.floatAttr("spatial_scale", 1.0);
  ratio = n.intAttr("sampling_ratio", 0);
  if (ratio < 0 || ratio > 65536)
    return n.error("expected a sampling ratio of at least 0, got " +
                   Twine(ratio));
  StringRef names[] = {"output_height", "output_width"};
  for (auto [axis, name] : llvm::zip_equal(axes, names)) {
    int64_t extent = n.intAttr(name, 1);
    if (extent < 1 || extent > 65536)
      return n.error("expected " + name + " of at least 1, got " +
                     Twine(extent));
    axis.bins = n.math.constant(extent);
  }
  return success();
}

LogicalResult RoiAlign::readShapes() {
  if (n.rank(0) != 4 || n.rank(1) != 2 || n.rank(2) != 1)
    return n.error("expected ranks 4, 2 and 1, got " + Twine(n.rank(0)) + ", " +
                   Twine(n.rank(1)) + " and " + Twine(n.rank(2)));
  if (n.elementType(1) != n.elementType(0) || !n.elementType(2).isInteger(64))
    return n.error("expected regions of the image's type and the images that "
                   "they are of (i64)");
  auto shape = n.agreedShape(n.shape(1), {n.shape(2)[0], n.math.constant(4)},
                             "4 numbers and an image for each region");
  if (failed(shape))
    return failure();
  type = isNarrowFloat(n.elementType(0)) ? n.builder().getF32Type()
                                         : n.elementType(0);
  image = n.convert(n.in(0), type);
  regions = n.convert(n.agreed(n.in(1), *shape), type);
  bins = {(*shape)[0], axes[0].bins, axes[1].bins};
  result = {(*shape)[0], image.shape[1], axes[0].bins, axes[1].bins};
  batch = n.agreed(n.in(2), {bins[0]}).value;
  axes[0].extent = image.shape[2];
  axes[1].extent = image.shape[3];
  for (const RegionAxis &axis : axes)
    if (!n.atLeastZero(n.math.add(axis.extent, -1), "an image of pixels"))
      return n.misfit("expected an image that is not empty");
  return success();
}

/// Regions are [x1, y1, x2, y2]; `first` is the place of an axis among them.
void RoiAlign::measure(RegionAxis &axis, int64_t first) {
  Index zero = n.math.constant(0), one = n.math.constant(1);
  Shape column{bins[0], one}, vector{bins[0]};
  auto number = [&](int64_t at) {
    Value taken = n.b.slice(regions.value,
                            n.sizes({zero, n.math.constant(at)}),
                            n.sizes(column), n.sizes({one, one}));
    Value edge = n.b.mulScalar(n.reshape({taken, column}, vector).value, scale);
    return offset ? n.b.addScalar(edge, -offset) : edge;
  };
  axis.start = number(first);
  Value size = n.b.sub(number(first + 2), axis.start);
  // Before there were half pixels no region was less than one.
  if (offset == 0)
    size = n.b.binary<MaxOp>(size, n.b.splatLike(1.0, size));
  double count = static_cast<double>(*constantOf(axis.bins));
  axis.bin = n.b.div(size, n.b.splatLike(count, size));
  if (ratio > 0) {
    axis.samples = n.b.splatLike(static_cast<double>(ratio), size);
    axis.most = n.math.constant(ratio);
    return;
  }
  axis.samples = n.b.unary<CeilOp>(axis.bin);
  Value most = n.b.reduce<ReduceMaxOp>(n.b.convert(axis.samples, i64), {0});
  most = n.b.binary<MaxOp>(most, n.b.splatLike(0.0, most));
  axis.most = n.countOf(most, n.math.constant(int64_t(1) << 30));
}

Neighbours RoiAlign::neighbours(const RegionAxis &axis, Index sample) {
  Shape shape{bins[0], axis.bins};
  auto each = [&](Value vector) {
    return n.b.broadcast(vector, n.sizes(shape), {0});
  };
  auto scalar = [&](Index index, Type as) {
    return n.broadcast({n.scalarOf(index, as), {}}, shape);
  };
  // start + bin * (number + (sample + 0.5) / samples)
  Value within = n.b.div(n.b.addScalar(scalar(sample, type), 0.5),
                         each(axis.samples));
  Value at = n.b.add(
      each(axis.start),
      n.b.mul(each(axis.bin), n.b.add(iota(n, shape, 1, type), within)));
  Value last = scalar(n.math.add(axis.extent, -1), type);
  Value isOutside = n.b.binary<OrOp>(
      isAbove(n.b.splatLike(-1.0, at), at),
      isAbove(at, scalar(axis.extent, type)));
  at = n.b.binary<MaxOp>(at, n.b.splatLike(0.0, at));
  at = n.b.binary<MinOp>(at, last);
  Value low = n.b.unary<FloorOp>(at);
  Value high = n.b.binary<MinOp>(n.b.addScalar(low, 1.0), last);
  Value far = n.b.sub(at, low);
  Value near = n.b.addScalar(n.b.neg(far), 1.0);
  Value zero = n.b.splatLike(0.0, at);
  return {{n.b.convert(low, i64), n.b.convert(high, i64)},
          {n.b.select(isOutside, zero, near), n.b.select(isOutside, zero, far)}};
}

/// One sample of each bin, taken together with those before.
Value RoiAlign::sampled(Index row, Index column, Value before) {
  Neighbours rows = neighbours(axes[0], row), columns = neighbours(axes[1], column);
  Shape placed = bins;
  placed.push_back(n.math.constant(1));
  auto place = [&](Value value) {
    return n.reshape({value, bins}, placed).value;
  };
  auto overChannels = [&](Value value) {
    return n.b.broadcast(value, n.sizes(result), {0, 2, 3});
  };
  Value all;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j) {
      SmallVector<Value> parts{place(overBins(batch, {0})),
                               place(overBins(rows.places[i], {0, 1})),
                               place(overBins(columns.places[j], {0, 2}))};
      Value indices = ConcatOp::create(n.builder(), n.loc(), parts, 3);
      Value weight = n.b.mul(overBins(rows.weights[i], {0, 1}),
                             overBins(columns.weights[j], {0, 2}));
      Value pixel = n.b.mul(gather(n, "*a**,ABC*->AaBC", image.value, indices),
                            overChannels(weight));
      if (!all)
        all = pixel;
      else
        all = isMaximum ? n.b.binary<MaxOp>(all, pixel) : n.b.add(all, pixel);
    }
  Value takesPart = n.b.binary<AndOp>(
      isAbove(axes[0].samples, n.broadcast({n.scalarOf(row, type), {}}, {bins[0]})),
      isAbove(axes[1].samples,
              n.broadcast({n.scalarOf(column, type), {}}, {bins[0]})));
  Value next =
      isMaximum ? n.b.binary<MaxOp>(before, all) : n.b.add(before, all);
  return n.b.select(overChannels(overBins(takesPart, {0})), next, before);
}

FailureOr<Value> RoiAlign::loop(Value init) {
  Index count = n.math.mul(axes[0].most, axes[1].most);
  if (!count)
    return n.error("too many samples");
  Tensor carry;
  carry.elementType = type;
  carry.shape = result;
  carry.value = init;
  LoopBody loop(n, count);
  Value before = loop.addCarry(carry).value;
  loop.enter();
  Index row = n.math.floorDiv(loop.getIteration(), axes[1].most);
  Index column =
      n.math.sub(loop.getIteration(), n.math.mul(row, axes[1].most));
  carry.value = sampled(row, column, before);
  LogicalResult made = loop.yield({carry});
  loop.leave();
  if (failed(made) || failed(loop.finishFor(count)))
    return failure();
  return loop.carry(0).value;
}

LogicalResult RoiAlign::run() {
  if (failed(readOptions()) || failed(readShapes()))
    return failure();
  measure(axes[0], 1);
  measure(axes[1], 0);
  auto samples = loop(n.splat(isMaximum ? -INFINITY : 0.0, result, type));
  if (failed(samples))
    return failure();
  Value number = n.b.mul(axes[0].samples, axes[1].samples);
  auto overResult = [&](Value value) {
    return n.b.broadcast(value, n.sizes(result), {0});
  };
  Value y = *samples;
  if (isMaximum) {
    // Of no samples 0.
    Value isThere = isAbove(number, n.b.splatLike(0.0, number));
    y = n.b.select(overResult(isThere), y, n.b.splatLike(0.0, y));
  } else {
    number = n.b.binary<MaxOp>(number, n.b.splatLike(1.0, number));
    y = n.b.div(y, overResult(number));
  }
  return n.result(n.convert({y, result}, n.elementType(0)));
}

static LogicalResult importRoiAlign(NodeImport &n) { return RoiAlign(n).run(); }

static constexpr OpEntry kOps[] = {
    {"RoiAlign", {10, 16, 22}, 3, 3, 1, kFloat, importRoiAlign},
};

void msc::onnx::addRoiAlignOps(OpTable &table) { table.add(kOps); }
