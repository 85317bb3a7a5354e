//===- Sequence.cpp - Sequences and optional values -----------------------===//
//
// A program has tensors only. Sequences and optional values are followed here
// as long as their length is known, and nothing of them is left in the program.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/NodeImport.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

// More parts than these and a program consists of slices.
static constexpr int64_t kMaxParts = 1024;

static LogicalResult resultSequence(NodeImport &n,
                                    std::vector<Tensor> elements) {
  if (elements.size() > kMaxParts)
    return n.unsupported("a sequence of more than " + Twine(kMaxParts) +
                         " tensors");
  Tensor tensor;
  tensor.sequence =
      std::make_shared<const std::vector<Tensor>>(std::move(elements));
  return n.resultTensor(tensor);
}

static FailureOr<std::vector<Tensor>> sequenceOf(NodeImport &n) {
  if (!n.has(0) || !n.input(0).sequence)
    return n.error("expected a sequence as input 0");
  return *n.input(0).sequence;
}

static LogicalResult checkTensor(NodeImport &n, unsigned i) {
  if (!n.has(i) || !n.input(i).isTensor())
    return n.error("expected a tensor as input " + Twine(i));
  if (!n.input(i).elementType)
    return n.unsupported("element type " + nameOf(n.input(i).data->type));
  return success();
}

/// 0 <= position < size, counted from the end if negative.
static FailureOr<int64_t> positionOf(NodeImport &n, unsigned i, int64_t size) {
  if (failed(checkTensor(n, i)))
    return failure();
  auto constants = n.constants(i);
  if (!constants)
    return n.unsupported("a position that is not known at compile time");
  if (constants->size() != 1)
    return n.error("expected one position, got " + Twine(constants->size()));
  int64_t position = constants->front();
  if (position < -size || position >= size)
    return n.error("expected a position in [" + Twine(-size) + ", " +
                   Twine(size) + "), got " + Twine(position));
  return position < 0 ? position + size : position;
}

static LogicalResult importSequenceEmpty(NodeImport &n) {
  return resultSequence(n, {});
}

static LogicalResult importSequenceConstruct(NodeImport &n) {
  std::vector<Tensor> elements;
  for (unsigned i = 0; i < n.numInputs(); ++i) {
    if (failed(checkTensor(n, i)))
      return failure();
    elements.push_back(n.input(i));
  }
  return resultSequence(n, std::move(elements));
}

static LogicalResult importSequenceAt(NodeImport &n) {
  auto elements = sequenceOf(n);
  if (failed(elements))
    return failure();
  auto position = positionOf(n, 1, elements->size());
  if (failed(position))
    return failure();
  return n.resultTensor((*elements)[*position]);
}

static LogicalResult importSequenceInsert(NodeImport &n) {
  auto elements = sequenceOf(n);
  if (failed(elements) || failed(checkTensor(n, 1)))
    return failure();
  int64_t position = elements->size();
  if (n.has(2)) {
    // The end is a position too, but has no negative number.
    auto constants = n.constants(2);
    if (!constants || constants->size() != 1 || constants->front() != position) {
      auto given = positionOf(n, 2, position);
      if (failed(given))
        return failure();
      position = *given;
    }
  }
  elements->insert(elements->begin() + position, n.input(1));
  return resultSequence(n, std::move(*elements));
}

static LogicalResult importSequenceErase(NodeImport &n) {
  auto elements = sequenceOf(n);
  if (failed(elements))
    return failure();
  if (elements->empty())
    return n.error("the sequence is empty");
  int64_t position = elements->size() - 1;
  if (n.has(1)) {
    auto given = positionOf(n, 1, elements->size());
    if (failed(given))
      return failure();
    position = *given;
  }
  elements->erase(elements->begin() + position);
  return resultSequence(n, std::move(*elements));
}

static LogicalResult importSequenceLength(NodeImport &n) {
  auto elements = sequenceOf(n);
  if (failed(elements))
    return failure();
  return n.resultElements({n.math.constant(elements->size())}, {},
                          n.builder().getI64Type());
}

