//===- NestLoops.cpp - The loops of a nest and its register tile ----------===//
// Parallel loops around a register tile; within it the loops of the reduction
// with the accumulators as loop-carried vectors; after them the epilogue. A
// length that the tile doesn't divide leaves a second, smaller tile, so that
// every tile has a fixed size.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/LaneIndex.h"
#include "codegen/cpu/RegionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace msc::cpu;

/// Nests of fewer cycles than this (some microseconds) aren't split.
static constexpr int64_t kMinParallelCycles = 30000;
/// Vector ops in the body of an unrolled reduction.
static constexpr unsigned kMaxUnrolledOps = 256;

SmallVector<AffineExpr> RegionEmitter::rootIndex(const Nest &nest) {
  if (!nest.core)
    return nest.index;
  SmallVector<AffineExpr> root(nest.coreDims.size());
  linalg::GenericOp core = nest.core;
  AffineMap out = core.getIndexingMapsArray().back();
  for (auto [i, expr] : llvm::enumerate(out.getResults()))
    root[nest.coreDims[i]] =
        nest.index[cast<AffineDimExpr>(expr).getPosition()];
  return root;
}

SmallVector<AffineExpr>
RegionEmitter::streamIndex(const Nest &nest, const Stage::Stream &stream) {
  SmallVector<AffineExpr> index;
  for (unsigned loop : stream.loops)
    index.push_back(nest.index[loop]);
  return index;
}

void RegionEmitter::setIndex(Nest &nest, unsigned number, AffineExpr value) {
  const NestLoop &loop = nest.loops[number];
  if (loop.dims.size() == 1)
    nest.index[loop.dims[0]] = value;
  else
    mergedIndex[number] = value;
}

void RegionEmitter::emitFor(AffineExpr count, bool parallel,
                            llvm::function_ref<void(AffineExpr)> body) {
  if (auto constant = dyn_cast<AffineConstantExpr>(count)) {
    if (constant.getValue() <= 0)
      return;
    if (constant.getValue() == 1)
      return body(getAffineConstantExpr(0, context));
  }
  Value lower = arith::ConstantIndexOp::create(b, loc, 0);
  Value step = arith::ConstantIndexOp::create(b, loc, 1);
  Value upper = materialize(count);
  OpBuilder::InsertionGuard guard(b);
  Value variable;
  Block *outerStack = stackBlock;
  if (parallel) {
    auto loop = scf::ParallelOp::create(b, loc, ValueRange(lower),
                                        ValueRange(upper), ValueRange(step));
    variable = loop.getInductionVars()[0];
    b.setInsertionPointToStart(loop.getBody());
    stackBlock = loop.getBody();
  } else {
    auto loop = scf::ForOp::create(b, loc, lower, upper, step);
    variable = loop.getInductionVar();
    b.setInsertionPointToStart(loop.getBody());
  }
  cache.emplace_back();
  body(symbol(variable));
  cache.pop_back();
  stackBlock = outerStack;
}

SmallVector<Slot> RegionEmitter::slotsFor(int64_t length,
                                          const TileChoice &choice) {
  SmallVector<Slot> slots;
  int64_t offset = 0;
  for (; offset + choice.lanes <= length; offset += choice.lanes)
    slots.push_back({offset, choice.lanes, choice.lanes, {}, {}});
  int64_t rest = length - offset;
  if (rest > 0 && target.masks) {
    unsigned width = llvm::PowerOf2Ceil(rest);
    slots.push_back({offset, width, unsigned(rest), {}, {}});
    return slots;
  }
  for (unsigned width = choice.lanes / 2; rest > 0; width /= 2) {
    if (rest < int64_t(width))
      continue;
    slots.push_back({offset, width, width, {}, {}});
    offset += width;
    rest -= width;
  }
  return slots;
}

bool RegionEmitter::isLarge(const Nest &nest, const TileChoice &choice) {
  int64_t points = 1;
  for (const NestLoop &loop : nest.loops)
    points *= std::max<int64_t>(loop.estimate, 1);
  return points / std::max(choice.lanes, 1u) > kMinParallelCycles;
}

