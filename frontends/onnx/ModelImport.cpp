//===- ModelImport.cpp - From a model to a function -----------------------===//

#include "frontends/onnx/ModelImport.h"
#include "frontends/onnx/NodeImport.h"
#include "frontends/onnx/OpTable.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace msc::graph;
using namespace msc::onnx;

ModelImport::ModelImport(const Model &model, const OpTable &table,
                         DimOptions &dims, MLIRContext *context)
    : model(model), table(table), dims(dims), context(context),
      builder(context), math(context) {}

InFlightDiagnostic ModelImport::error() {
  return emitError(NameLoc::get(StringAttr::get(context, model.path)));
}

OwningOpRef<ModuleOp> ModelImport::run(bool keepsIntermediates) {
  auto it = model.opsets.find("");
  if (it != model.opsets.end())
    opset = it->second;
  if (opset < kOldestOpset || opset > kNewestOpset) {
    error() << "expected a model of opset " << kOldestOpset << " to "
            << kNewestOpset << ", got "
            << (opset ? std::to_string(opset) : "none");
    return {};
  }
  if (model.graph.hasSparseInitializers) {
    error() << "sparse initialisers are not supported";
    return {};
  }
  Location loc = NameLoc::get(StringAttr::get(context, model.path));
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  function = func::FuncOp::create(loc, "main", builder.getFunctionType({}, {}));
  module->push_back(function);
  body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  math.enterBlock(body);
  scopes.push_back(
      std::make_unique<Scope>(Scope{model.graph, nullptr, body, {}}));
  scope = scopes.back().get();

  if (failed(importInitializers(model.graph)) || failed(importInputs()) ||
      failed(importNodes(model.graph)) || failed(reportUnsupported()) ||
      failed(importOutputs()))
    return {};
  if (keepsIntermediates)
    addIntermediates();
  finishFunction();
  setDimRanges(*module);
  if (failed(verify(*module)))
    return {};
  return module;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

LogicalResult ModelImport::missing(const Node *reader, StringRef name) {
  auto diagnostic = error();
  if (reader)
    diagnostic << titleOf(*reader) << " reads ";
  else
    diagnostic << "the graph gives ";
  diagnostic << quoted(name);
  for (Scope *outer = scope; outer; outer = outer->parent)
    for (const Node &node : outer->graph.nodes)
      if (llvm::is_contained(node.outputs, name))
        return diagnostic << ", which " << titleOf(node)
                          << " makes later: the graph is not sorted";
  return diagnostic << ", which nothing makes";
}

Tensor *ModelImport::lookup(StringRef name) {
  for (Scope *outer = scope; outer; outer = outer->parent)
    if (auto it = outer->tensors.find(name); it != outer->tensors.end())
      return &it->second;
  return nullptr;
}

LogicalResult ModelImport::define(StringRef name, Tensor tensor) {
  // A name may hide one of a graph around.
  tensor.scope = scope;
  return success(scope->tensors.try_emplace(name, std::move(tensor)).second);
}

LogicalResult ModelImport::collectInputs(const Node &node,
                                         SmallVectorImpl<Tensor *> &inputs) {
  for (const std::string &name : node.inputs) {
    if (name.empty()) {
      inputs.push_back(nullptr);
      continue;
    }
    Tensor *tensor = lookup(name);
    if (!tensor)
      return missing(&node, name);
    inputs.push_back(tensor);
  }
  while (!inputs.empty() && !inputs.back())
    inputs.pop_back();
  return success();
}

static const char *namesOf(uint8_t types) {
  switch (types & kAny) {
  case kFloat:
    return "floats";
  case kInt:
    return "integers";
  case kBool:
    return "booleans";
  case kNumber:
    return "numbers";
  case kInt | kBool:
    return "integers or booleans";
  default:
    return "numbers or booleans";
  }
}

static std::string toString(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static uint8_t classOf(Type type) {
  return isa<FloatType>(type) ? kFloat : type.isInteger(1) ? kBool : kInt;
}

/// Counts and element types of a node's inputs and outputs, by the table.
static LogicalResult checkSignature(NodeImport &import, const OpEntry &entry,
                                    const Node &node) {
  unsigned count = import.numInputs();
  if (count < entry.minInputs ||
      (entry.maxInputs != kVariadic && count > entry.maxInputs))
    return import.error(
        "expected " + Twine(unsigned(entry.minInputs)) +
        (entry.maxInputs == kVariadic
             ? Twine(" inputs or more")
             : " to " + Twine(unsigned(entry.maxInputs)) + " inputs") +
        ", got " + Twine(count));
  for (unsigned i = 0;
       i < (entry.maxInputs == kVariadic ? count : entry.minInputs); ++i)
    if (!import.has(i) && !(entry.types & kSpecial))
      return import.error("input " + Twine(i) + " is missing");
  if (node.outputs.empty() ||
      (entry.maxOutputs != kVariadic && node.outputs.size() > entry.maxOutputs))
    return import.error("expected 1 to " + Twine(unsigned(entry.maxOutputs)) +
                        " outputs, got " + Twine(node.outputs.size()));
  if (count == 0 || entry.types & kSpecial)
    return success();
  for (unsigned i = 0; i < count; ++i)
    if (import.has(i) && !import.input(i).isTensor())
      return import.error("expected a tensor as input " + Twine(i) + ", got " +
                          (import.input(i).isNone ? "no value" : "a sequence"));
  if (!(classOf(import.elementType(0)) & entry.types))
    return import.error(Twine("expected ") + namesOf(entry.types) + ", got " +
                        toString(import.elementType(0)));
  if (entry.types & kSame)
    for (unsigned i = 1; i < count; ++i)
      if (import.has(i) && import.elementType(i) != import.elementType(0))
        return import.error("expected inputs of one element type, got " +
                            toString(import.elementType(0)) + " and " +
                            toString(import.elementType(i)));
  return success();
}

int64_t ModelImport::opsetOf(const Node &node) {
  if (node.domain.empty())
    return node.opset.value_or(opset);
  auto it = model.opsets.find(node.domain);
  // What only functions call may have no version in the model.
  return it == model.opsets.end() ? 1 : it->second;
}

/// Ops of other domains are in the table by "domain:name".
static const OpEntry *findEntry(const OpTable &table, const Node &node) {
  return table.find(node.domain.empty() ? node.opType
                                        : node.domain + ":" + node.opType);
}

std::string ModelImport::whyUnknown(const Node &node) {
  const OpEntry *entry = findEntry(table, node);
  if (!entry)
    return "unknown op";
  if (versionIn(*entry, opsetOf(node)) != 0)
    return "";
  return "known since opset " + std::to_string(entry->versions[0]);
}

/// What can be said of the graphs in a node that is not imported.
void ModelImport::addUnsupportedWithin(const Node &node) {
  for (const NodeAttribute &attribute : node.attributes)
    if (attribute.graph)
      for (const Node &inner : attribute.graph->nodes) {
        if (std::string why = whyUnknown(inner); !why.empty())
          addUnsupported(inner, {}, why);
        addUnsupportedWithin(inner);
      }
}

LogicalResult ModelImport::importNode(const Node &node) {
  SmallVector<Tensor *> inputs;
  if (failed(collectInputs(node, inputs)))
    return failure();
  auto defineUnknown = [&] {
    Tensor unknown;
    unknown.isUnknown = true;
    return defineOutputs(node,
                         SmallVector<Tensor>(node.outputs.size(), unknown));
  };
  auto refuse = [&](std::string reason) {
    addUnsupported(node, inputs, std::move(reason));
    return defineUnknown();
  };
  if (std::string why = whyUnknown(node); !why.empty()) {
    addUnsupportedWithin(node);
    return refuse(why);
  }
  const OpEntry *entry = findEntry(table, node);
  int64_t version = versionIn(*entry, opsetOf(node));
  // What comes after an unsupported op is not known; what follows from that is
  // no cause of its own.
  auto isUnknown = [](Tensor *tensor) { return tensor && tensor->isUnknown; };
  if (llvm::any_of(inputs, isUnknown)) {
    addUnsupportedWithin(node);
    return defineUnknown();
  }
  for (Tensor *input : inputs)
    if (input && input->isTensor() && !input->elementType)
      return refuse("element type " + nameOf(input->data->type));

  NodeImport import(*this, node, version, inputs);
  if (failed(checkSignature(import, *entry, node)))
    return failure();
  bool done = succeeded(entry->handler(import));
  if (import.failed())
    return failure();
  if (import.isUnknown())
    return defineUnknown();
  if (!done)
    return refuse(import.unsupportedReason().str());
  return defineOutputs(node, import.getResults());
}

LogicalResult ModelImport::defineOutputs(const Node &node,
                                         ArrayRef<Tensor> outputs) {
  for (auto [name, tensor] : llvm::zip_equal(node.outputs, outputs))
    if (!name.empty() && failed(define(name, tensor)))
      return error() << titleOf(node) << " makes " << quoted(name)
                     << ", which is there already";
  return success();
}

LogicalResult ModelImport::importNodes(const Graph &graph) {
  for (const Node &node : graph.nodes)
    if (failed(importNode(node)))
      return failure();
  return success();
}

FailureOr<SmallVector<Tensor>>
ModelImport::importSubgraph(const Node &node, const Graph &graph,
                            ArrayRef<Tensor> inputs, Block *block) {
  auto wrong = [&] { return error() << titleOf(node) << ": its graph "; };
  if (graph.hasSparseInitializers)
    return wrong() << quoted(graph.name) << " has sparse initialisers";
  if (graph.inputs.size() != inputs.size())
    return wrong() << quoted(graph.name) << " has " << graph.inputs.size()
                   << " inputs, expected " << inputs.size();
  OpBuilder::InsertionGuard guard(builder);
  Scope *outer = scope;
  bool isNested = block != outer->block;
  if (isNested)
    math.enterBlock(block);
  scopes.push_back(std::make_unique<Scope>(Scope{graph, outer, block, {}}));
  scope = scopes.back().get();
  llvm::scope_exit leave([&] {
    scope = outer;
    if (isNested)
      math.leaveBlock();
  });
  builder.setInsertionPointToEnd(block);

  for (auto [info, input] : llvm::zip_equal(graph.inputs, inputs))
    if (info.name.empty() || failed(define(info.name, input)))
      return wrong() << quoted(graph.name) << " has an input without a name of "
                     << "its own: " << quoted(info.name);
  if (failed(importInitializers(graph)) || failed(importNodes(graph)))
    return failure();
  SmallVector<Tensor> outputs;
  for (const ValueInfo &info : graph.outputs) {
    Tensor *tensor = lookup(info.name);
    if (!tensor)
      return missing(nullptr, info.name);
    // Whoever asks for its value asks from outside.
    if (tensor->scope == scope && !tensor->isUnknown && tensor->isTensor() &&
        tensor->elementType)
      (void)valueOf(*tensor, NameLoc::get(builder.getStringAttr(info.name)));
    outputs.push_back(*tensor);
  }
  return outputs;
}

void ModelImport::addUnsupported(const Node &node, ArrayRef<Tensor *> inputs,
                                 std::string reason) {
  Unsupported entry;
  entry.node = titleOf(node);
  entry.domain = node.domain.empty() ? "ai.onnx" : node.domain;
  entry.opset = opsetOf(node);
  entry.elementType = "of unknown type";
  if (!inputs.empty() && inputs.front()) {
    const Tensor &first = *inputs.front();
    if (first.elementType)
      entry.elementType = toString(first.elementType);
    else if (first.data)
      entry.elementType = nameOf(first.data->type);
  }
  entry.reason = reason.empty() ? "cannot be imported" : std::move(reason);
  unsupported.push_back(std::move(entry));
}

static size_t countNodes(const Graph &graph) {
  size_t count = graph.nodes.size();
  for (const Node &node : graph.nodes)
    for (const NodeAttribute &attribute : node.attributes)
      if (attribute.graph)
        count += countNodes(*attribute.graph);
  return count;
}

LogicalResult ModelImport::reportUnsupported() {
  if (unsupported.empty())
    return success();
  auto diagnostic = error();
  diagnostic << unsupported.size() << " of " << countNodes(model.graph)
             << " nodes of the model are not supported";
  for (const Unsupported &entry : unsupported)
    diagnostic.attachNote()
        << entry.node << ", " << quoted(entry.domain) << " opset "
        << entry.opset << ", " << entry.elementType << ": " << entry.reason;
  return diagnostic;
}
