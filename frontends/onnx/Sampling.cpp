//===- Sampling.cpp - Images at positions that tensors hold ---------------===//
//
// Positions are arithmetic on tensors of coordinates; the image is flattened
// along its spatial dims, so that one index says where a pixel is. Elements and
// arithmetic are elementwise and become one loop nest.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

//===----------------------------------------------------------------------===//
// GridSample
//===----------------------------------------------------------------------===//

namespace {

enum class Padding { Zeros, Border, Reflection };

/// Samples an image [N, C, S..] at a grid [N, P.., s] of coordinates in [-1,
/// 1], of which the last is the slowest dim of the image.
class GridSampler {
public:
  explicit GridSampler(NodeImport &n)
      : n(n), rank(n.rank(0) - 2), image(n.shape(0)),
        places(ArrayRef<Index>(n.shape(1)).drop_back()),
        type(isNarrowFloat(n.elementType(1)) ? n.builder().getF32Type()
                                             : n.elementType(1)),
        i64(n.builder().getI64Type()) {}

  LogicalResult readAttributes() {
    std::string modeName =
        n.stringAttr("mode", n.version < 20 ? "bilinear" : "linear");
    if (modeName == "bilinear" || modeName == "linear")
      taps = 2;
    else if (modeName == "nearest")
      taps = 1;
    else if (modeName == "bicubic" || modeName == "cubic")
      taps = 4;
    else
      return n.error("expected nearest, linear or cubic as mode, got " +
                     quoted(modeName));
    std::string paddingName = n.stringAttr("padding_mode", "zeros");
    if (paddingName == "zeros")
      padding = Padding::Zeros;
    else if (paddingName == "border")
      padding = Padding::Border;
    else if (paddingName == "reflection")
      padding = Padding::Reflection;
    else
      return n.error("expected zeros, border or reflection as padding, got " +
                     quoted(paddingName));
    alignCorners = n.flagAttr("align_corners", false);
    return success();
  }

  LogicalResult run() {
    if (rank < 1 || n.rank(1) != n.rank(0) || n.rank(0) > 26)
      return n.error("expected image and grid of one rank of at least 3, got " +
                     Twine(n.rank(0)) + " and " + Twine(n.rank(1)));
    if (constantOf(n.shape(1).back()) != rank)
      return n.error("expected a grid of " + Twine(rank) +
                     " coordinates a place, got " + n.toString(n.shape(1)));
    if (image[0] != places[0])
      return n.error("expected one batch, got " + n.toString(image) + " and " +
                     n.toString(n.shape(1)));
    if (failed(readAttributes()))
      return failure();
    for (int64_t dim = 0; dim < rank; ++dim)
      if (n.math.rangeOf(image[dim + 2]).min < 1)
        return n.unsupported("an image that may be empty");
    for (int64_t dim = 0; dim < rank; ++dim)
      coordinates.push_back(coordinate(dim));

    flat = n.reshape(n.in(0),
                     {image[0], image[1],
                      n.math.product(ArrayRef<Index>(image).drop_front(2))});
    result = {image[0], image[1]};
    llvm::append_range(result, ArrayRef<Index>(places).drop_front());
    Value sum = addTaps(0, {}, {}, {});
    Type element = n.elementType(0);
    return n.result(n.convert({sum, result}, element));
  }

private:
  /// Of a dim of the image, in pixels.
  Value coordinate(int64_t dim) {
    OpBuilder &b = n.builder();
    Shape slice = n.shape(1);
    slice.back() = n.math.constant(1);
    SmallVector<OpFoldResult> offsets(n.rank(1), b.getIndexAttr(0)),
        ones(n.rank(1), b.getIndexAttr(1));
    offsets.back() = b.getIndexAttr(rank - 1 - dim);
    Value taken =
        SliceOp::create(b, n.loc(), n.value(1), offsets, n.sizes(slice), ones);
    Value x = n.b.convert(n.reshape({taken, slice}, places).value, type);
    Value extent = extentOf(dim, type);
    // [-1, 1] are the centres of the outer pixels, or their borders.
    if (alignCorners)
      return n.b.mul(n.b.mulScalar(n.b.addScalar(x, 1.0), 0.5),
                     n.b.addScalar(extent, -1.0));
    Value scaled = n.b.mul(n.b.addScalar(x, 1.0), extent);
    return n.b.mulScalar(n.b.addScalar(scaled, -1.0), 0.5);
  }

