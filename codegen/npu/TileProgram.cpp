//===- TileProgram.cpp - Elementwise code as ops on whole tiles -----------===//
#include "codegen/npu/TileProgram.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace msc::npu;

Type msc::npu::tileElement(Type type) {
  if (type.isInteger(1))
    return IntegerType::get(type.getContext(), 8);
  if (type.isF32() || type.isF16() || type.isBF16() ||
      type.isSignlessInteger(32) || type.isSignlessInteger(8))
    return type;
  return {};
}

static std::string text(Type type) {
  std::string result;
  llvm::raw_string_ostream(result) << type;
  return result;
}

/// A scalar as the registers of the chip hold it; null: they can't.
static TypedAttr scalarOf(Attribute value) {
  Builder builder(value.getContext());
  if (auto number = dyn_cast<FloatAttr>(value)) {
    if (!tileElement(number.getType()))
      return {};
    return builder.getF32FloatAttr(number.getValue().convertToDouble());
  }
  auto number = dyn_cast<IntegerAttr>(value);
  if (!number || !number.getType().isSignlessInteger() ||
      number.getValue().getBitWidth() > 32)
    return {};
  bool isBool = number.getType().isInteger(1);
  int64_t bits = isBool ? number.getValue().getZExtValue()
                        : number.getValue().getSExtValue();
  return builder.getI32IntegerAttr(bits);
}

TileShape TileProgram::shapeOf(Value tensor) const {
  return {rows >= 0 && dims->has(tensor, rows),
          cols >= 0 && dims->has(tensor, cols)};
}

unsigned TileProgram::add(TileValue value) {
  allValues.push_back(value);
  return allValues.size() - 1;
}

unsigned TileProgram::constant(TypedAttr number) {
  TileValue value;
  value.kind = TileValue::Constant;
  value.element = number.getType();
  value.constant = number;
  return add(value);
}

unsigned TileProgram::apply(Function function, Type element,
                            ArrayRef<unsigned> sources) {
  TileValue value;
  value.element = element;
  for (unsigned source : sources) {
    value.shape.rows |= allValues[source].shape.rows;
    value.shape.cols |= allValues[source].shape.cols;
  }
  TileOp op;
  op.function = function;
  op.sources.assign(sources.begin(), sources.end());
  op.dest = add(value);
  allOps.push_back(op);
  return op.dest;
}

unsigned TileProgram::broadcast(unsigned value, TileShape shape) {
  if (allValues[value].shape == shape &&
      allValues[value].kind != TileValue::Constant)
    return value;
  Type element = allValues[value].element;
  unsigned wide = apply(Function::Mov, element, {value});
  allValues[wide].shape = shape;
  return wide;
}

int TileProgram::lookup(Value value) {
  auto found = numbers.find(value);
  if (found != numbers.end())
    return found->second;
  Attribute attribute;
  if (matchPattern(value, m_Constant(&attribute))) {
    if (auto elements = dyn_cast<DenseElementsAttr>(attribute))
      attribute = elements.isSplat() ? elements.getSplatValue<Attribute>()
                                     : Attribute();
    TypedAttr scalar = attribute ? scalarOf(attribute) : TypedAttr();
    return scalar ? int(numbers[value] = constant(scalar)) : -1;
  }
  if (auto fill = value.getDefiningOp<linalg::FillOp>()) {
    int number = lookup(fill.getInputs()[0]);
    if (number >= 0)
      numbers[value] = number;
    return number;
  }
  if (!isa<BlockArgument>(value) || !isa<TensorType>(value.getType()))
    return -1;
  Type type = getElementTypeOrSelf(value);
  Type element = type.isSignlessInteger(64)
                     ? IntegerType::get(value.getContext(), 32) // its low half
                     : tileElement(type);
  if (!element)
    return -1;
  TileValue input;
  input.kind = TileValue::Input;
  input.element = element;
  input.shape = shapeOf(value);
  input.tensor = value;
  unsigned number = add(input);
  inputValues.push_back(number);
  numbers[value] = number;
  return number;
}

//===----------------------------------------------------------------------===//
// Scalar ops
//===----------------------------------------------------------------------===//

