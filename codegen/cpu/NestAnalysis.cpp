//===- NestAnalysis.cpp - Which loops, which lanes, which tile ------------===//
// Follows a nest symbolically through all that it inlines down to the memory it
// touches. From the indices there come the loops that can run as one, the loop
// whose iterations are the lanes of vectors, and the register tile.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/LaneIndex.h"
#include "codegen/cpu/RegionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace msc::cpu;

Nest RegionEmitter::makeNest(const Stage &stage) {
  Nest nest;
  nest.values = stage.roots;
  nest.core = stage.core;
  nest.coreDims = stage.coreDims;
  for (Value root : stage.roots)
    nest.destinations.push_back(memoryFor(root));
  nest.streams = stage.streams;
  for (const Stage::Stream &stream : stage.streams)
    nest.streamDestinations.push_back(memoryFor(stream.value));
  if (!nest.core) {
    unsigned rank = cast<RankedTensorType>(stage.roots[0].getType()).getRank();
    nest.index.resize(rank);
    for (unsigned dim = 0; dim < rank; ++dim) {
      if (dim < rowIndex.size())
        nest.index[dim] = rowIndex[dim];
      else
        nest.loops.push_back({{dim}, false, sizeOf(stage.roots[0], dim), 1});
    }
    return nest;
  }
  auto types = nest.core.getIteratorTypesArray();
  nest.index.resize(types.size());
  AffineMap out = nest.core.getIndexingMapsArray().back();
  for (auto [i, expr] : llvm::enumerate(out.getResults()))
    if (nest.coreDims[i] < rowIndex.size())
      nest.index[cast<AffineDimExpr>(expr).getPosition()] =
          rowIndex[nest.coreDims[i]];
  for (unsigned dim = 0; dim < types.size(); ++dim) {
    if (nest.index[dim])
      continue;
    AffineExpr extent;
    for (OpOperand &operand : nest.core->getOpOperands()) {
      AffineMap map = nest.core.getMatchingIndexingMap(&operand);
      for (auto [position, expr] : llvm::enumerate(map.getResults()))
        if (!extent && expr == getAffineDimExpr(dim, context))
          extent = sizeOf(operand.get(), position);
    }
    if (!extent) {
      fail("a loop whose length no operand gives");
      extent = getAffineConstantExpr(0, context);
    }
    nest.loops.push_back(
        {{dim}, types[dim] == utils::IteratorType::reduction, extent, 1});
  }
  return nest;
}

void RegionEmitter::traceValue(Value tensor, ArrayRef<AffineExpr> index,
                               bool computeIt, bool behindCore, Value core,
                               SmallVector<Access> &accesses,
                               llvm::SmallDenseSet<unsigned> &pinned) {
  if (tensor == core)
    return;
  auto it = memory.find(tensor);
  if (!computeIt && it != memory.end()) {
    if (it->second.buffer)
      accesses.push_back({it->second, SmallVector<AffineExpr>(index),
                          behindCore, /*isStore=*/false});
    return;
  }
  Operation *op = tensor.getDefiningOp();
  auto pin = [&](AffineExpr expr) {
    expr.walk([&](AffineExpr part) {
      if (auto used = dyn_cast<AffineSymbolExpr>(part))
        pinned.insert(used.getPosition());
    });
  };
  if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    AffineMap out = generic.getIndexingMapsArray().back();
    SmallVector<AffineExpr> loopIndex(index.size());
    for (auto [i, expr] : llvm::enumerate(out.getResults()))
      loopIndex[cast<AffineDimExpr>(expr).getPosition()] = index[i];
    for (auto indexOp : generic.getBody()->getOps<linalg::IndexOp>())
      pin(loopIndex[indexOp.getDim()]);
    for (OpOperand &operand : generic->getOpOperands()) {
      if (!isa<RankedTensorType>(operand.get().getType()) ||
          !generic.payloadUsesValueFromOperand(&operand))
        continue;
      SmallVector<AffineExpr> at;
      for (AffineExpr expr :
           generic.getMatchingIndexingMap(&operand).getResults())
        at.push_back(expr.replaceDims(loopIndex));
      traceValue(operand.get(), at, false, behindCore, core, accesses, pinned);
    }
    return;
  }
  if (isa<tensor::CastOp, bufferization::MaterializeInDestinationOp>(op))
    return traceValue(op->getOperand(0), index, false, behindCore, core,
                      accesses, pinned);
  SmallVector<AffineExpr> at;
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    llvm::for_each(index, pin);
    for (auto &group : expand.getReassociationIndices()) {
      AffineExpr linear = index[group[0]];
      for (unsigned i = 1; i < group.size(); ++i)
        linear = linear * sizeOf(tensor, group[i]) + index[group[i]];
      at.push_back(linear);
    }
    return traceValue(expand.getSrc(), at, false, behindCore, core, accesses,
                      pinned);
  }
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    llvm::for_each(index, pin);
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
    return traceValue(collapse.getSrc(), at, false, behindCore, core, accesses,
                      pinned);
  }
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::for_each(index, pin);
    auto dropped = slice.getDroppedDims();
    unsigned next = 0;
    for (unsigned dim = 0; dim < slice.getSourceType().getRank(); ++dim) {
      AffineExpr expr = exprOf(slice.getMixedOffsets()[dim]);
      if (!dropped.test(dim))
        expr = expr + index[next++] * exprOf(slice.getMixedStrides()[dim]);
      at.push_back(expr);
    }
    return traceValue(slice.getSource(), at, false, behindCore, core, accesses,
                      pinned);
  }
}

