//===- ReadModel.cpp - From the file to plain structs ---------------------===//

#include "frontends/onnx/model/InlineFunctions.h"
#include "frontends/onnx/model/Model.h"
#include "frontends/onnx/model/ReadTensor.h"
#include "frontends/onnx/model/WireSkeleton.h"
#include "third_party/onnx/onnx.pb.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <google/protobuf/stubs/logging.h>

using namespace llvm;
using namespace msc::onnx;

// What is left without weights; protobuf counts bytes in int.
static constexpr uint64_t kMaxSkeletonBytes = uint64_t(1) << 30;

std::string msc::onnx::quoted(StringRef name) {
  std::string text;
  raw_string_ostream stream(text);
  stream << '\'';
  printEscapedString(name, stream);
  stream << '\'';
  return text;
}

StringRef msc::onnx::nameOf(NodeAttribute::Kind kind) {
  switch (kind) {
  case NodeAttribute::Kind::Float:
    return "a float";
  case NodeAttribute::Kind::Int:
    return "an integer";
  case NodeAttribute::Kind::String:
    return "a string";
  case NodeAttribute::Kind::Tensor:
    return "a tensor";
  case NodeAttribute::Kind::Floats:
    return "floats";
  case NodeAttribute::Kind::Ints:
    return "integers";
  case NodeAttribute::Kind::Strings:
    return "strings";
  case NodeAttribute::Kind::Graph:
    return "a graph";
  case NodeAttribute::Kind::Other:
    return "graphs, a sparse tensor or a type";
  }
  return "";
}

namespace {

class ModelReader {
public:
  ModelReader(Model &model, uint64_t maxBytes)
      : model(model), maxBytes(maxBytes) {}

  Error read(const ::onnx::ModelProto &proto) {
    if (!proto.has_graph())
      return createStringError("the model has no graph");
    for (const auto &opset : proto.opset_import()) {
      // Both spellings are in use.
      std::string domain = normalized(opset.domain());
      if (!model.opsets.emplace(domain, opset.version()).second)
        return createStringError("imports the opset of domain " +
                                 quoted(domain) + " twice");
    }
    for (const auto &function : proto.functions()) {
      std::string name = normalized(function.domain()) + ":" + function.name();
      auto [it, isNew] = model.functions.try_emplace(name);
      if (!isNew)
        return createStringError("has the function " + quoted(name) + " twice");
      if (Error error = readFunction(function, it->second))
        return createStringError("function " + quoted(name) + ": " +
                                 toString(std::move(error)));
    }
    return readGraph(proto.graph(), model.graph);
  }

private:
  static std::string normalized(const std::string &domain) {
    return domain == "ai.onnx" ? "" : domain;
  }

  Error readFunction(const ::onnx::FunctionProto &proto, Function &function) {
    function.inputs.assign(proto.input().begin(), proto.input().end());
    function.outputs.assign(proto.output().begin(), proto.output().end());
    for (const auto &opset : proto.opset_import())
      function.opsets.emplace(normalized(opset.domain()), opset.version());
    for (const auto &attribute : proto.attribute_proto()) {
      function.defaults.emplace_back();
      if (Error error = readAttribute(attribute, function.defaults.back()))
        return error;
    }
    isInFunction = true;
    for (const auto &node : proto.node()) {
      function.nodes.emplace_back();
      if (Error error = readNode(node, function.nodes.back()))
        return error;
    }
    isInFunction = false;
    return Error::success();
  }

  Error readGraph(const ::onnx::GraphProto &proto, Graph &graph) {
    graph.name = proto.name();
    graph.hasSparseInitializers = proto.sparse_initializer_size() != 0;
    for (const auto &value : proto.input())
      graph.inputs.push_back(readValue(value));
    for (const auto &value : proto.output())
      graph.outputs.push_back(readValue(value));
    for (const auto &tensor : proto.initializer()) {
      auto data = readTensor(tensor, model, maxBytes);
      if (!data)
        return data.takeError();
      graph.initializers.push_back(std::move(*data));
    }
    for (const auto &node : proto.node()) {
      graph.nodes.emplace_back();
      if (Error error = readNode(node, graph.nodes.back()))
        return error;
    }
    return Error::success();
  }

  static ValueInfo readValue(const ::onnx::ValueInfoProto &proto) {
    ValueInfo info;
    info.name = proto.name();
    info.isTensor = proto.type().has_tensor_type();
    const auto &tensor = proto.type().tensor_type();
    info.type = static_cast<DataType>(tensor.elem_type());
    if (!tensor.has_shape())
      return info;
    info.dims.emplace();
    for (const auto &dim : tensor.shape().dim()) {
      Dim entry;
      // Exporters write -1 or "?" for an extent that they don't know.
      if (dim.has_dim_value() && dim.dim_value() != -1)
        entry.extent = dim.dim_value();
      if (dim.dim_param() != "?")
        entry.name = dim.dim_param();
      info.dims->push_back(entry);
    }
    return info;
  }

