//===- LoopBody.cpp - A loop while its body is made -----------------------===//

#include "frontends/onnx/LoopBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::onnx;

LoopBody::LoopBody(NodeImport &n, Index trips)
    : n(n), block(std::make_unique<Block>()), trips(trips),
      outer(n.builder().getInsertionBlock()) {
  Value number = block->addArgument(n.builder().getIndexType(), n.loc());
  enter();
  int64_t most = trips ? n.math.rangeOf(trips).max : IndexRange::kMax;
  iteration = n.math.value(number, {0, std::max<int64_t>(most - 1, 0)});
  leave();
}

LoopBody::~LoopBody() {
  if (isEntered)
    leave();
}

void LoopBody::enter() {
  n.math.enterBlock(block.get());
  n.builder().setInsertionPointToEnd(block.get());
  isEntered = true;
}

void LoopBody::leave() {
  n.math.leaveBlock();
  n.builder().setInsertionPointToEnd(outer);
  isEntered = false;
}

Tensor LoopBody::shaped(Value value, Type elementType, const Shape &shape) {
  Tensor tensor;
  tensor.elementType = elementType;
  tensor.shape = shape;
  tensor.value = value;
  return tensor;
}

Tensor LoopBody::addCarry(const Tensor &init) {
  Tensor tensor = init;
  Value value = n.valueOf(tensor);
  BlockArgument argument = block->addArgument(value.getType(), n.loc());
  Tensor type = shaped(argument, init.elementType, init.shape);
  carries.push_back({value, argument, {}, type});
  return type;
}

static Shape withDim(const Shape &shape, int64_t axis, Index extent) {
  Shape result = shape;
  result.insert(result.begin() + axis, extent);
  return result;
}