//===----------------------------------------------------------------------===//
// To tensors and back
//===----------------------------------------------------------------------===//

/// The extents of the parts along an axis.
static FailureOr<SmallVector<int64_t>> partsOf(NodeImport &n, Index extent) {
  auto known = constantOf(extent);
  if (!known)
    return n.unsupported("a sequence made of a dim that is not known at "
                         "compile time (give it by --dims)");
  if (n.has(1) && n.rank(1) == 1) {
    auto parts = n.constants(1);
    if (!parts)
      return n.unsupported("parts that are not known at compile time");
    int64_t sum = 0;
    for (int64_t part : *parts) {
      if (part < 0 || part > IndexRange::kMax)
        return n.error("expected parts of at least 0, got " + Twine(part));
      sum = std::min(sum + part, IndexRange::kMax);
    }
    if (sum != known)
      return n.error("the parts have " + Twine(sum) + " of " +
                     n.math.toString(extent) + " elements");
    return *parts;
  }
  int64_t size = 1;
  if (n.has(1)) {
    auto given = n.constants(1);
    if (n.rank(1) != 0)
      return n.error("expected a scalar or a vector as input 1, got rank " +
                     Twine(n.rank(1)));
    if (!given)
      return n.unsupported("parts that are not known at compile time");
    size = given->front();
    if (size < 1)
      return n.error("expected parts of at least 1, got " + Twine(size));
  }
  if ((*known - 1) / size >= kMaxParts)
    return n.unsupported("a sequence of more than " + Twine(kMaxParts) +
                         " tensors");
  SmallVector<int64_t> parts;
  for (int64_t at = 0; at < *known; at += size)
    parts.push_back(std::min(size, *known - at));
  return parts;
}

static LogicalResult importSplitToSequence(NodeImport &n) {
  if (failed(checkTensor(n, 0)) || (n.has(1) && failed(checkTensor(n, 1))))
    return failure();
  auto axis = n.axis(n.intAttr("axis", 0), n.rank(0));
  if (failed(axis))
    return failure();
  bool keep = n.has(1) || n.flagAttr("keepdims", true);
  auto parts = partsOf(n, n.shape(0)[*axis]);
  if (failed(parts))
    return failure();
  std::vector<Tensor> elements;
  // Shape arithmetic goes on in the parts.
  auto contents = n.rank(0) == 1 ? n.elements(0) : std::nullopt;
  int64_t at = 0;
  for (int64_t part : *parts) {
    Shape shape = n.shape(0);
    shape[*axis] = n.math.constant(part);
    if (contents) {
      Tensor tensor;
      tensor.elementType = n.elementType(0);
      tensor.elements = Shape(contents->slice(at, part));
      if (keep)
        tensor.shape = shape;
      elements.push_back(tensor);
      at += part;
      continue;
    }
    Shape offsets(shape.size(), n.math.constant(0)),
        ones(shape.size(), n.math.constant(1));
    offsets[*axis] = n.math.constant(at);
    at += part;
    Shaped slice{n.b.slice(n.value(0), n.sizes(offsets), n.sizes(shape),
                           n.sizes(ones)),
                 shape};
    if (!keep) {
      shape.erase(shape.begin() + *axis);
      slice = n.reshape(slice, shape);
    }
    Tensor tensor;
    tensor.elementType = n.elementType(0);
    tensor.shape = slice.shape;
    tensor.value = slice.value;
    elements.push_back(tensor);
  }
  return resultSequence(n, std::move(elements));
}

/// The elements of all tensors, if they are known and few.
static std::optional<Shape> joinedContents(NodeImport &n,
                                           MutableArrayRef<Tensor> tensors) {
  Shape all;
  for (Tensor &tensor : tensors) {
    auto contents = n.elementsOf(tensor);
    if (!contents || all.size() + contents->size() > kMaxParts)
      return std::nullopt;
    llvm::append_range(all, *contents);
  }
  return all;
}

