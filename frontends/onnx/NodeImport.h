//===- NodeImport.h - What a handler sees of its node -----------*- C++ -*-===//
//
// Handlers are called with inputs and outputs counted and element types checked
// by the table. Accessors of attributes never fail: where the file holds
// something else they report it, give the default, and the node fails at the
// end, so that handlers check what is theirs only.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_FRONTENDS_ONNX_NODEIMPORT_H
#define MSC_FRONTENDS_ONNX_NODEIMPORT_H

#include "dialects/graph/GraphBuilder.h"
#include "frontends/onnx/ModelImport.h"
#include "frontends/onnx/OpTable.h"

namespace msc::onnx {

/// A value with the extents that are known of it.
struct Shaped {
  mlir::Value value;
  Shape shape;
};

class NodeImport {
public:
  NodeImport(ModelImport &model, const Node &node, int64_t version,
             llvm::ArrayRef<Tensor *> inputs);

  const int64_t version;
  graph::GraphBuilder b;
  IndexMath &math;

  //===--------------------------------------------------------------------===//
  // Inputs
  //===--------------------------------------------------------------------===//

  unsigned numInputs() const { return inputs.size(); }
  bool has(unsigned i) const { return i < inputs.size() && inputs[i]; }
  mlir::Value value(unsigned i);
  const Shape &shape(unsigned i) const { return inputs[i]->shape; }
  int64_t rank(unsigned i) const { return inputs[i]->shape.size(); }
  mlir::Type elementType(unsigned i) const { return inputs[i]->elementType; }
  Shaped in(unsigned i) { return {value(i), shape(i)}; }
  /// Contents that are known now: of a small integer tensor, ...
  std::optional<llvm::ArrayRef<Index>> elements(unsigned i);
  /// ... and the same without dims in them.
  std::optional<llvm::SmallVector<int64_t>> constants(unsigned i);
  /// Floats or integers that are known now, as doubles, ...
  std::optional<llvm::SmallVector<double>> numbers(unsigned i);
  /// ... or the one element of a tensor that has no more.
  std::optional<double> number(unsigned i);
  /// Contents of a tensor in the file; null otherwise.
  const TensorData *data(unsigned i) const { return inputs[i]->data; }
  /// Whether each input is a small integer tensor of known contents.
  bool isShapeArithmetic();

  //===--------------------------------------------------------------------===//
  // Attributes
  //===--------------------------------------------------------------------===//

  bool hasAttr(llvm::StringRef name) const;
  int64_t intAttr(llvm::StringRef name, int64_t otherwise);
  bool flagAttr(llvm::StringRef name, bool otherwise);
  double floatAttr(llvm::StringRef name, double otherwise);
  std::string stringAttr(llvm::StringRef name, llvm::StringRef otherwise);
  std::optional<llvm::SmallVector<int64_t>> intsAttr(llvm::StringRef name);
  const NodeAttribute *attr(llvm::StringRef name, NodeAttribute::Kind kind);
  /// Axes that are an attribute up to an opset and input `i` after it; none if
  /// there is neither. Fails after a report.
  mlir::FailureOr<std::optional<llvm::SmallVector<int64_t>>>
  axesOf(unsigned i, llvm::StringRef name);
  /// 0 <= result < rank, negative axes counted from the end.
  mlir::FailureOr<int64_t> axis(int64_t axis, int64_t rank);
  /// Each once, increasing.
  mlir::FailureOr<llvm::SmallVector<int64_t>> axes(llvm::ArrayRef<int64_t> axes,
                                                   int64_t rank);

  //===--------------------------------------------------------------------===//
  // Outcome
  //===--------------------------------------------------------------------===//