/// The function that does what the op says; none: see the special cases.
static std::optional<Function> functionOf(Operation &op) {
  return llvm::TypeSwitch<Operation *, std::optional<Function>>(&op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Function::Add; })
      .Case<arith::SubFOp, arith::SubIOp>([](auto) { return Function::Sub; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Function::Mul; })
      .Case<arith::DivFOp>([](auto) { return Function::Div; })
      .Case<arith::MaximumFOp, arith::MaxSIOp>(
          [](auto) { return Function::Max; })
      .Case<arith::MinimumFOp, arith::MinSIOp>(
          [](auto) { return Function::Min; })
      .Case<arith::NegFOp>([](auto) { return Function::Neg; })
      .Case<arith::AndIOp>([](auto) { return Function::And; })
      .Case<arith::OrIOp>([](auto) { return Function::Or; })
      .Case<arith::XOrIOp>([](auto) { return Function::Xor; })
      .Case<arith::SelectOp>([](auto) { return Function::Select; })
      .Case<math::AbsFOp, math::AbsIOp>([](auto) { return Function::Abs; })
      .Case<math::SqrtOp>([](auto) { return Function::Sqrt; })
      .Case<math::RsqrtOp>([](auto) { return Function::Rsqrt; })
      .Case<math::ExpOp>([](auto) { return Function::Exp; })
      .Case<math::LogOp>([](auto) { return Function::Log; })
      .Case<math::TanhOp>([](auto) { return Function::Tanh; })
      .Case<math::ErfOp>([](auto) { return Function::Erf; })
      .Case<math::SinOp>([](auto) { return Function::Sin; })
      .Case<math::CosOp>([](auto) { return Function::Cos; })
      .Case<math::FloorOp>([](auto) { return Function::Floor; })
      .Case<math::CeilOp>([](auto) { return Function::Ceil; })
      .Case<math::RoundEvenOp>([](auto) { return Function::Rint; })
      .Case<math::PowFOp>([](auto) { return Function::Pow; })
      .Case<math::FmaOp>([](auto) { return Function::Fma; })
      .Default([](Operation *) { return std::nullopt; });
}

namespace {

/// A comparison: what the chip computes, and whether its negation is meant.
struct Comparison {
  Function function;
  bool negated;
};

} // namespace

/// The chip's comparisons are false where an operand is NaN, but for `ne`.
static std::optional<Comparison> comparisonOf(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  switch (predicate) {
  case P::OEQ:
    return Comparison{Function::Eq, false};
  case P::UNE:
    return Comparison{Function::Ne, false};
  case P::OLT:
    return Comparison{Function::Lt, false};
  case P::OLE:
    return Comparison{Function::Le, false};
  case P::OGT:
    return Comparison{Function::Gt, false};
  case P::OGE:
    return Comparison{Function::Ge, false};
  case P::ULT:
    return Comparison{Function::Ge, true};
  case P::ULE:
    return Comparison{Function::Gt, true};
  case P::UGT:
    return Comparison{Function::Le, true};
  case P::UGE:
    return Comparison{Function::Lt, true};
  default:
    return std::nullopt;
  }
}

static std::optional<Comparison> comparisonOf(arith::CmpIPredicate predicate) {
  using P = arith::CmpIPredicate;
  switch (predicate) {
  case P::eq:
    return Comparison{Function::Eq, false};
  case P::ne:
    return Comparison{Function::Ne, false};
  case P::slt:
    return Comparison{Function::Lt, false};
  case P::sle:
    return Comparison{Function::Le, false};
  case P::sgt:
    return Comparison{Function::Gt, false};
  case P::sge:
    return Comparison{Function::Ge, false};
  default:
    return std::nullopt;
  }
}

std::string TileProgram::addCompare(Operation &op) {
  std::optional<Comparison> comparison;
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    comparison = comparisonOf(compare.getPredicate());
  else
    comparison = comparisonOf(cast<arith::CmpIOp>(op).getPredicate());
  if (!comparison)
    return "a comparison that the vector unit lacks";
  unsigned a = lookup(op.getOperand(0)), b = lookup(op.getOperand(1));
  Type byte = IntegerType::get(op.getContext(), 8);
  unsigned result = apply(comparison->function, byte, {a, b});
  if (comparison->negated) {
    Builder builder(op.getContext());
    unsigned one = constant(builder.getI32IntegerAttr(1));
    result = apply(Function::Xor, byte, {result, one});
  }
  numbers[op.getResult(0)] = result;
  return "";
}

