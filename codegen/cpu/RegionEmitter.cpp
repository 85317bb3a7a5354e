//===- RegionEmitter.cpp - Loops and vectors for one region ---------------===//
#include "codegen/cpu/RegionEmitter.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace msc::cpu;

/// Scratch up to this size lives on the stack of the thread that uses it.
static constexpr int64_t kMaxStackBytes = 64 << 10;

/// Whether a tensor of this shape may lie on the stack.
static bool fitsStack(ArrayRef<int64_t> shape, Type element) {
  int64_t bytes = llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  for (int64_t extent : shape)
    if (ShapedType::isDynamic(extent) ||
        llvm::MulOverflow(bytes, extent, bytes))
      return false;
  return bytes <= kMaxStackBytes;
}

RegionEmitter::RegionEmitter(func::FuncOp region, const CpuTarget &target,
                             const EmitOptions &options)
    : region(region), target(target), options(options), b(region.getContext()),
      loc(region.getLoc()), context(region.getContext()) {}

void RegionEmitter::fail(const Twine &why) {
  if (reason.empty())
    reason = why.str();
}

FailureOr<std::string> RegionEmitter::run() {
  StageGraph graph = cutIntoStages(region);
  if (!graph.failure.empty()) {
    fail(graph.failure);
    return failure();
  }
  Block &body = region.getBody().front();
  auto *terminator = body.getTerminator();
  stackBlock = &body;
  b.setInsertionPointToStart(&body);
  for (auto argument : body.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type)
      continue;
    MemRefLayoutAttrInterface layout;
    if (auto pinned = region.getArgAttrOfType<MemRefLayoutAttrInterface>(
            argument.getArgNumber(), "bufferization.buffer_layout"))
      layout = pinned;
    auto bufferType =
        MemRefType::get(type.getShape(), type.getElementType(), layout);
    bool isInput = argument.getArgNumber() + terminator->getNumOperands() <
                   body.getNumArguments();
    Value buffer = bufferization::ToBufferOp::create(b, loc, bufferType,
                                                     argument, isInput);
    // Without something in between a read of an output is folded to a read of
    // the argument's value before any write.
    if (!isInput)
      buffer = memref::AssumeAlignmentOp::create(
          b, loc, buffer, llvm::divideCeil(type.getElementTypeBitWidth(), 8));
    memory[argument].buffer = buffer;
  }
  unsigned numResults = terminator->getNumOperands();
  if (body.getNumArguments() < numResults) {
    fail("a result has no destination");
    return failure();
  }
  for (auto [i, result] : llvm::enumerate(terminator->getOperands())) {
    Value out = body.getArgument(body.getNumArguments() - numResults + i);
    if (out.getType() != result.getType()) {
      fail("a result and its destination differ in type");
      return failure();
    }
    results[result] = memory[out].buffer;
  }
  b.setInsertionPoint(terminator);

  cache.emplace_back();
  ArrayRef<Stage> stages = graph.stages;
  if (unsigned rows = commonRows(stages)) {
    emitRows(stages, rows);
  } else {
    for (const Stage &stage : stages) {
      emitStage(stage);
      if (!reason.empty())
        return failure();
    }
  }
  if (!reason.empty())
    return failure();
  finish();
  return schedules.empty() ? "moves" : llvm::join(schedules, "; ");
}