void RegionEmitter::trace(const Nest &nest, SmallVector<Access> &accesses,
                          llvm::SmallDenseSet<unsigned> &pinned) {
  SmallVector<AffineExpr> root = rootIndex(nest);
  for (const Memory &destination : nest.destinations)
    if (destination.buffer)
      accesses.push_back({destination, root, false, true});
  if (!nest.core) {
    for (Value value : nest.values)
      traceValue(value, root, nest.compute, false, {}, accesses, pinned);
    return;
  }
  for (auto [stream, destination] :
       llvm::zip(nest.streams, nest.streamDestinations))
    accesses.push_back({destination, streamIndex(nest, stream), true, true});
  linalg::GenericOp core = nest.core;
  for (auto indexOp : core.getBody()->getOps<linalg::IndexOp>())
    nest.index[indexOp.getDim()].walk([&](AffineExpr part) {
      if (auto used = dyn_cast<AffineSymbolExpr>(part))
        pinned.insert(used.getPosition());
    });
  for (OpOperand &operand : core->getOpOperands()) {
    if (!isa<RankedTensorType>(operand.get().getType()))
      continue;
    SmallVector<AffineExpr> at;
    for (AffineExpr expr : core.getMatchingIndexingMap(&operand).getResults())
      at.push_back(expr.replaceDims(nest.index));
    traceValue(operand.get(), at, false, !core.isDpsInit(&operand), {},
               accesses, pinned);
  }
  for (Value value : nest.values)
    if (value.getDefiningOp() != core)
      traceValue(value, root, true, false, core->getResult(0), accesses,
                 pinned);
}

/// True if dims `dim` and `dim` + 1 of a buffer are one run of memory.
static bool areAdjacent(Value buffer, unsigned dim) {
  auto type = cast<MemRefType>(buffer.getType());
  if (type.getLayout().isIdentity())
    return true;
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(type.getStridesAndOffset(strides, offset)) &&
         !ShapedType::isDynamic(strides[dim]) &&
         !ShapedType::isDynamic(strides[dim + 1]) &&
         !type.isDynamicDim(dim + 1) &&
         strides[dim] == strides[dim + 1] * type.getDimSize(dim + 1);
}

