//===- Selection.cpp - Results whose extents the data decide --------------===//
//
// How many elements are not zero, differ, or survive is known once they are
// counted. So first a mask says which elements are chosen; they are counted,
// which gives an extent like any other from then on, and then their places are
// filled in:
//
//   count = sum(mask), places[exclusive running sum of mask] = place, if chosen
//
// What is not chosen goes to a place behind the last, which is cut off.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "dialects/graph/ops/sorting/Sorting.h"
#include "frontends/onnx/Indexing.h"
#include "frontends/onnx/LoopBody.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

namespace {

/// The places (i64) at which a vector of booleans holds, in order.
struct Places {
  Value places;
  Index count;
};

} // namespace

/// An index for each element of a shape.
static Value spread(NodeImport &n, Index index, ArrayRef<Index> shape) {
  return n.broadcast({n.scalarOf(index, n.builder().getI64Type()), {}}, shape);
}

/// `most` is the number of elements, or a lower one that is not exceeded.
static Places placesOf(NodeImport &n, const Shaped &mask, Index most) {
  Type i64 = n.builder().getI64Type();
  Value chosen = n.b.convert(mask.value, i64);
  Index count = n.countOf(n.b.reduceSum(chosen, {0}), most);
  Index room = n.math.add(count, 1);
  Value before = CumsumOp::create(n.builder(), n.loc(), chosen.getType(),
                                  chosen, /*axis=*/0, /*exclusive=*/true,
                                  /*reverse=*/false);
  Value to = n.b.select(mask.value, before, spread(n, count, mask.shape));
  Value filled = scatter(n, ScatterCombiner::set, "*,a,a",
                         n.splat(0.0, {room}, i64), to,
                         iota(n, mask.shape, 0, i64));
  Index zero = n.math.constant(0), one = n.math.constant(1);
  return {n.b.slice(filled, n.sizes({zero}), n.sizes({count}), n.sizes({one})),
          count};
}

/// All dims as one; none after a report.
static std::optional<Index> countElements(NodeImport &n,
                                          ArrayRef<Index> shape) {
  Index total = n.math.product(shape);
  if (total)
    return total;
  (void)n.error("a tensor of too many elements");
  return std::nullopt;
}

/// Position along `dim` of the elements at places of a flattened shape.
static Value coordinate(NodeImport &n, Value places, Index count,
                        ArrayRef<Index> shape, size_t dim) {
  Index stride = n.math.product(shape.drop_front(dim + 1));
  if (constantOf(stride) != 1)
    places = n.b.div(places, spread(n, stride, {count}));
  if (dim > 0)
    places = n.b.binary<RemOp>(places, spread(n, shape[dim], {count}));
  return places;
}

/// Vectors as the columns (or rows) of a matrix.
static Shaped joined(NodeImport &n, ArrayRef<Value> vectors, Index length,
                     bool asColumns) {
  Index one = n.math.constant(1);
  Shape part = asColumns ? Shape{length, one} : Shape{one, length};
  SmallVector<Value> parts;
  for (Value vector : vectors)
    parts.push_back(n.reshape({vector, {length}}, part).value);
  Index width = n.math.constant(vectors.size());
  Shape shape = asColumns ? Shape{length, width} : Shape{width, length};
  if (parts.size() == 1)
    return {parts.front(), shape};
  return {ConcatOp::create(n.builder(), n.loc(), parts, asColumns ? 1 : 0),
          shape};
}

//===----------------------------------------------------------------------===//
// NonZero and Compress
//===----------------------------------------------------------------------===//

static LogicalResult importNonZero(NodeImport &n) {
  if (n.rank(0) == 0)
    return n.unsupported("a scalar");
  auto total = countElements(n, n.shape(0));
  if (!total)
    return failure();
  Value mask = n.reshape(n.in(0), {*total}).value;
  if (!n.elementType(0).isInteger(1))
    mask = n.b.compare(Predicate::ne, mask, n.b.splatLike(0.0, mask));
  Places found = placesOf(n, {mask, {*total}}, *total);
  SmallVector<Value> rows;
  for (int64_t dim = 0; dim < n.rank(0); ++dim)
    rows.push_back(
        coordinate(n, found.places, found.count, n.shape(0), dim));
  return n.result(joined(n, rows, found.count, /*asColumns=*/false));
}