void RegionEmitter::finish() {
  Block &body = region.getBody().front();
  auto *terminator = body.getTerminator();
  b.setInsertionPoint(terminator);
  SmallVector<Value> returned;
  for (Value result : terminator->getOperands()) {
    // From the very buffer of the argument, so that the result is seen to be
    // it.
    Value buffer = results[result];
    if (auto aligned = buffer.getDefiningOp<memref::AssumeAlignmentOp>())
      buffer = aligned.getMemref();
    returned.push_back(bufferization::ToTensorOp::create(
        b, loc, result.getType(), buffer, /*restrict=*/true,
        /*writable=*/true));
  }
  terminator->setOperands(returned);
  // What the old body was made of, last first: only dead ops are left of it.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

AffineExpr RegionEmitter::symbol(Value value) {
  IntegerAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return getAffineConstantExpr(constant.getInt(), context);
  auto [it, isNew] = symbolIds.try_emplace(value, symbols.size());
  if (isNew)
    symbols.push_back(value);
  return getAffineSymbolExpr(it->second, context);
}

AffineExpr RegionEmitter::exprOf(OpFoldResult value) {
  if (auto constant = getConstantIntValue(value))
    return getAffineConstantExpr(*constant, context);
  return symbol(cast<Value>(value));
}

Value RegionEmitter::materialize(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return arith::ConstantIndexOp::create(b, loc, constant.getValue());
  if (auto plain = dyn_cast<AffineSymbolExpr>(expr)) {
    assert(symbols[plain.getPosition()] && "a placeholder has no value");
    return symbols[plain.getPosition()];
  }
  // As dims: loop variables are no valid affine symbols.
  SmallVector<AffineExpr> dims(symbols.size());
  SmallVector<Value> operands;
  expr.walk([&](AffineExpr part) {
    auto used = dyn_cast<AffineSymbolExpr>(part);
    if (!used || dims[used.getPosition()])
      return;
    dims[used.getPosition()] = getAffineDimExpr(operands.size(), context);
    operands.push_back(symbols[used.getPosition()]);
  });
  for (AffineExpr &dim : dims)
    if (!dim)
      dim = getAffineConstantExpr(0, context);
  auto map = AffineMap::get(operands.size(), 0, expr.replaceSymbols(dims));
  return affine::AffineApplyOp::create(b, loc, map, operands);
}

int64_t RegionEmitter::estimate(AffineExpr extent) {
  if (auto constant = dyn_cast<AffineConstantExpr>(extent))
    return constant.getValue();
  return 256;
}

AffineExpr RegionEmitter::sizeOf(Value tensor, unsigned dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return getAffineConstantExpr(type.getDimSize(dim), context);
  if (auto argument = dyn_cast<BlockArgument>(tensor)) {
    OpBuilder entry(context);
    Value buffer = memory[argument].buffer;
    entry.setInsertionPointAfterValue(buffer);
    auto key = std::make_pair(buffer, b.getIndexAttr(dim).getAsOpaquePointer());
    Value &size = views[key];
    if (!size)
      size = memref::DimOp::create(entry, loc, buffer, dim);
    return symbol(size);
  }
  Operation *op = tensor.getDefiningOp();
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return exprOf(empty.getMixedSizes()[dim]);
  if (auto init = dyn_cast<DestinationStyleOpInterface>(op))
    return sizeOf(init.getTiedOpOperand(cast<OpResult>(tensor))->get(), dim);
  if (auto cast = dyn_cast<tensor::CastOp>(op))
    return sizeOf(cast.getSource(), dim);
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
    return sizeOf(insert.getDest(), dim);
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    return exprOf(expand.getMixedOutputShape()[dim]);
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return sizeOf(pad.getSource(), dim) + exprOf(pad.getMixedLowPad()[dim]) +
           exprOf(pad.getMixedHighPad()[dim]);
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    AffineExpr product = getAffineConstantExpr(1, context);
    SmallVector<ReassociationIndices> groups =
        collapse.getReassociationIndices();
    for (int64_t source : groups[dim])
      product = product * sizeOf(collapse.getSrc(), source);
    return product;
  }
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto dropped = slice.getDroppedDims();
    unsigned next = 0;
    for (auto [i, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped.test(i) && next++ == dim)
        return exprOf(size);
  }
  fail("the size of a result of '" + op->getName().getStringRef() +
       "' is not known");
  return getAffineConstantExpr(0, context);
}

