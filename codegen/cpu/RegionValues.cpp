//===- RegionValues.cpp - A tensor's value at an index, for all lanes -----===//
// Everything a nest reads is evaluated at an index that may differ from lane to
// lane: by a load where the tensor has memory, else by the ops that produce
// it. What is the same in all lanes stays a scalar until it meets a vector.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/LaneIndex.h"
#include "codegen/cpu/MarkExactQuotients.h"
#include "codegen/cpu/RegionEmitter.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace msc::cpu;

Value RegionEmitter::zero(Type type) {
  return arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
}

Value RegionEmitter::lift(Value value, unsigned width) {
  if (width == 1 || isa<VectorType>(value.getType()))
    return value;
  auto type = VectorType::get(width, value.getType());
  return vector::BroadcastOp::create(b, loc, type, value);
}

Value RegionEmitter::maskOf(const Slot &slot) {
  if (slot.mask)
    return slot.mask;
  SmallVector<bool> lanes(slot.width, false);
  std::fill_n(lanes.begin(), slot.valid, true);
  auto type = VectorType::get(slot.width, b.getI1Type());
  return arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, lanes));
}

Value RegionEmitter::laneNumbers(AffineExpr index, const Slot &slot) {
  if (slot.width == 1)
    return materialize(indexOfLane(index, 0));
  auto type = VectorType::get(slot.width, b.getIndexType());
  auto split = splitLanes(index, slot.width);
  if (split && split->stride == 0)
    return materialize(split->base);
  if (!split) {
    SmallVector<Value> lanes;
    for (unsigned lane = 0; lane < slot.width; ++lane)
      lanes.push_back(materialize(indexOfLane(index, lane)));
    return vector::FromElementsOp::create(b, loc, type, lanes);
  }
  SmallVector<Attribute> steps;
  for (unsigned lane = 0; lane < slot.width; ++lane)
    steps.push_back(b.getIndexAttr(lane * split->stride));
  Value step =
      arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, steps));
  Value base = lift(materialize(split->base), slot.width);
  return arith::AddIOp::create(b, loc, base, step);
}

Value RegionEmitter::collapsed(Value buffer,
                               ArrayRef<ReassociationIndices> reassociation) {
  SmallVector<int64_t> flat;
  for (const auto &group : reassociation) {
    flat.push_back(-1);
    flat.append(group.begin(), group.end());
  }
  auto key =
      std::make_pair(buffer, b.getDenseI64ArrayAttr(flat).getAsOpaquePointer());
  Value &view = views[key];
  if (!view) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointAfterValue(buffer);
    view = memref::CollapseShapeOp::create(b, loc, buffer, reassociation);
  }
  return view;
}

Value RegionEmitter::resolve(const Memory &where, ArrayRef<AffineExpr> index,
                             SmallVector<AffineExpr> &resolved) {
  index = index.drop_front(where.dropped);
  SmallVector<ReassociationIndices> groups;
  for (unsigned dim = 0; dim < index.size(); ++dim) {
    AffineExpr expr = index[dim];
    auto it = placeholders.find(expr);
    ReassociationIndices group{int64_t(dim)};
    if (it != placeholders.end()) {
      auto [loop, position] = it->second;
      for (unsigned i = position + 1; i < mergedSizes[loop]; ++i)
        group.push_back(++dim);
      expr = mergedIndex[loop];
    }
    groups.push_back(group);
    resolved.push_back(expr);
  }
  if (groups.size() == index.size())
    return where.buffer;
  return collapsed(where.buffer, groups);
}

static bool isLastDimContiguous(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(type.getStridesAndOffset(strides, offset)) &&
         !strides.empty() && strides.back() == 1;
}

/// Bools are bytes in memory, but a vector of i1 would be read and written as
/// bits. Both buffer types are lowered to the same descriptor.
static Value asBytes(OpBuilder &b, Location loc, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.getElementType().isInteger(1))
    return buffer;
  auto bytes = MemRefType::get(type.getShape(), b.getI8Type(), type.getLayout(),
                               type.getMemorySpace());
  return UnrealizedConversionCastOp::create(b, loc, bytes, buffer).getResult(0);
}

/// True if the lanes are consecutive elements: uniform in all dims but the
/// last.
static bool areInLine(ArrayRef<std::optional<LaneSplit>> splits, Value buffer) {
  for (auto [i, split] : llvm::enumerate(splits))
    if (!split || split->stride != (i + 1 == splits.size() ? 1 : 0))
      return false;
  return isLastDimContiguous(buffer);
}