void RegionEmitter::emitNest(Nest &nest) {
  if (!reason.empty())
    return;
  cache.emplace_back();
  // Until all of a stream is stored, its elements are computed.
  for (const Stage::Stream &stream : nest.streams)
    memory.erase(stream.value);
  mergeLoops(nest);
  TileChoice choice = chooseTile(nest);
  describe(nest, choice);
  // Single loops get their real index while they are emitted.
  SmallVector<unsigned> tile(nest.loops.size(), 1);
  SmallVector<Slot> slots{Slot{0, 1, 1, {}, {}}};
  SmallVector<AffineExpr> bases(nest.loops.size(),
                                getAffineConstantExpr(0, context));
  bool parallel = options.threads && !inParallel && isLarge(nest, choice);
  emitParallel(nest, choice, 0, tile, slots, bases, parallel);
  for (auto [stream, destination] :
       llvm::zip(nest.streams, nest.streamDestinations))
    memory[stream.value] = destination;
  placeholders.clear();
  mergedIndex.clear();
  mergedSizes.clear();
  cache.pop_back();
}

void RegionEmitter::emitParallel(Nest &nest, const TileChoice &choice,
                                 unsigned depth, SmallVector<unsigned> &tile,
                                 SmallVector<Slot> &slots,
                                 SmallVector<AffineExpr> &bases,
                                 bool parallel) {
  if (!reason.empty())
    return;
  if (depth == choice.order.size()) {
    if (choice.lane >= 0 && nest.loops[choice.lane].reduction)
      emitLaneReduction(nest, choice, tile, bases);
    else
      emitTile(nest, choice, tile, slots, bases);
    return;
  }
  unsigned number = choice.order[depth];
  const NestLoop &loop = nest.loops[number];
  auto constant = [&](int64_t value) {
    return getAffineConstantExpr(value, context);
  };
  // Runs `count` tiles of `size` iterations from `begin` on.
  auto run = [&](AffineExpr begin, AffineExpr count, int64_t size) {
    auto fixed = dyn_cast<AffineConstantExpr>(count);
    bool split = parallel && (!fixed || fixed.getValue() > 1);
    bool outer = inParallel;
    inParallel |= split;
    emitFor(count, split, [&](AffineExpr iteration) {
      bases[number] = begin + iteration * size;
      emitParallel(nest, choice, depth + 1, tile, slots, bases,
                   parallel && !split);
    });
    inParallel = outer;
  };

  if (int(number) != choice.lane) {
    int64_t size = choice.unroll[number];
    if (loop.isStatic()) {
      tile[number] = size;
      run(constant(0), constant(loop.estimate / size), size);
      int64_t rest = loop.estimate % size;
      if (rest > 0) {
        tile[number] = rest;
        run(constant(loop.estimate - rest), constant(1), rest);
      }
      tile[number] = 1;
      return;
    }
    tile[number] = size;
    AffineExpr count = loop.extent.floorDiv(size);
    run(constant(0), count, size);
    // Any remainder is one tile of just its size.
    if (size > 1) {
      SmallVector<int64_t> cases;
      for (int64_t rest = 1; rest < size; ++rest)
        cases.push_back(rest);
      Value rest = materialize(loop.extent % size);
      auto choose = scf::IndexSwitchOp::create(b, loc, TypeRange(), rest, cases,
                                               cases.size());
      for (auto [i, region] : llvm::enumerate(choose.getCaseRegions())) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(&region.emplaceBlock());
        cache.emplace_back();
        tile[number] = cases[i];
        run(count * size, constant(1), cases[i]);
        cache.pop_back();
        scf::YieldOp::create(b, loc);
      }
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(&choose.getDefaultRegion().emplaceBlock());
      scf::YieldOp::create(b, loc);
    }
    tile[number] = 1;
    return;
  }

  int64_t size = int64_t(choice.vectors) * choice.lanes;
  SmallVector<Slot> outerSlots = slots;
  slots = slotsFor(size, choice);
  if (loop.isStatic()) {
    run(constant(0), constant(loop.estimate / size), size);
    int64_t rest = loop.estimate % size;
    if (rest > 0) {
      slots = slotsFor(rest, choice);
      run(constant(loop.estimate - rest), constant(1), rest);
    }
    slots = outerSlots;
    return;
  }
  AffineExpr count = loop.extent.floorDiv(size);
  run(constant(0), count, size);
  AffineExpr done = count * size;
  int64_t lanes = choice.lanes;
  if (choice.vectors > 1) {
    AffineExpr singles = (loop.extent % size).floorDiv(lanes);
    slots = slotsFor(lanes, choice);
    run(done, singles, lanes);
    done = done + singles * lanes;
  }
  AffineExpr rest = loop.extent % lanes;
  if (!target.masks) {
    slots = {Slot{0, 1, 1, {}, {}}};
    run(done, rest, 1);
  } else {
    Value left = materialize(rest);
    Value none = arith::ConstantIndexOp::create(b, loc, 0);
    Value some =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, left, none);
    auto choose = scf::IfOp::create(b, loc, some, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choose.thenBlock());
    cache.emplace_back();
    auto type = VectorType::get(lanes, b.getI1Type());
    Value mask = vector::CreateMaskOp::create(b, loc, type, left);
    slots = {Slot{0, unsigned(lanes), unsigned(lanes), left, mask}};
    run(done, constant(1), lanes);
    cache.pop_back();
  }
  slots = outerSlots;
}