  Value extentOf(int64_t dim, Type of) {
    return n.broadcast({n.scalarOf(image[dim + 2], of), {}}, places);
  }

  /// Between the borders: x as it is; outside of them mirrored.
  Value reflected(Value x, int64_t dim) {
    Value extent = extentOf(dim, type);
    Value low = n.b.splatLike(alignCorners ? 0.0 : -0.5, x);
    Value span = alignCorners ? n.b.addScalar(extent, -1.0) : extent;
    // An image of one pixel has nothing between the centres of its outer ones.
    Value zero = n.b.splatLike(0.0, x);
    Value isNothing = n.b.compare(Predicate::le, span, zero);
    Value safe = n.b.select(isNothing, n.b.splatLike(1.0, x), span);
    Value distance = n.b.unary<AbsOp>(n.b.sub(x, low));
    Value turns = n.b.unary<FloorOp>(n.b.div(distance, safe));
    Value rest = n.b.sub(distance, n.b.mul(turns, safe));
    Value half = n.b.mulScalar(turns, 0.5);
    Value isEven = n.b.compare(Predicate::eq, half, n.b.unary<FloorOp>(half));
    Value mirrored = n.b.select(isEven, rest, n.b.sub(safe, rest));
    return n.b.select(isNothing, zero, n.b.add(mirrored, low));
  }

  Value clamped(Value x, int64_t dim) {
    Value last = n.b.addScalar(extentOf(dim, type), -1.0);
    return n.b.binary<MaxOp>(n.b.binary<MinOp>(x, last), n.b.splatLike(0.0, x));
  }

  /// A position brought into the image as the padding says. Integral ones stay
  /// integral.
  Value inside(Value x, int64_t dim) {
    if (padding == Padding::Reflection)
      x = reflected(x, dim);
    return clamped(x, dim);
  }

  Value isInImage(Value x, int64_t dim) {
    Value last = n.b.addScalar(extentOf(dim, type), -1.0);
    return n.b.binary<AndOp>(
        n.b.compare(Predicate::ge, x, n.b.splatLike(0.0, x)),
        n.b.compare(Predicate::le, x, last));
  }

  /// Keys' cubic with the coefficient -0.75, at a distance.
  Value cubic(Value d) {
    constexpr double a = -0.75;
    auto horner = [&](ArrayRef<double> coefficients) {
      Value sum = n.b.splatLike(coefficients[0], d);
      for (double next : coefficients.drop_front())
        sum = n.b.addScalar(n.b.mul(sum, d), next);
      return sum;
    };
    return n.b.select(n.b.compare(Predicate::le, d, n.b.splatLike(1.0, d)),
                      horner({a + 2, -(a + 3), 0, 1}),
                      horner({a, -5 * a, 8 * a, -4 * a}));
  }

