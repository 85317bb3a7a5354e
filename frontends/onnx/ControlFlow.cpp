//===- ControlFlow.cpp - If, Loop, Scan -----------------------------------===//
//
// Control flow becomes that of the scf dialect, on tensors. What is known at
// compile time is decided here: exporters write conditions on ranks and extents
// where the branch that is not taken would not even have valid shapes.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/LoopBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

// Loops over sequences are unrolled, since what a sequence holds has to be
// known: up to this many iterations.
static constexpr int64_t kMaxUnrolled = 64;
// A bound beyond this is none: exporters write the largest integer.
static constexpr int64_t kMaxTrips = int64_t(1) << 40;

/// Checks that a tensor is a boolean with one element.
static LogicalResult checkCondition(NodeImport &n, const Tensor &tensor,
                                    StringRef what) {
  if (!tensor.isTensor() || !tensor.elementType ||
      !tensor.elementType.isInteger(1))
    return n.error("expected a boolean as " + what);
  for (Index extent : tensor.shape)
    if (constantOf(extent) != 1)
      return n.error("expected one boolean as " + what + ", got shape " +
                     n.toString(tensor.shape));
  return success();
}

/// The only element of a tensor, as a scalar.
static Value extractScalar(NodeImport &n, Tensor &tensor) {
  // What follows from extents stays a formula in them.
  if (auto elements = n.elementsOf(tensor);
      elements && tensor.elementType.isInteger(1))
    return arith::CmpIOp::create(
        n.builder(), n.loc(), arith::CmpIPredicate::ne,
        n.valueOf(elements->front()), n.valueOf(n.math.constant(0)));
  Value value = n.valueOf(tensor);
  SmallVector<Value> zeros;
  if (!tensor.shape.empty())
    zeros.assign(tensor.shape.size(),
                 arith::ConstantIndexOp::create(n.builder(), n.loc(), 0));
  return tensor::ExtractOp::create(n.builder(), n.loc(), value, zeros);
}