SmallVector<SmallVector<AffineExpr>>
RegionEmitter::tilePositions(const Nest &nest, ArrayRef<unsigned> tile,
                             ArrayRef<AffineExpr> bases, int lane) {
  SmallVector<SmallVector<AffineExpr>> positions{
      SmallVector<AffineExpr>(bases)};
  for (unsigned i = 0; i < nest.loops.size(); ++i) {
    if (int(i) == lane || tile[i] == 1)
      continue;
    SmallVector<SmallVector<AffineExpr>> more;
    for (auto &position : positions)
      for (unsigned offset = 0; offset < tile[i]; ++offset) {
        more.push_back(position);
        more.back()[i] = bases[i] + offset;
      }
    positions = std::move(more);
  }
  return positions;
}

RegionEmitter::Accumulators RegionEmitter::reduceLoops(
    Nest &nest, ArrayRef<unsigned> loops, unsigned budget, Accumulators values,
    llvm::function_ref<Accumulators(const Accumulators &)> body) {
  if (loops.empty())
    return body(values);
  unsigned number = loops[0];
  const NestLoop &loop = nest.loops[number];
  auto inner = loops.drop_front();
  int64_t innerVolume = 1;
  bool innerStatic = true;
  for (unsigned each : inner) {
    innerVolume *= nest.loops[each].estimate;
    innerStatic &= nest.loops[each].isStatic();
  }
  if (loop.isStatic() && innerStatic &&
      loop.estimate * innerVolume <= int64_t(budget)) {
    for (int64_t i = 0; i < loop.estimate; ++i) {
      setIndex(nest, number, getAffineConstantExpr(i, context));
      values = reduceLoops(nest, inner, budget / loop.estimate, values, body);
    }
    return values;
  }
  Value lower = arith::ConstantIndexOp::create(b, loc, 0);
  Value step = arith::ConstantIndexOp::create(b, loc, 1);
  auto made =
      scf::ForOp::create(b, loc, lower, materialize(loop.extent), step, values);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(made.getBody());
  cache.emplace_back();
  setIndex(nest, number, symbol(made.getInductionVar()));
  Accumulators carried(made.getRegionIterArgs());
  carried = reduceLoops(nest, inner, budget, carried, body);
  cache.pop_back();
  scf::YieldOp::create(b, loc, carried);
  return Accumulators(made.getResults());
}

