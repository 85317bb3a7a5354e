//===- ModelImport.h - State of one import ----------------------*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_MODELIMPORT_H
#define MSC_FRONTENDS_ONNX_MODELIMPORT_H

#include "dialects/graph/Graph.h"
#include "frontends/onnx/DimOptions.h"
#include "frontends/onnx/IndexMath.h"
#include "frontends/onnx/model/Model.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace msc::onnx {

class OpTable;

struct Scope;

/// A tensor of the model that has been imported; or, as far as they are known
/// at compile time, a sequence of tensors or an optional one.
struct Tensor {
  mlir::Type elementType; // null if msc does not have the type
  Shape shape;
  /// Null until an op asks for it; then made of what follows.
  mlir::Value value;
  /// The contents, if they are in the file.
  const TensorData *data = nullptr;
  bool isInitializer = false;
  /// The contents, if they are integers that shape arithmetic may need.
  std::optional<Shape> elements;
  /// An op that made it is not supported: nothing more is known.
  bool isUnknown = false;
  /// The elements of a sequence; such a tensor has no type of its own.
  std::shared_ptr<const std::vector<Tensor>> sequence;
  /// An optional value that there is not.
  bool isNone = false;
  /// Where it was defined, and where its value is made.
  Scope *scope = nullptr;

  bool isTensor() const { return !sequence && !isNone; }
};

/// The tensors that one graph defines, and where its ops go.
struct Scope {
  const Graph &graph;
  Scope *parent;
  /// Of its own for a branch or a loop's body, its parent's for a graph that is
  /// taken over as it is.
  mlir::Block *block;
  llvm::StringMap<Tensor> tensors;
};

/// The element type, null where msc has none.
mlir::Type elementTypeOf(DataType type, mlir::MLIRContext *context);

class ModelImport {
public:
  ModelImport(const Model &model, const OpTable &table, DimOptions &dims,
              mlir::MLIRContext *context);

  /// The module with `@main`; null after a diagnostic. With
  /// `keepsIntermediates` its results are more than the model's outputs.
  mlir::OwningOpRef<mlir::ModuleOp> run(bool keepsIntermediates);

  //===--------------------------------------------------------------------===//
  // For handlers of nodes
  //===--------------------------------------------------------------------===//

  mlir::OpBuilder &getBuilder() { return builder; }
  IndexMath &getMath() { return math; }
  /// The tensor as a value at the builder's place: a parameter, a constant, or
  /// what shape arithmetic gave.
  mlir::Value valueOf(Tensor &tensor, mlir::Location loc);
  /// The elements of an integer tensor, if they are known and few.
  std::optional<llvm::ArrayRef<Index>> elementsOf(Tensor &tensor);
  mlir::RankedTensorType typeOf(const Tensor &tensor);
  /// Imports a graph that an attribute of a node holds, with `inputs` by their
  /// order, to the end of `block`, and gives its outputs. They have values only
  /// where they need one to be made in the graph.
  mlir::FailureOr<llvm::SmallVector<Tensor>>
  importSubgraph(const Node &node, const Graph &graph,
                 llvm::ArrayRef<Tensor> inputs, mlir::Block *block);
  /// What the model says of the output that a tensor of this name would be
  /// here; null if it would be none.
  const ValueInfo *findOutput(llvm::StringRef name) const {
    for (const ValueInfo &info : model.graph.outputs)
      if (!scope->parent && info.name == name)
        return &info;
    return nullptr;
  }
  bool mayUnroll() { return unrolled++ < 4096; }

  /// Branches that are decided at run time: what is imported of them need not
  /// fit all extents. The text of what does not fit stops the import of the
  /// branch.
  void enterBranch() { ++branches; }
  void leaveBranch() { --branches; }
  bool isInBranch() const { return branches != 0; }
  void setMisfit(std::string text) { misfit = std::move(text); }
  std::optional<std::string> takeMisfit() {
    return std::exchange(misfit, std::nullopt);
  }

private:
  struct Unsupported {
    std::string node, opType, domain, elementType, reason;
    int64_t opset;
  };

  mlir::InFlightDiagnostic error();
  mlir::LogicalResult importInputs();
  mlir::LogicalResult importInput(const ValueInfo &info);
  mlir::FailureOr<Index> importDim(const ValueInfo &info, int64_t position,
                                   mlir::Value argument);
  bool isDeclaredDim(llvm::StringRef name);
  mlir::LogicalResult importInitializers(const Graph &graph);
  mlir::LogicalResult importNodes(const Graph &graph);
  mlir::LogicalResult importNode(const Node &node);
  /// The opset of the node's domain.
  int64_t opsetOf(const Node &node);
  mlir::LogicalResult collectInputs(const Node &node,
                                    llvm::SmallVectorImpl<Tensor *> &inputs);
  mlir::LogicalResult defineOutputs(const Node &node,
                                    llvm::ArrayRef<Tensor> outputs);
  mlir::LogicalResult define(llvm::StringRef name, Tensor tensor);
  Tensor *lookup(llvm::StringRef name);
  void addUnsupportedWithin(const Node &node);
  std::string whyUnknown(const Node &node);
  void addUnsupported(const Node &node, llvm::ArrayRef<Tensor *> inputs,
                      std::string reason);
  mlir::LogicalResult reportUnsupported();
  mlir::LogicalResult importOutputs();
  void addResult(const Tensor &tensor, llvm::StringRef name,
                 bool isIntermediate);
  void addIntermediates();
  void finishFunction();
  void setDimRanges(mlir::ModuleOp module);
  mlir::LogicalResult missing(const Node *reader, llvm::StringRef name);
  bool isParameter(const Tensor &tensor);
  mlir::Value createParameter(Tensor &tensor);
  mlir::Value createConstant(Tensor &tensor, mlir::Location loc);
  mlir::Value createFromElements(Tensor &tensor, mlir::Location loc);
  void addArgument(mlir::Value argument, llvm::StringRef name,
                   mlir::ArrayAttr dims, mlir::Attribute parameter);
  mlir::ArrayAttr dimNames(const Shape &shape);

  const Model &model;
  const OpTable &table;
  DimOptions &dims;
  mlir::MLIRContext *context;
  mlir::OpBuilder builder;
  IndexMath math;
  int64_t opset = 0;

  mlir::Block *body = nullptr;
  mlir::func::FuncOp function;
  llvm::SmallVector<mlir::DictionaryAttr> argumentAttrs, resultAttrs;
  llvm::SmallVector<mlir::Value> results;
  /// The graph that is imported at the moment, within those around it. All live
  /// as long as the import, since tensors refer to them.
  Scope *scope = nullptr;
  std::vector<std::unique_ptr<Scope>> scopes;
  /// The dims that are not static, by their names.
  std::map<std::string, Index> dimSymbols;
  unsigned nextDim = 0, unrolled = 0, branches = 0;
  std::optional<std::string> misfit;
  std::vector<Unsupported> unsupported;
};

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_MODELIMPORT_H