static LogicalResult importCompress(NodeImport &n) {
  if (n.rank(1) != 1 || !n.elementType(1).isInteger(1))
    return n.error("expected a vector of booleans as condition, got rank " +
                   Twine(n.rank(1)) + " and " + n.toString(n.elementType(1)));
  if (n.rank(0) == 0 || n.rank(0) > 26)
    return n.unsupported("a tensor of rank " + Twine(n.rank(0)));
  Shaped x = n.in(0);
  int64_t axis = 0;
  if (n.hasAttr("axis")) {
    auto given = n.axis(n.intAttr("axis", 0), n.rank(0));
    if (failed(given))
      return failure();
    axis = *given;
  } else {
    auto total = countElements(n, x.shape);
    if (!total)
      return failure();
    x = n.reshape(x, {*total});
  }
  Index length = n.shape(1)[0];
  if (!n.atLeastZero(n.math.sub(x.shape[axis], length),
                     "a condition that is no longer than the axis"))
    return n.misfit("expected a condition of at most " +
                    n.math.toString(x.shape[axis]) + " elements, got " +
                    n.math.toString(length));
  Places chosen = placesOf(n, n.in(1), length);
  std::string before = dimLetters('a', axis);
  std::string after = dimLetters('a' + axis, x.shape.size() - axis - 1);
  // Nothing is taken of an empty axis, but the op reads none.
  Value taken = gather(n, before + "*" + after + ",P->" + before + "P" + after,
                       x.value, chosen.places);
  x.shape[axis] = chosen.count;
  return n.result(taken, x.shape);
}

//===----------------------------------------------------------------------===//
// Unique
//===----------------------------------------------------------------------===//

namespace {

/// Equal rows of a matrix, which become neighbours by a stable sort.
class UniqueRows {
public:
  UniqueRows(NodeImport &n, Shaped rows)
      : n(n), rows(rows), count(rows.shape[0]), width(rows.shape[1]),
        i64(n.builder().getI64Type()) {}

  LogicalResult run(bool isSorted);

  Value values; // [unique, width]
  Value first, counts; // [unique]
  Value inverse;       // [rows]
  Index unique;

private:
  Value argsort(Value keys, Index length) {
    Shape shape{length};
    Type type = cast<RankedTensorType>(keys.getType()).getElementType();
    auto valueType = n.typeOf(shape, type);
    Value size = constantOf(length) ? Value() : n.valueOf(length);
    return TopKOp::create(n.builder(), n.loc(), valueType,
                          valueType.clone(i64), keys, size, /*axis=*/0,
                          /*smallest=*/true)
        .getIndices();
  }
  Value at(Value vector, Value places) {
    return gather(n, "*,a->a", vector, places);
  }
  Value order();
  Value startsRun(Value sorted);

  NodeImport &n;
  Shaped rows;
  Index count, width;
  Type i64;
};

} // namespace

/// Rows by their columns, the first of which counts most: sorted by the last
/// one, then by each before it, where equal ones stay as they are.
Value UniqueRows::order() {
  Value order = iota(n, {count}, 0, i64);
  if (constantOf(width) == 1)
    return argsort(n.reshape(rows, {count}).value, count);
  Tensor columns, carry;
  Shaped transposed = n.transpose(rows, {1, 0});
  columns.elementType =
      cast<RankedTensorType>(rows.value.getType()).getElementType();
  columns.shape = transposed.shape;
  columns.value = transposed.value;
  carry.elementType = i64;
  carry.shape = {count};
  carry.value = order;
  LoopBody loop(n, width);
  Value before = loop.addCarry(carry).value;
  loop.enter();
  Index position = n.math.sub(n.math.add(width, -1), loop.getIteration());
  Value column = loop.rowOf(columns, 0, position).value;
  carry.value = at(before, argsort(at(column, before), count));
  LogicalResult made = loop.yield({carry});
  loop.leave();
  if (failed(made) || failed(loop.finishFor(width)))
    return {};
  return loop.carry(0).value;
}

/// Whether a row differs from the one before it.
Value UniqueRows::startsRun(Value sorted) {
  Value places = iota(n, {count}, 0, i64);
  Value zero = n.b.splatLike(0.0, places);
  Value isFirst = n.b.compare(Predicate::eq, places, zero);
  Value before = n.b.binary<MaxOp>(n.b.addScalar(places, -1.0), zero);
  Value previous = gather(n, "*b,a->ab", sorted, before);
  // NaN is equal to itself here: it differs where none of both is.
  auto isNan = [&](Value x) { return n.b.compare(Predicate::ne, x, x); };
  Value differs = n.b.compare(Predicate::ne, sorted, previous);
  Value bothNan = n.b.binary<AndOp>(isNan(sorted), isNan(previous));
  differs = n.b.binary<AndOp>(differs, n.b.unary<NotOp>(bothNan));
  Value number = n.b.reduceSum(n.b.convert(differs, i64), {1});
  Value isNew = n.b.compare(Predicate::gt, number, n.b.splatLike(0.0, number));
  return n.b.binary<OrOp>(isFirst, isNew);
}

