//===- ModelSignature.cpp - Inputs, parameters and outputs of a model -----===//

#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/ModelImport.h"
#include "frontends/onnx/NodeImport.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace msc::graph;
using namespace msc::onnx;

static constexpr StringLiteral kIntermediateAttr = "graph.intermediate";

// Contents up to this size are constants in the program, unless they are
// weights; larger ones stay in their file.
static constexpr size_t kMaxInlineBytes = 1024;
// As many elements as a tensor in shape arithmetic may have.
static constexpr int64_t kMaxShapeElements = 1024;

Type msc::onnx::elementTypeOf(DataType type, MLIRContext *context) {
  Builder b(context);
  auto unsignedType = [&](unsigned width) {
    return IntegerType::get(context, width, IntegerType::Unsigned);
  };
  switch (type) {
  case DataType::F32:
    return b.getF32Type();
  case DataType::F64:
    return b.getF64Type();
  case DataType::F16:
    return b.getF16Type();
  case DataType::BF16:
    return b.getBF16Type();
  case DataType::F8E4M3FN:
    return Float8E4M3FNType::get(context);
  case DataType::F8E5M2:
    return Float8E5M2Type::get(context);
  case DataType::Bool:
    return b.getI1Type();
  case DataType::I8:
    return b.getIntegerType(8);
  case DataType::I16:
    return b.getIntegerType(16);
  case DataType::I32:
    return b.getIntegerType(32);
  case DataType::I64:
    return b.getIntegerType(64);
  case DataType::U8:
    return unsignedType(8);
  case DataType::U16:
    return unsignedType(16);
  case DataType::U32:
    return unsignedType(32);
  case DataType::U64:
    return unsignedType(64);
  case DataType::String:
  case DataType::Undefined:
    return {};
  }
  return {};
}

