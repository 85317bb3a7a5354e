//===- Slicing.cpp - Slice and Split --------------------------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/NodeImport.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

// Bounds beyond any extent ("to the end" is often the largest integer there is)
// are brought back to where arithmetic is safe.
static constexpr int64_t kFar = int64_t(1) << 50;

namespace {

/// Which elements of a dim are taken: size of them from offset on, in steps.
struct Stretch {
  Index offset, size;
  int64_t step = 1;
  bool isReversed = false;
};

struct SliceBounds {
  Shape starts, ends;
  SmallVector<int64_t> axes, steps;
};

} // namespace

static FailureOr<Shape> boundsOf(NodeImport &n, unsigned i,
                                 StringRef attribute) {
  if (n.version < 10) {
    auto list = n.intsAttr(attribute);
    if (!list)
      return n.error("attribute '" + attribute + "' is missing");
    Shape bounds;
    for (int64_t bound : *list)
      bounds.push_back(n.math.constant(bound));
    return bounds;
  }
  auto elements = n.elements(i);
  if (n.rank(i) != 1)
    return n.error("expected a vector as input " + Twine(i) + ", got rank " +
                   Twine(n.rank(i)));
  if (!elements)
    return n.unsupported("bounds that are not known at compile time");
  return Shape(*elements);
}

static LogicalResult readBounds(NodeImport &n, SliceBounds &bounds) {
  if (n.version < 10 ? n.numInputs() != 1 : n.numInputs() < 3)
    return n.error("expected " + Twine(n.version < 10 ? 1 : 3) +
                   " inputs, got " + Twine(n.numInputs()));
  if (n.version >= 10 && (!n.has(1) || !n.has(2)))
    return n.error("starts or ends are missing");
  auto starts = boundsOf(n, 1, "starts"), ends = boundsOf(n, 2, "ends");
  if (failed(starts) || failed(ends))
    return failure();
  bounds.starts = *starts;
  bounds.ends = *ends;
  auto axes = n.axesOf(3, "axes");
  auto steps = n.axesOf(4, "steps");
  if (failed(axes) || failed(steps))
    return failure();
  size_t count = bounds.starts.size();
  if (*axes)
    bounds.axes = **axes;
  else
    for (size_t i = 0; i < count; ++i)
      bounds.axes.push_back(i);
  bounds.steps =
      n.version >= 10 && *steps ? **steps : SmallVector<int64_t>(count, 1);
  if (bounds.ends.size() != count || bounds.axes.size() != count ||
      bounds.steps.size() != count)
    return n.error("starts, ends, axes and steps differ in number");
  if (failed(n.axes(bounds.axes, n.rank(0))))
    return failure();
  for (int64_t &axis : bounds.axes)
    axis += axis < 0 ? n.rank(0) : 0;
  for (int64_t &step : bounds.steps) {
    if (step == 0)
      return n.error("expected steps other than 0");
    step = std::clamp(step, -kFar, kFar);
  }
  return success();
}

/// A bound that is negative counts from the end.
static Index fromFront(NodeImport &n, Index bound, Index extent) {
  if (auto constant = constantOf(bound)) {
    int64_t near = std::clamp(*constant, -kFar, kFar);
    bound = n.math.constant(near);
    return near < 0 ? n.math.add(bound, extent) : bound;
  }
  if (n.math.rangeOf(bound).min >= 0)
    return bound;
  // n - 1 of a dim that may be 0, and the like.
  if (n.math.getDepth() == 0 && n.math.requireNonNegative(bound))
    return bound;
  Index zero = n.math.constant(0), one = n.math.constant(1);
  Index isNegative =
      n.math.max(zero, n.math.min(one, n.math.mul(bound, -1)));
  return n.math.add(bound, n.math.mul(isNegative, extent));
}