static LogicalResult importConcatFromSequence(NodeImport &n) {
  auto elements = sequenceOf(n);
  if (failed(elements))
    return failure();
  if (elements->empty())
    return n.error("the sequence is empty");
  if (!n.hasAttr("axis"))
    return n.error("attribute 'axis' is missing");
  bool isNew = n.flagAttr("new_axis", false);
  const Tensor &first = elements->front();
  auto axis =
      n.axis(n.intAttr("axis", 0), first.shape.size() + (isNew ? 1 : 0));
  if (failed(axis))
    return failure();
  Shape whole;
  SmallVector<Value> values;
  for (Tensor &element : *elements) {
    if (element.elementType != first.elementType)
      return n.error("the sequence has elements of " +
                     n.toString(first.elementType) + " and " +
                     n.toString(element.elementType));
    Shape shape = element.shape;
    if (isNew)
      shape.insert(shape.begin() + *axis, n.math.constant(1));
    values.push_back(
        n.reshape({n.valueOf(element), element.shape}, shape).value);
    if (whole.empty()) {
      whole = shape;
      continue;
    }
    Shape joined = whole;
    if (shape.size() == whole.size())
      joined[*axis] = shape[*axis];
    if (joined != shape)
      return n.error("expected equal extents but for axis " + Twine(*axis) +
                     ", got " + n.toString(whole) + " and " +
                     n.toString(shape));
    whole[*axis] = n.math.add(whole[*axis], shape[*axis]);
  }
  if (auto contents = joinedContents(n, *elements); contents && whole.size() == 1)
    return n.resultElements(*contents, whole, first.elementType);
  if (values.size() == 1)
    return n.result(values.front(), whole);
  return n.result(ConcatOp::create(n.builder(), n.loc(), values, *axis), whole);
}

//===----------------------------------------------------------------------===//
// Optional values
//===----------------------------------------------------------------------===//

/// An optional value that exists is the value.
static LogicalResult importOptional(NodeImport &n) {
  if (n.has(0))
    return n.resultTensor(n.input(0));
  Tensor none;
  none.isNone = true;
  return n.resultTensor(none);
}

static LogicalResult importOptionalHasElement(NodeImport &n) {
  bool has = n.has(0) && !n.input(0).isNone;
  return n.resultElements({n.math.constant(has)}, {}, n.builder().getI1Type());
}

static LogicalResult importOptionalGetElement(NodeImport &n) {
  if (!n.has(0) || n.input(0).isNone)
    return n.error("the optional value has no element");
  return n.resultTensor(n.input(0));
}

static constexpr uint8_t kAnything = kAny | kSpecial;

static constexpr OpEntry kOps[] = {
    {"ConcatFromSequence", {11}, 1, 1, 1, kAnything, importConcatFromSequence},
    {"Optional", {15}, 0, 1, 1, kAnything, importOptional},
    {"OptionalGetElement",
     {15, 18},
     1,
     1,
     1,
     kAnything,
     importOptionalGetElement},
    {"OptionalHasElement",
     {15, 18},
     0,
     1,
     1,
     kAnything,
     importOptionalHasElement},
    {"SequenceAt", {11}, 2, 2, 1, kAnything, importSequenceAt},
    {"SequenceConstruct",
     {11},
     1,
     kVariadic,
     1,
     kAnything,
     importSequenceConstruct},
    {"SequenceEmpty", {11}, 0, 0, 1, kAnything, importSequenceEmpty},
    {"SequenceErase", {11}, 1, 2, 1, kAnything, importSequenceErase},
    {"SequenceInsert", {11}, 2, 3, 1, kAnything, importSequenceInsert},
    {"SequenceLength", {11}, 1, 1, 1, kAnything, importSequenceLength},
    {"SplitToSequence", {11, 24}, 1, 2, 1, kAnything, importSplitToSequence},
};

void msc::onnx::addSequenceOps(OpTable &table) { table.add(kOps); }