  /// The sum over the neighbours in dim `dim` and those after it, given where
  /// the dims before it are: a flat place, a weight and whether it is there.
  Value addTaps(int64_t dim, Value place, Value weight, Value exists) {
    if (dim == rank)
      return pixel(place, weight, exists);
    Value x = coordinates[dim];
    // Linear interpolation within the border is that of a clamped coordinate.
    if (taps != 4 && padding != Padding::Zeros)
      x = inside(x, dim);
    Value first = taps == 1 ? n.b.unary<RoundEvenOp>(x) : n.b.unary<FloorOp>(x);
    Value sum;
    for (int64_t tap = 0; tap < taps; ++tap) {
      double offset = taps == 4 ? tap - 1 : tap;
      Value position = offset == 0 ? first : n.b.addScalar(first, offset);
      Value own;
      if (taps > 1) {
        Value distance = n.b.unary<AbsOp>(n.b.sub(x, position));
        own =
            taps == 4 ? cubic(distance) : n.b.addScalar(n.b.neg(distance), 1.0);
      }
      Value here =
          padding == Padding::Zeros ? isInImage(position, dim) : Value();
      Value integer =
          n.b.convert(padding == Padding::Zeros ? clamped(position, dim)
                                                : inside(position, dim),
                      i64);
      Value next = place ? n.b.add(n.b.mul(place, extentOf(dim, i64)), integer)
                         : integer;
      auto joined = [&](Value all, Value one, auto join) {
        return !all ? one : !one ? all : join(all, one);
      };
      Value part = addTaps(
          dim + 1, next,
          joined(weight, own, [&](Value a, Value b) { return n.b.mul(a, b); }),
          joined(exists, here,
                 [&](Value a, Value b) { return n.b.binary<AndOp>(a, b); }));
      sum = sum ? n.b.add(sum, part) : part;
    }
    return sum;
  }

  Value pixel(Value place, Value weight, Value exists) {
    std::string at = dimLetters('A', rank);
    Value taken = n.b.convert(
        gather(n, "nc*,n" + at + "->nc" + at, flat.value, place), type);
    SmallVector<int64_t> dims{0};
    for (int64_t dim = 0; dim < rank; ++dim)
      dims.push_back(dim + 2);
    auto spread = [&](Value value) {
      return n.b.broadcast(value, n.sizes(result), dims);
    };
    if (weight)
      taken = n.b.mul(taken, spread(weight));
    if (exists)
      taken = n.b.select(spread(exists), taken, n.b.splatLike(0.0, taken));
    return taken;
  }

  NodeImport &n;
  int64_t rank;
  Shape image, places, result;
  Type type, i64;
  int64_t taps = 2;
  Padding padding = Padding::Zeros;
  bool alignCorners = false;
  SmallVector<Value> coordinates;
  Shaped flat;
};

} // namespace

static LogicalResult importGridSample(NodeImport &n) {
  if (!isa<FloatType>(n.elementType(1)))
    return n.error("expected a grid of floats");
  return GridSampler(n).run();
}

//===----------------------------------------------------------------------===//
// AffineGrid
//===----------------------------------------------------------------------===//

/// The coordinates of a target's pixels, mapped by a matrix a batch.
static LogicalResult importAffineGrid(NodeImport &n) {
  auto size = n.elements(1);
  if (!size)
    return n.unsupported("a size that is not known at compile time");
  int64_t rank = static_cast<int64_t>(size->size()) - 2;
  if ((rank != 2 && rank != 3) || n.rank(0) != 3 ||
      constantOf(n.shape(0)[1]) != rank ||
      constantOf(n.shape(0)[2]) != rank + 1)
    return n.error("expected matrices and a size of 2 or 3 spatial dims, got " +
                   n.toString(n.shape(0)) + " and " + Twine(rank + 2) +
                   " extents");
  if (n.shape(0)[0] != (*size)[0])
    return n.error("expected one batch, got " + n.toString(n.shape(0)) +
                   " and " + n.toString(*size));
  bool alignCorners = n.flagAttr("align_corners", false);
  Type element = n.elementType(0);
  Type type = isNarrowFloat(element) ? n.builder().getF32Type() : element;
  Shape target(size->drop_front(2));
  Shape column = target;
  column.push_back(n.math.constant(1));
  // x, y, z of every pixel, then 1.
  SmallVector<Value> columns;
  for (int64_t dim = rank; dim-- > 0;) {
    Value position = iota(n, target, dim, type);
    Value extent = n.broadcast({n.scalarOf(target[dim], type), {}}, target);
    Value at;
    if (alignCorners) {
      Value last = n.b.addScalar(extent, -1.0);
      Value one = n.b.splatLike(1.0, last);
      Value isSingle = n.b.compare(Predicate::lt, last, one);
      Value step =
          n.b.div(n.b.splatLike(2.0, last), n.b.select(isSingle, one, last));
      at = n.b.addScalar(n.b.mul(position, step), -1.0);
      at = n.b.select(isSingle, n.b.splatLike(-1.0, at), at);
    } else {
      Value twice = n.b.mulScalar(n.b.addScalar(position, 0.5), 2.0);
      at = n.b.addScalar(n.b.div(twice, extent), -1.0);
    }
    columns.push_back(n.reshape({at, target}, column).value);
  }
  columns.push_back(n.splat(1.0, column, type));
  Value points = ConcatOp::create(n.builder(), n.loc(), columns, /*axis=*/rank);
  std::string at = dimLetters('A', rank);
  Value grid =
      ContractOp::create(n.builder(), n.loc(), "nij," + at + "j->n" + at + "i",
                         n.b.convert(n.value(0), type), points, type);
  Shape shape{n.shape(0)[0]};
  llvm::append_range(shape, target);
  shape.push_back(n.math.constant(rank));
  return n.result(n.convert({grid, shape}, element));
}