static FailureOr<Stretch> stretchOf(NodeImport &n, Index extent, Index start,
                                    Index end, int64_t step) {
  Index zero = n.math.constant(0), last = n.math.add(extent, -1);
  start = fromFront(n, start, extent);
  end = fromFront(n, end, extent);
  if (!start || !end)
    return n.error("the bounds of the slice overflow");
  auto clamp = [&](Index bound, Index low, Index high) {
    return n.math.min(n.math.max(bound, low), high);
  };
  Stretch result;
  if (step > 0) {
    result.offset = clamp(start, zero, extent);
    Index length = n.math.sub(clamp(end, zero, extent), result.offset);
    result.size = n.math.max(n.math.ceilDiv(length, step), zero);
    result.step = step;
    return result;
  }
  start = clamp(start, zero, last);
  end = clamp(end, n.math.constant(-1), last);
  Index length = n.math.sub(start, end);
  result.size = n.math.max(n.math.ceilDiv(length, -step), zero);
  result.step = -step;
  result.isReversed = true;
  if (constantOf(result.size) == 0 || constantOf(extent) == 0) {
    result.offset = result.size = zero;
    return result;
  }
  if (!result.size || n.math.rangeOf(result.size).min < 1)
    return n.unsupported("a negative step over what may be empty at run time");
  result.offset =
      n.math.sub(start, n.math.mul(n.math.add(result.size, -1), -step));
  return result;
}

/// The slice, and its dims reversed where steps are negative.
static FailureOr<Shaped> slice(NodeImport &n, const Shaped &x,
                               ArrayRef<Stretch> stretches) {
  Shape offsets, shape;
  SmallVector<OpFoldResult> steps;
  SmallVector<int64_t> reversed;
  bool isWhole = true;
  for (auto [dim, stretch] : llvm::enumerate(stretches)) {
    offsets.push_back(stretch.offset);
    shape.push_back(stretch.size);
    if (!stretch.offset || !stretch.size)
      return n.error("the bounds of the slice overflow");
    // A step over one element or none is any step.
    bool isSingle = n.math.rangeOf(stretch.size).max <= 1;
    steps.push_back(n.builder().getIndexAttr(isSingle ? 1 : stretch.step));
    if (stretch.isReversed)
      reversed.push_back(dim);
    isWhole &= stretch.size == x.shape[dim];
  }
  Shaped result{x.value, shape};
  if (!isWhole)
    result.value = SliceOp::create(n.builder(), n.loc(), x.value,
                                   n.sizes(offsets), n.sizes(shape), steps);
  if (!reversed.empty())
    result.value = ReverseOp::create(
        n.builder(), n.loc(), result.value.getType(), result.value, reversed);
  return result;
}

static SmallVector<Stretch> wholeStretches(NodeImport &n) {
  SmallVector<Stretch> stretches;
  for (Index extent : n.shape(0))
    stretches.push_back({n.math.constant(0), extent});
  return stretches;
}

/// What a slice takes of known contents, if all extents are static: exporters
/// reverse a matrix of pads.
static std::optional<Shape> takenElements(NodeImport &n,
                                          ArrayRef<Index> elements,
                                          ArrayRef<Stretch> stretches) {
  auto extents = n.staticShape(n.shape(0));
  if (!extents)
    return std::nullopt;
  SmallVector<int64_t> positions{0};
  for (auto [extent, stretch] : llvm::zip_equal(*extents, stretches)) {
    auto offset = constantOf(stretch.offset), size = constantOf(stretch.size);
    if (!offset || !size)
      return std::nullopt;
    SmallVector<int64_t> next;
    for (int64_t base : positions)
      for (int64_t i = 0; i < *size; ++i)
        next.push_back(base * extent + *offset +
                       (stretch.isReversed ? *size - 1 - i : i) * stretch.step);
    positions = std::move(next);
  }
  Shape taken;
  for (int64_t position : positions)
    taken.push_back(elements[position]);
  return taken;
}