std::string TileProgram::addConversion(Operation &op) {
  unsigned source = lookup(op.getOperand(0));
  Type element = tileElement(op.getResult(0).getType());
  // The vector unit computes all floats in f32: an extension is no work.
  // Bools are 0 or 1 as integers of any size.
  bool free =
      isa<arith::ExtFOp>(op) ||
      (isa<arith::ExtUIOp>(op) && op.getOperand(0).getType().isInteger(1));
  if (isa<arith::ExtUIOp, arith::UIToFPOp>(op) &&
      !op.getOperand(0).getType().isInteger(1))
    return "unsigned integers";
  if ((isa<arith::ExtSIOp, arith::SIToFPOp>(op) &&
       op.getOperand(0).getType().isInteger(1)) ||
      (isa<arith::TruncIOp>(op) && op.getResult(0).getType().isInteger(1)))
    return "bools as signed integers";
  numbers[op.getResult(0)] =
      free ? source : apply(Function::Mov, element, {source});
  return "";
}

std::string TileProgram::addScalarOp(Operation &op) {
  if (isa<arith::ConstantOp>(op))
    return "";
  std::string name = "'" + op.getName().getStringRef().str() + "'";
  if (op.getNumResults() != 1)
    return name;
  for (Value operand : op.getOperands())
    if (lookup(operand) < 0)
      return name + " of " + text(operand.getType());
  if (isa<arith::CmpFOp, arith::CmpIOp>(op))
    return addCompare(op);
  Type element = tileElement(op.getResult(0).getType());
  if (!element)
    return name + " to " + text(op.getResult(0).getType());
  if (isa<arith::ExtFOp, arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp,
          arith::TruncIOp, arith::SIToFPOp, arith::UIToFPOp, arith::FPToSIOp>(
          op))
    return addConversion(op);
  std::optional<Function> function = functionOf(op);
  if (!function)
    return name;
  SmallVector<unsigned> sources;
  for (Value operand : op.getOperands())
    sources.push_back(lookup(operand));
  numbers[op.getResult(0)] = apply(*function, element, sources);
  return "";
}

//===----------------------------------------------------------------------===//
// Ops on tensors
//===----------------------------------------------------------------------===//

static std::optional<Combiner> combinerOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<Combiner>>(op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Combiner::Sum; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Combiner::Prod; })
      .Case<arith::MaximumFOp, arith::MaxSIOp>(
          [](auto) { return Combiner::Max; })
      .Case<arith::MinimumFOp, arith::MinSIOp>(
          [](auto) { return Combiner::Min; })
      .Default([](Operation *) { return std::nullopt; });
}

static Function functionOf(Combiner combiner) {
  switch (combiner) {
  case Combiner::Sum:
    return Function::Add;
  case Combiner::Max:
    return Function::Max;
  case Combiner::Min:
    return Function::Min;
  case Combiner::Prod:
    return Function::Mul;
  }
  llvm_unreachable("a combiner without function");
}

/// Whether a reduction that starts with it may as well start with nothing.
static bool isNeutral(Combiner combiner, TypedAttr value) {
  if (auto number = dyn_cast<FloatAttr>(value)) {
    const APFloat &x = number.getValue();
    switch (combiner) {
    case Combiner::Sum:
      return x.isZero();
    case Combiner::Prod:
      return x.isExactlyValue(1);
    case Combiner::Max:
      return x.isInfinity() && x.isNegative();
    case Combiner::Min:
      return x.isInfinity() && !x.isNegative();
    }
  }
  const APInt x = cast<IntegerAttr>(value).getValue();
  switch (combiner) {
  case Combiner::Sum:
    return x.isZero();
  case Combiner::Prod:
    return x.isOne();
  case Combiner::Max:
    return x.isMinSignedValue();
  case Combiner::Min:
    return x.isMaxSignedValue();
  }
  llvm_unreachable("a combiner without neutral element");
}

/// Elements of a window: more are not unrolled.
static constexpr int64_t kMaxWindow = 16;