void RegionEmitter::emitTile(Nest &nest, const TileChoice &choice,
                             ArrayRef<unsigned> tile, ArrayRef<Slot> slots,
                             ArrayRef<AffineExpr> bases) {
  auto positions = tilePositions(nest, tile, bases, choice.lane);
  blocks.clear();
  blockLength = 0;
  if (choice.transposed >= 0 && tile[choice.transposed] == choice.lanes) {
    blockLength = choice.lanes;
    blockBase = bases[choice.transposed];
  }
  auto moveTo = [&](ArrayRef<AffineExpr> position, const Slot &slot) {
    for (unsigned i = 0; i < nest.loops.size(); ++i) {
      if (nest.loops[i].reduction)
        continue;
      AffineExpr index = position[i];
      if (int(i) == choice.lane) {
        index = index + slot.offset;
        if (slot.width > 1)
          index = index + getAffineDimExpr(0, context);
      }
      setIndex(nest, i, index);
    }
  };
  linalg::GenericOp core = nest.core;
  Accumulators values;
  unsigned numResults = core ? core.getNumResults() : 0;
  if (core) {
    SmallVector<unsigned> reductions;
    for (unsigned i = 0; i < nest.loops.size(); ++i)
      if (nest.loops[i].reduction)
        reductions.push_back(i);
    for (auto &position : positions)
      for (const Slot &slot : slots) {
        moveTo(position, slot);
        for (OpOperand &init : core.getDpsInitsMutable()) {
          SmallVector<AffineExpr> at;
          for (AffineExpr expr :
               core.getMatchingIndexingMap(&init).getResults())
            at.push_back(expr.replaceDims(nest.index));
          values.push_back(lift(evaluate(init.get(), at, slot), slot.width));
        }
      }
    unsigned perPoint = positions.size() * slots.size();
    values =
        reduceLoops(nest, reductions, std::max(1u, kMaxUnrolledOps / perPoint),
                    values, [&](const Accumulators &carried) {
                      Accumulators next;
                      for (auto &position : positions)
                        for (const Slot &slot : slots) {
                          moveTo(position, slot);
                          ArrayRef<Value> old =
                              ArrayRef(carried).slice(next.size(), numResults);
                          for (Value value : applyCore(nest, slot, old))
                            next.push_back(lift(value, slot.width));
                        }
                      return next;
                    });
  }
  unsigned next = 0;
  for (auto &position : positions)
    for (const Slot &slot : slots) {
      moveTo(position, slot);
      finishPoint(nest, slot, ArrayRef(values).slice(next, numResults));
      next += numResults;
    }
  blockLength = 0;
}

SmallVector<Value> RegionEmitter::applyCore(Nest &nest, const Slot &slot,
                                            ArrayRef<Value> carried) {
  for (auto [stream, destination] :
       llvm::zip(nest.streams, nest.streamDestinations)) {
    // The core finds the value in the cache.
    SmallVector<AffineExpr> at = streamIndex(nest, stream);
    store(destination, at, slot, evaluate(stream.value, at, slot));
  }
  linalg::GenericOp core = nest.core;
  SmallVector<Value> arguments;
  for (OpOperand *input : core.getDpsInputOperands()) {
    if (!isa<RankedTensorType>(input->get().getType())) {
      arguments.push_back(input->get());
      continue;
    }
    SmallVector<AffineExpr> at;
    for (AffineExpr expr : core.getMatchingIndexingMap(input).getResults())
      at.push_back(expr.replaceDims(nest.index));
    arguments.push_back(evaluate(input->get(), at, slot));
  }
  arguments.append(carried.begin(), carried.end());
  return applyBody(core, arguments, nest.index, slot);
}

/// Computes the roots at the current index, from the core's results if there is
/// a core, and stores them.
void RegionEmitter::finishPoint(Nest &nest, const Slot &slot,
                                ArrayRef<Value> coreResults) {
  SmallVector<AffineExpr> root = rootIndex(nest);
  if (nest.fill) {
    store(nest.destinations[0], root, slot, nest.fill);
    return;
  }
  for (auto [i, value] : llvm::enumerate(coreResults))
    accumulators[nest.core->getResult(i)] = value;
  for (auto [value, destination] : llvm::zip(nest.values, nest.destinations)) {
    auto own = accumulators.find(value);
    Value result = own != accumulators.end() ? own->second
                   : nest.compute            ? compute(value, root, slot)
                                             : evaluate(value, root, slot);
    if (destination.buffer)
      store(destination, root, slot, result);
    else
      memory[value].element = result;
  }
  accumulators.clear();
}

