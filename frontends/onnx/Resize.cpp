//===- Resize.cpp - Images at another size --------------------------------===//
//
// All modes of Resize are separable. For each axis two small tables say which
// elements a new one is made of and with what weights; they are made of ops of
// the graph, whatever is known of the extents, and with static ones they are
// hoisted out of the program. Where a tie decides (nearest), coordinates
// are rounded to f32 as ONNX Runtime does.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/resampling/Resampling.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

namespace {

enum class Mode { Nearest, Linear, Cubic };
enum class Transform {
  HalfPixel,
  HalfPixelSymmetric,
  PytorchHalfPixel,
  AlignCorners,
  Asymmetric,
  CropAndResize,
  HalfPixelForNearest,
};
/// `Simple` is that of opset 10: floor, but ceil where an axis shrinks.
enum class Rounding { PreferFloor, PreferCeil, Floor, Ceil, Simple };

struct Options {
  Mode mode = Mode::Nearest;
  Transform transform = Transform::Asymmetric;
  Rounding rounding = Rounding::Simple;
  double cubicCoefficient = -0.75, extrapolation = 0;
  bool excludeOutside = false, antialias = false;
};

/// One axis that is resized.
struct Axis {
  int64_t dim;
  Index from, to;
  /// Where it is given, or follows from static extents.
  std::optional<double> scale;
  /// The part that is cut out, f64 scalars; null for the whole axis.
  Value roiStart, roiEnd;
};

/// The tables of one axis.
class AxisTables {
public:
  AxisTables(NodeImport &n, const Options &options, const Axis &axis)
      : n(n), options(options), axis(axis), f32(n.builder().getF32Type()),
        f64(n.builder().getF64Type()),
        i64(n.builder().getI64Type()), shape{axis.to}, x(coordinates()) {}

  /// Of nearest mode: one place for each new element.
  Value nearestPlaces() {
    Value rounded;
    bool shrinks = axis.scale && *axis.scale < 1;
    switch (options.rounding) {
    case Rounding::PreferFloor:
      rounded = n.b.unary<CeilOp>(n.b.addScalar(x, -0.5));
      break;
    case Rounding::PreferCeil:
      rounded = n.b.unary<FloorOp>(n.b.addScalar(x, 0.5));
      break;
    case Rounding::Ceil:
      rounded = n.b.unary<CeilOp>(x);
      break;
    case Rounding::Floor:
      rounded = n.b.unary<FloorOp>(x);
      break;
    case Rounding::Simple:
      rounded = shrinks ? n.b.unary<CeilOp>(x) : n.b.unary<FloorOp>(x);
      break;
    }
    return clamped(n.b.convert(rounded, i64), shape);
  }

  struct Neighbours {
    Value places, weights;
  };

  /// Places and weights of the neighbours; none if their number is not known.
  std::optional<Neighbours> neighbours() {
    bool isCubic = options.mode == Mode::Cubic;
    double shrink = 1;
    if (options.antialias) {
      if (!axis.scale)
        return std::nullopt;
      shrink = std::min(*axis.scale, 1.0);
    }
    double reach = (isCubic ? 2 : 1) / shrink;
    if (!(reach < 4096))
      return std::nullopt;
    int64_t first = static_cast<int64_t>(std::floor(-reach)) + 1;
    Shape table{axis.to, n.math.constant(2 - 2 * first)};
    auto spread = [&](Value vector) {
      return n.b.broadcast(vector, n.sizes(table), {0});
    };
    Value places = n.b.add(
        spread(n.b.unary<FloorOp>(x)),
        n.b.addScalar(iota(n, table, 1, f32), static_cast<double>(first)));
    Value distance =
        n.b.unary<AbsOp>(n.b.mulScalar(n.b.sub(places, spread(x)), shrink));
    Value weights = isCubic ? cubic(distance) : hat(distance);
    Value integers = n.b.convert(places, i64);
    if (options.excludeOutside) {
      Value zero = n.b.splatLike(0.0, integers);
      Value extent = n.broadcast({n.scalarOf(axis.from, i64), {}}, table);
      Value outside =
          n.b.binary<OrOp>(n.b.compare(Predicate::lt, integers, zero),
                           n.b.compare(Predicate::ge, integers, extent));
      weights = n.b.select(outside, n.b.splatLike(0.0, weights), weights);
    }
    if (options.excludeOutside || options.antialias)
      weights = n.b.div(weights, spread(n.b.reduceSum(weights, {1})));
    return Neighbours{clamped(integers, table), weights};
  }