/// Loads each element of the window as a tile of its own, and combines these.
unsigned TileProgram::combineWindow(unsigned source, ArrayRef<unsigned> window,
                                    Function function, Type element) {
  SmallVector<std::pair<unsigned, int64_t>> place;
  for (unsigned dimClass : window)
    place.push_back({dimClass, 0});
  allValues[source].place = place;
  unsigned value = source;
  while (true) {
    // The next place, the last class fastest.
    unsigned at = place.size();
    while (at && ++place[at - 1].second == dims->extent(place[at - 1].first))
      place[--at].second = 0;
    if (!at)
      return value;
    TileValue next = allValues[source];
    next.place = place;
    unsigned number = add(next);
    inputValues.push_back(number);
    value = apply(function, element, {value, number});
  }
}

/// Whether a loop that the output lacks runs in the op.
static bool isReduction(linalg::GenericOp op, unsigned output) {
  AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(output));
  for (auto [loop, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    if (kind == utils::IteratorType::reduction && !map.isFunctionOfDim(loop))
      return true;
  return false;
}

std::string TileProgram::addReduction(linalg::GenericOp op, unsigned output) {
  auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
  BlockArgument old = op.getRegionOutputArgs()[output];
  Operation *last = yield.getOperand(output).getDefiningOp();
  std::optional<Combiner> combiner =
      last ? combinerOf(last) : std::optional<Combiner>();
  if (!combiner || !old.hasOneUse() || *old.user_begin() != last)
    return "a reduction that is no sum, product, maximum or minimum";
  Value other = last->getOperand(last->getOperand(0) == old ? 1 : 0);
  int source = lookup(other);
  int init = lookup(op.getDpsInitOperand(output)->get());
  if (source < 0 || init < 0)
    return "a reduction of " + text(other.getType());
  Type element = tileElement(old.getType());
  if (!element || old.getType().isInteger(1))
    return "a reduction to " + text(old.getType());
  unsigned value = source;
  SmallVector<unsigned> window;
  int64_t elements = 1;
  for (unsigned dimClass : dims->reduced(op)) {
    if (int(dimClass) == cols || int(dimClass) == rows)
      continue;
    window.push_back(dimClass);
    elements *= dims->extent(dimClass);
    if (!dims->isWindow(dimClass) || allValues[source].kind != TileValue::Input)
      return "a reduction of a dim outside of the tile";
  }
  if (elements > kMaxWindow)
    return "a window of more than 16 elements";
  if (!window.empty())
    value = combineWindow(source, window, functionOf(*combiner), element);
  for (unsigned dimClass : dims->reduced(op)) {
    bool alongCols = int(dimClass) == cols;
    if (!alongCols && int(dimClass) != rows)
      continue;
    TileShape wide = allValues[value].shape;
    (alongCols ? wide.cols : wide.rows) = true;
    value = broadcast(value, wide);
    TileValue narrow;
    narrow.element = element;
    narrow.shape = wide;
    (alongCols ? narrow.shape.cols : narrow.shape.rows) = false;
    TileOp reduce;
    reduce.combiner = combiner;
    reduce.axis = alongCols ? Axis::Cols : Axis::Rows;
    reduce.sources.push_back(value);
    reduce.dest = add(narrow);
    allOps.push_back(reduce);
    value = reduce.dest;
  }
  const TileValue &first = allValues[init];
  if (first.kind != TileValue::Constant ||
      !isNeutral(*combiner, first.constant))
    value = apply(functionOf(*combiner), element, {value, unsigned(init)});
  numbers[op.getResult(output)] = value;
  return "";
}

std::string TileProgram::addGeneric(linalg::GenericOp op) {
  Block *body = op.getBody();
  for (auto [operand, argument] :
       llvm::zip(op.getDpsInputs(), body->getArguments())) {
    int number = lookup(operand);
    if (number < 0 && !argument.use_empty())
      return "an operand of " + text(operand.getType());
    if (number >= 0)
      numbers[argument] = number;
  }
  llvm::SmallPtrSet<Operation *, 4> combiners;
  auto yield = cast<linalg::YieldOp>(body->getTerminator());
  for (auto [output, argument] : llvm::enumerate(op.getRegionOutputArgs())) {
    if (isReduction(op, output)) {
      if (Operation *last = yield.getOperand(output).getDefiningOp())
        combiners.insert(last);
      continue;
    }
    if (argument.use_empty())
      continue;
    int number = lookup(op.getDpsInitOperand(output)->get());
    if (number < 0)
      return "a destination that is read";
    numbers[argument] = number;
  }
  std::string why;
  for (Operation &scalar : body->without_terminator())
    if (!combiners.contains(&scalar) && !(why = addScalarOp(scalar)).empty())
      return why;
  for (auto [output, result] : llvm::enumerate(op.getResults())) {
    if (isReduction(op, output)) {
      if (!(why = addReduction(op, output)).empty())
        return why;
      continue;
    }
    int number = lookup(yield.getOperand(output));
    if (number < 0)
      return "a result of " + text(result.getType());
    numbers[result] = number;
  }
  return "";
}

std::string TileProgram::addOp(Operation &op) {
  if (isa<arith::ConstantOp, tensor::EmptyOp, linalg::FillOp>(op))
    return "";
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return addGeneric(generic);
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op)) {
    int number = lookup(op.getOperand(0));
    if (number < 0)
      return "a reshape of " + text(op.getOperand(0).getType());
    numbers[op.getResult(0)] = number;
    return "";
  }
  return "'" + op.getName().getStringRef().str() + "'";
}

