//===- Recurrent.cpp - RNN, GRU, LSTM -------------------------------------===//
//
// Each direction becomes one loop over time. What does not depend on the state,
// the product of all inputs with their weights, is one contraction before the
// loop; what is left to an iteration is the product of the state with its
// weights and the gates. (docs/rationale/control-flow.md)
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/LoopBody.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

namespace {

struct Activation {
  std::string name; // in lower case
  double alpha = 0, beta = 0;
};

/// A function with the default values of its parameters, if it has them.
struct ActivationEntry {
  StringLiteral name;
  std::optional<double> alpha, beta;
  Value (*build)(GraphBuilder &b, Value x, const Activation &function);
};

} // namespace

static Value clamp(GraphBuilder &b, Value x, double low, double high) {
  x = b.binary<MaxOp>(x, b.splatLike(low, x));
  return b.binary<MinOp>(x, b.splatLike(high, x));
}

static Value whereNegative(GraphBuilder &b, Value x, Value otherwise) {
  Value isNegative = b.compare(Predicate::lt, x, b.splatLike(0.0, x));
  return b.select(isNegative, otherwise, x);
}

static const ActivationEntry kActivations[] = {
    {"affine", 1.0, 0.0,
     [](GraphBuilder &b, Value x, const Activation &f) {
       return b.addScalar(b.mulScalar(x, f.alpha), f.beta);
     }},
    {"elu", 1.0, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &f) {
       return whereNegative(b, x, b.mulScalar(b.unary<Expm1Op>(x), f.alpha));
     }},
    {"hardsigmoid", 0.2f, 0.5,
     [](GraphBuilder &b, Value x, const Activation &f) {
       return clamp(b, b.addScalar(b.mulScalar(x, f.alpha), f.beta), 0.0, 1.0);
     }},
    {"leakyrelu", 0.01f, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &f) {
       return whereNegative(b, x, b.mulScalar(x, f.alpha));
     }},
    {"relu", std::nullopt, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &) {
       return b.unary<ReluOp>(x);
     }},
    {"scaledtanh", 1.0, 1.0,
     [](GraphBuilder &b, Value x, const Activation &f) {
       Value tanh = b.unary<TanhOp>(b.mulScalar(x, f.beta));
       return b.mulScalar(tanh, f.alpha);
     }},
    {"sigmoid", std::nullopt, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &) {
       return b.unary<SigmoidOp>(x);
     }},
    {"softplus", std::nullopt, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &) {
       return b.unary<SoftplusOp>(x);
     }},
    {"softsign", std::nullopt, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &) {
       return b.div(x, b.addScalar(b.unary<AbsOp>(x), 1.0));
     }},
    {"tanh", std::nullopt, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &) {
       return b.unary<TanhOp>(x);
     }},
    {"thresholdedrelu", 1.0, std::nullopt,
     [](GraphBuilder &b, Value x, const Activation &f) {
       // NaN is not below the threshold, and passes.
       Value isBelow = b.compare(Predicate::le, x, b.splatLike(f.alpha, x));
       return b.select(isBelow, b.splatLike(0.0, x), x);
     }},
};