RankedTensorType ModelImport::typeOf(const Tensor &tensor) {
  SmallVector<int64_t> extents;
  for (Index extent : tensor.shape)
    extents.push_back(constantOf(extent).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(extents, tensor.elementType);
}

ArrayAttr ModelImport::dimNames(const Shape &shape) {
  if (llvm::all_of(shape, [](Index extent) { return !!constantOf(extent); }))
    return {};
  SmallVector<Attribute> names;
  for (Index extent : shape)
    names.push_back(builder.getStringAttr(
        constantOf(extent) ? "" : math.uniqueNameOf(extent)));
  return builder.getArrayAttr(names);
}

void ModelImport::addArgument(Value argument, StringRef name, ArrayAttr dims,
                              Attribute parameter) {
  NamedAttrList attributes;
  attributes.append(GraphDialect::kNameAttr, builder.getStringAttr(name));
  if (dims)
    attributes.append(GraphDialect::kDimsAttr, dims);
  if (parameter)
    attributes.append(GraphDialect::kParameterAttr, parameter);
  argumentAttrs.push_back(attributes.getDictionary(context));
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

LogicalResult ModelImport::importInitializers(const Graph &graph) {
  for (const TensorData &data : graph.initializers) {
    Tensor tensor;
    tensor.elementType = elementTypeOf(data.type, context);
    for (int64_t dim : data.dims)
      tensor.shape.push_back(math.constant(dim));
    tensor.data = &data;
    tensor.isInitializer = true;
    if (data.name.empty())
      return error() << "an initialiser has no name";
    if (failed(define(data.name, tensor)))
      return error() << "two initialisers are named " << quoted(data.name);
  }
  return success();
}

LogicalResult ModelImport::importInputs() {
  StringSet<> names;
  for (const ValueInfo &info : model.graph.inputs) {
    if (info.name.empty())
      return error() << "an input has no name";
    if (!names.insert(info.name).second)
      return error() << "two inputs are named " << quoted(info.name);
    // A default value. Until IR version 4 every initialiser was an input too.
    if (scope->tensors.count(info.name))
      continue;
    if (failed(importInput(info)))
      return failure();
  }
  for (const std::string &key : dims.unused()) {
    auto diagnostic = error() << "no dim is named " << quoted(key);
    std::string known;
    for (const auto &entry : dimSymbols)
      known += (known.empty() ? "" : ", ") + quoted(entry.first);
    diagnostic.attachNote()
        << (known.empty() ? "all dims of the model's inputs are static"
                          : "the model has " + known);
    return diagnostic;
  }
  return success();
}

bool ModelImport::isDeclaredDim(StringRef name) {
  for (const ValueInfo &info : model.graph.inputs)
    if (info.dims)
      for (const Dim &dim : *info.dims)
        if (dim.name == name)
          return true;
  return false;
}

/// The extent of one dim of an input: what the file says and what the options
/// say.
FailureOr<Index> ModelImport::importDim(const ValueInfo &info, int64_t position,
                                        Value argument) {
  const Dim &dim = (*info.dims)[position];
  const DimOptions::Setting *setting = dims.find(info.name, position, dim.name);
  if (dim.extent) {
    if (*dim.extent < 0)
      return error() << "input " << quoted(info.name)
                     << ": expected dims of at least 0, got " << *dim.extent;
    if (*dim.extent > DimOptions::kDefaultRange.max)
      return error() << "input " << quoted(info.name) << ": dim " << position
                     << " is too large: " << *dim.extent;
    if (setting && (!setting->extent || *setting->extent != *dim.extent))
      return error() << "input " << quoted(info.name) << ": dim " << position
                     << " is " << *dim.extent
                     << " in the model, --dims cannot change it";
    return math.constant(*dim.extent);
  }
  auto makeName = [&] {
    std::string name;
    do
      name = "dim" + std::to_string(nextDim++);
    while (dimSymbols.count(name) || isDeclaredDim(name));
    return name;
  };
  std::string name = dim.name;
  if (name.empty() && !setting) {
    name = makeName();
    setting = dims.find(name);
  }
  // A name given by an option may have a setting of its own.
  for (int hops = 0; setting && !setting->name.empty(); ++hops) {
    if (hops == 8)
      return error() << "dims rename " << quoted(name) << " in a circle";
    name = setting->name;
    setting = dims.find(name);
  }
  if (setting && setting->extent)
    return math.constant(*setting->extent);
  if (name.empty())
    name = makeName();
  auto it = dimSymbols.find(name);
  if (it != dimSymbols.end())
    return it->second;
  IndexRange range =
      setting && setting->range ? *setting->range : DimOptions::kDefaultRange;
  if (range.min == range.max)
    return math.constant(range.min);
  Index symbol = math.dim(argument, position, name, range);
  dimSymbols[name] = symbol;
  return symbol;
}

LogicalResult ModelImport::importInput(const ValueInfo &info) {
  std::string title = "input " + quoted(info.name);
  if (!info.isTensor)
    return error() << title << " is not a tensor, which is not supported";
  Tensor tensor;
  tensor.elementType = elementTypeOf(info.type, context);
  if (!tensor.elementType)
    return error() << title << " has the element type " << nameOf(info.type)
                   << ", which is not supported";
  if (!info.dims)
    return error() << title << " has no shape";
  if (info.dims->size() > kMaxRank)
    return error() << title << " has a rank of " << info.dims->size()
                   << ", the limit is " << kMaxRank;
  // The type follows from the dims, which refer to the argument.
  Location loc = NameLoc::get(builder.getStringAttr(info.name));
  Value argument = body->addArgument(builder.getIndexType(), loc);
  double count = 1;
  for (int64_t i = 0, e = info.dims->size(); i < e; ++i) {
    auto extent = importDim(info, i, argument);
    if (failed(extent))
      return failure();
    tensor.shape.push_back(*extent);
    count *= std::max<int64_t>(constantOf(*extent).value_or(1), 1);
  }
  if (count > static_cast<double>(kMaxElements))
    return error() << title << " has too many elements";
  argument.setType(typeOf(tensor));
  tensor.value = argument;
  addArgument(argument, info.name, dimNames(tensor.shape), {});
  // The position in a sequence, a length: extents may be made of it.
  if (tensor.shape.empty() && (tensor.elementType.isSignlessInteger(32) ||
                               tensor.elementType.isSignlessInteger(64)))
    tensor.elements = Shape{math.content(
        argument, info.name, {-IndexRange::kMax, IndexRange::kMax})};
  return define(info.name, tensor);
}

/// Only known at the end: ops may ask for larger extents than the model says.
void ModelImport::setDimRanges(ModuleOp module) {
  SmallVector<NamedAttribute> ranges;
  for (const auto &[name, range] : math.getDims())
    ranges.push_back(builder.getNamedAttr(
        name, builder.getI64ArrayAttr({range.min, range.max})));
  if (!ranges.empty())
    module->setAttr(GraphDialect::kDimRangesAttr,
                    builder.getDictionaryAttr(ranges));
}

//===----------------------------------------------------------------------===//
// Contents
//===----------------------------------------------------------------------===//

bool ModelImport::isParameter(const Tensor &tensor) {
  const TensorData &data = *tensor.data;
  if (data.path.empty() || data.bytes.empty())
    return false;
  bool isWeight = tensor.isInitializer && !data.dims.empty() &&
                  isa<FloatType>(tensor.elementType);
  return isWeight || data.bytes.size() > kMaxInlineBytes;
}

Value ModelImport::createParameter(Tensor &tensor) {
  const TensorData &data = *tensor.data;
  Value argument = body->addArgument(
      typeOf(tensor), NameLoc::get(builder.getStringAttr(data.name)));
  uint64_t hash = llvm::xxh3_64bits(ArrayRef(
      reinterpret_cast<const uint8_t *>(data.bytes.data()), data.bytes.size()));
  auto blob =
      FileBlobAttr::get(context, data.path, data.offset, data.bytes.size(),
                        llvm::utohexstr(hash, /*LowerCase=*/true, 16));
  addArgument(argument, data.name, {}, blob);
  return argument;
}

Value ModelImport::createConstant(Tensor &tensor, Location loc) {
  auto type = typeOf(tensor);
  ArrayRef<char> bytes = tensor.data->bytes;
  DenseElementsAttr value;
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> flags;
    for (char byte : bytes)
      flags.push_back(byte != 0);
    value = DenseElementsAttr::get(type, flags);
  } else if (bytes.empty()) {
    value = DenseElementsAttr::get(type, ArrayRef<Attribute>());
  } else {
    value = DenseElementsAttr::getFromRawBuffer(type, bytes);
  }
  return ConstantOp::create(builder, loc, type, value);
}

/// As two's complement, or exactly: floats hold small integers only.
static Attribute numberAttr(Type type, int64_t value) {
  if (isa<FloatType>(type))
    return FloatAttr::get(type, static_cast<double>(value));
  return IntegerAttr::get(type, APInt(type.getIntOrFloatBitWidth(), value,
                                      /*isSigned=*/true,
                                      /*implicitTrunc=*/true));
}

Value ModelImport::createFromElements(Tensor &tensor, Location loc) {
  auto type = typeOf(tensor);
  SmallVector<int64_t> constants;
  for (Index element : *tensor.elements)
    if (auto constant = constantOf(element))
      constants.push_back(*constant);
  if (constants.size() == tensor.elements->size()) {
    SmallVector<Attribute> attributes;
    for (int64_t constant : constants)
      attributes.push_back(numberAttr(type.getElementType(), constant));
    return ConstantOp::create(builder, loc, type,
                              DenseElementsAttr::get(type, attributes));
  }
  Type i64 = builder.getI64Type();
  SmallVector<Value> values;
  for (Index element : *tensor.elements) {
    Value index = getValueOrCreateConstantIndexOp(
        builder, loc, math.materialize(builder, loc, element));
    values.push_back(arith::IndexCastOp::create(builder, loc, i64, index));
  }
  Value value =
      tensor::FromElementsOp::create(builder, loc, type.clone(i64), values);
  return GraphBuilder(builder, loc).convert(value, type.getElementType());
}

Value ModelImport::valueOf(Tensor &tensor, Location loc) {
  if (tensor.value)
    return tensor.value;
  // Made where the tensor belongs: blocks around this one may need it too.
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(tensor.scope->block);
  if (!tensor.data)
    tensor.value = createFromElements(tensor, loc);
  else if (isParameter(tensor))
    tensor.value = createParameter(tensor);
  else
    tensor.value = createConstant(tensor, loc);
  return tensor.value;
}

std::optional<ArrayRef<Index>> ModelImport::elementsOf(Tensor &tensor) {
  if (tensor.elements)
    return ArrayRef<Index>(*tensor.elements);
  if (!tensor.data || !isa_and_nonnull<IntegerType>(tensor.elementType) ||
      tensor.data->getNumElements() > kMaxShapeElements)
    return std::nullopt;
  unsigned size = bytesOf(tensor.data->type);
  bool isSigned = !tensor.elementType.isUnsignedInteger();
  Shape elements;
  for (const char *at = tensor.data->bytes.begin();
       at != tensor.data->bytes.end(); at += size) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < size; ++i)
      bits |= uint64_t(static_cast<uint8_t>(at[i])) << (8 * i);
    int64_t value = isSigned ? llvm::SignExtend64(bits, 8 * size) : bits;
    if (!isSigned && value < 0)
      return std::nullopt;
    if (tensor.elementType.isInteger(1))
      value = bits;
    elements.push_back(math.constant(value));
  }
  tensor.elements = elements;
  return ArrayRef<Index>(*tensor.elements);
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

