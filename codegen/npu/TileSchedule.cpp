//===- TileSchedule.cpp - Elementwise ops and reductions, tile by tile ----===//
// A tile holds some rows of all tensors of the region, whole where they are
// reduced: softmax and layer norm read their input once. Inputs come through
// dma0, results leave through dma1, two tiles of each, so that both run beside
// the vector unit.
//===----------------------------------------------------------------------===//
#include "codegen/npu/Schedules.h"
#include "runtime/npu/Isa.h"

using namespace mlir;
using namespace msc::npu;

namespace {

// Semaphores: who tells whom what.
enum : int64_t {
  kLoaded,  // dma0 -> vector
  kFree,    // vector -> dma0
  kDone,    // vector -> dma1
  kFreeOut, // dma1 -> vector
};

constexpr unsigned kSides = 2;
// Larger tiles hide nothing more.
constexpr int64_t kMaxRows = 256, kMaxCols = 2048;

class TileSchedule : public Schedule {
public:
  std::string plan(func::FuncOp region) override;
  func::FuncOp emit(func::FuncOp region) override;
  std::string text() const override {
    return "tiles " + std::to_string(rows.tile) + "x" +
           std::to_string(cols.tile);
  }
  double cycles() const override;

private:
  int64_t localBytes() const;
  bool fit();
  int64_t rowsOf(const TileValue &v) const {
    return v.shape.rows ? rows.tile : 1;
  }
  int64_t colsOf(const TileValue &v) const {
    return v.shape.cols ? cols.tile : 1;
  }

  RegionDims dims;
  TileProgram program;
  TiledClass rows = {-1, 1, 1}, cols = {-1, 1, 1};
  SmallVector<TiledClass> outer;
};

} // namespace

std::string TileSchedule::plan(func::FuncOp region) {
  std::string why = dims.analyse(region);
  if (!why.empty())
    return why;
  dims.coalesce();
  SmallVector<unsigned> order;
  for (unsigned dimClass : dims.order())
    if (!dims.isWindow(dimClass))
      order.push_back(dimClass);
  auto tiled = [&](unsigned dimClass, int64_t tile) {
    int64_t extent = dims.extent(dimClass);
    bool whole = dims.isReduced(dimClass);
    return TiledClass{int(dimClass), extent,
                      whole ? extent : std::min(extent, tile)};
  };
  if (!order.empty())
    cols = tiled(order.back(), kMaxCols);
  if (order.size() > 1)
    rows = tiled(order[order.size() - 2], kMaxRows);
  for (unsigned dimClass :
       ArrayRef(order).drop_back(std::min<size_t>(order.size(), 2)))
    outer.push_back({int(dimClass), dims.extent(dimClass), 1});
  why = program.build(region, dims, rows.dimClass, cols.dimClass,
                      DenseMap<Value, mlir::Type>());
  if (!why.empty())
    return why;
  if (outer.size() + 2 > kMaxLoops)
    return "more loops than the control unit has";
  if (!fit())
    return "rows that exceed the local memory";
  return "";
}

int64_t TileSchedule::localBytes() const {
  int64_t bytes = 0;
  auto count = [&](const TileValue &value, unsigned sides) {
    bytes += KernelEmitter::bytesOf(value.element, rowsOf(value), colsOf(value),
                                    sides);
  };
  for (unsigned value : program.inputs())
    count(program.values()[value], kSides);
  for (unsigned value : program.results())
    count(program.values()[value], kSides);
  for (const TileValue &buffer : program.buffers())
    count(buffer, 1);
  return bytes;
}

/// Halves the tile until it fits.
bool TileSchedule::fit() {
  auto halve = [&](TiledClass &loop, int64_t least) {
    if (loop.dimClass < 0 || dims.isReduced(loop.dimClass) ||
        loop.tile <= least)
      return false;
    loop.tile = (loop.tile + 1) / 2;
    return true;
  };
  while (localBytes() > int64_t(kLocalBytes))
    if (!halve(rows, 1) && !halve(cols, 64))
      return false;
  return true;
}