static LogicalResult importSlice(NodeImport &n) {
  SliceBounds bounds;
  if (failed(readBounds(n, bounds)))
    return failure();
  SmallVector<Stretch> stretches = wholeStretches(n);
  for (size_t i = 0; i < bounds.axes.size(); ++i) {
    int64_t axis = bounds.axes[i];
    auto stretch = stretchOf(n, n.shape(0)[axis], bounds.starts[i],
                             bounds.ends[i], bounds.steps[i]);
    if (failed(stretch))
      return failure();
    stretches[axis] = *stretch;
  }
  if (auto elements = n.elements(0))
    if (auto taken = takenElements(n, *elements, stretches)) {
      Shape shape;
      for (const Stretch &stretch : stretches)
        shape.push_back(stretch.size);
      return n.resultElements(*taken, shape, n.elementType(0));
    }
  auto result = slice(n, n.in(0), stretches);
  return failed(result) ? failure() : n.result(*result);
}

//===----------------------------------------------------------------------===//
// Split
//===----------------------------------------------------------------------===//

/// Parts of equal size; since opset 18 the last one may be smaller.
static FailureOr<Shape> equalParts(NodeImport &n, Index extent) {
  int64_t count = n.numOutputs();
  if (n.version >= 18) {
    int64_t given = n.intAttr("num_outputs", count);
    if (given != count)
      return n.error("expected " + Twine(count) + " as 'num_outputs', got " +
                     Twine(given));
  }
  Index part = n.version >= 18 ? n.math.ceilDiv(extent, count)
                               : n.math.floorDiv(extent, count);
  Index last = n.math.sub(extent, n.math.mul(part, count - 1));
  auto fits = n.version < 18 ? n.agree(part, last, "equal parts")
                             : n.atLeastZero(last, "parts of at least 0");
  if (!fits)
    return n.misfit("cannot split " + n.math.toString(extent) + " into " +
                    Twine(count) + " equal parts");
  last = *fits;
  Shape parts(count, part);
  parts.back() = last;
  return parts;
}

static FailureOr<Shape> partsOf(NodeImport &n, Index extent) {
  if (n.version < 13 ? !n.hasAttr("split") : !n.has(1))
    return equalParts(n, extent);
  if (n.version >= 18 && n.hasAttr("num_outputs"))
    return n.error("expected sizes or 'num_outputs', got both");
  Shape parts;
  if (n.version < 13) {
    for (int64_t part : n.intsAttr("split").value_or(SmallVector<int64_t>()))
      parts.push_back(n.math.constant(part));
  } else {
    auto elements = n.elements(1);
    if (!elements)
      return n.unsupported("sizes that are not known at compile time");
    parts = Shape(*elements);
  }
  if (parts.size() != n.numOutputs())
    return n.error("expected " + Twine(n.numOutputs()) + " sizes, got " +
                   Twine(parts.size()));
  Index sum = n.math.constant(0);
  for (Index &part : parts) {
    auto size = n.atLeastZero(part, "sizes of at least 0");
    if (!size)
      return n.misfit("expected sizes of at least 0, got " +
                      n.math.toString(part));
    part = *size;
    sum = n.math.add(sum, part);
  }
  if (!n.agree(sum, extent, "sizes that add up"))
    return n.misfit("expected sizes that add up to " +
                    n.math.toString(extent) + ", got " + n.toString(parts));
  return parts;
}

static LogicalResult importSplit(NodeImport &n) {
  auto axis = n.axis(n.intAttr("axis", 0), n.rank(0));
  if (failed(axis))
    return failure();
  auto parts = partsOf(n, n.shape(0)[*axis]);
  if (failed(parts))
    return failure();
  Index offset = n.math.constant(0);
  for (auto [i, part] : llvm::enumerate(*parts)) {
    SmallVector<Stretch> stretches = wholeStretches(n);
    stretches[*axis].offset = offset;
    stretches[*axis].size = part;
    offset = n.math.add(offset, part);
    if (!n.wants(i))
      continue;
    auto result = slice(n, n.in(0), stretches);
    if (failed(result) || failed(n.result(i, result->value, result->shape)))
      return failure();
  }
  return success();
}

static constexpr OpEntry kOps[] = {
    {"Slice", {1, 10, 11, 13}, 1, 5, 1, kAny, importSlice},
    {"Split", {2, 11, 13, 18}, 1, 2, kVariadic, kAny, importSplit},
};

void msc::onnx::addSlicingOps(OpTable &table) { table.add(kOps); }