/// Whether the static extents agree with what the model declares.
static bool isAsDeclared(const Shape &shape, ArrayRef<Dim> declared) {
  if (shape.size() != declared.size())
    return false;
  for (auto [extent, dim] : llvm::zip(shape, declared))
    if (auto constant = constantOf(extent))
      if (dim.extent && *dim.extent != *constant)
        return false;
  return true;
}

LogicalResult ModelImport::importOutputs() {
  StringSet<> names;
  if (model.graph.outputs.empty())
    return error() << "the graph has no outputs";
  for (const ValueInfo &info : model.graph.outputs) {
    Tensor *found = lookup(info.name);
    if (!found)
      return missing(nullptr, info.name);
    if (!names.insert(info.name).second)
      return error() << "two outputs are named " << quoted(info.name);
    Tensor &tensor = *found;
    if (!tensor.isTensor())
      return error() << "output " << quoted(info.name)
                     << (tensor.isNone ? " has no value" : " is a sequence")
                     << ", which is not supported";
    if (!tensor.elementType)
      return error() << "output " << quoted(info.name)
                     << " has the element type " << nameOf(tensor.data->type)
                     << ", which is not supported";
    if (info.isTensor && info.type != DataType::Undefined &&
        elementTypeOf(info.type, context) != tensor.elementType)
      return error() << "output " << quoted(info.name) << ": expected "
                     << nameOf(info.type) << " by the model, got "
                     << tensor.elementType;
    if (info.dims && !isAsDeclared(tensor.shape, *info.dims))
      emitWarning(NameLoc::get(StringAttr::get(context, model.path)))
          << "output " << quoted(info.name)
          << " has another shape than the model declares: "
          << typeOf(tensor);
    (void)valueOf(tensor, NameLoc::get(builder.getStringAttr(info.name)));
    addResult(tensor, info.name, /*isIntermediate=*/false);
  }
  return success();
}

