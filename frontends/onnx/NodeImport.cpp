//===- NodeImport.cpp - Inputs, attributes and outcome of a node ----------===//

#include "frontends/onnx/NodeImport.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace msc::onnx;

std::string msc::onnx::titleOf(const Node &node) {
  StringRef name = node.name;
  if (name.empty())
    for (const std::string &output : node.outputs)
      if (name.empty())
        name = output;
  std::string type;
  llvm::raw_string_ostream stream(type);
  llvm::printEscapedString(node.opType, stream);
  return "node " + quoted(name) + " (" + type + ")";
}

static Location locationOf(const Node &node, MLIRContext *context) {
  StringRef name = node.name;
  if (name.empty() && !node.outputs.empty())
    name = node.outputs.front();
  return NameLoc::get(
      StringAttr::get(context, Twine(name) + ":" + node.opType));
}

NodeImport::NodeImport(ModelImport &model, const Node &node, int64_t version,
                       ArrayRef<Tensor *> inputs)
    : version(version),
      b(model.getBuilder(), locationOf(node, model.getBuilder().getContext())),
      math(model.getMath()), model(model), node(node),
      inputs(inputs.begin(), inputs.end()), results(node.outputs.size()) {}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

Value NodeImport::value(unsigned i) { return model.valueOf(*inputs[i], loc()); }

std::optional<ArrayRef<Index>> NodeImport::elements(unsigned i) {
  if (!has(i))
    return std::nullopt;
  return model.elementsOf(*inputs[i]);
}

std::optional<SmallVector<int64_t>> NodeImport::constants(unsigned i) {
  auto known = elements(i);
  if (!known)
    return std::nullopt;
  return staticShape(*known);
}

std::optional<SmallVector<double>> NodeImport::numbers(unsigned i) {
  if (!has(i))
    return std::nullopt;
  if (auto integers = constants(i))
    return SmallVector<double>(integers->begin(), integers->end());
  const TensorData *known = data(i);
  auto type = dyn_cast_or_null<FloatType>(elementType(i));
  // Longer than any list of scales or bounds.
  if (!known || !type || known->getNumElements() > 4096)
    return std::nullopt;
  SmallVector<double> values;
  if (known->getNumElements() == 0)
    return values;
  auto elements = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get({known->getNumElements()}, type), known->bytes);
  for (APFloat value : elements.getValues<APFloat>()) {
    bool lossy;
    value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
    values.push_back(value.convertToDouble());
  }
  return values;
}

std::optional<double> NodeImport::number(unsigned i) {
  auto all = numbers(i);
  if (!all || all->size() != 1)
    return std::nullopt;
  return all->front();
}

bool NodeImport::isShapeArithmetic() {
  bool some = false;
  for (unsigned i = 0; i < numInputs(); ++i) {
    if (!has(i))
      continue;
    if (!elements(i))
      return false;
    some = true;
  }
  return some;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const NodeAttribute *NodeImport::find(StringRef name) const {
  for (const NodeAttribute &attribute : node.attributes)
    if (attribute.name == name)
      return &attribute;
  return nullptr;
}

bool NodeImport::hasAttr(StringRef name) const { return find(name); }

const NodeAttribute *NodeImport::attr(StringRef name,
                                      NodeAttribute::Kind kind) {
  const NodeAttribute *attribute = find(name);
  if (!attribute || attribute->kind == kind)
    return attribute;
  // An empty list has the kind that its writer thought of.
  if (kind == NodeAttribute::Kind::Ints && attribute->floats.empty() &&
      attribute->kind == NodeAttribute::Kind::Floats)
    return attribute;
  (void)error("expected " + nameOf(kind) + " for attribute " + quoted(name) +
              ", got " + nameOf(attribute->kind));
  return nullptr;
}

int64_t NodeImport::intAttr(StringRef name, int64_t otherwise) {
  const NodeAttribute *attribute = attr(name, NodeAttribute::Kind::Int);
  return attribute ? attribute->i : otherwise;
}

bool NodeImport::flagAttr(StringRef name, bool otherwise) {
  int64_t value = intAttr(name, otherwise);
  if (value != 0 && value != 1)
    (void)error("expected 0 or 1 for attribute " + quoted(name) + ", got " +
                Twine(value));
  return value != 0;
}

double NodeImport::floatAttr(StringRef name, double otherwise) {
  const NodeAttribute *attribute = attr(name, NodeAttribute::Kind::Float);
  return attribute ? attribute->f : otherwise;
}

std::string NodeImport::stringAttr(StringRef name, StringRef otherwise) {
  const NodeAttribute *attribute = attr(name, NodeAttribute::Kind::String);
  return attribute ? attribute->s : otherwise.str();
}

std::optional<SmallVector<int64_t>> NodeImport::intsAttr(StringRef name) {
  const NodeAttribute *attribute = attr(name, NodeAttribute::Kind::Ints);
  if (!attribute)
    return std::nullopt;
  // Longer than any list of dims or axes, and hostile.
  if (attribute->ints.size() > 4096) {
    (void)error("attribute " + quoted(name) + " has too many elements");
    return std::nullopt;
  }
  return SmallVector<int64_t>(attribute->ints.begin(), attribute->ints.end());
}

FailureOr<std::optional<SmallVector<int64_t>>>
NodeImport::axesOf(unsigned i, StringRef name) {
  if (!has(i))
    return intsAttr(name);
  if (rank(i) > 1)
    return error("expected a vector as input " + Twine(i) + ", got rank " +
                 Twine(rank(i)));
  auto values = constants(i);
  if (!values)
    return unsupported("input " + Twine(i) + " is not known at compile time");
  return values;
}

FailureOr<int64_t> NodeImport::axis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return error("expected an axis in [" + Twine(-rank) + ", " + Twine(rank) +
                 "), got " + Twine(axis));
  return axis < 0 ? axis + rank : axis;
}