Value RegionEmitter::load(const Memory &where, ArrayRef<AffineExpr> index,
                          const Slot &slot) {
  if (where.element)
    return where.element;
  SmallVector<AffineExpr> resolved;
  Value buffer = resolve(where, index, resolved);
  SmallVector<std::optional<LaneSplit>> splits;
  bool uniform = true;
  for (AffineExpr &expr : resolved) {
    if (slot.width == 1)
      expr = indexOfLane(expr, 0);
    splits.push_back(splitLanes(expr, slot.width));
    uniform &= splits.back() && splits.back()->stride == 0;
  }
  if (!uniform && !areInLine(splits, buffer)) {
    if (Value vector = loadTransposed(buffer, resolved, slot))
      return vector;
    return gather(buffer, resolved, slot);
  }
  SmallVector<Value> indices;
  for (auto &split : splits)
    indices.push_back(materialize(split->base));
  if (uniform)
    return memref::LoadOp::create(b, loc, buffer, indices);
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  Value bytes = asBytes(b, loc, buffer);
  auto type = VectorType::get(
      slot.width, cast<MemRefType>(bytes.getType()).getElementType());
  Value loaded;
  if (slot.isFull())
    loaded = vector::LoadOp::create(b, loc, type, bytes, indices);
  else
    loaded = vector::MaskedLoadOp::create(b, loc, type, bytes, indices,
                                          maskOf(slot), zero(type));
  if (element.isInteger(1))
    loaded = arith::TruncIOp::create(
        b, loc, VectorType::get(slot.width, element), loaded);
  return loaded;
}

/// Square blocks in log2 steps: the step of size s swaps, in each pair of rows
/// that are s apart, the parts of s elements off the diagonal.
SmallVector<Value> RegionEmitter::transposeBlock(SmallVector<Value> rows) {
  int64_t size = rows.size();
  for (int64_t step = size / 2; step >= 1; step /= 2)
    for (int64_t i = 0; i < size; ++i) {
      if (i & step)
        continue;
      SmallVector<int64_t> low, high;
      for (int64_t k = 0; k < size; ++k) {
        low.push_back(k & step ? size + k - step : k);
        high.push_back(k & step ? size + k : k + step);
      }
      Value a = rows[i], c = rows[i + step];
      rows[i] = vector::ShuffleOp::create(b, loc, a, c, low);
      rows[i + step] = vector::ShuffleOp::create(b, loc, a, c, high);
    }
  return rows;
}

/// A vector whose lanes are far apart, but whose neighbours in the tile are
/// next to each lane: loads one row per lane and transposes. Null if that
/// isn't so.
Value RegionEmitter::loadTransposed(Value buffer, ArrayRef<AffineExpr> index,
                                    const Slot &slot) {
  if (blockLength == 0 || slot.width != blockLength || !slot.isFull() ||
      !isLastDimContiguous(buffer))
    return {};
  auto offset = dyn_cast<AffineConstantExpr>(index.back() - blockBase);
  if (!offset || offset.getValue() < 0 || offset.getValue() >= blockLength)
    return {};
  CacheKey key{buffer.getAsOpaquePointer(), {}, slot.width, 0, nullptr};
  for (AffineExpr expr : index.drop_back())
    std::get<1>(key).push_back(expr.getAsOpaquePointer());
  SmallVector<Value> &block = blocks[key];
  if (block.empty()) {
    Type element = cast<MemRefType>(buffer.getType()).getElementType();
    Value bytes = asBytes(b, loc, buffer);
    auto type = VectorType::get(
        slot.width, cast<MemRefType>(bytes.getType()).getElementType());
    SmallVector<Value> rows;
    for (unsigned lane = 0; lane < slot.width; ++lane) {
      SmallVector<Value> at;
      for (AffineExpr expr : index.drop_back())
        at.push_back(materialize(indexOfLane(expr, lane)));
      at.push_back(materialize(blockBase));
      rows.push_back(vector::LoadOp::create(b, loc, type, bytes, at));
    }
    block = transposeBlock(rows);
    if (element.isInteger(1))
      for (Value &vector : block)
        vector = arith::TruncIOp::create(
            b, loc, VectorType::get(slot.width, element), vector);
  }
  return block[offset.getValue()];
}