  /// Whether a new element lies outside of the old ones.
  Value isOutside() {
    Value zero = n.b.splatLike(0.0, x);
    Value last = n.b.addScalar(constant(axis.from, f32), -1.0);
    return n.b.binary<OrOp>(n.b.compare(Predicate::lt, x, zero),
                            n.b.compare(Predicate::gt, x, last));
  }

private:
  Value constant(Index index, Type type) {
    return n.broadcast({n.scalarOf(index, type), {}}, shape);
  }

  Value clamped(Value places, ArrayRef<Index> at) {
    Value zero = n.b.splatLike(0.0, places);
    Value last =
        n.b.addScalar(n.broadcast({n.scalarOf(axis.from, i64), {}}, at), -1.0);
    return n.b.binary<MaxOp>(n.b.binary<MinOp>(places, last), zero);
  }

  Value scale() {
    if (axis.scale)
      return n.splat(static_cast<float>(*axis.scale), shape, f64);
    // Rounded like a scale that is given.
    Value ratio = n.b.div(constant(axis.to, f64), constant(axis.from, f64));
    return n.b.convert(n.b.convert(ratio, f32), f64);
  }

  /// (o + 0.5) / scale
  Value centre(Value o) { return n.b.div(n.b.addScalar(o, 0.5), scale()); }

  /// `many`, or `one` if there is but one new element.
  Value ifSeveral(Value many, Value one) {
    if (auto extent = constantOf(axis.to))
      return *extent > 1 ? many : one;
    Value count = constant(axis.to, f64);
    return n.b.select(
        n.b.compare(Predicate::gt, count, n.b.splatLike(1.0, count)), many,
        one);
  }

  /// Where the new elements lie among the old ones, in f32. The quotient of two
  /// f32 in f64 rounds to what their quotient in f32 is.
  Value coordinates() {
    Value o = iota(n, shape, 0, f64);
    Value zero = n.b.splatLike(0.0, o);
    auto rounded = [&](Value value) { return n.b.convert(value, f32); };
    switch (options.transform) {
    case Transform::HalfPixel:
      return n.b.addScalar(rounded(centre(o)), -0.5);
    case Transform::PytorchHalfPixel:
      return ifSeveral(n.b.addScalar(rounded(centre(o)), -0.5), rounded(zero));
    case Transform::HalfPixelForNearest:
      return rounded(centre(o));
    case Transform::Asymmetric:
      return rounded(n.b.div(o, scale()));
    case Transform::AlignCorners: {
      Value last = n.b.addScalar(constant(axis.to, f64), -1.0);
      Value lastBefore = n.b.addScalar(constant(axis.from, f64), -1.0);
      return rounded(ifSeveral(n.b.div(n.b.mul(o, lastBefore), last), zero));
    }
    case Transform::HalfPixelSymmetric: {
      Value extent = constant(axis.from, f64);
      Value adjustment =
          n.b.div(constant(axis.to, f64), n.b.mul(scale(), extent));
      Value offset = n.b.mul(n.b.mulScalar(extent, 0.5),
                             n.b.addScalar(n.b.neg(adjustment), 1.0));
      return rounded(n.b.addScalar(n.b.add(offset, centre(o)), -0.5));
    }
    case Transform::CropAndResize: {
      auto spread = [&](Value scalar) {
        return n.broadcast({scalar, {}}, shape);
      };
      Value start = spread(axis.roiStart), end = spread(axis.roiEnd);
      Value lastBefore = n.b.addScalar(constant(axis.from, f64), -1.0);
      Value last = n.b.addScalar(constant(axis.to, f64), -1.0);
      Value step = n.b.div(n.b.mul(n.b.sub(end, start), lastBefore), last);
      Value many = n.b.add(n.b.mul(start, lastBefore), n.b.mul(o, step));
      Value one = n.b.mul(n.b.mulScalar(n.b.add(start, end), 0.5), lastBefore);
      return rounded(ifSeveral(many, one));
    }
    }
    llvm_unreachable("no such transformation");
  }

  /// max(1 - d, 0)
  Value hat(Value d) {
    Value height = n.b.addScalar(n.b.neg(d), 1.0);
    return n.b.binary<MaxOp>(height, n.b.splatLike(0.0, height));
  }

