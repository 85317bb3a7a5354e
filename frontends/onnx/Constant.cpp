//===- Constant.cpp - Tensors that come from no other ---------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

/// Elements of a list attribute as a vector, or a single one as a scalar.
static LogicalResult floatConstant(NodeImport &n, ArrayRef<float> values,
                                   bool isScalar) {
  Shape shape;
  if (!isScalar)
    shape.push_back(n.math.constant(values.size()));
  auto type = n.typeOf(shape, n.builder().getF32Type());
  return n.result(ConstantOp::create(n.builder(), n.loc(), type,
                                     DenseElementsAttr::get(type, values)),
                  shape);
}

static LogicalResult intConstant(NodeImport &n, ArrayRef<int64_t> values,
                                 bool isScalar) {
  Shape shape, elements;
  if (!isScalar)
    shape.push_back(n.math.constant(values.size()));
  for (int64_t value : values)
    elements.push_back(n.math.constant(value));
  return n.resultElements(elements, shape, n.builder().getI64Type());
}

static LogicalResult importConstant(NodeImport &n) {
  using Kind = NodeAttribute::Kind;
  if (n.hasAttr("value")) {
    const NodeAttribute *attribute = n.attr("value", Kind::Tensor);
    if (!attribute)
      return failure();
    Tensor tensor;
    tensor.data = &attribute->tensor;
    tensor.elementType =
        elementTypeOf(tensor.data->type, n.builder().getContext());
    if (!tensor.elementType)
      return n.unsupported("element type " + nameOf(tensor.data->type));
    for (int64_t dim : tensor.data->dims)
      tensor.shape.push_back(n.math.constant(dim));
    return n.resultTensor(tensor);
  }
  if (const NodeAttribute *a = n.attr("value_float", Kind::Float))
    return floatConstant(n, a->f, /*isScalar=*/true);
  if (const NodeAttribute *a = n.attr("value_floats", Kind::Floats))
    return floatConstant(n, a->floats, /*isScalar=*/false);
  if (const NodeAttribute *a = n.attr("value_int", Kind::Int))
    return intConstant(n, a->i, /*isScalar=*/true);
  if (const NodeAttribute *a = n.attr("value_ints", Kind::Ints))
    return intConstant(n, a->ints, /*isScalar=*/false);
  for (StringRef name : {"value_string", "value_strings", "sparse_value"})
    if (n.hasAttr(name))
      return n.unsupported("a constant of attribute '" + name + "'");
  return n.error("a constant without a value");
}

/// The element at the front of a tensor in a file as a 0-d constant.
static Value scalarConstant(NodeImport &n, const TensorData &data,
                            Type elementType) {
  auto type = RankedTensorType::get({}, elementType);
  DenseElementsAttr value =
      elementType.isInteger(1)
          ? DenseElementsAttr::get(type, data.bytes[0] != 0)
          : DenseElementsAttr::getFromRawBuffer(
                type, data.bytes.take_front(bytesOf(data.type)));
  return ConstantOp::create(n.builder(), n.loc(), type, value);
}

static LogicalResult importConstantOfShape(NodeImport &n) {
  auto extents = n.elements(0);
  if (n.rank(0) != 1)
    return n.error("expected a vector as shape, got rank " + Twine(n.rank(0)));
  if (!extents)
    return n.unsupported("a shape that is not known at compile time");
  Shape shape(extents->begin(), extents->end());
  if (shape.size() > kMaxRank)
    return n.error("expected a rank of at most " + Twine(kMaxRank) + ", got " +
                   Twine(shape.size()));
  for (Index extent : shape)
    if (failed(n.checkExtent(extent)))
      return failure();
  const NodeAttribute *value = n.attr("value", NodeAttribute::Kind::Tensor);
  Type type = n.builder().getF32Type();
  if (value) {
    type = elementTypeOf(value->tensor.type, n.builder().getContext());
    if (!type)
      return n.unsupported("element type " + nameOf(value->tensor.type));
    if (value->tensor.getNumElements() != 1)
      return n.error("expected one element as value, got " +
                     Twine(value->tensor.getNumElements()));
  }
  // Exporters make vectors of ones for Expand in this way.
  auto count = shape.size() == 1 ? constantOf(shape[0]) : std::nullopt;
  if (value && type.isInteger(64) && count && *count <= 64) {
    int64_t number;
    std::memcpy(&number, value->tensor.bytes.data(), sizeof(number));
    return n.resultElements(Shape(*count, n.math.constant(number)), shape,
                            type);
  }
  Value scalar =
      value ? scalarConstant(n, value->tensor, type) : n.b.scalar(0.0, type);
  return n.result(n.broadcast({scalar, {}}, shape), shape);
}