//===----------------------------------------------------------------------===//
// CenterCropPad
//===----------------------------------------------------------------------===//

/// Around the centre, cut where there is too much and padded where too little.
static LogicalResult importCenterCropPad(NodeImport &n) {
  auto wanted = n.elements(1);
  if (!wanted)
    return n.unsupported("a shape that is not known at compile time");
  SmallVector<int64_t> dims;
  if (auto given = n.intsAttr("axes")) {
    if (failed(n.axes(*given, n.rank(0))))
      return failure();
    for (int64_t dim : *given)
      dims.push_back(dim < 0 ? dim + n.rank(0) : dim);
  } else {
    for (int64_t dim = 0; dim < n.rank(0); ++dim)
      dims.push_back(dim);
  }
  if (wanted->size() != dims.size())
    return n.error("expected " + Twine(dims.size()) + " extents, got " +
                   Twine(wanted->size()));
  Index zero = n.math.constant(0);
  Shape offsets(n.rank(0), zero), cut = n.shape(0), low(n.rank(0), zero),
                                  high(n.rank(0), zero), shape = n.shape(0);
  for (auto [dim, extent] : llvm::zip_equal(dims, *wanted)) {
    if (n.math.rangeOf(extent).min < 0)
      return n.error("expected extents of at least 0, got " +
                     n.math.toString(extent));
    Index before = n.shape(0)[dim];
    cut[dim] = n.math.min(before, extent);
    offsets[dim] = n.math.floorDiv(n.math.sub(before, cut[dim]), 2);
    Index missing = n.math.sub(extent, cut[dim]);
    low[dim] = n.math.floorDiv(missing, 2);
    high[dim] = n.math.sub(missing, low[dim]);
    shape[dim] = extent;
    if (!cut[dim] || !offsets[dim] || !low[dim] || !high[dim])
      return n.error("the extents overflow");
  }
  SmallVector<OpFoldResult> ones(n.rank(0), n.builder().getIndexAttr(1));
  SmallVector<int64_t> none(n.rank(0), 0);
  Value x = n.value(0);
  if (cut != n.shape(0))
    x = SliceOp::create(n.builder(), n.loc(), x, n.sizes(offsets), n.sizes(cut),
                        ones);
  if (cut != shape)
    x = PadOp::create(n.builder(), n.loc(), n.typeOf(shape, n.elementType(0)),
                      x, n.b.scalar(0.0, n.elementType(0)), n.sizes(low),
                      n.sizes(high), none);
  return n.result(x, shape);
}

static constexpr OpEntry kOps[] = {
    {"AffineGrid", {20}, 2, 2, 1, kFloat, importAffineGrid},
    {"CenterCropPad", {18}, 2, 2, 1, kAny, importCenterCropPad},
    {"GridSample", {16, 20, 22}, 2, 2, 1, kFloat, importGridSample},
};

void msc::onnx::addSamplingOps(OpTable &table) { table.add(kOps); }