  /// Keys' piecewise cubic with the coefficient a.
  Value cubic(Value d) {
    double a = options.cubicCoefficient;
    auto horner = [&](ArrayRef<double> coefficients) {
      Value sum = n.b.splatLike(coefficients[0], d);
      for (double next : coefficients.drop_front())
        sum = n.b.addScalar(n.b.mul(sum, d), next);
      return sum;
    };
    Value near = horner({a + 2, -(a + 3), 0, 1});
    Value far = horner({a, -5 * a, 8 * a, -4 * a});
    Value isNear = n.b.compare(Predicate::le, d, n.b.splatLike(1.0, d));
    Value isFar = n.b.compare(Predicate::lt, d, n.b.splatLike(2.0, d));
    return n.b.select(isNear, near,
                      n.b.select(isFar, far, n.b.splatLike(0.0, d)));
  }

  NodeImport &n;
  const Options &options;
  const Axis &axis;
  Type f32, f64, i64;
  Shape shape;
  Value x;
};

} // namespace

/// Resizes the axes one after the other.
static LogicalResult resize(NodeImport &n, const Options &options,
                            ArrayRef<Axis> axes) {
  Type type = n.elementType(0);
  bool isNearest = options.mode == Mode::Nearest;
  Type computeType = isNearest || (isa<FloatType>(type) && !isNarrowFloat(type))
                         ? type
                         : Type(n.builder().getF32Type());
  Shaped x = n.convert(n.in(0), computeType);
  SmallVector<std::pair<int64_t, Value>> outside;
  bool crops = options.transform == Transform::CropAndResize;
  for (const Axis &axis : axes) {
    if (axis.from == axis.to && axis.scale.value_or(1.0) == 1.0 && !crops)
      continue;
    if (!n.atLeastZero(n.math.add(axis.from, -1), "an axis that is not empty"))
      return n.misfit("expected axes that are not empty");
    AxisTables tables(n, options, axis);
    x.shape[axis.dim] = axis.to;
    if (isNearest) {
      std::string before = dimLetters('a', axis.dim);
      std::string after = dimLetters('a' + axis.dim, n.rank(0) - axis.dim - 1);
      x.value = gather(n, before + "*" + after + ",O->" + before + "O" + after,
                       x.value, tables.nearestPlaces());
    } else {
      auto found = tables.neighbours();
      if (!found)
        return n.unsupported("antialiasing by a scale that is not known at "
                             "compile time");
      x.value = ResampleOp::create(n.builder(), n.loc(), x.value, found->places,
                                   n.b.convert(found->weights, computeType),
                                   axis.dim);
    }
    if (crops)
      outside.emplace_back(axis.dim, tables.isOutside());
  }
  for (auto [dim, mask] : outside)
    x.value = n.b.select(n.broadcastVector(mask, x.shape, dim),
                         n.splat(options.extrapolation, x.shape, computeType),
                         x.value);
  return n.result(n.convert(x, type));
}

//===----------------------------------------------------------------------===//
// Reading the node
//===----------------------------------------------------------------------===//

/// floor(extent * scale).
static FailureOr<Index> scaled(NodeImport &n, Index extent, double scale) {
  if (!(scale > 0) || scale > 1e6)
    return n.error("expected scales above 0, got " + std::to_string(scale));
  if (auto constant = constantOf(extent))
    // As the product of a f32 and an integer.
    return n.math.constant(static_cast<int64_t>(std::floor(
        static_cast<double>(static_cast<float>(scale)) * *constant)));
  // Exact for scales such as 2, 1.5 or 0.25.
  for (int64_t divisor = 1; divisor <= 1024; divisor *= 2)
    if (scale * divisor == std::floor(scale * divisor))
      if (Index product =
              n.math.mul(extent, static_cast<int64_t>(scale * divisor)))
        return n.math.floorDiv(product, divisor);
  return n.unsupported("a scale of " + std::to_string(scale) +
                       " for an extent that is not known at compile time");
}

static FailureOr<Mode> readMode(NodeImport &n) {
  std::string mode = n.stringAttr("mode", "nearest");
  if (mode == "nearest")
    return Mode::Nearest;
  if (mode == "linear" || mode == "bilinear")
    return Mode::Linear;
  if (mode == "cubic" && n.version >= 11)
    return Mode::Cubic;
  return n.error("expected nearest, linear or cubic as mode, got " +
                 quoted(mode));
}

