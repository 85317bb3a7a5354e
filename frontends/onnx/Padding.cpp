//===- Padding.cpp - Pad in all modes -------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

// As for windows: any sane padding is below.
static constexpr int64_t kMaxPad = int64_t(1) << 31;

namespace {
struct Pads {
  Shape low, high; // one a dim
};
} // namespace

static FailureOr<Pads> readPads(NodeImport &n) {
  SmallVector<int64_t> axes;
  for (int64_t dim = 0; dim < n.rank(0); ++dim)
    axes.push_back(dim);
  Shape list;
  if (n.version < 11) {
    for (int64_t pad : n.intsAttr("pads").value_or(SmallVector<int64_t>()))
      list.push_back(n.math.constant(pad));
  } else {
    auto elements = n.elements(1);
    if (!n.has(1) || n.rank(1) != 1)
      return n.error("expected a vector as pads");
    if (!elements)
      return n.unsupported("pads that are not known at compile time");
    list = Shape(*elements);
    if (n.has(3)) {
      auto given = n.constants(3);
      if (!given)
        return n.unsupported("axes that are not known at compile time");
      if (failed(n.axes(*given, n.rank(0))))
        return failure();
      axes = *given;
      for (int64_t &axis : axes)
        axis += axis < 0 ? n.rank(0) : 0;
    }
  }
  if (list.size() != 2 * axes.size())
    return n.error("expected " + Twine(2 * axes.size()) + " pads, got " +
                   Twine(list.size()));
  Index zero = n.math.constant(0);
  Pads pads{Shape(n.rank(0), zero), Shape(n.rank(0), zero)};
  for (auto [i, axis] : llvm::enumerate(axes)) {
    pads.low[axis] = list[i];
    pads.high[axis] = list[i + axes.size()];
  }
  for (Index pad : list)
    if (auto constant = constantOf(pad);
        constant ? std::abs(static_cast<double>(*constant)) > kMaxPad
                 : n.math.rangeOf(pad).min < 0)
      return n.error("the pad " + n.math.toString(pad) +
                     " is too large, or negative for some dims");
  return pads;
}

/// Negative pads cut; returns the rest of the tensor, and leaves those that
/// add.
static FailureOr<Shaped> crop(NodeImport &n, Pads &pads) {
  Shape offsets, shape;
  Shaped x = n.in(0);
  Index zero = n.math.constant(0);
  for (auto [dim, extent] : llvm::enumerate(x.shape)) {
    Index cutLow = n.math.max(n.math.mul(pads.low[dim], -1), zero);
    Index cutHigh = n.math.max(n.math.mul(pads.high[dim], -1), zero);
    Index rest = n.math.sub(extent, n.math.add(cutLow, cutHigh));
    if (!rest)
      return n.error("the pads overflow");
    auto left = n.atLeastZero(rest, "pads that cut no more than there is");
    if (!left)
      return n.misfit("negative pads cut more than there is");
    offsets.push_back(cutLow);
    shape.push_back(*left);
    pads.low[dim] = n.math.max(pads.low[dim], zero);
    pads.high[dim] = n.math.max(pads.high[dim], zero);
  }
  if (shape == x.shape)
    return x;
  SmallVector<OpFoldResult> ones(shape.size(), n.builder().getIndexAttr(1));
  return Shaped{SliceOp::create(n.builder(), n.loc(), x.value, n.sizes(offsets),
                                n.sizes(shape), ones),
                shape};
}