void ModelImport::addResult(const Tensor &tensor, StringRef name,
                            bool isIntermediate) {
  NamedAttrList attributes;
  attributes.append(GraphDialect::kNameAttr, builder.getStringAttr(name));
  if (ArrayAttr names = dimNames(tensor.shape))
    attributes.append(GraphDialect::kDimsAttr, names);
  if (isIntermediate)
    attributes.append(kIntermediateAttr, builder.getUnitAttr());
  results.push_back(tensor.value);
  resultAttrs.push_back(attributes.getDictionary(context));
}

/// What the model's nodes make and no constant, argument or output is. Shape
/// arithmetic has no values, nor have functions of the model, whose nodes were
/// inlined, names that others know.
void ModelImport::addIntermediates() {
  StringSet<> outputs;
  for (const ValueInfo &info : model.graph.outputs)
    outputs.insert(info.name);
  for (const Node &node : model.graph.nodes)
    for (const std::string &name : node.outputs) {
      if (name.empty() || outputs.contains(name) ||
          model.inlinedNames.count(name))
        continue;
      const Tensor &tensor = scope->tensors.find(name)->second;
      // What has data or elements may have a value, for an op that reads it.
      if (tensor.isTensor() && tensor.value && !tensor.data &&
          !tensor.elements && !tensor.value.getDefiningOp<ConstantOp>() &&
          !isa<BlockArgument>(tensor.value))
        addResult(tensor, name, /*isIntermediate=*/true);
    }
}

void ModelImport::finishFunction() {
  func::ReturnOp::create(builder, function.getLoc(), results);
  function.setFunctionType(builder.getFunctionType(
      body->getArgumentTypes(), ValueRange(results).getTypes()));
  function.setAllArgAttrs(argumentAttrs);
  function.setAllResultAttrs(resultAttrs);
}