static LogicalResult readOptions(NodeImport &n, Options &options) {
  auto mode = readMode(n);
  if (failed(mode))
    return failure();
  options.mode = *mode;
  if (n.version < 11)
    return success();
  std::string transform =
      n.stringAttr("coordinate_transformation_mode", "half_pixel");
  std::optional<Transform> known;
  for (auto [name, value] :
       {std::pair("half_pixel", Transform::HalfPixel),
        std::pair("half_pixel_symmetric", Transform::HalfPixelSymmetric),
        std::pair("pytorch_half_pixel", Transform::PytorchHalfPixel),
        std::pair("align_corners", Transform::AlignCorners),
        std::pair("asymmetric", Transform::Asymmetric),
        std::pair("tf_crop_and_resize", Transform::CropAndResize),
        std::pair("tf_half_pixel_for_nn", Transform::HalfPixelForNearest)})
    if (transform == name)
      known = value;
  if (!known)
    return n.error("unknown coordinate transformation " + quoted(transform));
  options.transform = *known;
  std::string rounding = n.stringAttr("nearest_mode", "round_prefer_floor");
  std::optional<Rounding> way;
  for (auto [name, value] :
       {std::pair("round_prefer_floor", Rounding::PreferFloor),
        std::pair("round_prefer_ceil", Rounding::PreferCeil),
        std::pair("floor", Rounding::Floor), std::pair("ceil", Rounding::Ceil)})
    if (rounding == name)
      way = value;
  if (!way)
    return n.error("unknown nearest mode " + quoted(rounding));
  options.rounding = *way;
  options.cubicCoefficient = n.floatAttr("cubic_coeff_a", -0.75);
  options.extrapolation = n.floatAttr("extrapolation_value", 0.0);
  options.excludeOutside = n.flagAttr("exclude_outside", false);
  options.antialias = n.version >= 18 && n.flagAttr("antialias", false) &&
                      options.mode != Mode::Nearest;
  return success();
}

/// The dims that scales, sizes and the region are about, in that order.
static FailureOr<SmallVector<int64_t>> readAxes(NodeImport &n) {
  SmallVector<int64_t> dims;
  auto given = n.version >= 18 ? n.intsAttr("axes") : std::nullopt;
  if (!given) {
    for (int64_t dim = 0; dim < n.rank(0); ++dim)
      dims.push_back(dim);
    return dims;
  }
  if (failed(n.axes(*given, n.rank(0))))
    return failure();
  for (int64_t dim : *given)
    dims.push_back(dim < 0 ? dim + n.rank(0) : dim);
  return dims;
}

static LogicalResult setScales(NodeImport &n, ArrayRef<double> scales,
                               MutableArrayRef<Axis> axes) {
  if (scales.size() != axes.size())
    return n.error("expected " + Twine(axes.size()) + " scales, got " +
                   Twine(scales.size()));
  for (auto [axis, scale] : llvm::zip_equal(axes, scales)) {
    auto extent = scaled(n, axis.from, scale);
    if (failed(extent))
      return failure();
    axis.to = *extent;
    axis.scale = scale;
  }
  return success();
}

/// Sizes, or by policy the sizes that keep the aspect ratio.
static LogicalResult setSizes(NodeImport &n, unsigned input,
                              MutableArrayRef<Axis> axes) {
  auto sizes = n.elements(input);
  if (!sizes)
    return n.unsupported("sizes that are not known at compile time");
  if (sizes->size() != axes.size())
    return n.error("expected " + Twine(axes.size()) + " sizes, got " +
                   Twine(sizes->size()));
  for (auto [axis, size] : llvm::zip_equal(axes, *sizes)) {
    if (n.math.rangeOf(size).min < 0)
      return n.error("expected sizes of at least 0, got " +
                     n.math.toString(size));
    axis.to = size;
    auto before = constantOf(axis.from), after = constantOf(size);
    if (axis.from == axis.to)
      axis.scale = 1.0;
    else if (before && after && *before > 0)
      axis.scale = static_cast<float>(*after) / static_cast<float>(*before);
  }
  std::string policy =
      n.version < 18 ? "stretch"
                     : n.stringAttr("keep_aspect_ratio_policy", "stretch");
  if (policy == "stretch")
    return success();
  if (policy != "not_larger" && policy != "not_smaller")
    return n.error("unknown aspect ratio policy " + quoted(policy));
  std::optional<double> common;
  for (const Axis &axis : axes) {
    if (!axis.scale)
      return n.unsupported("a kept aspect ratio of extents that are not known "
                           "at compile time");
    if (!common)
      common = *axis.scale;
    common = policy == "not_larger" ? std::min(*common, *axis.scale)
                                    : std::max(*common, *axis.scale);
  }
  for (Axis &axis : axes) {
    auto extent = constantOf(axis.from);
    if (!extent)
      return n.unsupported("a kept aspect ratio of extents that are not known "
                           "at compile time");
    axis.scale = common;
    axis.to = n.math.constant(
        static_cast<int64_t>(std::floor(*common * *extent + 0.5)));
  }
  return success();
}

