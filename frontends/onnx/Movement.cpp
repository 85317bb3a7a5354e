//===- Movement.cpp - Transposition, joining, blocks ----------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/NodeImport.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

static LogicalResult importTranspose(NodeImport &n) {
  SmallVector<int64_t> permutation;
  if (auto given = n.intsAttr("perm")) {
    auto axes = n.axes(*given, n.rank(0));
    if (failed(axes))
      return failure();
    if (axes->size() != static_cast<size_t>(n.rank(0)))
      return n.error("expected a permutation of " + Twine(n.rank(0)) +
                     " dims, got " + Twine(axes->size()));
    for (int64_t dim : *given)
      permutation.push_back(dim < 0 ? dim + n.rank(0) : dim);
  } else {
    for (int64_t dim = n.rank(0); dim-- > 0;)
      permutation.push_back(dim);
  }
  if (auto elements = n.elements(0))
    if (auto extents = n.staticShape(n.shape(0))) {
      SmallVector<int64_t> positions{0}, strides(extents->size(), 1);
      for (int64_t dim = extents->size() - 1; dim-- > 0;)
        strides[dim] = strides[dim + 1] * (*extents)[dim + 1];
      Shape shape, moved;
      for (int64_t dim : permutation) {
        SmallVector<int64_t> next;
        for (int64_t base : positions)
          for (int64_t i = 0; i < (*extents)[dim]; ++i)
            next.push_back(base + i * strides[dim]);
        positions = std::move(next);
        shape.push_back(n.shape(0)[dim]);
      }
      for (int64_t position : positions)
        moved.push_back((*elements)[position]);
      return n.resultElements(moved, shape, n.elementType(0));
    }
  return n.result(n.transpose(n.in(0), permutation));
}

static LogicalResult importConcat(NodeImport &n) {
  if (n.rank(0) == 0)
    return n.error("expected a rank of at least 1, got 0");
  // Optional up to opset 3 only.
  if (!n.hasAttr("axis"))
    return n.error("attribute 'axis' is missing");
  auto axis = n.axis(n.intAttr("axis", 0), n.rank(0));
  if (failed(axis))
    return failure();
  Shape shape = n.shape(0);
  for (unsigned i = 1; i < n.numInputs(); ++i) {
    if (n.rank(i) != n.rank(0))
      return n.error("expected inputs of one rank, got " + Twine(n.rank(0)) +
                     " and " + Twine(n.rank(i)));
    Shape others = shape, own = n.shape(i);
    others[*axis] = own[*axis] = n.math.constant(0);
    auto common = n.agreedShape(
        others, own, "equal extents but for axis " + Twine(*axis));
    if (failed(common))
      return failure();
    (*common)[*axis] = n.math.add(shape[*axis], n.shape(i)[*axis]);
    shape = *common;
  }
  if (n.rank(0) == 1 && n.isShapeArithmetic()) {
    Shape elements;
    for (unsigned i = 0; i < n.numInputs(); ++i)
      llvm::append_range(elements, *n.elements(i));
    if (elements.size() <= 1024)
      return n.resultElements(elements, shape, n.elementType(0));
  }
  SmallVector<Value> values;
  for (unsigned i = 0; i < n.numInputs(); ++i) {
    Shape own = shape;
    own[*axis] = n.shape(i)[*axis];
    values.push_back(n.agreed(n.in(i), own).value);
  }
  if (values.size() == 1)
    return n.result(values.front(), shape);
  return n.result(ConcatOp::create(n.builder(), n.loc(), values, *axis), shape);
}

//===----------------------------------------------------------------------===//
// Blocks of pixels
//===----------------------------------------------------------------------===//

namespace {
struct Blocks {
  int64_t size;
  bool isDepthFirst; // DCR rather than CRD
};
} // namespace

static FailureOr<Blocks> readBlocks(NodeImport &n, int64_t modeSince) {
  if (n.rank(0) != 4)
    return n.error("expected an image of rank 4, got " + Twine(n.rank(0)));
  int64_t size = n.intAttr("blocksize", 0);
  if (size < 1 || size > 65536)
    return n.error("expected a block size of at least 1, got " + Twine(size));
  std::string mode =
      n.version < modeSince ? "DCR" : n.stringAttr("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    return n.error("expected DCR or CRD as mode, got " + quoted(mode));
  return Blocks{size, mode == "DCR"};
}

/// extent / divisor, which has to be a whole number.
static FailureOr<Index> divided(NodeImport &n, Index extent, int64_t divisor) {
  Index quotient = n.math.floorDiv(extent, divisor);
  std::string what = "an extent that " + std::to_string(divisor) + " divides";
  if (!quotient || !n.agree(n.math.mul(quotient, divisor), extent, what))
    return n.misfit("expected " + what + ", got " + n.math.toString(extent));
  return quotient;
}

static LogicalResult importDepthToSpace(NodeImport &n) {
  auto blocks = readBlocks(n, 11);
  if (failed(blocks))
    return failure();
  const Shape &x = n.shape(0);
  auto depth = divided(n, x[1], blocks->size * blocks->size);
  if (failed(depth))
    return failure();
  Index block = n.math.constant(blocks->size);
  Shape split = blocks->isDepthFirst
                    ? Shape{x[0], block, block, *depth, x[2], x[3]}
                    : Shape{x[0], *depth, block, block, x[2], x[3]};
  SmallVector<int64_t> order = blocks->isDepthFirst
                                   ? SmallVector<int64_t>{0, 3, 4, 1, 5, 2}
                                   : SmallVector<int64_t>{0, 1, 4, 2, 5, 3};
  Shape shape{x[0], *depth, n.math.mul(x[2], block), n.math.mul(x[3], block)};
  if (llvm::is_contained(shape, Index()))
    return n.error("the result has too many elements");
  return n.result(
      n.reshape(n.transpose(n.reshape(n.in(0), split), order), shape));
}

static LogicalResult importSpaceToDepth(NodeImport &n) {
  auto blocks = readBlocks(n, 28);
  if (failed(blocks))
    return failure();
  const Shape &x = n.shape(0);
  auto height = divided(n, x[2], blocks->size);
  if (failed(height))
    return failure();
  auto width = divided(n, x[3], blocks->size);
  if (failed(width))
    return failure();
  Index block = n.math.constant(blocks->size);
  Shape split{x[0], x[1], *height, block, *width, block};
  SmallVector<int64_t> order = blocks->isDepthFirst
                                   ? SmallVector<int64_t>{0, 3, 5, 1, 2, 4}
                                   : SmallVector<int64_t>{0, 1, 3, 5, 2, 4};
  Shape shape{x[0], n.math.mul(x[1], blocks->size * blocks->size), *height,
              *width};
  if (llvm::is_contained(shape, Index()))
    return n.error("the result has too many elements");
  return n.result(
      n.reshape(n.transpose(n.reshape(n.in(0), split), order), shape));
}

static constexpr OpEntry kOps[] = {
    {"Concat", {4, 11, 13}, 1, kVariadic, 1, kAny | kSame, importConcat},
    {"DepthToSpace", {1, 11, 13, 28}, 1, 1, 1, kAny, importDepthToSpace},
    {"SpaceToDepth", {1, 13, 28}, 1, 1, 1, kAny, importSpaceToDepth},
    {"Transpose", {1, 13, 21, 23, 24, 25}, 1, 1, 1, kAny, importTranspose},
};

void msc::onnx::addMovementOps(OpTable &table) { table.add(kOps); }