void RegionEmitter::mergeLoops(Nest &nest) {
  placeholders.clear();
  // Loops of one iteration are none.
  llvm::erase_if(nest.loops, [&](NestLoop &loop) {
    if (loop.extent != getAffineConstantExpr(1, context))
      return false;
    nest.index[loop.dims[0]] = getAffineConstantExpr(0, context);
    return true;
  });
  for (NestLoop &loop : nest.loops) {
    symbols.push_back(Value());
    nest.index[loop.dims[0]] = getAffineSymbolExpr(symbols.size() - 1, context);
    loop.estimate = estimate(loop.extent);
  }
  SmallVector<Access> accesses;
  llvm::SmallDenseSet<unsigned> pinned;
  trace(nest, accesses, pinned);

  auto uses = [](AffineExpr expr, AffineExpr symbol) {
    return expr.isFunctionOfSymbol(
        cast<AffineSymbolExpr>(symbol).getPosition());
  };
  auto canMerge = [&](const NestLoop &outer, const NestLoop &inner) {
    AffineExpr p = nest.index[outer.dims.back()];
    AffineExpr q = nest.index[inner.dims.front()];
    if (outer.reduction != inner.reduction ||
        pinned.contains(cast<AffineSymbolExpr>(p).getPosition()) ||
        pinned.contains(cast<AffineSymbolExpr>(q).getPosition()))
      return false;
    for (const Access &access : accesses) {
      auto index = ArrayRef(access.index).drop_front(access.memory.dropped);
      unsigned used = 0;
      std::optional<unsigned> at;
      for (unsigned dim = 0; dim < index.size(); ++dim) {
        used += uses(index[dim], p) || uses(index[dim], q);
        if (dim + 1 < index.size() && index[dim] == p && index[dim + 1] == q)
          at = dim;
      }
      if (used == 0)
        continue;
      if (used != 2 || !at || !areAdjacent(access.memory.buffer, *at))
        return false;
      auto type = cast<MemRefType>(access.memory.buffer.getType());
      int64_t size = type.getDimSize(*at + 1);
      auto extent = dyn_cast<AffineConstantExpr>(inner.extent);
      if (ShapedType::isDynamic(size) ? bool(extent)
                                      : !extent || extent.getValue() != size)
        return false;
    }
    return true;
  };
  SmallVector<NestLoop> merged;
  for (NestLoop &loop : nest.loops) {
    if (!merged.empty() && canMerge(merged.back(), loop)) {
      merged.back().dims.append(loop.dims);
      merged.back().extent = merged.back().extent * loop.extent;
      merged.back().estimate *= loop.estimate;
    } else {
      merged.push_back(loop);
    }
  }
  nest.loops = std::move(merged);
  mergedIndex.assign(nest.loops.size(), AffineExpr());
  mergedSizes.assign(nest.loops.size(), 1);
  for (auto [i, loop] : llvm::enumerate(nest.loops)) {
    mergedSizes[i] = loop.dims.size();
    if (loop.dims.size() > 1)
      for (auto [position, dim] : llvm::enumerate(loop.dims))
        placeholders[nest.index[dim]] = {i, position};
  }
}

unsigned RegionEmitter::elementBits(const Nest &nest) {
  unsigned bits = 8;
  auto add = [&](Type type) {
    if (auto shaped = dyn_cast<ShapedType>(type))
      type = shaped.getElementType();
    if (type.isIntOrFloat())
      bits = std::max(bits, type.getIntOrFloatBitWidth());
  };
  SmallVector<Access> accesses;
  llvm::SmallDenseSet<unsigned> pinned;
  trace(nest, accesses, pinned);
  for (const Access &access : accesses)
    add(access.memory.buffer.getType());
  for (Value value : nest.values)
    add(value.getType());
  if (linalg::GenericOp core = nest.core)
    for (Operation &op : *core.getBody())
      for (Type type : op.getResultTypes())
        add(type);
  return bits;
}

bool RegionEmitter::mayReorder(linalg::GenericOp core) {
  Block &body = *core.getBody();
  auto *yield = body.getTerminator();
  for (auto [i, value] : llvm::enumerate(yield->getOperands())) {
    Value accumulator = body.getArgument(core.getNumDpsInputs() + i);
    Operation *combine = value.getDefiningOp();
    if (!combine || combine->getBlock() != &body || !accumulator.hasOneUse() ||
        *accumulator.user_begin() != combine || !value.hasOneUse() ||
        combine->getNumOperands() != 2 || !arith::getNeutralElement(combine))
      return false;
    if (options.strict && isa<arith::AddFOp, arith::MulFOp>(combine))
      return false;
  }
  return true;
}