/// The memory that the only user of `tensor` has for it: a slice or a reshape
/// of its own. Null if there is none.
Value RegionEmitter::viewInConsumer(Value tensor) {
  if (!tensor.hasOneUse() || !rowIndex.empty())
    return {};
  Operation *user = *tensor.user_begin();
  if (!isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp,
           tensor::InsertSliceOp>(user))
    return {};
  Value result = user->getResult(0), buffer;
  if (auto it = results.find(result); it != results.end())
    buffer = it->second;
  else if (auto it = memory.find(result); it != memory.end())
    buffer = it->second.buffer;
  else
    buffer = viewInConsumer(result);
  if (!buffer)
    return {};
  auto type = cast<MemRefType>(buffer.getType());
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(user)) {
    if (!type.getLayout().isIdentity())
      return {};
    return memref::CollapseShapeOp::create(b, loc, buffer,
                                           expand.getReassociationIndices());
  }
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(user)) {
    auto expanded = cast<RankedTensorType>(tensor.getType());
    if (!type.getLayout().isIdentity() || !expanded.hasStaticShape())
      return {};
    return memref::ExpandShapeOp::create(b, loc, expanded.getShape(), buffer,
                                         collapse.getReassociationIndices());
  }
  auto insert = cast<tensor::InsertSliceOp>(user);
  if (insert.getDest() == tensor)
    return buffer;
  Operation *dest = insert.getDest().getDefiningOp();
  if (insert.getSource() != tensor ||
      (dest && !isa<tensor::EmptyOp>(dest) &&
       positions[tensor.getDefiningOp()] < positions[dest]))
    return {};
  // The rest of the destination is filled in this very memory.
  memory[insert.getDest()].buffer = buffer;
  auto small = cast<RankedTensorType>(tensor.getType());
  auto viewType = memref::SubViewOp::inferRankReducedResultType(
      small.getShape(), type, insert.getMixedOffsets(), insert.getMixedSizes(),
      insert.getMixedStrides());
  return memref::SubViewOp::create(
      b, loc, viewType, buffer, insert.getMixedOffsets(),
      insert.getMixedSizes(), insert.getMixedStrides());
}

Memory RegionEmitter::memoryFor(Value tensor) {
  if (auto it = results.find(tensor); it != results.end())
    return memory[tensor] = Memory{it->second, 0, {}};
  if (auto it = memory.find(tensor); it != memory.end())
    return it->second;
  if (Value view = viewInConsumer(tensor))
    return memory[tensor] = Memory{view, 0, {}};
  return memory[tensor] = allocate(tensor);
}

Memory RegionEmitter::allocate(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  unsigned rows = rowIndex.size();
  if (rows && unsigned(type.getRank()) == rows)
    return Memory{}; // a register: set when it is computed
  auto shape = type.getShape().drop_front(rows);
  auto rowType = MemRefType::get(shape, type.getElementType());
  if (fitsStack(shape, type.getElementType())) {
    OpBuilder stack = OpBuilder::atBlockBegin(stackBlock);
    Value buffer =
        memref::AllocaOp::create(stack, loc, rowType, b.getI64IntegerAttr(64));
    return Memory{buffer, rows, {}};
  }
  SmallVector<Value> sizes;
  OpBuilder::InsertionGuard guard(b);
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      sizes.push_back(materialize(sizeOf(tensor, dim)));
  auto fullType = MemRefType::get(type.getShape(), type.getElementType());
  Value buffer =
      memref::AllocOp::create(b, loc, fullType, sizes, b.getI64IntegerAttr(64));
  return Memory{buffer, 0, {}};
}