LogicalResult UniqueRows::run(bool isSorted) {
  Value perm = order();
  if (!perm)
    return failure();
  Value sorted = gather(n, "*b,a->ab", rows.value, perm);
  Value isNew = startsRun(sorted);
  Places runs = placesOf(n, {isNew, {count}}, count);
  unique = runs.count;
  Value run = CumsumOp::create(
      n.builder(), n.loc(), n.typeOf({count}, i64), n.b.convert(isNew, i64),
      /*axis=*/0, /*exclusive=*/false, /*reverse=*/false);
  run = n.b.addScalar(run, -1.0);
  // One more than there are: what is empty can't be written.
  Index room = n.math.add(unique, 1), zero = n.math.constant(0),
        one = n.math.constant(1);
  auto cut = [&](Value vector) {
    return n.b.slice(vector, n.sizes({zero}), n.sizes({unique}),
                     n.sizes({one}));
  };
  Value ones = n.splat(1.0, {count}, i64);
  counts = cut(scatter(n, ScatterCombiner::add, "*,a,a",
                       n.splat(0.0, {room}, i64), run, ones));
  values = gather(n, "*b,a->ab", sorted, runs.places);
  first = at(perm, runs.places);
  inverse = scatter(n, ScatterCombiner::set, "*,a,a",
                    n.splat(0.0, {count}, i64), perm, run);
  if (isSorted)
    return success();
  // By the place of the first of each.
  Value byPlace = argsort(first, unique);
  values = gather(n, "*b,a->ab", values, byPlace);
  first = at(first, byPlace);
  counts = at(counts, byPlace);
  Value rank = scatter(n, ScatterCombiner::set, "*,a,a",
                       n.splat(0.0, {room}, i64), byPlace,
                       iota(n, {unique}, 0, i64));
  inverse = at(rank, inverse);
  return success();
}

static LogicalResult importUnique(NodeImport &n) {
  bool isSorted = n.flagAttr("sorted", true);
  Shaped x = n.in(0);
  std::optional<int64_t> axis;
  if (n.hasAttr("axis")) {
    auto given = n.axis(n.intAttr("axis", 0), n.rank(0));
    if (failed(given))
      return failure();
    axis = *given;
  }
  auto total = countElements(n, x.shape);
  if (!total)
    return failure();
  // Rows of what is compared, and how they become the result again.
  Index one = n.math.constant(1);
  SmallVector<int64_t> toFront, back;
  Shape moved{*total};
  if (axis) {
    toFront.push_back(*axis);
    for (int64_t dim = 0; dim < n.rank(0); ++dim)
      if (dim != *axis)
        toFront.push_back(dim);
    x = n.transpose(x, toFront);
    moved = x.shape;
    back.resize(toFront.size());
    for (auto [to, from] : llvm::enumerate(toFront))
      back[from] = to;
  }
  Index width =
      axis ? n.math.product(ArrayRef<Index>(moved).drop_front()) : one;
  bool isBoolean = n.elementType(0).isInteger(1);
  Shaped rows = n.reshape(x, {moved[0], width});
  if (isBoolean)
    rows = n.convert(rows, n.builder().getIntegerType(8));
  UniqueRows found(n, rows);
  if (failed(found.run(isSorted)))
    return failure();
  moved[0] = found.unique;
  Shaped values{found.values, {found.unique, width}};
  values = n.reshape(n.convert(values, n.elementType(0)), moved);
  if (axis)
    values = n.transpose(values, back);
  if (failed(n.result(0, values.value, values.shape)) ||
      failed(n.result(1, found.first, {found.unique})) ||
      failed(n.result(2, found.inverse, {rows.shape[0]})))
    return failure();
  return n.result(3, found.counts, {found.unique});
}

//===----------------------------------------------------------------------===//
// NonMaxSuppression
//===----------------------------------------------------------------------===//