/// Results are written into buffers of their own: what computes a value writes
/// there at once if it is a temporary of that very form.
std::string TileProgram::addReturn(func::ReturnOp op) {
  for (auto [index, tensor] : llvm::enumerate(op.getOperands())) {
    int number = lookup(tensor);
    Type element = tileElement(getElementTypeOrSelf(tensor));
    if (number < 0 || !element)
      return "a result of " + text(tensor.getType());
    TileShape shape = shapeOf(tensor);
    unsigned result = number;
    const TileValue &value = allValues[number];
    if (value.kind != TileValue::Temporary || !(value.shape == shape) ||
        value.element != element) {
      result = apply(Function::Mov, element, {unsigned(number)});
      allValues[result].shape = shape;
    }
    allValues[result].kind = TileValue::Result;
    allValues[result].buffer = index;
    resultValues.push_back(result);
  }
  return "";
}

/// In order: a value takes a buffer of its form that nobody reads any more, or
/// a new one. A source of the same op may give up its buffer to the result.
void TileProgram::assignBuffers() {
  SmallVector<unsigned> lastUse(allValues.size(), 0);
  for (auto [at, op] : llvm::enumerate(allOps))
    for (unsigned source : op.sources)
      lastUse[source] = at;
  SmallVector<bool> isFree;
  auto isTemporary = [&](unsigned value) {
    return allValues[value].kind == TileValue::Temporary;
  };
  for (auto [at, op] : llvm::enumerate(allOps)) {
    for (unsigned source : op.sources)
      if (isTemporary(source) && lastUse[source] == at && !op.combiner)
        isFree[allValues[source].buffer] = true;
    TileValue &dest = allValues[op.dest];
    if (isTemporary(op.dest)) {
      unsigned buffer = 0;
      while (buffer < temporaries.size() &&
             !(isFree[buffer] && temporaries[buffer].shape == dest.shape &&
               temporaries[buffer].element == dest.element))
        ++buffer;
      if (buffer == temporaries.size()) {
        temporaries.push_back(dest);
        isFree.push_back(true);
      }
      isFree[buffer] = lastUse[op.dest] == 0;
      dest.buffer = buffer;
    }
    for (unsigned source : op.sources)
      if (isTemporary(source) && lastUse[source] == at && op.combiner)
        isFree[allValues[source].buffer] = true;
  }
}

std::string TileProgram::build(func::FuncOp region,
                               const RegionDims &regionDims, int rowClass,
                               int colClass,
                               const DenseMap<Value, Type> &given) {
  dims = &regionDims;
  rows = rowClass;
  cols = colClass;
  for (auto [tensor, element] : given) {
    TileValue value;
    value.kind = TileValue::Input;
    value.element = element;
    value.shape = shapeOf(tensor);
    value.tensor = tensor;
    numbers[tensor] = add(value);
    inputValues.push_back(numbers[tensor]);
  }
  std::string why;
  for (Operation &op : region.getBody().front()) {
    if (auto end = dyn_cast<func::ReturnOp>(op))
      why = addReturn(end);
    else if (!op.getNumResults() || !given.contains(op.getResult(0)))
      why = addOp(op);
    if (!why.empty())
      return why;
  }
  assignBuffers();
  return "";
}