  unsigned numOutputs() const;
  bool wants(unsigned output) const;
  /// The extent of a dim that the model declares, if this output is one of the
  /// model's; none where it has a name or nothing.
  std::optional<int64_t> declaredExtent(unsigned output, size_t dim) const;
  llvm::LogicalResult result(unsigned i, mlir::Value value,
                             llvm::ArrayRef<Index> shape);
  llvm::LogicalResult result(mlir::Value value, llvm::ArrayRef<Index> shape) {
    return result(0, value, shape);
  }
  llvm::LogicalResult result(const Shaped &shaped) {
    return result(0, shaped.value, shaped.shape);
  }
  /// Integers whose values are known now, as a vector or (rank 0) a scalar.
  llvm::LogicalResult resultElements(llvm::ArrayRef<Index> elements,
                                     llvm::ArrayRef<Index> shape,
                                     mlir::Type elementType);
  llvm::LogicalResult resultTensor(const Tensor &tensor) {
    return resultTensor(0, tensor);
  }
  llvm::LogicalResult resultTensor(unsigned i, const Tensor &tensor);
  /// Something that the results are made of could not be imported, which has
  /// been noted.
  llvm::LogicalResult resultsUnknown();
  const Tensor &input(unsigned i) const { return *inputs[i]; }

  //===--------------------------------------------------------------------===//
  // Graphs in attributes
  //===--------------------------------------------------------------------===//

  /// Imports the graph of an attribute to the end of `block`.
  mlir::FailureOr<llvm::SmallVector<Tensor>>
  subgraph(llvm::StringRef name, llvm::ArrayRef<Tensor> inputs,
           mlir::Block *block);
  /// The same for a branch that is decided at run time; `misfit` says why none
  /// can be taken.
  mlir::FailureOr<llvm::SmallVector<Tensor>>
  branch(llvm::StringRef name, mlir::Block *block,
         std::optional<std::string> &misfit);
  /// The value of a tensor that a graph gives, or of an input.
  mlir::Value valueOf(Tensor &tensor) { return model.valueOf(tensor, loc()); }
  std::optional<llvm::ArrayRef<Index>> elementsOf(Tensor &tensor) {
    return model.elementsOf(tensor);
  }
  /// Whether one more iteration of a loop may be imported as if it were no loop:
  /// a file of a few bytes may ask for any number of them.
  bool mayUnroll() { return model.mayUnroll(); }

  //===--------------------------------------------------------------------===//
  // Requirements
  //===--------------------------------------------------------------------===//

  /// Refuses calls (in a branch or loop: those that get there) for which the
  /// condition does not hold. `message` is what the caller reads then.
  void require(mlir::Value condition, const llvm::Twine &message);
  /// Two extents that have to be equal: the one to go on with. What is not known
  /// now is required; none if they never are equal. `what` follows "expected".
  std::optional<Index> agree(Index lhs, Index rhs, const llvm::Twine &what);
  /// The same of shapes, with a report if they never agree.
  mlir::FailureOr<Shape> agreedShape(llvm::ArrayRef<Index> lhs,
                                     llvm::ArrayRef<Index> rhs,
                                     const llvm::Twine &what);
  /// The operand under a shape that its own agrees with.
  Shaped agreed(const Shaped &operand, llvm::ArrayRef<Index> shape);
  /// An index that must not be negative, or is required not to be; none if it
  /// always is.
  std::optional<Index> atLeastZero(Index index, const llvm::Twine &what);
  /// Elements of a tensor as extents, none of them negative.
  mlir::FailureOr<Shape> asExtents(llvm::ArrayRef<Index> elements);
  /// A number that the program computes, a 0-d tensor of integers, as an index
  /// from 0 to `most`.
  Index countOf(mlir::Value scalar, Index most);
  /// The model does not fit these extents. In a branch that is decided at run
  /// time that is an error of the calls that take it.
  llvm::LogicalResult misfit(const llvm::Twine &message,
                             const llvm::Twine &hint = "");
  /// As a value of index type.
  mlir::Value valueOf(Index index);

  /// The model is wrong.
  llvm::LogicalResult error(const llvm::Twine &message,
                            const llvm::Twine &hint = "");
  /// The model is right and msc cannot do it.
  llvm::LogicalResult unsupported(const llvm::Twine &reason);

  bool failed() const { return isInvalid; }
  bool isUnknown() const { return unknown; }
  llvm::StringRef unsupportedReason() const { return reason; }
  llvm::ArrayRef<Tensor> getResults() const { return results; }

  //===--------------------------------------------------------------------===//
  // Shapes
  //===--------------------------------------------------------------------===//