namespace {

/// Of each class of each image the boxes with the best scores, without those
/// that overlap a better one.
class Suppression {
public:
  explicit Suppression(NodeImport &n)
      : n(n), i64(n.builder().getI64Type()), f32(n.builder().getF32Type()) {}

  LogicalResult run();

private:
  LogicalResult readShapes();
  /// An optional input with one element, or what it is without.
  FailureOr<Value> scalar(unsigned input, Type type, double otherwise);
  void sortBoxes();
  FailureOr<Value> chooseBoxes();
  Value overlap(ArrayRef<Value> box);
  Value along(Value matrix) {
    return n.b.broadcast(matrix, n.sizes(all), {0, 1});
  }

  NodeImport &n;
  Type i64, f32;
  Shape all; // images, classes, boxes
  Value most, overlapLimit, scoreLimit;
  Value order, scores;
  Value low[2], high[2], area; // of the boxes in that order
};

} // namespace

FailureOr<Value> Suppression::scalar(unsigned input, Type type,
                                     double otherwise) {
  if (!n.has(input))
    return n.b.scalar(otherwise, type);
  auto extents = n.staticShape(n.shape(input));
  if (!extents || n.elementType(input) != type ||
      llvm::any_of(*extents, [](int64_t extent) { return extent != 1; }))
    return n.error("expected one " + n.toString(type) + " as input " +
                   Twine(input) + ", got " + n.toString(n.shape(input)) +
                   " of " + n.toString(n.elementType(input)));
  return n.reshape(n.in(input), {}).value;
}

LogicalResult Suppression::readShapes() {
  if (n.rank(0) != 3 || n.rank(1) != 3)
    return n.error("expected boxes and scores of rank 3, got ranks " +
                   Twine(n.rank(0)) + " and " + Twine(n.rank(1)));
  if (!n.elementType(0).isF32() || !n.elementType(1).isF32())
    return n.error("expected boxes and scores of f32");
  if (!n.agree(n.shape(0)[2], n.math.constant(4), "boxes of 4 numbers"))
    return n.misfit("expected boxes of 4 numbers, got " +
                    n.math.toString(n.shape(0)[2]));
  const Shape &boxes = n.shape(0), &given = n.shape(1);
  auto common =
      n.agreedShape({given[0], given[2]}, {boxes[0], boxes[1]},
                    "as many images and boxes as the scores are for");
  if (failed(common))
    return failure();
  all = {(*common)[0], given[1], (*common)[1]};
  auto count = scalar(2, i64, 0), iou = scalar(3, f32, 0),
       score = scalar(4, f32, -std::numeric_limits<float>::infinity());
  if (failed(count) || failed(iou) || failed(score))
    return failure();
  most = *count;
  overlapLimit = *iou;
  scoreLimit = *score;
  return success();
}

void Suppression::sortBoxes() {
  Shaped given = n.agreed(n.in(1), all);
  auto type = n.typeOf(all, f32);
  Value size = constantOf(all[2]) ? Value() : n.valueOf(all[2]);
  auto top = TopKOp::create(n.builder(), n.loc(), type, type.clone(i64),
                            given.value, size, /*axis=*/2, /*smallest=*/false);
  scores = top.getValues();
  order = top.getIndices();
  Shaped boxes =
      n.agreed(n.in(0), {all[0], all[2], n.math.constant(4)});
  Value sorted = gather(n, "a*b,aAB->aABb", boxes.value, order);
  Index zero = n.math.constant(0), one = n.math.constant(1);
  auto number = [&](int64_t i) {
    Shape part = all;
    part.push_back(one);
    Value taken = n.b.slice(
        sorted, n.sizes({zero, zero, zero, n.math.constant(i)}),
        n.sizes(part), n.sizes({one, one, one, one}));
    return n.reshape({taken, part}, all).value;
  };
  bool isCentre = n.flagAttr("center_point_box", false);
  for (int i = 0; i < 2; ++i) {
    // y1, x1, y2, x2, any of two corners first; or x, y, width, height.
    Value a = number(isCentre ? 1 - i : i), b = number(isCentre ? 3 - i : i + 2);
    if (isCentre) {
      Value half = n.b.mulScalar(b, 0.5);
      low[i] = n.b.sub(a, half);
      high[i] = n.b.add(a, half);
    } else {
      low[i] = n.b.binary<MinOp>(a, b);
      high[i] = n.b.binary<MaxOp>(a, b);
    }
  }
  area = n.b.mul(n.b.sub(high[0], low[0]), n.b.sub(high[1], low[1]));
}