/// How many leading dims all stages have in common, so that they can be run row
/// by row with everything that lies between them in registers or L1.
unsigned RegionEmitter::commonRows(ArrayRef<Stage> stages) {
  if (stages.size() < 2)
    return 0;
  int64_t least = INT64_MAX, most = 0;
  llvm::SmallDenseSet<Value> produced;
  for (const Stage &stage : stages) {
    if (!isa<linalg::GenericOp, bufferization::MaterializeInDestinationOp>(
            stage.roots[0].getDefiningOp()) ||
        (stage.core && hasReuse(stage.core)))
      return 0;
    int64_t rank = cast<RankedTensorType>(stage.roots[0].getType()).getRank();
    least = std::min(least, rank);
    most = std::max(most, rank);
    for (Value value : stage.stored())
      produced.insert(value);
  }
  auto fits = [&](unsigned rows) {
    for (const Stage &stage : stages) {
      for (unsigned dim = 0; dim < rows; ++dim) {
        // Sizes known at run time only are equal where one stage reads the
        // other's rows; that is checked below.
        AffineExpr size = sizeOf(stage.roots[0], dim);
        AffineExpr first = sizeOf(stages[0].roots[0], dim);
        if (size != first &&
            (isa<AffineConstantExpr>(size) || isa<AffineConstantExpr>(first)))
          return false;
      }
      bool isLinked = &stage == &stages[0];
      for (const Stage::Read &read : stage.reads) {
        if (!produced.contains(read.value))
          continue;
        isLinked = true;
        if (read.index.size() < rows)
          return false;
        for (unsigned dim = 0; dim < rows; ++dim)
          if (read.index[dim] != getAffineDimExpr(dim, context))
            return false;
      }
      for (const Stage::Stream &stream : stage.streams)
        for (unsigned dim = 0; dim < rows; ++dim)
          if (stream.index[dim] != getAffineDimExpr(dim, context))
            return false;
      if (!isLinked)
        return false;
    }
    return true;
  };
  for (int64_t rows = std::min(least, most - 1); rows > 0; --rows)
    if (fits(rows))
      return rows;
  return 0;
}

/// The destination of a result that is computed element by element from
/// `value` and that nothing else needs before: it can hold `value` until then.
/// The input that may share its memory is read no later than `value` is made,
/// and there only where the element is written.
Value RegionEmitter::findHome(ArrayRef<Stage> stages, unsigned maker,
                              Value value) {
  auto isIdentity = [&](ArrayRef<AffineExpr> index) {
    if (int64_t(index.size()) !=
        cast<RankedTensorType>(value.getType()).getRank())
      return false;
    for (auto [dim, expr] : llvm::enumerate(index))
      if (expr != getAffineDimExpr(dim, context))
        return false;
    return true;
  };
  auto mayShare = [&](Value read) {
    return isa<BlockArgument>(read) && read.getType() == value.getType();
  };
  unsigned last = maker;
  for (unsigned i = maker + 1; i < stages.size(); ++i)
    for (const Stage::Read &read : stages[i].reads)
      if (read.value == value)
        last = i;
  Value root = stages[last].roots[0];
  auto result = results.find(root);
  if (last == maker || stages[last].core || result == results.end() ||
      root.getType() != value.getType() || !stages[last].streams.empty())
    return {};
  // Where the value is made: in the root's or in the stream's own dims.
  SmallVector<AffineExpr> made;
  for (const Stage::Stream &stream : stages[maker].streams)
    if (stream.value == value)
      made = stream.index;
  for (const Stage::Read &read : stages[maker].reads)
    if (mayShare(read.value) &&
        (made.empty() ? !isIdentity(read.index)
                      : ArrayRef(read.index) != ArrayRef(made)))
      return {};
  for (unsigned i = maker + 1; i <= last; ++i)
    for (const Stage::Read &read : stages[i].reads)
      if (mayShare(read.value) || (i == last && read.value == value &&
                                   !isIdentity(read.index)))
        return {};
  return result->second;
}