Value RegionEmitter::gather(Value buffer, ArrayRef<AffineExpr> index,
                            const Slot &slot) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  SmallVector<Value> lanes;
  for (unsigned lane = 0; lane < slot.width; ++lane) {
    if (lane >= slot.valid) {
      lanes.push_back(zero(element));
      continue;
    }
    AffineExpr position = getAffineConstantExpr(lane, context);
    if (slot.count && lane > 0) {
      // Lanes that do not exist read the last one that does.
      Value number = arith::ConstantIndexOp::create(b, loc, lane);
      Value one = arith::ConstantIndexOp::create(b, loc, 1);
      Value last = arith::SubIOp::create(b, loc, slot.count, one);
      position = symbol(arith::MinSIOp::create(b, loc, number, last));
    }
    SmallVector<Value> indices;
    for (AffineExpr expr : index)
      indices.push_back(
          materialize(expr.replace(getAffineDimExpr(0, context), position)));
    lanes.push_back(memref::LoadOp::create(b, loc, buffer, indices));
  }
  return vector::FromElementsOp::create(
      b, loc, VectorType::get(slot.width, element), lanes);
}

void RegionEmitter::store(const Memory &where, ArrayRef<AffineExpr> index,
                          const Slot &slot, Value value) {
  SmallVector<AffineExpr> resolved;
  Value buffer = resolve(where, index, resolved);
  if (slot.width == 1) {
    SmallVector<Value> indices;
    for (AffineExpr expr : resolved)
      indices.push_back(materialize(indexOfLane(expr, 0)));
    memref::StoreOp::create(b, loc, value, buffer, indices);
    return;
  }
  value = lift(value, slot.width);
  SmallVector<std::optional<LaneSplit>> splits;
  for (AffineExpr expr : resolved)
    splits.push_back(splitLanes(expr, slot.width));
  if (!areInLine(splits, buffer)) {
    if (slot.count)
      return fail("a store that is scattered over a length known at run time");
    for (unsigned lane = 0; lane < slot.valid; ++lane) {
      SmallVector<Value> indices;
      for (AffineExpr expr : resolved)
        indices.push_back(materialize(indexOfLane(expr, lane)));
      Value element = vector::ExtractOp::create(b, loc, value, lane);
      memref::StoreOp::create(b, loc, element, buffer, indices);
    }
    return;
  }
  SmallVector<Value> indices;
  for (auto &split : splits)
    indices.push_back(materialize(split->base));
  Value bytes = asBytes(b, loc, buffer);
  if (bytes != buffer)
    value = arith::ExtUIOp::create(
        b, loc, VectorType::get(slot.width, b.getI8Type()), value);
  if (slot.isFull())
    vector::StoreOp::create(b, loc, value, bytes, indices);
  else
    vector::MaskedStoreOp::create(b, loc, bytes, indices, maskOf(slot), value);
}

Value RegionEmitter::evaluate(Value tensor, ArrayRef<AffineExpr> index,
                              const Slot &slot) {
  auto accumulator = accumulators.find(tensor);
  if (accumulator != accumulators.end())
    return accumulator->second;
  CacheKey key{tensor.getAsOpaquePointer(),
               {},
               slot.width,
               slot.valid,
               slot.mask.getAsOpaquePointer()};
  auto &key1 = std::get<1>(key);
  for (AffineExpr expr : index)
    key1.push_back(expr.getAsOpaquePointer());
  for (AffineExpr expr : mergedIndex)
    key1.push_back(expr ? expr.getAsOpaquePointer() : nullptr);
  for (auto &scope : cache) {
    auto it = scope.find(key);
    if (it != scope.end())
      return it->second;
  }
  auto it = memory.find(tensor);
  Value value = it != memory.end() ? load(it->second, index, slot)
                                   : compute(tensor, index, slot);
  cache.back()[key] = value;
  return value;
}

static AffineExpr linearIndex(ArrayRef<AffineExpr> index,
                              ArrayRef<AffineExpr> sizes) {
  AffineExpr linear = index[0];
  for (unsigned i = 1; i < index.size(); ++i)
    linear = linear * sizes[i] + index[i];
  return linear;
}