  mlir::OpBuilder &builder() { return b.getBuilder(); }
  mlir::Location loc() { return b.getLoc(); }
  std::string toString(llvm::ArrayRef<Index> shape);
  std::string toString(mlir::Type type);
  mlir::RankedTensorType typeOf(llvm::ArrayRef<Index> shape, mlir::Type type);
  llvm::SmallVector<mlir::OpFoldResult> sizes(llvm::ArrayRef<Index> shape) {
    return math.materialize(builder(), loc(), shape);
  }
  std::optional<llvm::SmallVector<int64_t>>
  staticShape(llvm::ArrayRef<Index> shape);
  /// Whether two extents are equal: known now, or required of each call. False,
  /// without a report, if they differ for sure.
  bool requireEqual(Index lhs, Index rhs);
  bool requireEqual(llvm::ArrayRef<Index> lhs, llvm::ArrayRef<Index> rhs);
  /// What is given as an extent and may be negative: that it is none is
  /// required of each call, or a report.
  mlir::LogicalResult checkExtent(Index extent);
  /// The shape that all broadcast to, by NumPy's rules. What is not known now
  /// is required of each call.
  mlir::FailureOr<Shape> broadcastShapes(llvm::ArrayRef<Shape> shapes);
  /// To a shape that the operand's broadcasts to; dims of which that is known
  /// at run time only are repeated as often as it takes.
  mlir::Value broadcast(const Shaped &operand, llvm::ArrayRef<Index> shape);
  /// The operand broadcast to `shape`, or a report if it does not.
  mlir::FailureOr<mlir::Value> broadcastTo(const Shaped &operand,
                                           const Shape &shape);
  /// All inputs, or those from `first` to `last`, broadcast to one shape.
  mlir::FailureOr<Shape>
  broadcastInputs(llvm::SmallVectorImpl<mlir::Value> &values,
                  unsigned first = 0, unsigned last = ~0u);
  /// The two inputs of a binary op. Before opset 7 the second one alone is
  /// broadcast, and only if attributes say so: its dims are those of the first
  /// one from `axis` on, by default the last ones.
  mlir::FailureOr<Shape>
  broadcastOperands(llvm::SmallVectorImpl<mlir::Value> &values);
  Shaped reshape(const Shaped &operand, llvm::ArrayRef<Index> shape);
  Shaped transpose(const Shaped &operand, llvm::ArrayRef<int64_t> permutation);
  Shaped convert(const Shaped &operand, mlir::Type elementType) {
    return {b.convert(operand.value, elementType), operand.shape};
  }
  /// A vector along `axis` of a tensor of that shape.
  mlir::Value broadcastVector(mlir::Value vector, llvm::ArrayRef<Index> shape,
                              int64_t axis);
  /// A constant with the extents of `shape`.
  mlir::Value splat(double value, llvm::ArrayRef<Index> shape,
                    mlir::Type elementType);
  /// An index as a 0-d tensor.
  mlir::Value scalarOf(Index index, mlir::Type elementType);
  /// Sum along dims, which are kept with extent 1 if `keep`. Floats of less
  /// than 32 bits are summed in f32.
  Shaped reduceSum(const Shaped &operand, llvm::ArrayRef<int64_t> dims,
                   bool keep);
  Shaped reduceMean(const Shaped &operand, llvm::ArrayRef<int64_t> dims,
                    bool keep);
  /// Dropped dims come back with extent 1.
  Shaped keepDims(mlir::Value reduced, const Shape &shape,
                  llvm::ArrayRef<int64_t> dims, bool keep);

private:
  Index undecidedExtent(Index lhs, Index rhs);
  bool isOneOnlyIf(Index lhs, Index rhs);
  bool mustBeEqual(Index lhs, Index rhs);
  const NodeAttribute *find(llvm::StringRef name) const;

  ModelImport &model;
  const Node &node;
  llvm::SmallVector<Tensor *> inputs;
  llvm::SmallVector<Tensor> results;
  bool isInvalid = false, unknown = false;
  std::string reason;
};

/// `node 'conv1' (Conv)`, the name being that of the first output if the node
/// has none.
std::string titleOf(const Node &node);

bool isNarrowFloat(mlir::Type type);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_NODEIMPORT_H