void RegionEmitter::emitRows(ArrayRef<Stage> stages, unsigned rows) {
  // What doesn't fit the stack gets memory before the loops: that of a result
  // that takes its place, or whole tensors.
  llvm::SmallDenseSet<Value> taken;
  for (auto [number, stage] : llvm::enumerate(stages))
    for (Value value : stage.stored()) {
      auto type = cast<RankedTensorType>(value.getType());
      if (results.count(value)) {
        memoryFor(value);
        continue;
      }
      if (fitsStack(type.getShape().drop_front(rows), type.getElementType()))
        continue;
      Value home = findHome(stages, number, value);
      if (home && taken.insert(home).second) {
        memory[value].buffer = home;
        continue;
      }
      SmallVector<Value> sizes;
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (type.isDynamicDim(dim))
          sizes.push_back(materialize(sizeOf(value, dim)));
      memory[value].buffer = memref::AllocOp::create(
          b, loc, MemRefType::get(type.getShape(), type.getElementType()),
          sizes, b.getI64IntegerAttr(64));
    }
  Value first = stages[0].roots[0];
  int64_t work = 1, rowCount = 1;
  for (const Stage &stage : stages) {
    int64_t points = 1;
    for (Value root : stage.roots)
      for (unsigned dim = 0;
           dim < cast<RankedTensorType>(root.getType()).getRank(); ++dim)
        points *= estimate(sizeOf(root, dim));
    work = std::max(work, points);
  }
  for (unsigned dim = 0; dim < rows; ++dim)
    rowCount *= estimate(sizeOf(first, dim));
  bool parallel = options.threads && work * int64_t(stages.size()) > (64 << 10);

  std::function<void(unsigned)> loop = [&](unsigned dim) {
    if (dim == rows) {
      for (const Stage &stage : stages)
        emitStage(stage);
      return;
    }
    bool split = parallel && estimate(sizeOf(first, dim)) > 1;
    if (split)
      parallel = false;
    bool outer = inParallel;
    inParallel |= split || !options.threads;
    emitFor(sizeOf(first, dim), split, [&](AffineExpr index) {
      rowIndex.push_back(index);
      loop(dim + 1);
      rowIndex.pop_back();
    });
    inParallel = outer;
  };
  schedules.push_back("rows " + std::to_string(rowCount));
  loop(0);
}

/// Gives reshapes of what has memory a view of it.
void RegionEmitter::viewReshapes(const Stage &stage) {
  for (Operation &inner : region.getBody().front()) {
    if (!stage.inlined.contains(&inner) ||
        &inner == stage.roots[0].getDefiningOp() ||
        !isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(inner))
      continue;
    auto it = memory.find(inner.getOperand(0));
    auto type = cast<RankedTensorType>(inner.getResult(0).getType());
    if (it == memory.end() || !it->second.buffer || it->second.dropped ||
        memory.count(inner.getResult(0)) ||
        !cast<MemRefType>(it->second.buffer.getType()).getLayout().isIdentity())
      continue;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointAfterValue(it->second.buffer);
    Value view;
    if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(inner))
      view = memref::CollapseShapeOp::create(
          b, loc, it->second.buffer, collapse.getReassociationIndices());
    else if (type.hasStaticShape())
      view = memref::ExpandShapeOp::create(
          b, loc, type.getShape(), it->second.buffer,
          cast<tensor::ExpandShapeOp>(inner).getReassociationIndices());
    if (view)
      memory[inner.getResult(0)] = Memory{view, 0, {}};
  }
}

/// Gives the constants that a stage reads and that are no splats memory.
void RegionEmitter::placeConstants(const Stage &stage) {
  for (const Stage::Read &read : stage.reads) {
    Operation *def = read.value.getDefiningOp();
    if (!def || memory.count(read.value) ||
        !def->hasTrait<OpTrait::ConstantLike>())
      continue;
    OpBuilder entry(context);
    entry.setInsertionPointAfter(def);
    auto type = cast<RankedTensorType>(read.value.getType());
    memory[read.value].buffer = bufferization::ToBufferOp::create(
        entry, loc, MemRefType::get(type.getShape(), type.getElementType()),
        read.value, /*readOnly=*/true);
  }
}