//===----------------------------------------------------------------------===//
// Range and EyeLike
//===----------------------------------------------------------------------===//

/// max(ceil((limit - start) / delta), 0); null if that is not known.
static FailureOr<Index> rangeCount(NodeImport &n) {
  constexpr double kMax = static_cast<double>(kMaxElements);
  if (isa<FloatType>(n.elementType(0))) {
    auto start = n.number(0), limit = n.number(1), delta = n.number(2);
    if (!start || !limit || !delta)
      return n.unsupported("bounds that are not known at compile time");
    double count = std::ceil((*limit - *start) / *delta);
    if (!(count < kMax) || !std::isfinite(*delta))
      return n.error("the range has too many elements or none that end");
    return n.math.constant(std::max(count, 0.0));
  }
  auto start = n.elements(0), limit = n.elements(1), delta = n.elements(2);
  if (!start || !limit || !delta)
    return n.unsupported("bounds that are not known at compile time");
  auto step = constantOf(delta->front());
  if (!step)
    return n.unsupported("a step that is not known at compile time");
  if (*step == 0)
    return n.error("expected a step other than 0");
  if (*step == std::numeric_limits<int64_t>::min())
    return n.unsupported("a step this small");
  Index distance = *step > 0 ? n.math.sub(limit->front(), start->front())
                             : n.math.sub(start->front(), limit->front());
  Index count =
      n.math.max(n.math.ceilDiv(distance, std::abs(*step)), n.math.constant(0));
  if (!count)
    return n.error("the range has too many elements");
  return count;
}

static LogicalResult importRange(NodeImport &n) {
  for (unsigned i = 0; i < 3; ++i) {
    auto extents = n.staticShape(n.shape(i));
    if (!extents ||
        llvm::any_of(*extents, [](int64_t extent) { return extent != 1; }))
      return n.error("expected scalars, got " + n.toString(n.shape(i)));
  }
  auto count = rangeCount(n);
  if (failed(count))
    return failure();
  Type type = n.elementType(0);
  auto constant = constantOf(*count);
  auto start = n.constants(0), delta = n.constants(2);
  if (constant && *constant <= 64 && start && delta &&
      type.isSignlessInteger(64)) {
    Shape elements;
    for (int64_t i = 0; i < *constant; ++i)
      elements.push_back(
          n.math.add(n.math.mul(n.math.constant(i), (*delta)[0]), (*start)[0]));
    if (!llvm::is_contained(elements, Index()))
      return n.resultElements(elements, {*count}, type);
  }
  Shape shape{*count};
  Type wide = isNarrowFloat(type) ? n.builder().getF32Type() : type;
  auto repeated = [&](unsigned i) {
    Shaped scalar = n.reshape(n.convert(n.in(i), wide), {});
    return n.broadcast(scalar, shape);
  };
  Value steps = n.b.mul(iota(n, shape, 0, wide), repeated(2));
  Value result = n.b.add(repeated(0), steps);
  return n.result(n.b.convert(result, type), shape);
}

static LogicalResult importEyeLike(NodeImport &n) {
  if (n.rank(0) != 2)
    return n.error("expected a matrix, got rank " + Twine(n.rank(0)));
  int64_t k = n.intAttr("k", 0);
  Type type = n.elementType(0);
  if (n.hasAttr("dtype")) {
    auto dtype = static_cast<DataType>(n.intAttr("dtype", 1));
    type = elementTypeOf(dtype, n.builder().getContext());
    if (!type)
      return n.unsupported("element type " + nameOf(dtype));
  }
  const Shape &shape = n.shape(0);
  Type i64 = n.builder().getI64Type();
  // Beyond any extent the diagonal is outside anyway.
  k = std::clamp(k, -kMaxElements, kMaxElements);
  Value diagonal =
      n.b.addScalar(iota(n, shape, 0, i64), static_cast<double>(k));
  Value isOne = n.b.compare(Predicate::eq, diagonal, iota(n, shape, 1, i64));
  return n.result(n.b.convert(isOne, type), shape);
}

static constexpr OpEntry kOps[] = {
    {"Constant",
     {1, 9, 11, 12, 13, 19, 21, 23, 24, 25},
     0,
     0,
     1,
     kAny,
     importConstant},
    {"ConstantOfShape",
     {9, 20, 21, 23, 24, 25},
     1,
     1,
     1,
     kInt,
     importConstantOfShape},
    {"EyeLike", {9, 22}, 1, 1, 1, kAny, importEyeLike},
    {"Range", {11, 27}, 3, 3, 1, kNumber | kSame, importRange},
};

void msc::onnx::addConstantOps(OpTable &table) { table.add(kOps); }