Value RegionEmitter::compute(Value tensor, ArrayRef<AffineExpr> index,
                             const Slot &slot) {
  Operation *op = tensor.getDefiningOp();
  Type element = cast<RankedTensorType>(tensor.getType()).getElementType();
  DenseElementsAttr constant;
  if (matchPattern(tensor, m_Constant(&constant)) && constant.isSplat())
    return arith::ConstantOp::create(
        b, loc, cast<TypedAttr>(constant.getSplatValue<Attribute>()));
  if (auto fill = dyn_cast<linalg::FillOp>(op))
    return fill.getInputs()[0];
  if (isa<tensor::EmptyOp>(op))
    return zero(element);
  if (isa<tensor::CastOp, bufferization::MaterializeInDestinationOp>(op))
    return evaluate(op->getOperand(0), index, slot);
  if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    AffineMap out = generic.getIndexingMapsArray().back();
    SmallVector<AffineExpr> loopIndex(index.size());
    for (auto [i, expr] : llvm::enumerate(out.getResults()))
      loopIndex[cast<AffineDimExpr>(expr).getPosition()] = index[i];
    SmallVector<Value> arguments;
    for (OpOperand &operand : generic->getOpOperands()) {
      if (!isa<RankedTensorType>(operand.get().getType())) {
        arguments.push_back(operand.get());
        continue;
      }
      if (!generic.payloadUsesValueFromOperand(&operand)) {
        arguments.push_back(Value());
        continue;
      }
      SmallVector<AffineExpr> at;
      for (AffineExpr expr :
           generic.getMatchingIndexingMap(&operand).getResults())
        at.push_back(expr.replaceDims(loopIndex));
      arguments.push_back(evaluate(operand.get(), at, slot));
    }
    auto number = cast<OpResult>(tensor).getResultNumber();
    return applyBody(generic, arguments, loopIndex, slot)[number];
  }
  SmallVector<AffineExpr> at;
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    for (auto &group : expand.getReassociationIndices()) {
      SmallVector<AffineExpr> part, sizes;
      for (int64_t dim : group) {
        part.push_back(index[dim]);
        sizes.push_back(sizeOf(tensor, dim));
      }
      at.push_back(linearIndex(part, sizes));
    }
    return evaluate(expand.getSrc(), at, slot);
  }
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    for (auto [i, group] :
         llvm::enumerate(collapse.getReassociationIndices())) {
      SmallVector<AffineExpr> part(group.size());
      AffineExpr rest = index[i];
      for (unsigned j = group.size(); j-- > 1;) {
        AffineExpr size = sizeOf(collapse.getSrc(), group[j]);
        part[j] = rest % size;
        rest = rest.floorDiv(size);
      }
      part[0] = rest;
      at.append(part);
    }
    return evaluate(collapse.getSrc(), at, slot);
  }
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto dropped = slice.getDroppedDims();
    unsigned next = 0;
    for (unsigned dim = 0; dim < slice.getSourceType().getRank(); ++dim) {
      AffineExpr expr = exprOf(slice.getMixedOffsets()[dim]);
      if (!dropped.test(dim))
        expr = expr + index[next++] * exprOf(slice.getMixedStrides()[dim]);
      at.push_back(expr);
    }
    return evaluate(slice.getSource(), at, slot);
  }
  fail("no schedule for '" + op->getName().getStringRef() + "'");
  return zero(element);
}

SmallVector<Value> RegionEmitter::applyBody(linalg::GenericOp op,
                                            ArrayRef<Value> arguments,
                                            ArrayRef<AffineExpr> loopIndex,
                                            const Slot &slot) {
  IRMapping map;
  for (auto [argument, value] :
       llvm::zip(op.getBody()->getArguments(), arguments))
    if (value)
      map.map(argument, value);
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      map.map(index.getResult(), laneNumbers(loopIndex[index.getDim()], slot));
      continue;
    }
    SmallVector<Value> operands;
    for (Value operand : inner.getOperands())
      operands.push_back(map.lookupOrDefault(operand));
    if (auto extract = dyn_cast<tensor::ExtractOp>(inner)) {
      map.map(extract.getResult(),
              extractElements(extract, ArrayRef(operands).drop_front(),
                              loopIndex, slot));
      continue;
    }
    if (inner.getNumRegions() != 0 || inner.getNumResults() != 1) {
      fail("no vector form of '" + inner.getName().getStringRef() + "'");
      break;
    }
    map.map(inner.getResult(0), applyOp(inner, operands, slot));
  }
  SmallVector<Value> yields;
  for (Value value : op.getBody()->getTerminator()->getOperands())
    yields.push_back(map.lookupOrDefault(value));
  return yields;
}