/// Whether boxes overlap one (low, high, area, one each for a class) by more
/// than the limit.
Value Suppression::overlap(ArrayRef<Value> box) {
  Value common;
  Value zero = n.splat(0.0, all, f32);
  for (int i = 0; i < 2; ++i) {
    Value from = n.b.binary<MaxOp>(low[i], along(box[i]));
    Value to = n.b.binary<MinOp>(high[i], along(box[2 + i]));
    Value length = n.b.binary<MaxOp>(n.b.sub(to, from), zero);
    common = common ? n.b.mul(common, length) : length;
  }
  Value either = n.b.sub(n.b.add(area, along(box[4])), common);
  Value ratio = n.b.div(common, either);
  // Of boxes without an area none overlaps: the ratio is NaN.
  return n.b.compare(Predicate::gt, ratio,
                     n.broadcast({overlapLimit, {}}, all));
}

/// One box after the other, the best first: 1 for those that are chosen.
FailureOr<Value> Suppression::chooseBoxes() {
  Shape classes{all[0], all[1]};
  auto tensor = [&](Value value, Type type, ArrayRef<Index> shape) {
    Tensor result;
    result.elementType = type;
    result.shape.assign(shape.begin(), shape.end());
    result.value = value;
    return result;
  };
  LoopBody loop(n, all[2]);
  Tensor keep = loop.addCarry(tensor(n.splat(0.0, all, i64), i64, all));
  Tensor number =
      loop.addCarry(tensor(n.splat(0.0, classes, i64), i64, classes));
  loop.enter();
  Index i = loop.getIteration();
  auto row = [&](Value value) {
    return loop.rowOf(tensor(value, f32, all), 2, i).value;
  };
  Value worse = overlap({row(low[0]), row(low[1]), row(high[0]), row(high[1]),
                         row(area)});
  // Chosen so far were better ones only.
  Value clashes = n.b.reduceSum(n.b.mul(n.b.convert(worse, i64), keep.value),
                                {2});
  Value none = n.splat(0.0, classes, i64);
  Value isFree = n.b.compare(Predicate::eq, clashes, none);
  Value isGood = n.b.compare(Predicate::gt, row(scores),
                             n.broadcast({scoreLimit, {}}, classes));
  Value hasRoom = n.b.compare(Predicate::lt, number.value,
                              n.broadcast({most, {}}, classes));
  Value chosen = n.b.binary<AndOp>(n.b.binary<AndOp>(isFree, isGood), hasRoom);
  Value isHere =
      n.b.compare(Predicate::eq, iota(n, all, 2, i64), spread(n, i, all));
  Value next = n.b.select(isHere, along(n.b.convert(chosen, i64)), keep.value);
  LogicalResult made = loop.yield(
      {tensor(next, i64, all),
       tensor(n.b.add(number.value, n.b.convert(chosen, i64)), i64, classes)});
  loop.leave();
  if (failed(made) || failed(loop.finishFor(all[2])))
    return failure();
  return loop.carry(0).value;
}

LogicalResult Suppression::run() {
  if (failed(readShapes()))
    return failure();
  auto total = countElements(n, all);
  if (!total)
    return failure();
  sortBoxes();
  auto keep = chooseBoxes();
  if (failed(keep))
    return failure();
  Value mask = n.reshape({n.b.convert(*keep, n.builder().getI1Type()), all},
                         {*total})
                   .value;
  Places chosen = placesOf(n, {mask, {*total}}, *total);
  Value boxes = gather(n, "*,a->a", n.reshape({order, all}, {*total}).value,
                       chosen.places);
  auto position = [&](size_t dim) {
    return coordinate(n, chosen.places, chosen.count, all, dim);
  };
  return n.result(joined(n, {position(0), position(1), boxes}, chosen.count,
                         /*asColumns=*/true));
}

static LogicalResult importNonMaxSuppression(NodeImport &n) {
  return Suppression(n).run();
}

static constexpr OpEntry kOps[] = {
    {"Compress", {9, 11}, 2, 2, 1, kAny, importCompress},
    {"NonMaxSuppression", {10, 11}, 2, 5, 1, kFloat, importNonMaxSuppression},
    {"NonZero", {9, 13}, 1, 1, 1, kAny, importNonZero},
    {"Unique", {11}, 1, 1, 4, kAny, importUnique},
};

void msc::onnx::addSelectionOps(OpTable &table) { table.add(kOps); }