static LogicalResult setRegions(NodeImport &n, MutableArrayRef<Axis> axes) {
  auto extents = n.has(1) ? n.staticShape(n.shape(1)) : std::nullopt;
  int64_t count = axes.size();
  if (!extents || extents->size() != 1 || extents->front() != 2 * count)
    return n.error("expected a region of " + Twine(2 * count) + " numbers");
  Type f64 = n.builder().getF64Type();
  auto at = [&](int64_t position) {
    OpBuilder &b = n.builder();
    Value taken = SliceOp::create(
        b, n.loc(), n.value(1), OpFoldResult(b.getIndexAttr(position)),
        OpFoldResult(b.getIndexAttr(1)), OpFoldResult(b.getIndexAttr(1)));
    return n.b.convert(n.b.reshape(taken, {}), f64);
  };
  for (auto [i, axis] : llvm::enumerate(axes)) {
    axis.roiStart = at(i);
    axis.roiEnd = at(count + i);
  }
  return success();
}

static LogicalResult importResize(NodeImport &n) {
  Options options;
  if (failed(readOptions(n, options)))
    return failure();
  auto dims = readAxes(n);
  if (failed(dims))
    return failure();
  if (n.rank(0) > 26)
    return n.unsupported("a tensor of rank " + Twine(n.rank(0)));
  SmallVector<Axis> axes;
  for (int64_t dim : *dims)
    axes.push_back({dim, n.shape(0)[dim], {}, std::nullopt, {}, {}});
  // Scales are input 1 up to opset 10. An empty tensor is one left out.
  unsigned scalesInput = n.version < 11 ? 1 : 2;
  auto isThere = [&](unsigned i) {
    return n.has(i) && !(n.rank(i) == 1 && constantOf(n.shape(i)[0]) == 0);
  };
  if (isThere(scalesInput) && isThere(3) && n.version >= 11)
    return n.error("expected scales or sizes, got both");
  if (isThere(scalesInput)) {
    auto scales = n.numbers(scalesInput);
    if (!scales)
      return n.unsupported("scales that are not known at compile time");
    if (failed(setScales(n, *scales, axes)))
      return failure();
  } else if (n.version >= 11 && isThere(3)) {
    if (failed(setSizes(n, 3, axes)))
      return failure();
  } else {
    return n.error("expected scales or sizes, got neither");
  }
  if (options.transform == Transform::CropAndResize &&
      failed(setRegions(n, axes)))
    return failure();
  return resize(n, options, axes);
}

static LogicalResult importUpsample(NodeImport &n) {
  Options options;
  auto mode = readMode(n);
  if (failed(mode))
    return failure();
  options.mode = *mode;
  options.rounding = Rounding::Floor;
  if (n.rank(0) > 26)
    return n.unsupported("a tensor of rank " + Twine(n.rank(0)));
  SmallVector<Axis> axes;
  for (int64_t dim = 0; dim < n.rank(0); ++dim)
    axes.push_back({dim, n.shape(0)[dim], {}, std::nullopt, {}, {}});
  std::optional<SmallVector<double>> scales;
  if (n.version < 9) {
    if (const NodeAttribute *list =
            n.attr("scales", NodeAttribute::Kind::Floats))
      scales.emplace(list->floats.begin(), list->floats.end());
  } else if (n.has(1)) {
    scales = n.numbers(1);
    if (!scales)
      return n.unsupported("scales that are not known at compile time");
  }
  if (!scales)
    return n.error("expected scales");
  if (failed(setScales(n, *scales, axes)))
    return failure();
  return resize(n, options, axes);
}

static constexpr OpEntry kOps[] = {
    {"Resize", {10, 11, 13, 18, 19}, 1, 4, 1, kAny, importResize},
    {"Upsample", {7, 9}, 1, 2, 1, kAny, importUpsample},
};

void msc::onnx::addResizeOps(OpTable &table) { table.add(kOps); }
