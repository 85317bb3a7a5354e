//===- Indexing.cpp - Elements at places that tensors hold ----------------===//

#include "frontends/onnx/Indexing.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/indexing/IndexSpec.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/LoopBody.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

//===----------------------------------------------------------------------===//
// Shared with other files
//===----------------------------------------------------------------------===//

std::string msc::onnx::dimLetters(char first, int64_t count) {
  std::string letters;
  for (int64_t i = 0; i < count; ++i)
    letters.push_back(static_cast<char>(first + i));
  return letters;
}

Value msc::onnx::iota(NodeImport &n, ArrayRef<Index> shape, int64_t dim,
                      Type type) {
  auto [extents, sizes] = splitSizes(n.sizes(shape));
  return IotaOp::create(n.builder(), n.loc(),
                        RankedTensorType::get(extents, type), sizes, dim);
}

/// Of what has no elements none can be taken. The op refuses that, also where
/// the data may say that none is asked for: then its result is empty too.
static Value gatherOfNothing(NodeImport &n, const IndexSpec &spec,
                             Value operand, Value indices) {
  auto type = cast<RankedTensorType>(operand.getType());
  auto places = cast<RankedTensorType>(indices.getType());
  SmallVector<int64_t> extents = spec.inferValues(type, places);
  if (!llvm::is_contained(extents, ShapedType::kDynamic))
    (void)n.error("elements are taken along an axis that has none");
  SmallVector<OpFoldResult> sizes;
  for (auto [letter, extent] : llvm::zip_equal(spec.values, extents)) {
    bool inOperand = spec.operand.contains(letter);
    if (ShapedType::isDynamic(extent))
      sizes.push_back(
          n.b.sizes(inOperand ? operand : indices)
              [(inOperand ? spec.operand : spec.indices).find(letter)]);
    else
      sizes.push_back(n.builder().getIndexAttr(extent));
  }
  return n.b.broadcast(n.b.scalar(0.0, type.getElementType()), sizes, {});
}

Value msc::onnx::gather(NodeImport &n, StringRef text, Value operand,
                        Value indices) {
  auto spec = IndexSpec::parse(text, "->");
  auto type = cast<RankedTensorType>(operand.getType());
  auto places = cast<RankedTensorType>(indices.getType());
  bool isEmpty = false;
  for (auto [letter, extent] : llvm::zip_equal(spec->operand, type.getShape()))
    isEmpty |= letter == '*' && extent == 0;
  if (isEmpty && !llvm::is_contained(spec->inferValues(type, places), 0))
    return gatherOfNothing(n, *spec, operand, indices);
  return GatherOp::create(n.builder(), n.loc(), text, operand, indices);
}

Value msc::onnx::scatter(NodeImport &n, ScatterCombiner combiner,
                         StringRef spec, Value operand, Value indices,
                         Value updates) {
  return ScatterOp::create(n.builder(), n.loc(), operand.getType(), combiner,
                           spec, operand, indices, updates);
}

/// There are that many letters of each case.
static LogicalResult checkRank(NodeImport &n, unsigned i) {
  if (n.rank(i) > 26)
    return n.unsupported("a tensor of rank " + Twine(n.rank(i)));
  return success();
}

