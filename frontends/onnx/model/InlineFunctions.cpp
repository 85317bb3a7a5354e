//===- InlineFunctions.cpp - Calls become nodes ---------------------------===//
//
// Done on the plain structs, before anything is imported: the importer knows
// one flat list of nodes.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/model/InlineFunctions.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace msc::onnx;

namespace {

// Functions in functions; nodes and calls in all.
constexpr unsigned kMaxDepth = 64;
constexpr size_t kMaxNodes = 1 << 20;

/// A call and its function, with the names that the function's tensors get.
struct Expansion {
  const Node &call;
  const Function &function;
  std::string prefix; // of tensors: no other call's have it
  std::string outer;  // of nodes
  std::map<std::string, std::string> names;
  std::set<std::string> &inlinedNames;

  std::string renamed(const std::string &name) {
    auto [it, isNew] = names.try_emplace(name, prefix + name);
    if (isNew)
      inlinedNames.insert(it->second);
    return it->second;
  }

  /// A node of the function, or of a graph in it, as it is for this call.
  Node copy(const Node &inner) {
    Node node = inner;
    node.name = outer + "/" + (inner.name.empty() ? inner.opType : inner.name);
    for (std::string &name : node.inputs)
      name = renamed(name);
    for (std::string &name : node.outputs)
      name = renamed(name);
    node.attributes.clear();
    for (const NodeAttribute &attribute : inner.attributes)
      addAttribute(attribute, node);
    if (auto opset = function.opsets.find(""); opset != function.opsets.end())
      node.opset = opset->second;
    return node;
  }

private:
  /// The attribute with the call's value, or the function's default, in the
  /// place of a reference; none if there is neither.
  void addAttribute(const NodeAttribute &attribute, Node &node) {
    if (attribute.reference.empty()) {
      node.attributes.push_back(attribute);
      if (attribute.graph)
        node.attributes.back().graph = copy(*attribute.graph);
      return;
    }
    for (const auto *list : {&call.attributes, &function.defaults})
      for (const NodeAttribute &given : *list)
        if (given.name == attribute.reference) {
          node.attributes.push_back(given);
          node.attributes.back().name = attribute.name;
          return;
        }
  }

  std::shared_ptr<const Graph> copy(const Graph &inner) {
    auto graph = std::make_shared<Graph>(inner);
    for (ValueInfo &value : graph->inputs)
      value.name = renamed(value.name);
    for (ValueInfo &value : graph->outputs)
      value.name = renamed(value.name);
    for (TensorData &tensor : graph->initializers)
      tensor.name = renamed(tensor.name);
    for (Node &node : graph->nodes)
      node = copy(node);
    return graph;
  }
};

class Inliner {
public:
  explicit Inliner(Model &model) : model(model) {}

  Error run() { return inlineIn(model.graph, 0); }

private:
  Error inlineIn(Graph &graph, unsigned depth) {
    std::vector<Node> nodes;
    for (Node &node : graph.nodes)
      if (Error error = add(std::move(node), nodes, depth))
        return error;
    graph.nodes = std::move(nodes);
    return Error::success();
  }

  Error add(Node node, std::vector<Node> &nodes, unsigned depth) {
    // Calls count, too: a function may be empty.
    if (++numNodes > kMaxNodes)
      return createStringError("its functions expand to more than " +
                               Twine(kMaxNodes) + " nodes");
    auto it = model.functions.find(node.domain + ":" + node.opType);
    if (it != model.functions.end()) {
      if (depth < kMaxDepth)
        return expand(node, it->second, nodes, depth);
      return createStringError("function " + quoted(it->first) +
                               " calls itself, or " + Twine(kMaxDepth) +
                               " functions call each other in turn");
    }
    for (NodeAttribute &attribute : node.attributes) {
      if (!attribute.graph)
        continue;
      auto graph = std::make_shared<Graph>(*attribute.graph);
      if (Error error = inlineIn(*graph, depth))
        return error;
      attribute.graph = std::move(graph);
    }
    nodes.push_back(std::move(node));
    return Error::success();
  }

  Error expand(const Node &call, const Function &function,
               std::vector<Node> &nodes, unsigned depth) {
    if (call.inputs.size() > function.inputs.size() ||
        call.outputs.size() > function.outputs.size())
      return createStringError(
          "a call of function " + quoted(call.domain + ":" + call.opType) +
          " has " + Twine(call.inputs.size()) + " inputs and " +
          Twine(call.outputs.size()) + " outputs, the function " +
          Twine(function.inputs.size()) + " and " +
          Twine(function.outputs.size()));
    Expansion body{call,
                   function,
                   call.opType + "#" + std::to_string(nextCall++) + "/",
                   call.name.empty() ? call.opType : call.name,
                   {{"", ""}},
                   model.inlinedNames};
    for (auto [i, name] : enumerate(function.inputs))
      body.names[name] = i < call.inputs.size() ? call.inputs[i] : "";
    std::vector<Node> copies;
    for (auto [i, name] : enumerate(function.outputs)) {
      if (i >= call.outputs.size() || call.outputs[i].empty())
        continue;
      // An input that is given back keeps its name; the result is a copy.
      if (is_contained(function.inputs, name)) {
        Node &copy = copies.emplace_back();
        copy.opType = "Identity";
        copy.inputs = {body.names[name]};
        copy.outputs = {call.outputs[i]};
      } else {
        body.names[name] = call.outputs[i];
      }
    }
    for (const Node &inner : function.nodes)
      if (Error error = add(body.copy(inner), nodes, depth + 1))
        return error;
    for (Node &copy : copies)
      nodes.push_back(std::move(copy));
    return Error::success();
  }

  Model &model;
  unsigned nextCall = 0;
  size_t numNodes = 0;
};

} // namespace

Error msc::onnx::inlineFunctions(Model &model) {
  if (model.functions.empty())
    return Error::success();
  return Inliner(model).run();
}