FailureOr<SmallVector<int64_t>> NodeImport::axes(ArrayRef<int64_t> axes,
                                                 int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t entry : axes) {
    auto dim = axis(entry, rank);
    if (::failed(dim))
      return failure();
    if (llvm::is_contained(result, *dim))
      return error("axis " + Twine(*dim) + " is given twice");
    result.push_back(*dim);
  }
  llvm::sort(result);
  return result;
}

//===----------------------------------------------------------------------===//
// Outcome
//===----------------------------------------------------------------------===//

unsigned NodeImport::numOutputs() const { return node.outputs.size(); }

bool NodeImport::wants(unsigned output) const {
  return output < node.outputs.size() && !node.outputs[output].empty();
}

std::optional<int64_t> NodeImport::declaredExtent(unsigned output,
                                                  size_t dim) const {
  const ValueInfo *info =
      wants(output) ? model.findOutput(node.outputs[output]) : nullptr;
  if (!info || !info->dims || dim >= info->dims->size())
    return std::nullopt;
  std::optional<int64_t> extent = (*info->dims)[dim].extent;
  return extent && *extent >= 0 && *extent <= kMaxElements ? extent
                                                           : std::nullopt;
}

LogicalResult NodeImport::error(const Twine &message, const Twine &hint) {
  if (isInvalid)
    return failure();
  isInvalid = true;
  auto diagnostic = emitError(loc()) << titleOf(node) << ": " << message;
  if (std::string text = hint.str(); !text.empty())
    diagnostic.attachNote() << text;
  return diagnostic;
}

LogicalResult NodeImport::unsupported(const Twine &why) {
  if (reason.empty())
    reason = why.str();
  return failure();
}

LogicalResult NodeImport::resultTensor(unsigned i, const Tensor &tensor) {
  results[i] = tensor;
  return success();
}

LogicalResult NodeImport::resultsUnknown() {
  unknown = true;
  return failure();
}

FailureOr<SmallVector<Tensor>>
NodeImport::subgraph(StringRef name, ArrayRef<Tensor> inputs, Block *block) {
  const NodeAttribute *graph = attr(name, NodeAttribute::Kind::Graph);
  if (!graph)
    return error("attribute '" + name + "' is missing");
  auto outputs = model.importSubgraph(node, *graph->graph, inputs, block);
  if (::failed(outputs))
    isInvalid = true;
  return outputs;
}

FailureOr<SmallVector<Tensor>>
NodeImport::branch(StringRef name, Block *block,
                   std::optional<std::string> &misfit) {
  model.enterBranch();
  auto outputs = subgraph(name, {}, block);
  model.leaveBranch();
  if (::failed(outputs) && (misfit = model.takeMisfit()))
    isInvalid = false;
  return outputs;
}

LogicalResult NodeImport::result(unsigned i, Value value,
                                 ArrayRef<Index> shape) {
  // Arithmetic on extents gives null when it overflows.
  double count = 1;
  for (Index extent : shape) {
    if (!extent)
      return error("the result has too many elements");
    IndexRange range = math.rangeOf(extent);
    if (range.max < 0)
      return error("expected extents of at least 0 in the result, got " +
                   math.toString(extent));
    count *= std::max<int64_t>(constantOf(extent).value_or(1), 1);
    if (math.dependsOnContents(extent))
      return unsupported("an extent that is not known at compile time: it "
                         "depends on what an input holds");
  }
  if (count > static_cast<double>(kMaxElements))
    return error("the result has too many elements");
  if (!wants(i))
    return success();
  auto type =
      typeOf(shape, cast<RankedTensorType>(value.getType()).getElementType());
  if (value.getType() != type)
    return error("msc finds the shape " + toString(shape) +
                 " for the result, and its op another");
  Tensor &tensor = results[i];
  tensor.elementType = type.getElementType();
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.value = value;
  return success();
}

LogicalResult NodeImport::resultElements(ArrayRef<Index> elements,
                                         ArrayRef<Index> shape,
                                         Type elementType) {
  for (Index element : elements)
    if (!element)
      return error("shape arithmetic overflows");
  Tensor &tensor = results[0];
  tensor.elementType = elementType;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.elements = Shape(elements);
  return success();
}