static LogicalResult checkIndexType(NodeImport &n, unsigned i) {
  Type type = n.elementType(i);
  if (!type.isInteger(32) && !type.isInteger(64))
    return n.error("expected indices of i32 or i64");
  return success();
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// Which extents of a shape are taken is known now.
static LogicalResult gatherElements(NodeImport &n, ArrayRef<Index> data,
                                    ArrayRef<int64_t> indices) {
  int64_t count = data.size();
  Shape elements;
  for (int64_t index : indices) {
    if (index < -count || index >= count)
      return n.error("expected an index in [" + Twine(-count) + ", " +
                     Twine(count) + "), got " + Twine(index));
    elements.push_back(data[index < 0 ? index + count : index]);
  }
  return n.resultElements(elements, n.shape(1), n.elementType(0));
}

/// Indices that are known and evenly spaced are a slice, which moves nothing.
/// Null if that is not so.
static Value gatherAsSlice(NodeImport &n, int64_t axis,
                           ArrayRef<int64_t> indices, ArrayRef<Index> shape) {
  Index extent = n.shape(0)[axis];
  if (indices.empty())
    return {};
  int64_t step = indices.size() == 1 ? 1 : indices[1] - indices[0];
  if (step < 1)
    return {};
  int64_t first = indices.front();
  for (auto [i, index] : llvm::enumerate(indices))
    if (index != first + static_cast<int64_t>(i) * step ||
        (index < 0) != (first < 0))
      return {};
  int64_t least = n.math.rangeOf(extent).min;
  if (first < 0 ? -first > least : indices.back() >= least)
    return {};
  Index zero = n.math.constant(0);
  Shape offsets(n.rank(0), zero), sizes = n.shape(0);
  SmallVector<OpFoldResult> steps(n.rank(0), n.builder().getIndexAttr(1));
  offsets[axis] =
      first < 0 ? n.math.add(extent, first) : n.math.constant(first);
  sizes[axis] = n.math.constant(indices.size());
  steps[axis] = n.builder().getIndexAttr(step);
  if (!offsets[axis])
    return {};
  Value taken = SliceOp::create(n.builder(), n.loc(), n.value(0),
                                n.sizes(offsets), n.sizes(sizes), steps);
  return n.reshape({taken, sizes}, shape).value;
}

static LogicalResult importGather(NodeImport &n) {
  auto data = n.elements(0);
  auto known = n.constants(1);
  if (n.rank(0) == 0)
    return n.error("expected a rank of at least 1, got 0");
  auto axis = n.axis(n.intAttr("axis", 0), n.rank(0));
  if (failed(axis) || failed(checkIndexType(n, 1)))
    return failure();
  if (data && known && n.rank(0) == 1)
    return gatherElements(n, *data, *known);
  if (failed(checkRank(n, 0)) || failed(checkRank(n, 1)))
    return failure();
  ArrayRef<Index> from = n.shape(0);
  Shape shape(from.take_front(*axis));
  llvm::append_range(shape, n.shape(1));
  llvm::append_range(shape, from.drop_front(*axis + 1));
  if (known)
    if (Value slice = gatherAsSlice(n, *axis, *known, shape))
      return n.result(slice, shape);
  if (constantOf(from[*axis]) == 0 &&
      llvm::none_of(shape, [](Index e) { return constantOf(e) == 0; }))
    return n.error("expected an axis that is not empty");
  std::string before = dimLetters('a', *axis);
  std::string after = dimLetters('a' + *axis, n.rank(0) - *axis - 1);
  std::string indices = dimLetters('A', n.rank(1));
  return n.result(gather(n,
                         before + "*" + after + "," + indices + "->" + before +
                             indices + after,
                         n.value(0), n.value(1)),
                  shape);
}

/// Fails, with a report, unless `smaller` fits into `larger` for sure.
static LogicalResult checkWithin(NodeImport &n, Index smaller, Index larger) {
  if (smaller == larger)
    return success();
  Index difference = n.math.sub(larger, smaller);
  if (difference && n.math.rangeOf(difference).min >= 0)
    return success();
  if (constantOf(smaller) && constantOf(larger))
    return n.error("expected indices that are not larger than the data, got " +
                   n.toString(n.shape(1)) + " and " + n.toString(n.shape(0)));
  return n.unsupported("indices that may be larger than the data at run time");
}

static FailureOr<int64_t> elementsAxis(NodeImport &n) {
  if (n.rank(0) == 0 || n.rank(1) != n.rank(0))
    return n.error("expected data and indices of one rank of at least 1, got " +
                   Twine(n.rank(0)) + " and " + Twine(n.rank(1)));
  if (failed(checkIndexType(n, 1)) || failed(checkRank(n, 0)))
    return failure();
  auto axis = n.axis(n.intAttr("axis", 0), n.rank(0));
  if (failed(axis))
    return failure();
  for (int64_t dim = 0; dim < n.rank(0); ++dim)
    if (dim != *axis &&
        failed(checkWithin(n, n.shape(1)[dim], n.shape(0)[dim])))
      return failure();
  return axis;
}

static LogicalResult importGatherElements(NodeImport &n) {
  auto axis = elementsAxis(n);
  if (failed(axis))
    return failure();
  // Of the other dims only as much as there are indices.
  Shaped data = n.in(0);
  Shape sizes = n.shape(1);
  sizes[*axis] = data.shape[*axis];
  if (sizes != data.shape) {
    SmallVector<OpFoldResult> zeros(n.rank(0), n.builder().getIndexAttr(0)),
        ones(n.rank(0), n.builder().getIndexAttr(1));
    data.value = SliceOp::create(n.builder(), n.loc(), data.value, zeros,
                                 n.sizes(sizes), ones);
  }
  std::string indices = dimLetters('a', n.rank(0)), dims = indices;
  dims[*axis] = '*';
  return n.result(
      gather(n, dims + "," + indices + "->" + indices, data.value, n.value(1)),
      n.shape(1));
}

/// The letters of GatherND and ScatterND: those of the data, of the indices and
/// of what is moved, and the shape of that.
struct PlaceLetters {
  std::string data, indices, moved;
  Shape shape;
};

static FailureOr<PlaceLetters> placeLetters(NodeImport &n, int64_t batch) {
  if (n.rank(0) == 0 || n.rank(1) == 0)
    return n.error("expected ranks of at least 1, got " + Twine(n.rank(0)) +
                   " and " + Twine(n.rank(1)));
  if (!n.elementType(1).isInteger(64))
    return n.error("expected indices of i64");
  if (failed(checkRank(n, 0)) || failed(checkRank(n, 1)))
    return failure();
  if (batch < 0 || batch >= std::min(n.rank(0), n.rank(1)))
    return n.error("expected 'batch_dims' below the ranks, got " +
                   Twine(batch));
  auto count = constantOf(n.shape(1).back());
  if (!count)
    return n.unsupported("a number of indices that is not known at compile "
                         "time");
  if (*count < 1 || *count > n.rank(0) - batch)
    return n.error("expected 1 to " + Twine(n.rank(0) - batch) +
                   " indices in the last dim, got " + Twine(*count));
  for (int64_t dim = 0; dim < batch; ++dim)
    if (n.shape(0)[dim] != n.shape(1)[dim])
      return n.error("expected equal batch dims, got " +
                     n.toString(n.shape(0)) + " and " + n.toString(n.shape(1)));
  PlaceLetters p;
  std::string batches = dimLetters('a', batch);
  std::string places = dimLetters('A', n.rank(1) - 1 - batch);
  std::string rest = dimLetters('a' + batch, n.rank(0) - batch - *count);
  p.data = batches + std::string(*count, '*') + rest;
  p.indices = batches + places + "*";
  p.moved = batches + places + rest;
  p.shape = Shape(ArrayRef<Index>(n.shape(1)).drop_back());
  llvm::append_range(p.shape,
                     ArrayRef<Index>(n.shape(0)).drop_front(batch + *count));
  return p;
}

static LogicalResult importGatherND(NodeImport &n) {
  auto p = placeLetters(n, n.version < 12 ? 0 : n.intAttr("batch_dims", 0));
  if (failed(p))
    return failure();
  return n.result(gather(n, p->data + "," + p->indices + "->" + p->moved,
                         n.value(0), n.value(1)),
                  p->shape);
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

static FailureOr<ScatterCombiner> readCombiner(NodeImport &n, int64_t since) {
  std::string name =
      n.version < since ? "none" : n.stringAttr("reduction", "none");
  if (name == "none")
    return ScatterCombiner::set;
  auto combiner = symbolizeScatterCombiner(name);
  if (!combiner || *combiner == ScatterCombiner::set ||
      (n.version < 18 && (name == "max" || name == "min")))
    return n.error("expected none, add, mul, max or min as reduction, got " +
                   quoted(name));
  if (n.elementType(0).isInteger(1))
    return n.unsupported("a reduction of booleans");
  return *combiner;
}

static LogicalResult checkUpdates(NodeImport &n, ArrayRef<Index> shape) {
  if (n.elementType(2) != n.elementType(0))
    return n.error("expected updates of the data's type");
  if (!n.requireEqual(n.shape(2), shape))
    return n.error("expected updates of shape " + n.toString(shape) + ", got " +
                   n.toString(n.shape(2)));
  return success();
}

/// Where updates cover only the front of other dims, these are indexed as well,
/// by the updates' own positions.
static LogicalResult importScatterElements(NodeImport &n) {
  auto axis = elementsAxis(n);
  auto combiner = readCombiner(n, 16);
  if (failed(axis) || failed(combiner) || failed(checkUpdates(n, n.shape(1))))
    return failure();
  const Shape &shape = n.shape(1);
  std::string letters = dimLetters('a', n.rank(0)), dims = letters;
  SmallVector<Value> places;
  Shape placeShape = shape;
  placeShape.push_back(n.math.constant(1));
  for (int64_t dim = 0; dim < n.rank(0); ++dim) {
    if (dim != *axis && shape[dim] == n.shape(0)[dim])
      continue;
    dims[dim] = '*';
    Value place =
        dim == *axis ? n.value(1) : iota(n, shape, dim, n.elementType(1));
    places.push_back(n.reshape({place, shape}, placeShape).value);
  }
  Value indices = n.value(1);
  std::string indexDims = letters;
  if (places.size() > 1) {
    indices = ConcatOp::create(n.builder(), n.loc(), places, n.rank(0));
    indexDims += "*";
  }
  return n.result(scatter(n, *combiner, dims + "," + indexDims + "," + letters,
                          n.value(0), indices, n.value(2)),
                  n.shape(0));
}

static LogicalResult importScatterND(NodeImport &n) {
  auto p = placeLetters(n, 0);
  auto combiner = readCombiner(n, 16);
  if (failed(p) || failed(combiner) || failed(checkUpdates(n, p->shape)))
    return failure();
  return n.result(scatter(n, *combiner,
                          p->data + "," + p->indices + "," + p->moved,
                          n.value(0), n.value(1), n.value(2)),
                  n.shape(0));
}

/// A cache that is written from given positions on.
static LogicalResult importTensorScatter(NodeImport &n) {
  std::string mode = n.stringAttr("mode", "linear");
  if (mode != "linear" && mode != "circular")
    return n.error("expected linear or circular as mode, got " + quoted(mode));
  if (n.rank(0) < 2 || n.rank(1) != n.rank(0) || failed(checkRank(n, 0)))
    return n.error("expected cache and update of one rank of at least 2, got " +
                   Twine(n.rank(0)) + " and " + Twine(n.rank(1)));
  auto axis = n.axis(n.intAttr("axis", -2), n.rank(0));
  if (failed(axis))
    return failure();
  if (*axis == 0)
    return n.error("expected an axis other than the batch");
  const Shape &cache = n.shape(0), &update = n.shape(1);
  for (int64_t dim = 0; dim < n.rank(0); ++dim)
    if (dim != *axis && cache[dim] != update[dim])
      return n.error("expected equal extents but for axis " + Twine(*axis) +
                     ", got " + n.toString(cache) + " and " +
                     n.toString(update));
  Type i64 = n.builder().getI64Type();
  Shape places{cache[0], update[*axis]};
  Value place = iota(n, places, 1, i64);
  if (n.has(2)) {
    if (n.rank(2) != 1 || n.shape(2)[0] != cache[0] ||
        !n.elementType(2).isInteger(64))
      return n.error("expected a write index for each batch, got " +
                     n.toString(n.shape(2)));
    place = n.b.add(place, n.broadcastVector(n.value(2), places, 0));
  }
  if (mode == "circular") {
    Value extent = n.broadcast({n.scalarOf(cache[*axis], i64), {}}, places);
    place = n.b.binary<RemOp>(place, extent);
  }
  std::string dims = dimLetters('a', n.rank(0)), moved = dims;
  dims[*axis] = '*';
  return n.result(scatter(n, ScatterCombiner::set,
                          dims + ",a" + moved.substr(*axis, 1) + "," + moved,
                          n.value(0), place, n.value(1)),
                  cache);
}

/// Elements at their places in the flattened output.
static LogicalResult importMaxUnpool(NodeImport &n) {
  if (n.rank(0) < 3 || failed(checkRank(n, 0)))
    return n.error("expected an image of rank 3 or more, got " +
                   Twine(n.rank(0)));
  if (n.shape(0) != n.shape(1) || !n.elementType(1).isInteger(64))
    return n.error("expected an index (i64) for each element, got " +
                   n.toString(n.shape(1)) + " for " + n.toString(n.shape(0)));
  int64_t spatial = n.rank(0) - 2;
  Shape shape = n.shape(0);
  auto kernel = n.intsAttr("kernel_shape");
  auto strides = n.intsAttr("strides"), pads = n.intsAttr("pads");
  if (!kernel || static_cast<int64_t>(kernel->size()) != spatial ||
      (strides && static_cast<int64_t>(strides->size()) != spatial) ||
      (pads && static_cast<int64_t>(pads->size()) != 2 * spatial))
    return n.error("expected kernel, strides and pads of " + Twine(spatial) +
                   " dims");
  for (int64_t i = 0; i < spatial; ++i) {
    Index reach =
        n.math.mul(n.math.add(shape[i + 2], -1), strides ? (*strides)[i] : 1);
    Index padding =
        n.math.constant(pads ? (*pads)[i] + (*pads)[i + spatial] : 0);
    shape[i + 2] = n.math.sub(n.math.add(reach, (*kernel)[i]), padding);
  }
  Shape dense = shape;
  if (n.has(2)) {
    auto elements = n.elements(2);
    if (!elements)
      return n.unsupported("an output shape that is not known at compile time");
    if (n.rank(2) != 1 || static_cast<int64_t>(elements->size()) != n.rank(0))
      return n.error("expected an output shape of " + Twine(n.rank(0)) +
                     " extents");
    shape = Shape(*elements);
    // ONNX and ONNX Runtime disagree in which shape the indices count.
    if (shape != dense)
      return n.unsupported("an output shape that does not follow from the "
                           "kernel");
  }
  Index count = n.math.product(shape);
  if (!count || n.math.rangeOf(count).min < 0)
    return n.error("the result has too many elements or a negative extent");
  Value zeros = n.splat(0.0, {count}, n.elementType(0));
  std::string letters = dimLetters('a', n.rank(0));
  Value flat = scatter(n, ScatterCombiner::set, "*," + letters + "," + letters,
                       zeros, n.value(1), n.value(0));
  return n.result(n.reshape({flat, {count}}, shape));
}

//===----------------------------------------------------------------------===//
// Positions compared
//===----------------------------------------------------------------------===//

/// 1 where the index is, along a new dim.
static LogicalResult importOneHot(NodeImport &n) {
  auto axis = n.axis(n.intAttr("axis", -1), n.rank(0) + 1);
  if (failed(axis))
    return failure();
  std::optional<Index> depth;
  if (auto elements = n.elements(1); elements && elements->size() == 1)
    depth = elements->front();
  else if (auto number = n.number(1))
    depth = n.math.constant(static_cast<int64_t>(
        std::clamp(*number, 0.0, static_cast<double>(kMaxElements))));
  if (!depth)
    return n.unsupported("a depth that is not known at compile time");
  if (failed(n.checkExtent(*depth)))
    return failure();
  auto values = n.staticShape(n.shape(2));
  if (!values || values->size() != 1 || values->front() != 2)
    return n.error("expected two values, got " + n.toString(n.shape(2)));
  Shape shape = n.shape(0);
  shape.insert(shape.begin() + *axis, *depth);
  Type i64 = n.builder().getI64Type();
  Shaped indices = n.convert(n.in(0), i64);
  Value isNegative = n.b.compare(Predicate::lt, indices.value,
                                 n.b.splatLike(0.0, indices.value));
  Value fromEnd = n.b.add(
      indices.value, n.broadcast({n.scalarOf(*depth, i64), {}}, indices.shape));
  indices.value = n.b.select(isNegative, fromEnd, indices.value);
  SmallVector<int64_t> kept;
  for (int64_t dim = 0; dim <= n.rank(0); ++dim)
    if (dim != *axis)
      kept.push_back(dim);
  Value spread = n.b.broadcast(indices.value, n.sizes(shape), kept);
  Value isHere = n.b.compare(Predicate::eq, spread, iota(n, shape, *axis, i64));
  auto value = [&](int64_t number) {
    OpBuilder &b = n.builder();
    Value taken = SliceOp::create(
        b, n.loc(), n.value(2), OpFoldResult(b.getIndexAttr(number)),
        OpFoldResult(b.getIndexAttr(1)), OpFoldResult(b.getIndexAttr(1)));
    Shaped scalar = n.reshape({taken, {n.math.constant(1)}}, {});
    return n.broadcast(scalar, shape);
  };
  return n.result(n.b.select(isHere, value(1), value(0)), shape);
}

/// Keeps one side of a diagonal.
static LogicalResult importTrilu(NodeImport &n) {
  if (n.rank(0) < 2)
    return n.error("expected matrices, got rank " + Twine(n.rank(0)));
  bool upper = n.flagAttr("upper", true);
  Type i64 = n.builder().getI64Type();
  const Shape &shape = n.shape(0);
  Value x = n.value(0);
  Value diagonal = n.b.sub(iota(n, shape, n.rank(0) - 1, i64),
                           iota(n, shape, n.rank(0) - 2, i64));
  Value k = n.splat(0.0, shape, i64);
  if (n.has(1)) {
    auto extents = n.staticShape(n.shape(1));
    if (!extents || !n.elementType(1).isInteger(64) ||
        llvm::any_of(*extents, [](int64_t extent) { return extent != 1; }))
      return n.error("expected a number (i64) as diagonal, got " +
                     n.toString(n.shape(1)));
    k = n.broadcast(n.reshape(n.in(1), {}), shape);
  }
  Value keeps = n.b.compare(upper ? Predicate::ge : Predicate::le, diagonal, k);
  return n.result(n.b.select(keeps, x, n.b.splatLike(0.0, x)), shape);
}

/// The first elements along time, as many as a sequence has, in reverse.
static LogicalResult importReverseSequence(NodeImport &n) {
  if (n.rank(0) < 2 || failed(checkRank(n, 0)))
    return n.error("expected a rank of at least 2, got " + Twine(n.rank(0)));
  auto time = n.axis(n.intAttr("time_axis", 0), n.rank(0));
  auto batch = n.axis(n.intAttr("batch_axis", 1), n.rank(0));
  if (failed(time) || failed(batch))
    return failure();
  if (*time == *batch)
    return n.error("expected different axes for time and batch");
  const Shape &shape = n.shape(0);
  if (n.rank(1) != 1 || n.shape(1)[0] != shape[*batch] ||
      !n.elementType(1).isInteger(64))
    return n.error("expected a length (i64) for each batch, got " +
                   n.toString(n.shape(1)));
  Type i64 = n.builder().getI64Type();
  Shape places{shape[*time], shape[*batch]};
  Value step = iota(n, places, 0, i64);
  Value length = n.broadcastVector(n.value(1), places, 1);
  Value isInside = n.b.compare(Predicate::lt, step, length);
  Value mirrored = n.b.addScalar(n.b.sub(length, step), -1.0);
  Value place = n.b.select(isInside, mirrored, step);
  std::string letters = dimLetters('a', n.rank(0)), dims = letters;
  dims[*time] = '*';
  std::string indices{letters[*time], letters[*batch]};
  return n.result(
      gather(n, dims + "," + indices + "->" + letters, n.value(0), place),
      shape);
}

//===----------------------------------------------------------------------===//
// Running sums
//===----------------------------------------------------------------------===//

static FailureOr<int64_t> runningAxis(NodeImport &n) {
  auto number = n.constants(1);
  if (!number)
    return n.unsupported("an axis that is not known at compile time");
  if (number->size() != 1)
    return n.error("expected one axis, got " + Twine(number->size()));
  if (n.rank(0) == 0)
    return n.error("expected a rank of at least 1, got 0");
  return n.axis(number->front(), n.rank(0));
}

static LogicalResult importCumSum(NodeImport &n) {
  bool exclusive = n.flagAttr("exclusive", false);
  bool reverse = n.flagAttr("reverse", false);
  auto axis = runningAxis(n);
  if (failed(axis))
    return failure();
  // Narrow floats would lose what is small against the sum.
  Type type = n.elementType(0);
  Type wide = isNarrowFloat(type) ? n.builder().getF32Type() : type;
  Shaped x = n.convert(n.in(0), wide);
  Value sums = CumsumOp::create(n.builder(), n.loc(), x.value.getType(),
                                x.value, *axis, exclusive, reverse);
  return n.result(n.convert({sums, x.shape}, type));
}

/// A loop that carries the product so far: few models have products as long as
/// sums, and the gradient of one is that of a loop.
static LogicalResult importCumProd(NodeImport &n) {
  bool exclusive = n.flagAttr("exclusive", false);
  bool reverse = n.flagAttr("reverse", false);
  auto axis = runningAxis(n);
  if (failed(axis))
    return failure();
  Type type = n.elementType(0);
  Tensor factors, product;
  factors.elementType = product.elementType =
      isNarrowFloat(type) ? n.builder().getF32Type() : type;
  factors.shape = product.shape = n.shape(0);
  factors.value = n.b.convert(n.value(0), factors.elementType);
  product.shape.erase(product.shape.begin() + *axis);
  product.value = n.splat(1.0, product.shape, product.elementType);
  Index count = n.shape(0)[*axis];
  LoopBody loop(n, count);
  Tensor before = loop.addCarry(product);
  loop.enter();
  Index position = loop.getIteration();
  if (reverse)
    position = n.math.sub(n.math.add(count, -1), position);
  product.value =
      n.b.mul(before.value, loop.rowOf(factors, *axis, position).value);
  LogicalResult made = loop.yield({product});
  if (succeeded(made))
    made = loop.addRow(exclusive ? before : product, *axis, reverse);
  loop.leave();
  if (failed(made) || failed(loop.finishFor(count)))
    return failure();
  Tensor rows = loop.rows(0);
  return n.result(n.convert({rows.value, rows.shape}, type));
}

static constexpr OpEntry kOps[] = {
    {"CumProd", {26}, 2, 2, 1, kNumber, importCumProd},
    {"CumSum", {11, 14}, 2, 2, 1, kNumber, importCumSum},
    {"Gather", {1, 11, 13}, 2, 2, 1, kAny, importGather},
    {"GatherElements", {11, 13}, 2, 2, 1, kAny, importGatherElements},
    {"GatherND", {11, 12, 13}, 2, 2, 1, kAny, importGatherND},
    {"MaxUnpool", {9, 11, 22}, 2, 3, 1, kFloat, importMaxUnpool},
    {"OneHot", {9, 11}, 3, 3, 1, kNumber, importOneHot},
    {"ReverseSequence", {10}, 2, 2, 1, kAny, importReverseSequence},
    {"Scatter", {9, 11}, 3, 3, 1, kAny, importScatterElements},
    {"ScatterElements", {11, 13, 16, 18}, 3, 3, 1, kAny, importScatterElements},
    {"ScatterND", {11, 13, 16, 18}, 3, 3, 1, kAny, importScatterND},
    {"TensorScatter", {24}, 2, 3, 1, kAny, importTensorScatter},
    {"Trilu", {14}, 1, 2, 1, kAny, importTrilu},
};

void msc::onnx::addIndexingOps(OpTable &table) { table.add(kOps); }