func::FuncOp TileSchedule::emit(func::FuncOp region) {
  KernelEmitter emitter(region, dims);
  auto values = program.values();
  SmallVector<Buffer> memory(values.size()), temporaries;
  auto allocate = [&](const TileValue &value, unsigned sides) {
    return emitter.allocate(value.element, rowsOf(value), colsOf(value), sides);
  };
  for (unsigned input : program.inputs())
    memory[input] = allocate(values[input], kSides);
  for (unsigned result : program.results())
    memory[result] = allocate(values[result], kSides);
  for (const TileValue &buffer : program.buffers())
    temporaries.push_back(allocate(buffer, 1));
  for (unsigned side = 0; side < kSides; ++side) {
    emitter.signal(UnitKind::Vector, kFree);
    emitter.signal(UnitKind::Dma1, kFreeOut);
  }

  SmallVector<TiledClass> loops = outer;
  loops.append({rows, cols});
  emitter.enterLoops(loops);
  Value side = emitter.sideOf(emitter.iteration());
  SmallVector<Value> tiles(values.size());
  for (auto [number, value] : llvm::enumerate(values)) {
    if (value.kind == TileValue::Constant)
      continue;
    bool isTemporary = value.kind == TileValue::Temporary;
    OpFoldResult one = emitter.at().getIndexAttr(1);
    tiles[number] =
        emitter.tile(isTemporary ? temporaries[value.buffer] : memory[number],
                     isTemporary ? Value() : side,
                     value.shape.rows ? emitter.sizeOf(rows.dimClass) : one,
                     value.shape.cols ? emitter.sizeOf(cols.dimClass) : one);
  }

  Location loc = region.getLoc();
  emitter.wait(UnitKind::Dma0, kFree);
  for (unsigned input : program.inputs()) {
    for (auto [dimClass, step] : values[input].place)
      emitter.setStep({int(dimClass), dims.extent(dimClass), 1},
                      emitter.index(step));
    LoadOp::create(
        emitter.at(), loc, UnitKind::Dma0,
        emitter.box(values[input].tensor, rows.dimClass, cols.dimClass),
        tiles[input]);
  }
  emitter.signal(UnitKind::Dma0, kLoaded);
  emitter.wait(UnitKind::Vector, kLoaded);
  emitter.wait(UnitKind::Vector, kFreeOut);
  emitter.program(program, tiles);
  emitter.signal(UnitKind::Vector, kFree);
  emitter.signal(UnitKind::Vector, kDone);
  emitter.wait(UnitKind::Dma1, kDone);
  unsigned firstOut = region.getNumArguments() - program.results().size();
  for (auto [index, result] : llvm::enumerate(program.results()))
    StoreOp::create(emitter.at(), loc, UnitKind::Dma1, tiles[result],
                    emitter.box(region.getArgument(firstOut + index),
                                rows.dimClass, cols.dimClass));
  emitter.signal(UnitKind::Dma1, kFreeOut);
  emitter.finish();
  return emitter.kernel();
}

double TileSchedule::cycles() const {
  double points = double(rows.steps()) * cols.steps(), vector = 0, bytes = 0;
  for (const TiledClass &loop : outer)
    points *= loop.extent;
  auto tileBytes = [&](unsigned value) {
    const TileValue &v = program.values()[value];
    return KernelEmitter::bytesOf(v.element, rowsOf(v), colsOf(v), 1);
  };
  for (unsigned value : program.inputs())
    bytes += tileBytes(value);
  for (unsigned value : program.results())
    bytes += tileBytes(value);
  for (const TileOp &op : program.ops()) {
    const TileValue &v =
        program.values()[op.combiner ? op.sources[0] : op.dest];
    Opcode opcode = Opcode(unsigned(Opcode::VMov) + unsigned(op.function));
    unsigned cost = op.combiner ? 1 : infoOf(opcode).cost;
    vector += kVectorSetup +
              double(rowsOf(v)) * ((colsOf(v) + kLanes - 1) / kLanes) * cost;
  }
  return points * std::max(vector, bytes / kBeatBytes);
}

std::unique_ptr<Schedule> msc::npu::createTileSchedule() {
  return std::make_unique<TileSchedule>();
}
