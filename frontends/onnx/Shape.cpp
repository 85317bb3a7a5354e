//===- Shape.cpp - Shapes as tensors, and the same elements reshaped ------===//

#include "frontends/onnx/NodeImport.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

static LogicalResult importShape(NodeImport &n) {
  // Out of range is clamped, unlike an axis.
  auto position = [&](StringRef name, int64_t otherwise) {
    int64_t at = n.intAttr(name, otherwise);
    return std::clamp<int64_t>(at < 0 ? at + n.rank(0) : at, 0, n.rank(0));
  };
  int64_t start = n.version < 15 ? 0 : position("start", 0);
  int64_t end = n.version < 15 ? n.rank(0) : position("end", n.rank(0));
  ArrayRef<Index> extents = n.shape(0);
  extents = extents.slice(start, std::max<int64_t>(end - start, 0));
  return n.resultElements(extents, {n.math.constant(extents.size())},
                          n.builder().getI64Type());
}

static LogicalResult importSize(NodeImport &n) {
  return n.resultElements({n.math.product(n.shape(0))}, {},
                          n.builder().getI64Type());
}

/// The input under another shape, known contents included.
static LogicalResult resultReshaped(NodeImport &n, ArrayRef<Index> shape) {
  if (auto elements = n.elements(0))
    return n.resultElements(*elements, shape, n.elementType(0));
  if (llvm::is_contained(shape, Index()))
    return n.error("the result has too many elements");
  return n.result(n.reshape(n.in(0), shape));
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

/// The extents that a Reshape asks for, where -1 is still null.
static FailureOr<Shape> requestedShape(NodeImport &n, bool allowZero,
                                       std::optional<size_t> &inferred) {
  auto elements = n.elements(1);
  if (n.rank(1) != 1)
    return n.error("expected a vector as shape, got rank " + Twine(n.rank(1)));
  if (!elements)
    return n.unsupported("a shape that is not known at compile time");
  if (elements->size() > static_cast<size_t>(kMaxRank))
    return n.error("expected a rank of at most " + Twine(kMaxRank) + ", got " +
                   Twine(elements->size()));
  Shape shape;
  for (auto [i, element] : llvm::enumerate(*elements)) {
    auto constant = constantOf(element);
    if (constant == 0 && !allowZero) {
      if (i >= n.shape(0).size())
        return n.error("extent 0 stands for dim " + Twine(i) +
                       " of a tensor of rank " + Twine(n.rank(0)));
      shape.push_back(n.shape(0)[i]);
    } else if (constant == -1) {
      if (inferred)
        return n.error("expected at most one extent of -1");
      inferred = i;
      shape.push_back({});
    } else {
      auto extent = n.atLeastZero(element, "extents of at least 0");
      if (!extent)
        return n.misfit("expected extents of at least -1, got " +
                        n.math.toString(element));
      shape.push_back(*extent);
    }
  }
  return shape;
}

/// Proves that both shapes have the same number of elements, or requires it.
static LogicalResult requireSameCount(NodeImport &n, ArrayRef<Index> from,
                                      ArrayRef<Index> to) {
  Index before = n.math.product(from), after = n.math.product(to);
  if (!before || !after)
    return n.error("the result has too many elements");
  // A quotient is rounded down.
  Index one = n.math.constant(1), quotient = n.math.quotient(from, to);
  auto areSame = [&](ArrayRef<Index> lhs, ArrayRef<Index> rhs) {
    return n.math.quotient(lhs, rhs) == one && n.math.quotient(rhs, lhs) == one;
  };
  if (before == after || areSame(from, to))
    return success();
  std::string what = "the number of elements to stay in a shape";
  // Of [n, h, w] under the shape [n, w], h has to be 1, which says more.
  Shape whole(to);
  whole.push_back(quotient);
  bool isWhole =
      quotient && n.math.rangeOf(after).min > 0 && areSame(from, whole);
  if (isWhole ? n.agree(quotient, one, what) : n.agree(before, after, what))
    return success();
  return n.misfit("cannot reshape " + n.toString(from) + " to " +
                  n.toString(to));
}

static LogicalResult importReshape(NodeImport &n) {
  bool allowZero = n.version >= 14 && n.flagAttr("allowzero", false);
  std::optional<size_t> inferred;
  auto shape = requestedShape(n, allowZero, inferred);
  if (failed(shape))
    return failure();
  const Shape &from = n.shape(0);
  std::string title;
  if (inferred) {
    Shape rest = *shape;
    rest.erase(rest.begin() + *inferred);
    title = "with the others " + n.toString(rest);
    (*shape)[*inferred] = n.math.quotient(from, rest);
    if (!(*shape)[*inferred])
      return n.misfit("no extent fits " + n.toString(from) + " " + title);
  }
  if (failed(requireSameCount(n, from, *shape)))
    return failure();
  return resultReshaped(n, *shape);
}

static LogicalResult importFlatten(NodeImport &n) {
  int64_t axis = n.intAttr("axis", 1);
  // The rank itself is an axis too.
  if (axis < -n.rank(0) || axis > n.rank(0))
    return n.error("expected an axis in [" + Twine(-n.rank(0)) + ", " +
                   Twine(n.rank(0)) + "], got " + Twine(axis));
  if (axis < 0)
    axis += n.rank(0);
  ArrayRef<Index> extents = n.shape(0);
  return resultReshaped(n, {n.math.product(extents.take_front(axis)),
                            n.math.product(extents.drop_front(axis))});
}

//===----------------------------------------------------------------------===//
// Squeeze and Unsqueeze
//===----------------------------------------------------------------------===//

static FailureOr<std::optional<SmallVector<int64_t>>> readAxes(NodeImport &n) {
  if (n.version < 13 && n.has(1))
    return n.error("expected 1 input, got 2");
  return n.axesOf(1, "axes");
}

static LogicalResult importSqueeze(NodeImport &n) {
  auto given = readAxes(n);
  if (failed(given))
    return failure();
  SmallVector<int64_t> dims;
  Index one = n.math.constant(1);
  if (*given) {
    auto axes = n.axes(**given, n.rank(0));
    if (failed(axes))
      return failure();
    dims = *axes;
  }
  Shape shape;
  for (auto [dim, extent] : llvm::enumerate(n.shape(0))) {
    bool isSqueezed = *given ? llvm::is_contained(dims, dim) : extent == one;
    bool mayBeOne = !constantOf(extent) && n.math.rangeOf(extent).min <= 1;
    if (isSqueezed && !n.agree(extent, one, "an extent of 1 to squeeze"))
      return n.misfit("expected extent 1 to squeeze, got " +
                      n.math.toString(extent));
    if (!*given && mayBeOne)
      return n.unsupported("a rank that depends on a dim being 1 (give it by "
                           "--dims)");
    if (!isSqueezed)
      shape.push_back(extent);
  }
  return resultReshaped(n, shape);
}

static LogicalResult importUnsqueeze(NodeImport &n) {
  auto given = readAxes(n);
  if (failed(given))
    return failure();
  if (!*given)
    return n.error("the axes are missing");
  int64_t rank = n.rank(0) + (*given)->size();
  if (rank > kMaxRank)
    return n.error("expected a rank of at most " + Twine(kMaxRank) + ", got " +
                   Twine(rank));
  auto axes = n.axes(**given, rank);
  if (failed(axes))
    return failure();
  Shape shape = n.shape(0);
  for (int64_t axis : *axes)
    shape.insert(shape.begin() + axis, n.math.constant(1));
  return resultReshaped(n, shape);
}

//===----------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------===//

/// An input that holds extents or counts: known, and not negative.
static FailureOr<Shape> extentsOf(NodeImport &n, unsigned i) {
  if (n.rank(i) != 1)
    return n.error("expected a vector as input " + Twine(i) + ", got rank " +
                   Twine(n.rank(i)));
  auto elements = n.elements(i);
  if (!elements)
    return n.unsupported("a shape that is not known at compile time");
  return n.asExtents(*elements);
}

static LogicalResult importExpand(NodeImport &n) {
  auto target = extentsOf(n, 1);
  if (failed(target))
    return failure();
  if (target->size() > static_cast<size_t>(kMaxRank))
    return n.error("expected a rank of at most " + Twine(kMaxRank) + ", got " +
                   Twine(target->size()));
  auto shape = n.broadcastShapes({n.shape(0), *target});
  if (failed(shape))
    return failure();
  // A vector that shape arithmetic goes on with.
  auto elements = n.elements(0);
  auto count = shape->size() == 1 ? constantOf((*shape)[0]) : std::nullopt;
  if (elements && elements->size() == 1 && count && *count <= 64)
    return n.resultElements(Shape(*count, elements->front()), *shape,
                            n.elementType(0));
  return n.result(n.broadcast(n.in(0), *shape), *shape);
}

static LogicalResult importTile(NodeImport &n) {
  auto repeats = extentsOf(n, 1);
  if (failed(repeats))
    return failure();
  if (repeats->size() != n.shape(0).size())
    return n.error("expected " + Twine(n.rank(0)) + " repeats, got " +
                   Twine(repeats->size()));
  // Each dim that is repeated becomes two, of which the outer one is new.
  Shape spread, shape;
  SmallVector<int64_t> dimensions;
  for (auto [extent, repeat] : llvm::zip_equal(n.shape(0), *repeats)) {
    if (constantOf(repeat) != 1)
      spread.push_back(repeat);
    dimensions.push_back(spread.size());
    spread.push_back(extent);
    shape.push_back(n.math.mul(extent, repeat));
  }
  if (llvm::is_contained(shape, Index()))
    return n.error("the result has too many elements");
  if (spread.size() == shape.size())
    return n.result(n.in(0));
  Value repeated = n.b.broadcast(n.value(0), n.sizes(spread), dimensions);
  return n.result(n.reshape({repeated, spread}, shape));
}

static constexpr OpEntry kOps[] = {
    {"Expand", {8, 13}, 2, 2, 1, kAny, importExpand},
    {"Flatten", {1, 9, 11, 13, 21, 23, 24, 25}, 1, 1, 1, kAny, importFlatten},
    {"Reshape", {5, 13, 14, 19, 21, 23, 24, 25}, 2, 2, 1, kAny, importReshape},
    {"Shape", {1, 13, 15, 19, 21, 23, 24, 25}, 1, 1, 1, kAny, importShape},
    {"Size", {1, 13, 19, 21, 23, 24, 25}, 1, 1, 1, kAny, importSize},
    {"Squeeze", {1, 11, 13, 21, 23, 24, 25}, 1, 2, 1, kAny, importSqueeze},
    {"Tile", {6, 13}, 2, 2, 1, kAny, importTile},
    {"Unsqueeze", {1, 11, 13, 21, 23, 24, 25}, 1, 2, 1, kAny, importUnsqueeze},
};

void msc::onnx::addShapeOps(OpTable &table) { table.add(kOps); }