void RegionEmitter::emitLaneReduction(Nest &nest, const TileChoice &choice,
                                      ArrayRef<unsigned> tile,
                                      ArrayRef<AffineExpr> bases) {
  linalg::GenericOp core = nest.core;
  auto positions = tilePositions(nest, tile, bases, choice.lane);
  unsigned lanes = choice.lanes, numResults = core.getNumResults();
  const NestLoop &laneLoop = nest.loops[choice.lane];
  auto moveTo = [&](ArrayRef<AffineExpr> position) {
    for (unsigned i = 0; i < nest.loops.size(); ++i)
      if (!nest.loops[i].reduction)
        setIndex(nest, i, position[i]);
  };
  SmallVector<Operation *> combiners;
  for (Value value : core.getBody()->getTerminator()->getOperands())
    combiners.push_back(value.getDefiningOp());
  SmallVector<unsigned> outer;
  for (unsigned i = 0; i < nest.loops.size(); ++i)
    if (nest.loops[i].reduction && int(i) != choice.lane)
      outer.push_back(i);

  // Per position and result: one wide accumulator, whose registers are worked
  // on in turn so that they hide each other's latency; one register for what
  // fills no wide one; and a scalar where masks cost too much for the rest.
  int64_t size = int64_t(choice.vectors) * lanes;
  auto fixedExtent = dyn_cast<AffineConstantExpr>(laneLoop.extent);
  bool hasNarrow = choice.vectors > 1 &&
                   !(fixedExtent && fixedExtent.getValue() % size == 0);
  unsigned narrow = hasNarrow ? 1 : 0;
  unsigned perResult = narrow + 1 + (target.masks ? 0 : 1);
  Accumulators start;
  for (unsigned i = 0; i < positions.size(); ++i)
    for (Operation *combiner : combiners) {
      auto neutral = *arith::getNeutralElement(combiner);
      Value scalar = arith::ConstantOp::create(b, loc, neutral);
      start.push_back(lift(scalar, size));
      if (hasNarrow)
        start.push_back(lift(scalar, lanes));
      if (!target.masks)
        start.push_back(scalar);
    }
  // One step of all positions; the slot's elements go to accumulator `number`.
  auto step = [&](Accumulators &values, AffineExpr base, const Slot &slot,
                  unsigned number) {
    AffineExpr index = base + slot.offset;
    if (slot.width > 1)
      index = index + getAffineDimExpr(0, context);
    setIndex(nest, choice.lane, index);
    for (auto [i, position] : llvm::enumerate(positions)) {
      moveTo(position);
      SmallVector<Value> old;
      for (unsigned r = 0; r < numResults; ++r)
        old.push_back(values[(i * numResults + r) * perResult + number]);
      auto made = applyCore(nest, slot, old);
      for (unsigned r = 0; r < numResults; ++r) {
        Value value = lift(made[r], slot.width);
        if (!slot.isFull())
          value = arith::SelectOp::create(b, loc, maskOf(slot), value, old[r]);
        values[(i * numResults + r) * perResult + number] = value;
      }
    }
  };
  auto loopOver = [&](AffineExpr count, Accumulators values,
                      llvm::function_ref<void(Accumulators &, AffineExpr)> body)
      -> Accumulators {
    auto fixed = dyn_cast<AffineConstantExpr>(count);
    if (fixed && fixed.getValue() <= 1) {
      if (fixed.getValue() == 1)
        body(values, getAffineConstantExpr(0, context));
      return values;
    }
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    auto loop =
        scf::ForOp::create(b, loc, zero, materialize(count), one, values);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    cache.emplace_back();
    Accumulators carried(loop.getRegionIterArgs());
    body(carried, symbol(loop.getInductionVar()));
    cache.pop_back();
    scf::YieldOp::create(b, loc, carried);
    return Accumulators(loop.getResults());
  };

  auto constant = [&](int64_t value) {
    return getAffineConstantExpr(value, context);
  };
  Accumulators sums =
      reduceLoops(nest, outer, 1, start, [&](const Accumulators &carried) {
        Accumulators values = carried;
        AffineExpr count = laneLoop.extent.floorDiv(size);
        unsigned wide = size;
        values = loopOver(count, values, [&](Accumulators &at, AffineExpr i) {
          step(at, i * size, Slot{0, wide, wide, {}, {}}, 0);
        });
        AffineExpr done = count * size;
        if (choice.vectors > 1) {
          AffineExpr singles = (laneLoop.extent % size).floorDiv(lanes);
          values =
              loopOver(singles, values, [&](Accumulators &at, AffineExpr i) {
                step(at, done + i * lanes, Slot{0, lanes, lanes, {}, {}},
                     narrow);
              });
          done = done + singles * lanes;
        }
        AffineExpr rest = laneLoop.extent % lanes;
        if (auto fixed = dyn_cast<AffineConstantExpr>(rest)) {
          if (fixed.getValue() == 0)
            return values;
          if (target.masks) {
            step(values, done,
                 Slot{0, lanes, unsigned(fixed.getValue()), {}, {}}, narrow);
            return values;
          }
        }
        if (!target.masks)
          return loopOver(rest, values, [&](Accumulators &at, AffineExpr i) {
            step(at, done + i, Slot{0, 1, 1, {}, {}}, narrow + 1);
          });
        // An empty rest must not read: gathers take at least one lane.
        Value left = materialize(rest);
        Value some = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt,
                                           left, materialize(constant(0)));
        auto choose = scf::IfOp::create(b, loc, ValueRange(values).getTypes(),
                                        some, true);
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(choose.elseBlock());
        scf::YieldOp::create(b, loc, values);
        b.setInsertionPointToStart(choose.thenBlock());
        cache.emplace_back();
        auto type = VectorType::get(lanes, b.getI1Type());
        Value mask = vector::CreateMaskOp::create(b, loc, type, left);
        step(values, done, Slot{0, lanes, lanes, left, mask}, narrow);
        cache.pop_back();
        scf::YieldOp::create(b, loc, values);
        return Accumulators(choose.getResults());
      });

  // Fold the accumulators, always in the same order.
  auto combine = [&](Operation *combiner, Value lhs, Value rhs) {
    unsigned width = 1;
    if (auto type = dyn_cast<VectorType>(lhs.getType()))
      width = type.getNumElements();
    return applyOp(*combiner, {lhs, rhs}, Slot{0, width, width, {}, {}});
  };
  Slot scalar{0, 1, 1, {}, {}};
  for (auto [i, position] : llvm::enumerate(positions)) {
    moveTo(position);
    SmallVector<Value> finals;
    for (unsigned r = 0; r < numResults; ++r) {
      unsigned first = (i * numResults + r) * perResult;
      auto half = [&](Value vector, int64_t width, int64_t offset) -> Value {
        return vector::ExtractStridedSliceOp::create(b, loc, vector, {offset},
                                                     {width}, {1});
      };
      // By halves; a width of three registers leaves its third one for later.
      Value total = sums[first];
      for (int64_t width = size; width > 1;) {
        int64_t low = width > lanes ? llvm::divideCeil(width / lanes, 2) * lanes
                                    : width / 2;
        Value lhs = half(total, low, 0);
        if (low == 1) {
          lhs = vector::ExtractOp::create(b, loc, total, 0);
          total = combine(combiners[r], lhs,
                          vector::ExtractOp::create(b, loc, total, 1));
        } else if (2 * low == width) {
          total = combine(combiners[r], lhs, half(total, low, low));
        } else {
          Value folded =
              combine(combiners[r], half(total, width - low, 0),
                      half(total, width - low, low));
          total = vector::InsertStridedSliceOp::create(b, loc, folded, lhs, {0},
                                                       {1});
        }
        width = low;
        if (width == lanes && hasNarrow)
          total = combine(combiners[r], total, sums[first + 1]);
      }
      if (!target.masks)
        total = combine(combiners[r], total, sums[first + narrow + 1]);
      OpOperand &init = core.getDpsInitsMutable()[r];
      SmallVector<AffineExpr> at;
      for (AffineExpr expr : core.getMatchingIndexingMap(&init).getResults())
        at.push_back(expr.replaceDims(nest.index));
      finals.push_back(
          combine(combiners[r], evaluate(init.get(), at, scalar), total));
    }
    finishPoint(nest, scalar, finals);
  }
}

void RegionEmitter::describe(const Nest &nest, const TileChoice &choice) {
  if (!nest.core && (nest.fill || !nest.compute))
    return;
  std::string text;
  unsigned rows = 1;
  for (unsigned unroll : choice.unroll)
    rows *= unroll;
  if (choice.transposed >= 0)
    text = "transposition " + std::to_string(choice.lanes) + "x" +
           std::to_string(choice.lanes);
  else if (!nest.core)
    text = "elementwise " + std::to_string(choice.lanes * choice.vectors);
  else if (choice.lane >= 0 && nest.loops[choice.lane].reduction)
    text = (hasReuse(nest.core) ? "dot " : "row reduction ") +
           std::to_string(rows) + "x" +
           std::to_string(choice.lanes * choice.vectors);
  else
    text = (hasReuse(nest.core) ? "contraction " : "reduction ") +
           std::to_string(rows) + "x" +
           std::to_string(choice.lanes * choice.vectors);
  schedules.push_back(text);
}