static LogicalResult padByConstant(NodeImport &n, const Shaped &x,
                                   const Pads &pads) {
  Type type = n.elementType(0);
  Value value;
  if (n.version < 11) {
    if (isa<IntegerType>(type))
      return n.error("expected floats");
    value = n.b.scalar(n.floatAttr("value", 0.0), type);
  } else if (n.has(2)) {
    if (n.elementType(2) != type)
      return n.error("expected a value of the data's element type");
    auto extents = n.staticShape(n.shape(2));
    if (!extents || llvm::any_of(*extents, [](int64_t e) { return e != 1; }))
      return n.error("expected one element as value, got " +
                     n.toString(n.shape(2)));
    value = n.reshape(n.in(2), {}).value;
  } else {
    value = n.b.scalar(0.0, type);
  }
  Shape shape;
  for (auto [dim, extent] : llvm::enumerate(x.shape))
    shape.push_back(
        n.math.add(n.math.add(pads.low[dim], extent), pads.high[dim]));
  if (llvm::is_contained(shape, Index()))
    return n.error("the result has too many elements");
  if (shape == x.shape)
    return n.result(x);
  Value result =
      PadOp::create(n.builder(), n.loc(), x.value, value, n.sizes(pads.low),
                    n.sizes(pads.high), SmallVector<int64_t>(shape.size(), 0));
  return n.result(result, shape);
}

//===----------------------------------------------------------------------===//
// Edge, reflect, wrap
//===----------------------------------------------------------------------===//

/// Which element of a dim stands at a position before, in or behind it.
static int64_t sourceOf(StringRef mode, int64_t position, int64_t extent) {
  auto modulo = [](int64_t a, int64_t b) { return ((a % b) + b) % b; };
  if (mode == "edge")
    return std::clamp<int64_t>(position, 0, extent - 1);
  if (mode == "wrap")
    return modulo(position, extent);
  if (extent == 1)
    return 0;
  int64_t at = modulo(position, 2 * (extent - 1));
  return at < extent ? at : 2 * (extent - 1) - at;
}

static Value sliceAlong(NodeImport &n, const Shaped &x, int64_t dim,
                        int64_t offset, int64_t size) {
  Shape offsets(x.shape.size(), n.math.constant(0)), shape = x.shape;
  offsets[dim] = n.math.constant(offset);
  shape[dim] = n.math.constant(size);
  SmallVector<OpFoldResult> ones(shape.size(), n.builder().getIndexAttr(1));
  return SliceOp::create(n.builder(), n.loc(), x.value, n.sizes(offsets),
                         n.sizes(shape), ones);
}

/// Pads a dim by runs of its own elements, forward or backward.
static LogicalResult padDim(NodeImport &n, StringRef mode, Shaped &x,
                            int64_t dim, int64_t low, int64_t high) {
  int64_t extent = *constantOf(x.shape[dim]);
  if (extent == 0)
    return n.error("mode " + quoted(mode) + " cannot pad an empty dim");
  int64_t total = low + extent + high;
  // A run is a slice: more of them than this is no longer a sensible program.
  if (total / std::max<int64_t>(extent - 1, 1) > 64 && mode != "edge")
    return n.unsupported("pads of more than 64 times the extent");
  SmallVector<Value> parts;
  for (int64_t at = 0; at < total;) {
    int64_t first = sourceOf(mode, at - low, extent);
    int64_t second =
        at + 1 < total ? sourceOf(mode, at + 1 - low, extent) : first + 1;
    int64_t step = second - first;
    // A wrap from the last element to the first starts a new run.
    if (step < -1 || step > 1)
      step = 1;
    int64_t length = 1;
    while (at + length < total &&
           sourceOf(mode, at + length - low, extent) == first + length * step)
      ++length;
    Value part;
    if (step == 0) {
      Shape shape = x.shape;
      shape[dim] = n.math.constant(1);
      Shaped one{sliceAlong(n, x, dim, first, 1), shape};
      shape[dim] = n.math.constant(length);
      part = n.broadcast(one, shape);
    } else {
      int64_t offset = step > 0 ? first : first - length + 1;
      part = sliceAlong(n, x, dim, offset, length);
      if (step < 0 && length > 1)
        part = ReverseOp::create(n.builder(), n.loc(), part.getType(), part,
                                 ArrayRef<int64_t>{dim});
    }
    parts.push_back(part);
    at += length;
  }
  x.shape[dim] = n.math.constant(total);
  x.value =
      parts.size() == 1
          ? parts.front()
          : ConcatOp::create(n.builder(), n.loc(), parts, dim).getResult();
  return success();
}

