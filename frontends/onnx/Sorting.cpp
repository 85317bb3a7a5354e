//===- Sorting.cpp - The largest elements ---------------------------------===//

#include "dialects/graph/ops/sorting/Sorting.h"
#include "frontends/onnx/NodeImport.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

/// How many elements: an attribute up to opset 9, then an input.
static FailureOr<Index> readCount(NodeImport &n) {
  if (n.version < 10) {
    if (!n.hasAttr("k"))
      return n.error("attribute 'k' is missing");
    return n.math.constant(n.intAttr("k", 0));
  }
  if (!n.has(1))
    return n.error("expected 2 inputs, got 1");
  auto elements = n.elements(1);
  if (!elements)
    return n.unsupported("a number of elements that is not known at compile "
                         "time");
  if (elements->size() != 1)
    return n.error("expected one number of elements, got " +
                   Twine(elements->size()));
  return elements->front();
}

static LogicalResult importTopK(NodeImport &n) {
  if (n.rank(0) == 0)
    return n.error("expected a rank of at least 1, got 0");
  auto axis = n.axis(n.intAttr("axis", -1), n.rank(0));
  auto count = readCount(n);
  if (failed(axis) || failed(count))
    return failure();
  bool largest = n.version < 11 || n.flagAttr("largest", true);
  // Sorted results serve those who don't ask for an order as well.
  if (n.version >= 11)
    (void)n.flagAttr("sorted", true);
  Index extent = n.shape(0)[*axis];
  if (failed(n.checkExtent(*count)))
    return failure();
  auto most = constantOf(extent), wanted = constantOf(*count);
  if (most && wanted && *wanted > *most)
    return n.error("expected at most " + Twine(*most) + " elements, got " +
                   Twine(*wanted));
  Shape shape = n.shape(0);
  shape[*axis] = *count;
  auto type = n.typeOf(shape, n.elementType(0));
  Value size;
  if (!wanted)
    size = cast<Value>(n.math.materialize(n.builder(), n.loc(), *count));
  auto top = TopKOp::create(n.builder(), n.loc(), type,
                            type.clone(n.builder().getI64Type()), n.value(0),
                            size, *axis, /*smallest=*/!largest);
  if (failed(n.result(0, top.getValues(), shape)))
    return failure();
  return n.result(1, top.getIndices(), shape);
}

static constexpr OpEntry kOps[] = {
    {"TopK", {1, 10, 11, 24}, 1, 2, 2, kNumber, importTopK},
};

void msc::onnx::addSortingOps(OpTable &table) { table.add(kOps); }