double RegionEmitter::laneCost(const Nest &nest, ArrayRef<Access> accesses,
                               unsigned number, unsigned lanes,
                               bool &storesInLine) {
  const NestLoop &loop = nest.loops[number];
  AffineExpr last = nest.index[loop.dims.back()];
  AffineExpr lane = getAffineDimExpr(0, context);
  int64_t volume = 1;
  for (const NestLoop &each : nest.loops)
    if (each.reduction)
      volume *= std::max<int64_t>(each.estimate, 1);
  double cost = 1;
  storesInLine = true;
  for (const Access &access : accesses) {
    auto index = ArrayRef(access.index).drop_front(access.memory.dropped);
    bool uniform = true, inLine = true;
    for (unsigned dim = 0; dim < index.size(); ++dim) {
      auto split =
          splitLanes(index[dim].replace(last, last * lanes + lane), lanes);
      bool isUniform = split && split->stride == 0;
      uniform &= isUniform;
      inLine &=
          dim + 1 == index.size() ? split && split->stride == 1 : isUniform;
    }
    if (loop.reduction && !access.behindCore)
      continue;
    double weight = access.behindCore || loop.reduction ? 1 : 1.0 / volume;
    if (!uniform && !inLine && access.isStore)
      storesInLine = false;
    cost += weight * (uniform ? 0.25 : inLine ? 1 : 1.5 * lanes);
  }
  int64_t extent = std::max<int64_t>(loop.estimate, 1);
  double steps = double(llvm::divideCeil(extent, lanes));
  if (loop.reduction)
    cost += 2.0 * llvm::Log2_32_Ceil(lanes) / steps + 1;
  return cost * steps / extent;
}

TileChoice RegionEmitter::chooseTile(const Nest &nest) {
  TileChoice choice;
  choice.unroll.assign(nest.loops.size(), 1);
  SmallVector<Access> accesses;
  llvm::SmallDenseSet<unsigned> pinned;
  trace(nest, accesses, pinned);
  unsigned full = target.lanes(elementBits(nest));
  double best = 1e30;
  bool reorder = nest.core && mayReorder(nest.core);
  for (unsigned i = 0; i < nest.loops.size(); ++i) {
    const NestLoop &loop = nest.loops[i];
    if (loop.reduction && !reorder)
      continue;
    unsigned lanes = full;
    if (loop.isStatic() && loop.estimate < int64_t(full))
      lanes =
          target.masks
              ? llvm::PowerOf2Ceil(std::max<int64_t>(loop.estimate, 1))
              : llvm::bit_floor(uint64_t(std::max<int64_t>(loop.estimate, 1)));
    if (lanes < 2)
      continue;
    bool storesInLine;
    double cost = laneCost(nest, accesses, i, lanes, storesInLine);
    if (!loop.isStatic() && !storesInLine && !loop.reduction)
      continue;
    if (cost < best) {
      best = cost;
      choice.lane = i;
      choice.lanes = lanes;
    }
  }
  chooseRegisterTile(nest, accesses, choice);
  return choice;
}

/// The time of a register tile of `rows` x `vectors`, in multiply-adds: these,
/// or the loads that they need, or at least the latency of one.
static double tileCost(unsigned rows, unsigned vectors, bool rowLoads,
                       bool vectorLoads) {
  double loads = (rowLoads ? rows : 1) + (vectorLoads ? vectors : 1);
  return std::max({double(rows * vectors), loads, 8.0});
}

void RegionEmitter::chooseTransposition(const Nest &nest,
                                        ArrayRef<Access> accesses,
                                        TileChoice &choice) {
  // Larger blocks than 16 x 16 don't fit the registers.
  unsigned size = std::min(choice.lanes, 16u);
  if (choice.lane < 0 || size < 4 || !llvm::isPowerOf2_32(size))
    return;
  AffineExpr lane = nest.index[nest.loops[choice.lane].dims.back()];
  for (const Access &access : accesses) {
    if (access.isStore || access.index.empty())
      continue;
    AffineExpr last = access.index.back();
    auto symbolOf = [](AffineExpr expr) {
      return cast<AffineSymbolExpr>(expr).getPosition();
    };
    bool strided =
        llvm::any_of(ArrayRef(access.index).drop_back(), [&](AffineExpr e) {
          return e.isFunctionOfSymbol(symbolOf(lane));
        });
    if (!strided || last.isFunctionOfSymbol(symbolOf(lane)))
      continue;
    for (unsigned i = 0; i < nest.loops.size(); ++i)
      if (nest.index[nest.loops[i].dims.back()] == last &&
          nest.loops[i].isStatic() && nest.loops[i].estimate >= size) {
        choice.transposed = i;
        choice.lanes = size;
        choice.vectors = 1;
        choice.unroll[i] = size;
        return;
      }
  }
}