static std::optional<bool> knownCondition(NodeImport &n, Tensor &tensor) {
  auto elements = n.elementsOf(tensor);
  if (!elements || elements->size() != 1)
    return std::nullopt;
  if (auto constant = constantOf(elements->front()))
    return *constant != 0;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

namespace {

class IfImport {
public:
  explicit IfImport(NodeImport &n) : n(n) {}

  LogicalResult run();

private:
  struct Branch {
    std::unique_ptr<Block> block = std::make_unique<Block>();
    SmallVector<Tensor> outputs;
    /// Why no call may take it: its shapes never fit.
    std::optional<std::string> misfit;
  };
  /// A result that the branches make at run time.
  struct Merged {
    unsigned output;
    Type elementType;
    Shape shape; // null where the branches differ
    SmallVector<IndexRange> ranges;
  };

  LogicalResult takeOver(StringRef name);
  FailureOr<Branch> importBranch(StringRef name);
  LogicalResult standIn(Branch &branch, Branch &other);
  bool haveDifferentRanks();
  LogicalResult merge(unsigned output);
  LogicalResult createIf(Value condition);

  NodeImport &n;
  Branch branches[2];
  SmallVector<Merged> merged;
};

} // namespace

/// The branch that is taken for sure becomes part of the graph around.
LogicalResult IfImport::takeOver(StringRef name) {
  auto outputs = n.subgraph(name, {}, n.builder().getInsertionBlock());
  if (failed(outputs))
    return failure();
  if (outputs->size() != n.numOutputs())
    return n.error("attribute '" + name + "' has " + Twine(outputs->size()) +
                   " outputs, expected " + Twine(n.numOutputs()));
  for (auto [i, output] : llvm::enumerate(*outputs))
    (void)n.resultTensor(i, output);
  return success();
}

FailureOr<IfImport::Branch> IfImport::importBranch(StringRef name) {
  Branch branch;
  auto outputs = n.branch(name, branch.block.get(), branch.misfit);
  if (branch.misfit)
    return branch;
  if (failed(outputs))
    return failure();
  if (outputs->size() != n.numOutputs())
    return n.error("attribute '" + name + "' has " + Twine(outputs->size()) +
                   " outputs, expected " + Twine(n.numOutputs()));
  branch.outputs = *outputs;
  return branch;
}

bool IfImport::haveDifferentRanks() {
  for (auto [a, b] : llvm::zip_equal(branches[0].outputs, branches[1].outputs))
    if (a.isTensor() && b.isTensor() && !a.isUnknown && !b.isUnknown &&
        a.shape.size() != b.shape.size())
      return true;
  return false;
}

LogicalResult IfImport::merge(unsigned output) {
  Tensor &a = branches[0].outputs[output], &b = branches[1].outputs[output];
  if (a.isUnknown || b.isUnknown) {
    Tensor unknown;
    unknown.isUnknown = true;
    return n.resultTensor(output, unknown);
  }
  if (!a.isTensor() || !b.isTensor())
    return n.unsupported("a sequence or optional value that a condition "
                         "decides at run time");
  if (!a.elementType || !b.elementType)
    return n.unsupported("element type " +
                         nameOf((a.elementType ? b : a).data->type));
  if (a.elementType != b.elementType)
    return n.error("the branches give " + n.toString(a.elementType) + " and " +
                   n.toString(b.elementType) + " as output " + Twine(output));
  if (a.shape.size() != b.shape.size())
    return n.unsupported("branches that give tensors of different ranks (say "
                         "what the dims are by --dims, if they decide)");
  Merged result{output, a.elementType, {}, {}};
  for (auto [x, y] : llvm::zip_equal(a.shape, b.shape)) {
    IndexRange r = n.math.rangeOf(x), s = n.math.rangeOf(y);
    result.shape.push_back(x == y ? x : Index());
    result.ranges.push_back({std::min(r.min, s.min), std::max(r.max, s.max)});
  }
  auto known = n.elementsOf(a), other = n.elementsOf(b);
  if (known && other && *known == *other && a.shape == b.shape) {
    Tensor tensor;
    tensor.elementType = a.elementType;
    tensor.shape = a.shape;
    tensor.elements = Shape(*known);
    return n.resultTensor(output, tensor);
  }
  merged.push_back(result);
  return success();
}

/// What a branch that refuses all calls is said to give: as much as the other
/// branch, so that the two have one type.
LogicalResult IfImport::standIn(Branch &branch, Branch &other) {
  OpBuilder &builder = n.builder();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(branch.block.get());
  Value never = arith::ConstantIntOp::create(builder, n.loc(), 0, 1);
  cf::AssertOp::create(builder, n.loc(), never, *branch.misfit);
  for (Tensor &output : other.outputs) {
    Tensor tensor = output;
    // Only what is made in the other branch cannot stand here too.
    if (output.isTensor() && output.elementType && !output.isUnknown &&
        !output.elements) {
      for (Index &extent : tensor.shape)
        if (n.math.depthOf(extent) > n.math.getDepth())
          extent = n.math.constant(0);
      tensor.data = nullptr;
      tensor.value = n.splat(0.0, tensor.shape, tensor.elementType);
    }
    branch.outputs.push_back(tensor);
  }
  return success();
}

LogicalResult IfImport::createIf(Value condition) {
  OpBuilder &builder = n.builder();
  SmallVector<Type> types;
  for (const Merged &result : merged) {
    SmallVector<int64_t> extents;
    for (Index extent : result.shape)
      extents.push_back(extent ? constantOf(extent).value_or(
                                     ShapedType::kDynamic)
                               : ShapedType::kDynamic);
    types.push_back(RankedTensorType::get(extents, result.elementType));
  }
  for (Branch &branch : branches) {
    OpBuilder::InsertionGuard guard(builder);
    SmallVector<Value> yielded;
    for (auto [result, type] : llvm::zip_equal(merged, types)) {
      // Made in the branch, or in the graph around, which ends before the if.
      Value value = n.valueOf(branch.outputs[result.output]);
      builder.setInsertionPointToEnd(branch.block.get());
      if (value.getType() != type)
        value = tensor::CastOp::create(builder, n.loc(), type, value);
      yielded.push_back(value);
    }
    builder.setInsertionPointToEnd(branch.block.get());
    scf::YieldOp::create(builder, n.loc(), yielded);
  }
  auto op = scf::IfOp::create(builder, n.loc(), types, condition,
                              /*addThenBlock=*/false, /*addElseBlock=*/false);
  op.getThenRegion().push_back(branches[0].block.release());
  op.getElseRegion().push_back(branches[1].block.release());
  for (auto [result, value] : llvm::zip_equal(merged, op.getResults())) {
    Tensor tensor;
    tensor.elementType = result.elementType;
    tensor.value = value;
    for (auto [dim, extent] : llvm::enumerate(result.shape))
      tensor.shape.push_back(
          extent ? extent
                 : n.math.value(tensor::DimOp::create(builder, n.loc(), value,
                                                      int64_t(dim)),
                                result.ranges[dim]));
    (void)n.resultTensor(result.output, tensor);
  }
  return success();
}

LogicalResult IfImport::run() {
  Tensor condition = n.input(0);
  if (failed(checkCondition(n, condition, "condition")))
    return failure();
  if (auto known = knownCondition(n, condition))
    return takeOver(*known ? "then_branch" : "else_branch");
  StringRef names[] = {"then_branch", "else_branch"};
  for (auto [branch, name] : llvm::zip(branches, names)) {
    auto imported = importBranch(name);
    if (failed(imported))
      return failure();
    branch = std::move(*imported);
  }
  if (branches[0].misfit && branches[1].misfit)
    return n.misfit("neither branch fits: " + *branches[0].misfit + ", and " +
                    *branches[1].misfit);
  for (Branch &branch : branches)
    if (branch.misfit &&
        failed(standIn(branch, &branch == branches ? branches[1] : branches[0])))
      return failure();
  if (haveDifferentRanks())
    if (auto elements = n.elementsOf(condition)) {
      // That of the branch for a dim of extent 1, which exporters drop if they
      // can; what follows would fit one of the two at most.
      Index one = n.math.constant(1);
      if (!n.agree(elements->front(), one, "the extents of the branch that "
                                           "changes the rank"))
        return n.misfit("branches that give tensors of different ranks");
      return takeOver("then_branch");
    }
  for (unsigned output = 0; output < n.numOutputs(); ++output)
    if (n.wants(output) && failed(merge(output)))
      return failure();
  if (merged.empty())
    return success();
  return createIf(extractScalar(n, condition));
}

static LogicalResult importIf(NodeImport &n) { return IfImport(n).run(); }

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

namespace {

class LoopImport {
public:
  explicit LoopImport(NodeImport &n) : n(n) {}

  LogicalResult run();

private:
  LogicalResult readTrips();
  LogicalResult readCondition();
  bool carriesSequence();
  LogicalResult unroll();
  LogicalResult createLoop();
  LogicalResult finish(LoopBody &loop, Tensor &next);
  FailureOr<Index> boundedByRows(Index count);
  FailureOr<size_t> countScans(size_t outputs);

  NodeImport &n;
  Index trips; // null: no bound
  std::optional<bool> begins = true;
  Tensor condition; // if it is not known
  SmallVector<Tensor> inits;
};

} // namespace

static Tensor elementsTensor(NodeImport &n, Index element, Type type) {
  Tensor tensor;
  tensor.elementType = type;
  tensor.elements = Shape{element};
  return tensor;
}

LogicalResult LoopImport::readTrips() {
  if (!n.has(0))
    return success();
  Tensor tensor = n.input(0);
  if (!tensor.isTensor() || !tensor.elementType ||
      !tensor.elementType.isInteger(64))
    return n.error("expected an integer of 64 bits as the number of "
                   "iterations");
  for (Index extent : tensor.shape)
    if (constantOf(extent) != 1)
      return n.error("expected one integer as the number of iterations, got "
                     "shape " +
                     n.toString(tensor.shape));
  Index zero = n.math.constant(0);
  if (auto elements = n.elementsOf(tensor);
      elements && !n.math.dependsOnContents(elements->front())) {
    Index count = elements->front();
    if (auto constant = constantOf(count); constant && *constant > kMaxTrips)
      return success();
    trips = n.math.max(count, zero);
    return success();
  }
  OpBuilder &builder = n.builder();
  Value count = arith::IndexCastOp::create(
      builder, n.loc(), builder.getIndexType(), extractScalar(n, tensor));
  Value none = arith::ConstantIndexOp::create(builder, n.loc(), 0);
  count = arith::MaxSIOp::create(builder, n.loc(), count, none);
  trips = n.math.value(count, {0, IndexRange::kMax});
  return success();
}

LogicalResult LoopImport::readCondition() {
  if (!n.has(1))
    return success();
  condition = n.input(1);
  if (failed(checkCondition(n, condition, "condition")))
    return failure();
  begins = knownCondition(n, condition);
  return success();
}

bool LoopImport::carriesSequence() {
  return llvm::any_of(inits, [](const Tensor &init) {
    return !init.isTensor();
  });
}

FailureOr<size_t> LoopImport::countScans(size_t outputs) {
  if (outputs < inits.size() + 1)
    return n.error("its graph has " + Twine(outputs) +
                   " outputs, expected at least " + Twine(inits.size() + 1));
  if (outputs - 1 != n.numOutputs())
    return n.error("its graph has " + Twine(outputs) + " outputs, expected " +
                   Twine(n.numOutputs() + 1));
  return outputs - 1 - inits.size();
}

/// Iteration by iteration in the graph around: what the carries are is known
/// at each.
LogicalResult LoopImport::unroll() {
  auto count = trips ? constantOf(trips) : std::nullopt;
  if (!begins)
    return n.unsupported("a loop over sequences whose condition is not known");
  SmallVector<Tensor> carries = inits;
  Type i64 = n.builder().getI64Type(), i1 = n.builder().getI1Type();
  bool goesOn = *begins;
  for (int64_t i = 0; goesOn && (!trips || !count || i < *count); ++i) {
    if ((trips && !count) || i == kMaxUnrolled || !n.mayUnroll())
      return n.unsupported("a loop over sequences of unknown or large length");
    SmallVector<Tensor> inputs{
        elementsTensor(n, n.math.constant(i), i64),
        elementsTensor(n, n.math.constant(1), i1)};
    inputs.append(carries);
    auto outputs = n.subgraph("body", inputs, n.builder().getInsertionBlock());
    if (failed(outputs))
      return failure();
    auto scans = countScans(outputs->size());
    if (failed(scans))
      return failure();
    if (*scans != 0)
      return n.unsupported("scan outputs of a loop over sequences");
    for (const Tensor &output : *outputs)
      if (output.isUnknown)
        return n.resultsUnknown();
    if (failed(checkCondition(n, outputs->front(), "its graph's condition")))
      return failure();
    auto next = knownCondition(n, outputs->front());
    if (!next)
      return n.unsupported("a loop over sequences whose condition is not "
                           "known");
    goesOn = *next;
    carries.assign(outputs->begin() + 1, outputs->end());
  }
  for (auto [i, carry] : llvm::enumerate(carries))
    if (n.wants(i))
      (void)n.resultTensor(i, carry);
  return success();
}

LogicalResult LoopImport::createLoop() {
  LoopBody loop(n, trips);
  Type i64 = n.builder().getI64Type(), i1 = n.builder().getI1Type();
  SmallVector<Tensor> inputs{
      elementsTensor(n, loop.getIteration(), i64),
      // An iteration is only begun if the condition holds.
      elementsTensor(n, n.math.constant(1), i1)};
  for (const Tensor &init : inits)
    inputs.push_back(loop.addCarry(init));
  auto outputs = n.subgraph("body", inputs, loop.getBlock());
  if (failed(outputs))
    return failure();
  auto scans = countScans(outputs->size());
  if (failed(scans))
    return failure();
  for (const Tensor &output : *outputs)
    if (output.isUnknown)
      return n.resultsUnknown();
  Tensor next = outputs->front();
  if (failed(checkCondition(n, next, "its graph's condition")))
    return failure();

  loop.enter();
  ArrayRef<Tensor> yielded = ArrayRef(*outputs).drop_front();
  LogicalResult made = loop.yield(yielded.take_front(inits.size()));
  for (const Tensor &row : yielded.drop_front(inits.size()))
    if (succeeded(made))
      made = loop.addRow(row, /*axis=*/0, /*isReversed=*/false);
  loop.leave();
  if (failed(made) || failed(finish(loop, next)))
    return failure();
  for (unsigned i = 0; i < n.numOutputs(); ++i)
    if (n.wants(i))
      (void)n.resultTensor(i, i < inits.size() ? loop.carry(i)
                                               : loop.rows(i - inits.size()));
  return success();
}

/// A number that the data alone decide bounds nothing, and memory has to be
/// planned for what is collected. What the model declares of that does.
FailureOr<Index> LoopImport::boundedByRows(Index count) {
  if (!count || n.math.rangeOf(count).max < IndexRange::kMax)
    return count;
  for (unsigned i = inits.size(); i < n.numOutputs(); ++i)
    if (auto rows = n.declaredExtent(i, 0)) {
      auto agreed = n.agree(count, n.math.constant(*rows),
                            "as many iterations as the model declares rows");
      if (!agreed)
        return n.misfit("expected " + Twine(*rows) +
                        " iterations, one a row that the model declares");
      return *agreed;
    }
  return count;
}

LogicalResult LoopImport::finish(LoopBody &loop, Tensor &next) {
  auto goesOn = knownCondition(n, next);
  OpBuilder &builder = n.builder();
  Index count = trips;
  if (goesOn == false)
    count = trips ? n.math.min(trips, n.math.constant(1)) : n.math.constant(1);
  else if (!goesOn) {
    loop.enter();
    Value condition = extractScalar(n, next);
    loop.leave();
    Value first =
        begins ? arith::ConstantIntOp::create(builder, n.loc(), *begins, 1)
                     .getResult()
               : extractScalar(n, this->condition);
    return loop.finishWhile(first, condition);
  }
  if (begins == false)
    count = n.math.constant(0);
  if (!count)
    return n.error("the loop has no end: it has neither a number of "
                   "iterations nor a condition that changes");
  if (!begins) {
    // All iterations or none.
    Value all = arith::IndexCastOp::create(
        builder, n.loc(), builder.getIndexType(),
        arith::ExtUIOp::create(builder, n.loc(), builder.getI64Type(),
                               extractScalar(n, condition)));
    count = n.math.mul(count, n.math.value(all, {0, 1}));
  }
  auto bounded = boundedByRows(count);
  return failed(bounded) ? failure() : loop.finishFor(*bounded);
}

LogicalResult LoopImport::run() {
  for (unsigned i = 2; i < n.numInputs(); ++i) {
    if (!n.has(i))
      return n.error("input " + Twine(i) + " is missing");
    inits.push_back(n.input(i));
  }
  if (failed(readTrips()) || failed(readCondition()))
    return failure();
  return carriesSequence() ? unroll() : createLoop();
}

static LogicalResult importLoop(NodeImport &n) { return LoopImport(n).run(); }

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

namespace {

class ScanImport {
public:
  explicit ScanImport(NodeImport &n) : n(n) {}

  LogicalResult run();

private:
  LogicalResult readInputs();
  FailureOr<SmallVector<bool>> readDirections(StringRef name, size_t count);
  FailureOr<SmallVector<int64_t>> readAxes(StringRef name, size_t count);
  FailureOr<Index> length(ArrayRef<Tensor> sequences,
                          ArrayRef<int64_t> axes);
  LogicalResult scan(ArrayRef<Tensor> initial, ArrayRef<Tensor> sequences,
                     SmallVectorImpl<Tensor> &results);
  LogicalResult scanBatch(SmallVectorImpl<Tensor> &results);

  NodeImport &n;
  SmallVector<Tensor> states, scanned;
  size_t numRows = 0;
};

} // namespace

FailureOr<SmallVector<bool>> ScanImport::readDirections(StringRef name,
                                                        size_t count) {
  SmallVector<bool> reversed(count, false);
  auto given = n.intsAttr(name);
  if (!given)
    return reversed;
  if (given->size() != count)
    return n.error("expected " + Twine(count) + " elements for attribute '" +
                   name + "', got " + Twine(given->size()));
  for (auto [i, value] : llvm::enumerate(*given)) {
    if (value != 0 && value != 1)
      return n.error("expected 0 or 1 in attribute '" + name + "', got " +
                     Twine(value));
    reversed[i] = value;
  }
  return reversed;
}

FailureOr<SmallVector<int64_t>> ScanImport::readAxes(StringRef name,
                                                     size_t count) {
  auto given = n.version < 9 ? std::nullopt : n.intsAttr(name);
  if (!given)
    return SmallVector<int64_t>(count, 0);
  if (given->size() != count)
    return n.error("expected " + Twine(count) + " elements for attribute '" +
                   name + "', got " + Twine(given->size()));
  return *given;
}

LogicalResult ScanImport::readInputs() {
  unsigned first = n.version < 9 ? 1 : 0;
  if (first && n.has(0))
    return n.unsupported("lengths of sequences");
  int64_t count = n.intAttr("num_scan_inputs", 0);
  int64_t inputs = int64_t(n.numInputs()) - first;
  if (count < 1 || count > inputs)
    return n.error("expected 1 to " + Twine(inputs) +
                   " as num_scan_inputs, got " + Twine(count));
  for (unsigned i = first; i < n.numInputs(); ++i) {
    if (!n.has(i))
      return n.error("input " + Twine(i) + " is missing");
    if (!n.input(i).isTensor())
      return n.error("expected a tensor as input " + Twine(i));
    (i - first < inputs - count ? states : scanned).push_back(n.input(i));
  }
  if (n.numOutputs() < states.size())
    return n.error("expected at least " + Twine(states.size()) +
                   " outputs, got " + Twine(n.numOutputs()));
  numRows = n.numOutputs() - states.size();
  return success();
}

FailureOr<Index> ScanImport::length(ArrayRef<Tensor> sequences,
                                    ArrayRef<int64_t> axes) {
  Index count;
  for (auto [tensor, axis] : llvm::zip_equal(sequences, axes)) {
    Index extent = tensor.shape[axis];
    auto common = count ? n.agree(count, extent, "scan inputs of one length")
                        : std::optional<Index>(extent);
    if (!common)
      return n.misfit("the scan inputs are of different lengths: " +
                      n.math.toString(count) + " and " +
                      n.math.toString(extent));
    count = *common;
  }
  return count;
}

LogicalResult ScanImport::scan(ArrayRef<Tensor> initial,
                               ArrayRef<Tensor> sequences,
                               SmallVectorImpl<Tensor> &results) {
  bool isOld = n.version < 9;
  auto reversed = readDirections(
      isOld ? "directions" : "scan_input_directions", sequences.size());
  auto axes = readAxes("scan_input_axes", sequences.size());
  auto rowAxes = readAxes("scan_output_axes", numRows);
  if (failed(reversed) || failed(axes) || failed(rowAxes))
    return failure();
  SmallVector<bool> rowsReversed(numRows, false);
  if (!isOld) {
    auto given = readDirections("scan_output_directions", numRows);
    if (failed(given))
      return failure();
    rowsReversed = *given;
  }
  for (auto [tensor, axis] : llvm::zip_equal(sequences, *axes)) {
    auto checked = n.axis(axis, tensor.shape.size());
    if (failed(checked))
      return failure();
    axis = *checked;
  }
  auto count = length(sequences, *axes);
  if (failed(count))
    return failure();

  LoopBody loop(n, *count);
  SmallVector<Tensor> inputs;
  for (const Tensor &state : initial)
    inputs.push_back(loop.addCarry(state));
  loop.enter();
  Index fromEnd = n.math.sub(n.math.add(*count, -1), loop.getIteration());
  for (auto [tensor, axis, isReversed] :
       llvm::zip_equal(sequences, *axes, *reversed))
    inputs.push_back(loop.rowOf(
        tensor, axis, isReversed ? fromEnd : loop.getIteration()));
  loop.leave();
  auto outputs = n.subgraph("body", inputs, loop.getBlock());
  if (failed(outputs))
    return failure();
  if (outputs->size() != n.numOutputs())
    return n.error("its graph has " + Twine(outputs->size()) +
                   " outputs, expected " + Twine(n.numOutputs()));
  for (const Tensor &output : *outputs)
    if (output.isUnknown)
      return n.resultsUnknown();
  loop.enter();
  ArrayRef<Tensor> yielded = *outputs;
  LogicalResult made = loop.yield(yielded.take_front(initial.size()));
  for (auto [row, axis, isReversed] :
       llvm::zip_equal(yielded.drop_front(initial.size()), *rowAxes,
                       rowsReversed)) {
    auto checked = n.axis(axis, row.shape.size() + 1);
    made = failed(made) || failed(checked)
               ? failure()
               : loop.addRow(row, *checked, isReversed);
  }
  loop.leave();
  if (failed(made))
    return failure();
  if (failed(loop.finishFor(*count)))
    return failure();
  for (unsigned i = 0; i < n.numOutputs(); ++i)
    results.push_back(i < initial.size() ? loop.carry(i)
                                         : loop.rows(i - initial.size()));
  return success();
}

/// Opset 8: each element of a batch is scanned by itself.
LogicalResult ScanImport::scanBatch(SmallVectorImpl<Tensor> &results) {
  SmallVector<Tensor> all = states;
  all.append(scanned);
  for (const Tensor &tensor : all)
    if (tensor.shape.empty())
      return n.error("expected a rank of at least 1, got 0");
  auto batch = length(all, SmallVector<int64_t>(all.size(), 0));
  if (failed(batch))
    return failure();
  LoopBody loop(n, *batch);
  loop.enter();
  SmallVector<Tensor> initial, sequences, inner;
  for (const Tensor &state : states)
    initial.push_back(loop.rowOf(state, 0, loop.getIteration()));
  for (const Tensor &sequence : scanned)
    sequences.push_back(loop.rowOf(sequence, 0, loop.getIteration()));
  LogicalResult made = scan(initial, sequences, inner);
  for (const Tensor &row : inner)
    if (succeeded(made))
      made = loop.addRow(row, 0, /*isReversed=*/false);
  loop.leave();
  if (failed(made))
    return failure();
  if (failed(loop.finishFor(*batch)))
    return failure();
  for (unsigned i = 0; i < n.numOutputs(); ++i)
    results.push_back(loop.rows(i));
  return success();
}

LogicalResult ScanImport::run() {
  if (failed(readInputs()))
    return failure();
  SmallVector<Tensor> results;
  if (failed(n.version < 9 ? scanBatch(results)
                           : scan(states, scanned, results)))
    return failure();
  for (auto [i, result] : llvm::enumerate(results))
    if (n.wants(i))
      (void)n.resultTensor(i, result);
  return success();
}

static LogicalResult importScan(NodeImport &n) { return ScanImport(n).run(); }

static constexpr OpEntry kOps[] = {
    {"If",
     {1, 11, 13, 16, 19, 21, 23, 24, 25},
     1,
     1,
     kVariadic,
     kAny | kSpecial,
     importIf},
    {"Loop",
     {1, 11, 13, 16, 19, 21, 23, 24, 25},
     0,
     kVariadic,
     kVariadic,
     kAny | kSpecial,
     importLoop},
    {"Scan",
     {8, 9, 11, 16, 19, 21, 23, 24, 25},
     1,
     kVariadic,
     kVariadic,
     kAny | kSpecial,
     importScan},
};

void msc::onnx::addControlFlowOps(OpTable &table) { table.add(kOps); }