Value RegionEmitter::applyOp(Operation &op, ArrayRef<Value> operands,
                             const Slot &slot) {
  bool isVector = llvm::any_of(
      operands, [](Value v) { return isa<VectorType>(v.getType()); });
  // Division by what is the same in all lanes: one division for all of them.
  if (isa<arith::DivFOp>(op) && isVector && !options.strict &&
      !op.hasAttr(kExactAttr) && !isa<VectorType>(operands[1].getType()) &&
      operands[1].getType().getIntOrFloatBitWidth() >= 32) {
    Type type = operands[1].getType();
    Value one = arith::ConstantOp::create(b, loc, b.getFloatAttr(type, 1.0));
    Value inverse = arith::DivFOp::create(b, loc, one, operands[1]);
    return arith::MulFOp::create(b, loc, operands[0],
                                 lift(inverse, slot.width));
  }
  OperationState state(loc, op.getName());
  for (Value operand : operands)
    state.addOperands(isVector ? lift(operand, slot.width) : operand);
  // Lanes that do not exist hold zero: no divisor.
  if (isVector && !slot.isFull() &&
      isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp,
          arith::CeilDivSIOp, arith::CeilDivUIOp, arith::FloorDivSIOp>(op)) {
    Value divisor = state.operands[1];
    auto type = cast<VectorType>(divisor.getType());
    Value one = arith::ConstantOp::create(
        b, loc,
        DenseElementsAttr::get(type,
                               b.getIntegerAttr(type.getElementType(), 1)));
    state.operands[1] =
        arith::SelectOp::create(b, loc, maskOf(slot), divisor, one);
  }
  Type type = op.getResult(0).getType();
  state.addTypes(isVector ? Type(VectorType::get(slot.width, type)) : type);
  state.addAttributes(op.getAttrs());
  Operation *made = b.create(state);
  if (auto fast = dyn_cast<arith::ArithFastMathInterface>(made);
      fast && isa<arith::AddFOp, arith::SubFOp, arith::MulFOp>(made)) {
    auto flags = fast.getFastMathFlagsAttr().getValue();
    flags = options.strict ? arith::FastMathFlags::none
                           : flags | arith::FastMathFlags::contract;
    made->setAttr(fast.getFastMathAttrName(),
                  arith::FastMathFlagsAttr::get(context, flags));
  }
  return made->getResult(0);
}

Value RegionEmitter::extractElements(tensor::ExtractOp op,
                                     ArrayRef<Value> indices,
                                     ArrayRef<AffineExpr> loopIndex,
                                     const Slot &slot) {
  auto it = memory.find(op.getTensor());
  Type element =
      cast<RankedTensorType>(op.getTensor().getType()).getElementType();
  if (it == memory.end() || it->second.element || it->second.dropped) {
    fail("an element is taken from a tensor that has no memory");
    return zero(element);
  }
  // Where all lanes have the same computed indices, and the others are those of
  // the loops, this is a read like any other: a row that is copied.
  SmallVector<AffineExpr> at;
  for (auto [operand, index] : llvm::zip_equal(op.getIndices(), indices)) {
    auto loop = operand.getDefiningOp<linalg::IndexOp>();
    if (loop && loop->getBlock() == op->getBlock())
      at.push_back(loopIndex[loop.getDim()]);
    else if (!isa<VectorType>(index.getType()))
      at.push_back(symbol(index));
  }
  if (at.size() == indices.size())
    return load(it->second, at, slot);
  bool isVector = llvm::any_of(
      indices, [](Value v) { return isa<VectorType>(v.getType()); });
  if (!isVector)
    return memref::LoadOp::create(b, loc, it->second.buffer, indices);
  SmallVector<Value> lanes;
  for (unsigned lane = 0; lane < slot.width; ++lane) {
    SmallVector<Value> at;
    // Lanes that do not exist may hold any index: read what the first reads.
    unsigned from = lane < slot.valid ? lane : 0;
    for (Value index : indices) {
      Value value = index;
      if (isa<VectorType>(index.getType())) {
        value = vector::ExtractOp::create(b, loc, index, from);
        if (slot.mask && lane > 0) {
          Value exists = vector::ExtractOp::create(b, loc, slot.mask, lane);
          Value first = vector::ExtractOp::create(b, loc, index, 0);
          value = arith::SelectOp::create(b, loc, exists, value, first);
        }
      }
      at.push_back(value);
    }
    lanes.push_back(memref::LoadOp::create(b, loc, it->second.buffer, at));
  }
  return vector::FromElementsOp::create(
      b, loc, VectorType::get(slot.width, element), lanes);
}