Tensor LoopBody::rowOf(Tensor tensor, int64_t axis, Index position) {
  Value value = n.valueOf(tensor);
  Rows slot;
  slot.axis = axis;
  slot.row.elementType = tensor.elementType;
  slot.row.shape = tensor.shape;
  slot.row.shape.erase(slot.row.shape.begin() + axis);
  return shaped(sliceRow(value, slot, position), tensor.elementType,
                slot.row.shape);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// Whether there is nothing to move: slices of what is empty are ill-formed,
/// since no offset lies in it.
static bool isEmpty(const Shape &shape) {
  return llvm::any_of(shape,
                      [](Index extent) { return constantOf(extent) == 0; });
}

Value LoopBody::sliceRow(Value rows, const Rows &slot, Index position) {
  Index zero = n.math.constant(0), one = n.math.constant(1);
  const Shape &row = slot.row.shape;
  if (isEmpty(row))
    return tensor::EmptyOp::create(n.builder(), n.loc(), n.sizes(row),
                                   slot.row.elementType);
  Shape offsets = withDim(Shape(row.size(), zero), slot.axis, position);
  Shape sizes = withDim(row, slot.axis, one), steps(offsets.size(), one);
  return tensor::ExtractSliceOp::create(
      n.builder(), n.loc(), n.typeOf(row, slot.row.elementType), rows,
      n.sizes(offsets), n.sizes(sizes), n.sizes(steps));
}

Value LoopBody::insertRow(Value row, Value rows, const Rows &slot,
                          Index position) {
  Index zero = n.math.constant(0), one = n.math.constant(1);
  const Shape &shape = slot.row.shape;
  if (isEmpty(shape))
    return rows;
  Shape offsets = withDim(Shape(shape.size(), zero), slot.axis, position);
  Shape sizes = withDim(shape, slot.axis, one), steps(offsets.size(), one);
  return tensor::InsertSliceOp::create(n.builder(), n.loc(), row, rows,
                                       n.sizes(offsets), n.sizes(sizes),
                                       n.sizes(steps));
}

LogicalResult LoopBody::yield(ArrayRef<Tensor> values) {
  for (auto [i, carry, value] : llvm::enumerate(carries, values)) {
    if (!value.isTensor())
      return n.unsupported("a loop that carries a sequence");
    if (value.elementType != carry.type.elementType)
      return n.error("the loop's graph makes " + n.toString(value.elementType) +
                     " of carry " + Twine(i) + ", which is " +
                     n.toString(carry.type.elementType));
    if (value.shape != carry.type.shape)
      return n.unsupported(
          "a carried tensor whose shape changes from one iteration to the "
          "next: " +
          n.toString(carry.type.shape) + " becomes " +
          n.toString(value.shape));
    Tensor copy = value;
    carry.next = n.valueOf(copy);
  }
  return success();
}

LogicalResult LoopBody::addRow(const Tensor &row, int64_t axis,
                               bool isReversed) {
  if (!row.isTensor())
    return n.unsupported("a scan output of sequences");
  for (Index extent : row.shape)
    if (n.math.depthOf(extent) >= n.math.getDepth())
      return n.unsupported("a scan output whose rows differ in shape");
  Rows slot;
  slot.row = row;
  slot.row.value = n.valueOf(slot.row);
  slot.axis = axis;
  slot.isReversed = isReversed;
  scans.push_back(slot);
  return success();
}

/// Outside of the loop: what the rows begin as.
LogicalResult LoopBody::startRows(Rows &slot, Index count) {
  slot.shape = withDim(slot.row.shape, slot.axis,
                       slot.carry ? n.math.add(count, 1) : count);
  double elements = 1;
  for (Index extent : slot.shape)
    elements *= std::max<int64_t>(constantOf(extent).value_or(1), 1);
  if (elements > static_cast<double>(kMaxElements))
    return n.error("a scan output has too many elements");
  slot.init = tensor::EmptyOp::create(n.builder(), n.loc(),
                                      n.sizes(slot.shape),
                                      slot.row.elementType);
  if (slot.carry)
    slot.init = insertRow(carries[*slot.carry].init, slot.init, slot,
                          slot.isReversed ? count : n.math.constant(0));
  slot.argument = block->addArgument(slot.init.getType(), n.loc());
  return success();
}

/// In the loop: the carry is the row that the iteration before has made.
void LoopBody::keepCarryInRows(Rows &slot, Index count) {
  Carry &carry = carries[*slot.carry];
  // It is read by what is there already.
  OpBuilder::InsertionGuard guard(n.builder());
  Value position;
  if (slot.isReversed) {
    n.builder().setInsertionPointToStart(block.get());
    Value last = getValueOrCreateConstantIndexOp(
        n.builder(), n.loc(), n.math.materialize(n.builder(), n.loc(), count));
    if (Operation *op = last.getDefiningOp(); op && op->getBlock() == block.get())
      n.builder().setInsertionPointAfter(op);
    position = arith::SubIOp::create(n.builder(), n.loc(), last,
                                     block->getArgument(0));
  } else {
    n.builder().setInsertionPointToStart(block.get());
    position = block->getArgument(0);
  }
  const Shape &row = slot.row.shape;
  Builder &b = n.builder();
  SmallVector<OpFoldResult> offsets(slot.shape.size(), b.getIndexAttr(0)),
      steps(slot.shape.size(), b.getIndexAttr(1)),
      sizes = n.sizes(withDim(row, slot.axis, n.math.constant(1)));
  offsets[slot.axis] = position;
  Value before = tensor::ExtractSliceOp::create(
      n.builder(), n.loc(), n.typeOf(row, slot.row.elementType), slot.argument,
      offsets, sizes, steps);
  carry.argument.replaceAllUsesWith(before);
  for (Rows &other : scans)
    if (other.row.value == carry.argument)
      other.row.value = before;
  for (Carry &other : carries)
    if (other.next == carry.argument)
      other.next = before;
}

//===----------------------------------------------------------------------===//
// Finishing
//===----------------------------------------------------------------------===//

/// The loop's results as tensors. `capacity` rows were made room for.
void LoopBody::collect(ValueRange results, Index count, Index capacity) {
  for (auto [i, carry] : llvm::enumerate(carries)) {
    unsigned number = i;
    bool isInRows = llvm::any_of(
        scans, [&](const Rows &slot) { return slot.carry == number; });
    Value value;
    if (!isInRows) {
      value = results.front();
      results = results.drop_front();
    }
    finals.push_back(shaped(value, carry.type.elementType, carry.type.shape));
  }
  Index zero = n.math.constant(0), one = n.math.constant(1);
  for (const Rows &slot : scans) {
    Value rows = results.front();
    results = results.drop_front();
    if (slot.carry)
      finals[*slot.carry].value =
          sliceRow(rows, slot, slot.isReversed ? zero : count);
    Shape shape = withDim(slot.row.shape, slot.axis, count);
    if (slot.carry || count != capacity) {
      Shape offsets(shape.size(), zero), steps(shape.size(), one);
      if (slot.carry && !slot.isReversed)
        offsets[slot.axis] = one;
      rows = isEmpty(shape)
                 ? tensor::EmptyOp::create(n.builder(), n.loc(), n.sizes(shape),
                                           slot.row.elementType)
                       .getResult()
                 : tensor::ExtractSliceOp::create(
                       n.builder(), n.loc(),
                       n.typeOf(shape, slot.row.elementType), rows,
                       n.sizes(offsets), n.sizes(shape), n.sizes(steps))
                       .getResult();
    }
    collected.push_back(shaped(rows, slot.row.elementType, shape));
  }
}

LogicalResult LoopBody::finishFor(Index count) {
  Location loc = n.loc();
  OpBuilder &builder = n.builder();
  if (constantOf(count) == 0) {
    SmallVector<Value> values;
    for (Carry &carry : carries)
      values.push_back(carry.init);
    for (Rows &slot : scans) {
      if (failed(startRows(slot, count)))
        return failure();
      values.push_back(slot.init);
    }
    collect(values, count, count);
    return success();
  }
  llvm::SmallDenseSet<unsigned> kept;
  for (Rows &slot : scans) {
    for (auto [i, carry] : llvm::enumerate(carries))
      if (!slot.carry && carry.next == slot.row.value &&
          !isEmpty(slot.row.shape) && carry.type.shape == slot.row.shape && kept.insert(i).second)
        slot.carry = i;
    if (failed(startRows(slot, count)))
      return failure();
  }
  for (Rows &slot : scans)
    if (slot.carry)
      keepCarryInRows(slot, count);
  enter();
  SmallVector<Value> inits, yielded;
  for (Rows &slot : scans) {
    Index position = iteration;
    if (slot.isReversed)
      position = n.math.sub(n.math.add(count, -1), iteration);
    else if (slot.carry)
      position = n.math.add(iteration, 1);
    slot.next = insertRow(slot.row.value, slot.argument, slot, position);
  }
  llvm::BitVector erased(block->getNumArguments());
  for (auto [i, carry] : llvm::enumerate(carries))
    if (kept.contains(i)) {
      erased.set(carry.argument.getArgNumber());
    } else {
      inits.push_back(carry.init);
      yielded.push_back(carry.next);
    }
  for (Rows &slot : scans) {
    inits.push_back(slot.init);
    yielded.push_back(slot.next);
  }
  scf::YieldOp::create(builder, loc, yielded);
  leave();
  block->eraseArguments(erased);

  auto bound = [&](Index index) {
    return getValueOrCreateConstantIndexOp(
        builder, loc, n.math.materialize(builder, loc, index));
  };
  auto loop = scf::ForOp::create(builder, loc, bound(n.math.constant(0)),
                                 bound(count), bound(n.math.constant(1)),
                                 inits);
  loop.getRegion().getBlocks().clear();
  loop.getRegion().push_back(block.release());
  collect(loop.getResults(), count, count);
  return success();
}

LogicalResult LoopBody::finishWhile(Value first, Value next) {
  Location loc = n.loc();
  OpBuilder &builder = n.builder();
  if (!trips && !scans.empty())
    return n.unsupported("scan outputs of a loop without a greatest number of "
                         "iterations");
  for (Rows &slot : scans)
    if (failed(startRows(slot, trips)))
      return failure();
  enter();
  SmallVector<Value> inits, yielded;
  for (Carry &carry : carries)
    yielded.push_back(carry.next);
  for (Rows &slot : scans)
    yielded.push_back(insertRow(slot.row.value, slot.argument, slot, iteration));
  Value one = getValueOrCreateConstantIndexOp(
      builder, loc, builder.getIndexAttr(1));
  yielded.push_back(
      arith::AddIOp::create(builder, loc, block->getArgument(0), one));
  yielded.push_back(next);
  scf::YieldOp::create(builder, loc, yielded);
  leave();
  // Tensors come first: they keep their places when a scalar is dropped.
  Value number = block->addArgument(builder.getIndexType(), loc);
  block->getArgument(0).replaceAllUsesWith(number);
  block->eraseArgument(0);
  block->addArgument(builder.getI1Type(), loc);

  for (Carry &carry : carries)
    inits.push_back(carry.init);
  for (Rows &slot : scans)
    inits.push_back(slot.init);
  inits.push_back(getValueOrCreateConstantIndexOp(builder, loc,
                                                  builder.getIndexAttr(0)));
  inits.push_back(first);
  Value bound;
  if (trips)
    bound = getValueOrCreateConstantIndexOp(
        builder, loc, n.math.materialize(builder, loc, trips));
  SmallVector<Type> types = llvm::to_vector(ValueRange(inits).getTypes());
  auto loop = scf::WhileOp::create(builder, loc, types, inits);
  {
    OpBuilder::InsertionGuard guard(builder);
    SmallVector<Location> locs(types.size(), loc);
    Block *before = builder.createBlock(&loop.getBefore(), {}, types, locs);
    unsigned numTensors = types.size() - 2;
    Value goesOn = before->getArgument(numTensors + 1);
    if (bound) {
      Value isBelow = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::slt,
          before->getArgument(numTensors), bound);
      goesOn = arith::AndIOp::create(builder, loc, goesOn, isBelow);
    }
    scf::ConditionOp::create(builder, loc, goesOn, before->getArguments());
  }
  loop.getAfter().push_back(block.release());
  Value made = *std::prev(loop.result_end(), 2);
  // What is made of the rows is planned by what they are at most.
  if (bound)
    made = arith::MinSIOp::create(builder, loc, made, bound);
  Index count = n.math.value(
      made, {0, trips ? n.math.rangeOf(trips).max : IndexRange::kMax});
  collect(loop.getResults().drop_back(2), count, trips);
  return success();
}