/// The same for an extent that is known at run time only: where each element
/// comes from is computed.
static LogicalResult gatherPadded(NodeImport &n, StringRef mode, Shaped &x,
                                  int64_t dim, Index low, Index high) {
  if (x.shape.size() > 26)
    return n.unsupported("a tensor of rank " + Twine(x.shape.size()));
  Index extent = x.shape[dim];
  Index total = n.math.add(n.math.add(low, extent), high);
  if (!total)
    return n.error("the pads overflow");
  if (!n.atLeastZero(n.math.add(extent, -1),
                     "a dim to pad that is not empty"))
    return n.misfit("mode " + quoted(mode) + " cannot pad an empty dim");
  Type i64 = n.builder().getI64Type();
  Shape shape{total};
  auto spread = [&](Index index) {
    return n.broadcast({n.scalarOf(index, i64), {}}, shape);
  };
  Value last = spread(n.math.add(extent, -1));
  Value at = n.b.sub(iota(n, shape, 0, i64), spread(low));
  Value zero = n.b.splatLike(0.0, at);
  // The remainder of a negative number is negative.
  auto modulo = [&](Value value, Value divisor) {
    Value rest = n.b.binary<RemOp>(value, divisor);
    return n.b.binary<RemOp>(n.b.add(rest, divisor), divisor);
  };
  if (mode == "edge") {
    at = n.b.binary<MinOp>(n.b.binary<MaxOp>(at, zero), last);
  } else if (mode == "wrap") {
    at = modulo(at, n.b.addScalar(last, 1.0));
  } else {
    // A dim of one element has the period 0, and one element to choose.
    Value period = n.b.mulScalar(last, 2.0);
    period = n.b.binary<MaxOp>(period, n.b.splatLike(1.0, period));
    at = modulo(at, period);
    at = n.b.binary<MinOp>(at, n.b.sub(period, at));
    at = n.b.binary<MinOp>(at, last);
  }
  std::string before = dimLetters('a', dim);
  std::string after = dimLetters('a' + dim, x.shape.size() - dim - 1);
  x.value = gather(n, before + "*" + after + ",P->" + before + "P" + after,
                   x.value, at);
  x.shape[dim] = total;
  return success();
}

static LogicalResult importPad(NodeImport &n) {
  std::string mode = n.stringAttr("mode", "constant");
  auto pads = readPads(n);
  if (failed(pads))
    return failure();
  auto cropped = crop(n, *pads);
  if (failed(cropped))
    return failure();
  if (mode == "constant")
    return padByConstant(n, *cropped, *pads);
  if (mode != "edge" && mode != "reflect" && (mode != "wrap" || n.version < 19))
    return n.error("expected constant, edge, reflect or (since opset 19) wrap "
                   "as mode, got " +
                   quoted(mode));
  Shaped x = *cropped;
  for (int64_t dim = 0; dim < n.rank(0); ++dim) {
    auto low = constantOf(pads->low[dim]), high = constantOf(pads->high[dim]);
    if (low == 0 && high == 0)
      continue;
    bool isKnown = low && high && constantOf(x.shape[dim]);
    if (failed(isKnown ? padDim(n, mode, x, dim, *low, *high)
                       : gatherPadded(n, mode, x, dim, pads->low[dim],
                                      pads->high[dim])))
      return failure();
  }
  return n.result(x);
}

static constexpr OpEntry kOps[] = {
    {"Pad", {2, 11, 13, 18, 19, 21, 23, 24, 25}, 1, 4, 1, kAny, importPad},
};

void msc::onnx::addPaddingOps(OpTable &table) { table.add(kOps); }