  Error readNode(const ::onnx::NodeProto &proto, Node &node) {
    node.name = proto.name();
    node.opType = proto.op_type();
    node.domain = normalized(proto.domain());
    node.inputs.assign(proto.input().begin(), proto.input().end());
    node.outputs.assign(proto.output().begin(), proto.output().end());
    std::set<std::string> names;
    for (const auto &attribute : proto.attribute()) {
      if (!names.insert(attribute.name()).second)
        return inNode(node, "has the attribute " + quoted(attribute.name()) +
                                " twice");
      node.attributes.emplace_back();
      if (Error error = readAttribute(attribute, node.attributes.back()))
        return inNode(node, toString(std::move(error)));
    }
    return Error::success();
  }

  static Error inNode(const Node &node, const Twine &why) {
    StringRef name = node.name;
    if (name.empty() && !node.outputs.empty())
      name = node.outputs.front();
    return createStringError("node " + quoted(name) + " (" + node.opType +
                             "): " + why);
  }

  /// Files from before IR version 3 may leave the type out.
  static ::onnx::AttributeProto::AttributeType
  typeOf(const ::onnx::AttributeProto &proto) {
    using Proto = ::onnx::AttributeProto;
    if (proto.type() != Proto::UNDEFINED)
      return proto.type();
    return proto.has_f()          ? Proto::FLOAT
           : proto.has_i()        ? Proto::INT
           : proto.has_s()        ? Proto::STRING
           : proto.has_t()        ? Proto::TENSOR
           : proto.has_g()        ? Proto::GRAPH
           : proto.floats_size()  ? Proto::FLOATS
           : proto.ints_size()    ? Proto::INTS
           : proto.strings_size() ? Proto::STRINGS
                                  : Proto::UNDEFINED;
  }

  Error readAttribute(const ::onnx::AttributeProto &proto,
                      NodeAttribute &attribute) {
    using Proto = ::onnx::AttributeProto;
    using Kind = NodeAttribute::Kind;
    attribute.name = proto.name();
    attribute.reference = proto.ref_attr_name();
    if (!attribute.reference.empty() && isInFunction)
      return Error::success();
    if (!attribute.reference.empty())
      return createStringError(
          "attribute " + quoted(proto.name()) +
          " refers to an attribute of a function, outside of a function");
    switch (typeOf(proto)) {
    case Proto::FLOAT:
      attribute.kind = Kind::Float;
      attribute.f = proto.f();
      break;
    case Proto::INT:
      attribute.kind = Kind::Int;
      attribute.i = proto.i();
      break;
    case Proto::STRING:
      attribute.kind = Kind::String;
      attribute.s = proto.s();
      break;
    case Proto::FLOATS:
      attribute.kind = Kind::Floats;
      attribute.floats.assign(proto.floats().begin(), proto.floats().end());
      break;
    case Proto::INTS:
      attribute.kind = Kind::Ints;
      attribute.ints.assign(proto.ints().begin(), proto.ints().end());
      break;
    case Proto::STRINGS:
      attribute.kind = Kind::Strings;
      attribute.strings.assign(proto.strings().begin(), proto.strings().end());
      break;
    case Proto::TENSOR: {
      attribute.kind = Kind::Tensor;
      auto data = readTensor(proto.t(), model, maxBytes);
      if (!data)
        return data.takeError();
      attribute.tensor = std::move(*data);
      break;
    }
    case Proto::GRAPH: {
      attribute.kind = Kind::Graph;
      // The parser's own limit keeps graphs in graphs from nesting deeply.
      auto graph = std::make_shared<Graph>();
      if (Error error = readGraph(proto.g(), *graph))
        return error;
      attribute.graph = std::move(graph);
      break;
    }
    default:
      attribute.kind = Kind::Other;
      break;
    }
    return Error::success();
  }

  Model &model;
  uint64_t maxBytes;
  bool isInFunction = false;
};

} // namespace

Expected<std::unique_ptr<Model>> msc::onnx::readModel(StringRef path,
                                                      uint64_t maxBytes) {
  auto model = std::make_unique<Model>();
  model->path = path.str();
  auto file = mapFile(model->path, maxBytes);
  if (!file)
    return file.takeError();
  StringRef content = (*file)->getBuffer();
  model->files[model->path] = std::move(*file);

  auto fail = [&](const Twine &why) {
    return createStringError(quoted(path) +
                             " is not a valid ONNX model: " + why);
  };
  auto skeleton = copyWireSkeleton(content);
  if (!skeleton)
    return fail(toString(skeleton.takeError()));
  if (skeleton->size() > kMaxSkeletonBytes)
    return fail("its graph has " + Twine(skeleton->size()) +
                " bytes, the limit is " + Twine(kMaxSkeletonBytes));
  ::onnx::ModelProto proto;
  {
    google::protobuf::LogSilencer silencer;
    if (!proto.ParseFromString(*skeleton))
      return fail("its messages cannot be decoded");
  }
  skeleton->clear();
  if (Error error = ModelReader(*model, maxBytes).read(proto))
    return fail(toString(std::move(error)));
  if (Error error = inlineFunctions(*model))
    return fail(toString(std::move(error)));
  return std::move(model);
}