static const ActivationEntry *findActivation(StringRef name) {
  for (const ActivationEntry &entry : kActivations)
    if (entry.name == name)
      return &entry;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// What the three have in common
//===----------------------------------------------------------------------===//

namespace {

/// The parameters of one direction, with gates of H columns each.
struct Direction {
  bool isReversed = false;
  ArrayRef<Activation> activations;
  Value state; // R: [gates * H, H]
  /// The bias of the state's product by itself, [gates * H], where it is not
  /// part of the input's.
  Value stateBias;
  Value peepholes; // [3 * H]
};

/// What one iteration works on; all [B, H] or with more columns.
struct Step {
  Value input; // of all gates
  Value hidden, cell;
};

class Recurrence {
public:
  Recurrence(NodeImport &n, unsigned numGates, unsigned numActivations,
             ArrayRef<StringRef> defaults)
      : n(n), numGates(numGates), numActivations(numActivations),
        defaults(defaults) {}
  virtual ~Recurrence() = default;

  LogicalResult run();

protected:
  /// The new state; `cell` stays null where there is none.
  virtual Step step(const Step &before, const Direction &direction) = 0;
  virtual bool hasCell() const { return false; }
  virtual bool hasOwnStateBias() const { return false; }

  Value activate(Value x, const Activation &function);
  Value product(Value hidden, Value weights);
  /// Columns of gates [first, first + count).
  Value gates(Value columns, unsigned first, unsigned count = 1);
  Value alongRows(Value vector, Value like);

  NodeImport &n;

private:
  /// Inputs by their places.
  enum Input { kX, kW, kR, kB, kLengths, kHidden, kCell, kPeepholes };

  LogicalResult readShapes();
  LogicalResult readDirections();
  LogicalResult readActivations();
  LogicalResult checkShape(unsigned input, ArrayRef<Index> expected);
  Value part(unsigned input, int64_t direction, int64_t axis = 0);
  Value rowsOf(Value matrix, int64_t first, int64_t count);
  Tensor tensorOf(Value value, ArrayRef<Index> shape);
  Tensor initialState(unsigned input, int64_t direction);
  Value project(Direction &direction, int64_t number);
  Tensor maskRow(LoopBody &loop, Index position);
  LogicalResult runDirection(int64_t number);
  LogicalResult join(unsigned output, ArrayRef<Tensor> parts, int64_t axis);

  unsigned numGates, numActivations;
  ArrayRef<StringRef> defaults;
  bool isBatchFirst = false;
  double clip = 0;
  Index time, batch, features;
  int64_t hidden = 0, numDirections = 1;
  SmallVector<bool> reversed;
  SmallVector<Activation> activations;
  Value mask; // [T, B]: whether a sequence is that long; null if all are
  SmallVector<Tensor> rows, lastHidden, lastCell;
};

} // namespace

Value Recurrence::activate(Value x, const Activation &function) {
  if (clip > 0)
    x = clamp(n.b, x, -clip, clip);
  return findActivation(function.name)->build(n.b, x, function);
}

Value Recurrence::product(Value hidden, Value weights) {
  Type type = n.elementType(kX);
  Type sumType = isNarrowFloat(type) ? n.builder().getF32Type() : type;
  return n.b.convert(ContractOp::create(n.builder(), n.loc(), "bh,gh->bg",
                                        hidden, weights, sumType),
                     type);
}

Value Recurrence::gates(Value columns, unsigned first, unsigned count) {
  Index zero = n.math.constant(0), one = n.math.constant(1);
  return n.b.slice(columns, n.sizes({zero, n.math.constant(first * hidden)}),
                   n.sizes({batch, n.math.constant(count * hidden)}),
                   n.sizes({one, one}));
}

Value Recurrence::alongRows(Value vector, Value like) {
  return n.b.broadcastAlong(vector, like, {0});
}

LogicalResult Recurrence::checkShape(unsigned input,
                                     ArrayRef<Index> expected) {
  if (!n.has(input))
    return success();
  std::string what =
      "input " + std::to_string(input) + " of shape " + n.toString(expected);
  bool fits = n.shape(input).size() == expected.size();
  for (size_t i = 0; fits && i < expected.size(); ++i)
    fits = n.agree(expected[i], n.shape(input)[i], what).has_value();
  if (!fits)
    return n.misfit("expected " + what + ", got " +
                    n.toString(n.shape(input)));
  if (input != kLengths && n.elementType(input) != n.elementType(kX))
    return n.error("expected inputs of one element type, got " +
                   n.toString(n.elementType(kX)) + " and " +
                   n.toString(n.elementType(input)));
  return success();
}

LogicalResult Recurrence::readShapes() {
  if (n.rank(kX) != 3 || n.rank(kR) != 3)
    return n.misfit("expected inputs 0 and 2 of rank 3, got ranks " +
                    Twine(n.rank(kX)) + " and " + Twine(n.rank(kR)));
  auto known = constantOf(n.shape(kR)[2]);
  if (!known || *known < 1 || *known > (int64_t(1) << 32))
    return n.unsupported("a hidden size that is not known at compile time");
  hidden = *known;
  if (n.hasAttr("hidden_size") && n.intAttr("hidden_size", 0) != hidden)
    return n.error("attribute 'hidden_size' is " +
                   Twine(n.intAttr("hidden_size", 0)) + ", the weights have " +
                   Twine(hidden));
  isBatchFirst = n.version >= 14 && n.flagAttr("layout", false);
  time = n.shape(kX)[isBatchFirst ? 1 : 0];
  batch = n.shape(kX)[isBatchFirst ? 0 : 1];
  features = n.shape(kX)[2];
  Index size = n.math.constant(hidden),
        directions = n.math.constant(numDirections),
        columns = n.math.constant(numGates * hidden);
  Shape state{directions, batch, size};
  if (isBatchFirst)
    std::swap(state[0], state[1]);
  if (failed(checkShape(kW, {directions, columns, features})) ||
      failed(checkShape(kR, {directions, columns, size})) ||
      failed(checkShape(kB, {directions, n.math.mul(columns, 2)})) ||
      failed(checkShape(kLengths, {batch})) ||
      failed(checkShape(kHidden, state)) || failed(checkShape(kCell, state)) ||
      failed(checkShape(kPeepholes, {directions, n.math.mul(size, 3)})))
    return failure();
  if (n.has(kLengths) && !n.elementType(kLengths).isInteger(32))
    return n.error("expected integers of 32 bits as input " + Twine(kLengths) +
                   ", got " + n.toString(n.elementType(kLengths)));
  return success();
}

LogicalResult Recurrence::readDirections() {
  std::string direction = n.stringAttr("direction", "forward");
  if (direction == "forward")
    reversed = {false};
  else if (direction == "reverse")
    reversed = {true};
  else if (direction == "bidirectional")
    reversed = {false, true};
  else
    return n.error("expected forward, reverse or bidirectional as direction, "
                   "got " +
                   quoted(direction));
  numDirections = reversed.size();
  clip = n.floatAttr("clip", 0.0);
  return success();
}

LogicalResult Recurrence::readActivations() {
  using Kind = NodeAttribute::Kind;
  SmallVector<std::string> names;
  if (const NodeAttribute *given = n.attr("activations", Kind::Strings)) {
    for (const std::string &name : given->strings)
      names.push_back(StringRef(name).lower());
  } else {
    for (int64_t i = 0; i < numDirections; ++i)
      for (StringRef name : defaults)
        names.push_back(name.str());
  }
  if (int64_t(names.size()) != numActivations * numDirections)
    return n.error("expected " + Twine(numActivations * numDirections) +
                   " activations, got " + Twine(names.size()));
  auto list = [&](StringRef name) -> ArrayRef<float> {
    const NodeAttribute *given = n.attr(name, Kind::Floats);
    return given ? ArrayRef<float>(given->floats) : ArrayRef<float>();
  };
  // Parameters are listed for the functions that have them.
  ArrayRef<float> alphas = list("activation_alpha"),
                  betas = list("activation_beta");
  auto next = [](ArrayRef<float> &values, std::optional<double> otherwise) {
    if (!otherwise || values.empty())
      return otherwise.value_or(0.0);
    double value = values.front();
    values = values.drop_front();
    return value;
  };
  for (const std::string &name : names) {
    const ActivationEntry *entry = findActivation(name);
    if (!entry)
      return n.error("no activation is called " + quoted(name));
    activations.push_back(
        {name, next(alphas, entry->alpha), next(betas, entry->beta)});
  }
  return success();
}

/// Of one direction, without the dim of directions.
Value Recurrence::part(unsigned input, int64_t direction, int64_t axis) {
  Shape shape = n.shape(input);
  Index one = n.math.constant(1);
  Shaped whole = n.in(input);
  if (numDirections > 1) {
    Shape offsets(shape.size(), n.math.constant(0)), ones(shape.size(), one);
    offsets[axis] = n.math.constant(direction);
    shape[axis] = one;
    whole = {n.b.slice(whole.value, n.sizes(offsets), n.sizes(shape),
                       n.sizes(ones)),
             shape};
  }
  shape.erase(shape.begin() + axis);
  return n.reshape(whole, shape).value;
}

Value Recurrence::rowsOf(Value matrix, int64_t first, int64_t count) {
  auto sizes = n.b.sizes(matrix);
  SmallVector<OpFoldResult> offsets(sizes.size(),
                                    n.builder().getIndexAttr(0)),
      ones(sizes.size(), n.builder().getIndexAttr(1));
  offsets[0] = n.builder().getIndexAttr(first);
  sizes[0] = n.builder().getIndexAttr(count);
  return n.b.slice(matrix, offsets, sizes, ones);
}

Tensor Recurrence::tensorOf(Value value, ArrayRef<Index> shape) {
  Tensor tensor;
  tensor.elementType =
      cast<RankedTensorType>(value.getType()).getElementType();
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.value = value;
  return tensor;
}

Tensor Recurrence::initialState(unsigned input, int64_t direction) {
  Shape shape{batch, n.math.constant(hidden)};
  if (!n.has(input))
    return tensorOf(n.splat(0.0, shape, n.elementType(kX)), shape);
  Value given = part(input, direction, isBatchFirst ? 1 : 0);
  return tensorOf(n.agreed({given, {}}, shape).value, shape);
}

/// The inputs of all gates at all times, with all that can be added before the
/// state is known: [T, B, gates * H], or batch first.
Value Recurrence::project(Direction &direction, int64_t number) {
  Type type = n.elementType(kX);
  Type sumType = isNarrowFloat(type) ? n.builder().getF32Type() : type;
  Value projected = n.b.convert(
      ContractOp::create(n.builder(), n.loc(), "abi,gi->abg", n.value(kX),
                         part(kW, number), sumType),
      type);
  if (!n.has(kB))
    return projected;
  Value both = part(kB, number);
  int64_t columns = numGates * hidden;
  Value bias = rowsOf(both, 0, columns);
  Value ofState = rowsOf(both, columns, columns);
  if (hasOwnStateBias())
    direction.stateBias = ofState;
  else
    bias = n.b.add(bias, ofState);
  return n.b.add(projected, n.b.broadcastAlong(bias, projected, {0, 1}));
}

Tensor Recurrence::maskRow(LoopBody &loop, Index position) {
  Tensor row = loop.rowOf(tensorOf(mask, {time, batch}), 0, position);
  Shape shape{batch, n.math.constant(hidden)};
  return tensorOf(n.b.broadcast(row.value, n.sizes(shape), {0}), shape);
}

LogicalResult Recurrence::runDirection(int64_t number) {
  Direction direction;
  direction.isReversed = reversed[number];
  direction.activations = ArrayRef(activations)
                              .slice(number * numActivations, numActivations);
  direction.state = part(kR, number);
  if (n.has(kPeepholes))
    direction.peepholes = part(kPeepholes, number);
  int64_t axis = isBatchFirst ? 1 : 0;
  Shape projected{time, batch, n.math.constant(numGates * hidden)};
  if (isBatchFirst)
    std::swap(projected[0], projected[1]);
  Tensor inputs = tensorOf(project(direction, number), projected);

  LoopBody loop(n, time);
  Step before;
  before.hidden = loop.addCarry(initialState(kHidden, number)).value;
  if (hasCell())
    before.cell = loop.addCarry(initialState(kCell, number)).value;
  loop.enter();
  Index position = loop.getIteration();
  if (direction.isReversed)
    position = n.math.sub(n.math.add(time, -1), position);
  before.input = loop.rowOf(inputs, axis, position).value;
  Step after = step(before, direction);
  Value row = after.hidden;
  if (mask) {
    Value isWithin = maskRow(loop, position).value;
    row = n.b.select(isWithin, row, n.b.splatLike(0.0, row));
    after.hidden = n.b.select(isWithin, after.hidden, before.hidden);
    if (hasCell())
      after.cell = n.b.select(isWithin, after.cell, before.cell);
  }
  Shape shape{batch, n.math.constant(hidden)};
  SmallVector<Tensor> carries{tensorOf(after.hidden, shape)};
  if (hasCell())
    carries.push_back(tensorOf(after.cell, shape));
  LogicalResult made = loop.yield(carries);
  if (succeeded(made) && n.wants(0))
    made = loop.addRow(tensorOf(row, shape), axis, direction.isReversed);
  loop.leave();
  if (failed(made))
    return failure();
  if (failed(loop.finishFor(time)))
    return failure();
  if (n.wants(0))
    rows.push_back(loop.rows(0));
  lastHidden.push_back(loop.carry(0));
  if (hasCell())
    lastCell.push_back(loop.carry(1));
  return success();
}

/// The directions side by side in a new dim.
LogicalResult Recurrence::join(unsigned output, ArrayRef<Tensor> parts,
                               int64_t axis) {
  if (!n.wants(output))
    return success();
  Shape shape = parts.front().shape;
  shape.insert(shape.begin() + axis, n.math.constant(1));
  SmallVector<Value> values;
  for (const Tensor &tensor : parts)
    values.push_back(n.reshape({tensor.value, tensor.shape}, shape).value);
  if (values.size() == 1)
    return n.result(output, values.front(), shape);
  shape[axis] = n.math.constant(values.size());
  return n.result(output,
                  ConcatOp::create(n.builder(), n.loc(), values, axis), shape);
}

LogicalResult Recurrence::run() {
  if (failed(readDirections()) || failed(readShapes()) ||
      failed(readActivations()))
    return failure();
  if (n.has(kLengths)) {
    Type i32 = n.builder().getI32Type();
    Shape shape{time, batch};
    auto [extents, sizes] = splitSizes(n.sizes(shape));
    Value number = IotaOp::create(n.builder(), n.loc(),
                                  RankedTensorType::get(extents, i32), sizes,
                                  /*dimension=*/0);
    Value lengths = n.b.broadcast(n.value(kLengths), n.sizes(shape), {1});
    mask = n.b.compare(Predicate::lt, number, lengths);
  }
  for (int64_t number = 0; number < numDirections; ++number)
    if (failed(runDirection(number)))
      return failure();
  if (n.wants(0) && failed(join(0, rows, isBatchFirst ? 2 : 1)))
    return failure();
  if (failed(join(1, lastHidden, isBatchFirst ? 1 : 0)))
    return failure();
  return hasCell() ? join(2, lastCell, isBatchFirst ? 1 : 0) : success();
}

//===----------------------------------------------------------------------===//
// The three
//===----------------------------------------------------------------------===//

namespace {

constexpr StringRef kRnnActivations[] = {"tanh"};
constexpr StringRef kGruActivations[] = {"sigmoid", "tanh"};
constexpr StringRef kLstmActivations[] = {"sigmoid", "tanh", "tanh"};

/// H = f(x + R H)
class Rnn : public Recurrence {
public:
  explicit Rnn(NodeImport &n) : Recurrence(n, 1, 1, kRnnActivations) {}

  Step step(const Step &before, const Direction &direction) override {
    Step after;
    Value sum = n.b.add(before.input, product(before.hidden, direction.state));
    after.hidden = activate(sum, direction.activations[0]);
    return after;
  }
};

/// z = f(x_z + R_z H), r = f(x_r + R_r H)
/// G = g(x_h + R_h (r H)), or g(x_h + r (R_h H + b)) if linear before reset
/// H = (1 - z) G + z H
class Gru : public Recurrence {
public:
  explicit Gru(NodeImport &n)
      : Recurrence(n, 3, 2, kGruActivations),
        isLinearFirst(n.intAttr("linear_before_reset", 0) != 0) {}

  bool hasOwnStateBias() const override { return isLinearFirst; }

  Step step(const Step &before, const Direction &direction) override {
    const Activation &f = direction.activations[0],
                     &g = direction.activations[1];
    Value weights = direction.state;
    if (!isLinearFirst)
      weights = rows(weights, 0, 2);
    Value state = product(before.hidden, weights);
    if (direction.stateBias)
      state = n.b.add(state, alongRows(direction.stateBias, state));
    auto gate = [&](unsigned number) {
      return activate(
          n.b.add(gates(before.input, number), gates(state, number)), f);
    };
    Value z = gate(0), r = gate(1);
    Value inner =
        isLinearFirst
            ? n.b.mul(r, gates(state, 2))
            : product(n.b.mul(r, before.hidden), rows(direction.state, 2, 1));
    Value candidate = activate(n.b.add(gates(before.input, 2), inner), g);
    Step after;
    Value rest = n.b.sub(n.b.splatLike(1.0, z), z);
    after.hidden =
        n.b.add(n.b.mul(rest, candidate), n.b.mul(z, before.hidden));
    return after;
  }

private:
  /// Rows of gates [first, first + count) of the weights.
  Value rows(Value weights, int64_t first, int64_t count) {
    int64_t size = cast<RankedTensorType>(weights.getType()).getDimSize(1);
    auto index = [&](int64_t value) -> OpFoldResult {
      return n.builder().getIndexAttr(value);
    };
    return n.b.slice(weights, {index(first * size), index(0)},
                     {index(count * size), index(size)}, {index(1), index(1)});
  }

  bool isLinearFirst;
};

/// i, f = f(x + R H + P C), G = g(x + R H), C = f C + i G
/// o = f(x + R H + P C), H = o h(C)
class Lstm : public Recurrence {
public:
  explicit Lstm(NodeImport &n)
      : Recurrence(n, 4, 3, kLstmActivations),
        isCoupled(n.flagAttr("input_forget", false)) {}

  bool hasCell() const override { return true; }

  Step step(const Step &before, const Direction &direction) override {
    ArrayRef<Activation> functions = direction.activations;
    Value sums = n.b.add(before.input, product(before.hidden, direction.state));
    // In the order of the weights' rows: i, o, f, c.
    auto gate = [&](unsigned number, unsigned peephole, Value cell) {
      Value sum = gates(sums, number);
      if (direction.peepholes)
        sum = n.b.add(
            sum, n.b.mul(alongRows(peepholesOf(direction, peephole), cell),
                         cell));
      return activate(sum, functions[0]);
    };
    Value input = gate(0, 0, before.cell);
    Value forget = isCoupled ? n.b.sub(n.b.splatLike(1.0, input), input)
                             : gate(2, 2, before.cell);
    Value candidate = activate(gates(sums, 3), functions[1]);
    Step after;
    after.cell =
        n.b.add(n.b.mul(forget, before.cell), n.b.mul(input, candidate));
    Value output = gate(1, 1, after.cell);
    after.hidden = n.b.mul(
        output, findActivation(functions[2].name)->build(n.b, after.cell,
                                                         functions[2]));
    return after;
  }

private:
  Value peepholesOf(const Direction &direction, int64_t number) {
    int64_t size =
        cast<RankedTensorType>(direction.state.getType()).getDimSize(1);
    auto index = [&](int64_t value) -> OpFoldResult {
      return n.builder().getIndexAttr(value);
    };
    return n.b.slice(direction.peepholes, {index(number * size)},
                     {index(size)}, {index(1)});
  }

  bool isCoupled;
};

} // namespace

template <typename T> static LogicalResult importRecurrent(NodeImport &n) {
  return T(n).run();
}

static constexpr OpEntry kOps[] = {
    {"GRU", {7, 14, 22}, 3, 6, 2, kFloat, importRecurrent<Gru>},
    {"LSTM", {7, 14, 22}, 3, 8, 3, kFloat, importRecurrent<Lstm>},
    {"RNN", {7, 14, 22}, 3, 6, 2, kFloat, importRecurrent<Rnn>},
};

void msc::onnx::addRecurrentOps(OpTable &table) { table.add(kOps); }