void RegionEmitter::emitPad(tensor::PadOp pad) {
  Memory whole = memoryFor(pad.getResult());
  emitFill(pad.getConstantPaddingValue(), pad.getResult(), whole);
  auto source = pad.getSourceType();
  SmallVector<OpFoldResult> sizes, ones;
  for (int64_t dim = 0; dim < source.getRank(); ++dim) {
    AffineExpr size = sizeOf(pad.getSource(), dim);
    auto constant = dyn_cast<AffineConstantExpr>(size);
    sizes.push_back(constant ? OpFoldResult(b.getIndexAttr(constant.getValue()))
                             : OpFoldResult(materialize(size)));
    ones.push_back(b.getIndexAttr(1));
  }
  Value inner = memref::SubViewOp::create(b, loc, whole.buffer,
                                          pad.getMixedLowPad(), sizes, ones);
  emitCopy(pad.getSource(), Memory{inner, 0, {}});
}

void RegionEmitter::emitInsert(tensor::InsertSliceOp insert) {
  Memory whole = memoryFor(insert.getResult());
  Value source = insert.getSource(), dest = insert.getDest();
  auto held = memory.find(dest);
  bool isInPlace = held != memory.end() && held->second.buffer == whole.buffer;
  if (!isInPlace && !dest.getDefiningOp<tensor::EmptyOp>())
    emitCopy(dest, whole);
  // Computed where it belongs: see viewInConsumer.
  auto it = memory.find(source);
  if (it != memory.end() && it->second.buffer && source.hasOneUse() &&
      source.getDefiningOp())
    if (auto view = it->second.buffer.getDefiningOp<memref::SubViewOp>();
        view && view.getSource() == whole.buffer)
      return;
  auto type = memref::SubViewOp::inferRankReducedResultType(
      insert.getSourceType().getShape(),
      cast<MemRefType>(whole.buffer.getType()), insert.getMixedOffsets(),
      insert.getMixedSizes(), insert.getMixedStrides());
  Value slice = memref::SubViewOp::create(
      b, loc, type, whole.buffer, insert.getMixedOffsets(),
      insert.getMixedSizes(), insert.getMixedStrides());
  emitCopy(source, Memory{slice, 0, {}});
}

/// Whether what a reshape reads was computed in the memory of its result.
bool RegionEmitter::isReshapedInPlace(Operation *reshape) {
  Memory whole = memoryFor(reshape->getResult(0));
  Value source = reshape->getOperand(0);
  auto it = memory.find(source);
  if (it == memory.end() || !source.getDefiningOp() || !source.hasOneUse() ||
      !it->second.buffer)
    return false;
  Operation *view = it->second.buffer.getDefiningOp();
  return view && view->getNumOperands() > 0 &&
         view->getOperand(0) == whole.buffer;
}

void RegionEmitter::emitStage(const Stage &stage) {
  if (!reason.empty())
    return;
  if (positions.empty())
    for (auto [i, each] : llvm::enumerate(region.getBody().front()))
      positions[&each] = i;
  viewReshapes(stage);
  placeConstants(stage);
  Operation *op = stage.roots[0].getDefiningOp();
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return emitPad(pad);
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
    return emitInsert(insert);
  if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op) &&
      isReshapedInPlace(op))
    return;
  Nest nest = makeNest(stage);
  emitNest(nest);
}

void RegionEmitter::emitFill(Value value, Value shape, Memory destination) {
  Nest nest;
  nest.fill = value;
  nest.destinations.push_back(destination);
  unsigned rank = cast<RankedTensorType>(shape.getType()).getRank();
  for (unsigned dim = 0; dim < rank; ++dim)
    nest.loops.push_back({{dim}, false, sizeOf(shape, dim), 1});
  nest.index.resize(rank);
  emitNest(nest);
}

void RegionEmitter::emitCopy(Value source, Memory destination) {
  Nest nest;
  nest.values.push_back(source);
  nest.compute = false;
  nest.destinations.push_back(destination);
  unsigned rank = cast<RankedTensorType>(source.getType()).getRank();
  for (unsigned dim = 0; dim < rank; ++dim)
    nest.loops.push_back({{dim}, false, sizeOf(source, dim), 1});
  nest.index.resize(rank);
  emitNest(nest);
}