void RegionEmitter::chooseRegisterTile(const Nest &nest,
                                       ArrayRef<Access> accesses,
                                       TileChoice &choice) {
  SmallVector<unsigned> parallel;
  for (unsigned i = 0; i < nest.loops.size(); ++i)
    if (!nest.loops[i].reduction && int(i) != choice.lane)
      parallel.push_back(i);
  bool lanesReduce = choice.lane >= 0 && nest.loops[choice.lane].reduction;
  int64_t laneExtent = choice.lane >= 0 ? nest.loops[choice.lane].estimate : 1;
  unsigned maxVectors =
      choice.lane < 0
          ? 1
          : std::min<int64_t>(4, llvm::divideCeil(laneExtent, choice.lanes));
  maxVectors = std::max(maxVectors, 1u);

  auto dependsOn = [&](const Access &access, unsigned loop) {
    return llvm::any_of(nest.loops[loop].dims, [&](unsigned dim) {
      unsigned at = cast<AffineSymbolExpr>(nest.index[dim]).getPosition();
      return llvm::any_of(access.index, [&](AffineExpr expr) {
        return expr.isFunctionOfSymbol(at);
      });
    });
  };

  if (!nest.core) {
    choice.vectors = maxVectors;
    choice.order = parallel;
    chooseTransposition(nest, accesses, choice);
    if (choice.lane >= 0)
      choice.order.push_back(choice.lane);
    llvm::sort(choice.order);
    return;
  }
  if (lanesReduce) {
    // Independent accumulators hide the latency of the combining op.
    choice.vectors = maxVectors;
    if (hasReuse(nest.core)) {
      choice.vectors = 1;
      unsigned left = target.registers >= 32 ? 16 : 8;
      for (unsigned loop : llvm::reverse(parallel)) {
        unsigned unroll = std::min<int64_t>(nest.loops[loop].estimate, 4);
        if (unroll > left)
          break;
        choice.unroll[loop] = std::max(unroll, 1u);
        left /= choice.unroll[loop];
      }
    }
    choice.order = parallel;
    return;
  }

  // Rows: the innermost parallel loops that are no lanes.
  bool vectorLoads = false, sharesRows = false;
  for (const Access &access : accesses) {
    if (!access.behindCore || choice.lane < 0)
      continue;
    bool onLane = dependsOn(access, choice.lane);
    vectorLoads |= onLane;
    sharesRows |= !onLane;
  }
  unsigned budget = target.registers >= 32 ? 24 : 12;
  int64_t packed = 0; // the width of a packed panel
  if (choice.lane >= 0)
    for (const Access &access : accesses)
      for (AffineExpr expr : access.index)
        expr.walk([&](AffineExpr part) {
          auto binary = dyn_cast<AffineBinaryOpExpr>(part);
          if (binary && binary.getKind() == AffineExprKind::Mod)
            if (auto c = dyn_cast<AffineConstantExpr>(binary.getRHS()))
              packed = c.getValue();
        });
  int rowLoop = -1, rowLoop2 = -1;
  for (unsigned loop : llvm::reverse(parallel)) {
    // A loop that the vectors depend on as much as the rows shares nothing.
    if (rowLoop < 0)
      rowLoop = loop;
    else if (rowLoop2 < 0)
      rowLoop2 = loop;
  }
  // Where the operand of the rows is a vector as well (depthwise convolution,
  // pooling), neighbouring rows share elements of their windows: these have to
  // fit the registers besides the accumulators.
  bool windows = rowLoop >= 0 && choice.lane >= 0 &&
                 llvm::any_of(accesses, [&](const Access &access) {
                   return access.behindCore && dependsOn(access, rowLoop) &&
                          dependsOn(access, choice.lane);
                 });
  if (windows) {
    auto divide = [&](int loop, std::initializer_list<unsigned> sizes) {
      if (loop < 0)
        return;
      int64_t extent = nest.loops[loop].estimate;
      for (unsigned size : sizes)
        if (extent % size == 0 || extent > 8 * size) {
          choice.unroll[loop] = size;
          return;
        }
    };
    divide(rowLoop, {4, 5, 3, 2, 1});
    if (rowLoop2 >= 0 && nest.loops[rowLoop2].isStatic())
      divide(rowLoop2, {2, 1});
    choice.vectors = 1;
    choice.order = parallel;
    choice.order.push_back(choice.lane);
    llvm::sort(choice.order);
    return;
  }
  double best = 1e300;
  unsigned bestSize = 0;
  int64_t rowExtent = rowLoop >= 0 ? nest.loops[rowLoop].estimate : 1;
  int64_t rowExtent2 = rowLoop2 >= 0 ? nest.loops[rowLoop2].estimate : 1;
  bool fixedRows = rowLoop < 0 || nest.loops[rowLoop].isStatic();
  auto split = [](int64_t extent, int64_t tile) {
    return std::make_pair(extent / tile, extent % tile);
  };
  for (unsigned vectors = 1; vectors <= maxVectors; ++vectors) {
    int64_t width = int64_t(vectors) * choice.lanes;
    if (packed > width && packed % width != 0)
      continue;
    if (packed && width > packed && width % packed != 0)
      continue;
    for (unsigned rows = 1; rows <= std::min<int64_t>(8, rowExtent); ++rows) {
      for (unsigned rows2 = 1; rows2 <= std::min<int64_t>(4, rowExtent2);
           ++rows2) {
        if (rows * rows2 * vectors > budget ||
            (rows2 > 1 && int64_t(rows) < std::min<int64_t>(rowExtent, 8) &&
             rowExtent > 8))
          continue;
        auto [tiles, rest] = fixedRows
                                 ? split(rowExtent, rows)
                                 : std::make_pair(rowExtent / rows, int64_t(0));
        auto [tiles2, rest2] = split(rowExtent2, rows2);
        auto [laneTiles, laneRest] = split(laneExtent, width);
        unsigned restVectors = llvm::divideCeil(laneRest, choice.lanes);
        double cost = 0;
        for (auto [count, r] : {std::make_pair(tiles, int64_t(rows)),
                                std::make_pair(int64_t(rest > 0), rest)})
          for (auto [count2, r2] : {std::make_pair(tiles2, int64_t(rows2)),
                                    std::make_pair(int64_t(rest2 > 0), rest2)})
            for (auto [countV, v] :
                 {std::make_pair(laneTiles, int64_t(vectors)),
                  std::make_pair(int64_t(laneRest > 0), int64_t(restVectors))})
              if (count && count2 && countV)
                cost += double(count) * count2 * countV *
                        tileCost(r * r2, v, true, vectorLoads);
        unsigned size = rows * rows2 * vectors;
        // Equal in theory: the larger tile has less overhead.
        cost *= 1.0 + 0.4 / size;
        if (packed && width == packed)
          cost *= 0.97;
        if (cost < best || (cost == best && size > bestSize)) {
          best = cost;
          bestSize = size;
          choice.vectors = vectors;
          if (rowLoop >= 0)
            choice.unroll[rowLoop] = rows;
          if (rowLoop2 >= 0)
            choice.unroll[rowLoop2] = rows2;
        }
      }
    }
  }
  // Where the rows' operand is the same for all lanes (a contraction), a panel
  // of the lanes' operand stays in the cache while all rows go by: the lane
  // loop is outside of the loops that this operand doesn't depend on.
  SmallVector<unsigned> outer, inner;
  for (unsigned loop : parallel) {
    bool panelDepends = llvm::any_of(accesses, [&](const Access &access) {
      return access.behindCore && choice.lane >= 0 &&
             dependsOn(access, choice.lane) && dependsOn(access, loop);
    });
    (panelDepends || !sharesRows ? outer : inner).push_back(loop);
  }
  choice.order = outer;
  if (choice.lane >= 0)
    choice.order.push_back(choice.lane);
  choice.order.append(inner);
}
