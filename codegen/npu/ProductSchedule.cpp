//===- ProductSchedule.cpp - One contraction in the matrix unit -----------===//
// A block of the result is summed up in the accumulators while the next blocks
// of the operands arrive; the vector unit then does the elementwise rest on it
// while the matrix unit works on the next one. Operands in f32 are rounded to
// f16 on the chip: the products are those of f16, their sums are f32.
//===----------------------------------------------------------------------===//
#include "codegen/npu/Schedules.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "runtime/npu/Isa.h"

using namespace mlir;
using namespace msc::npu;

namespace {

// Semaphores: who tells whom what. Those of an operand are there twice.
enum : int64_t {
  kLoaded,                   // dma -> matrix, or vector if it rounds
  kFree,                     // the other way
  kRounded,                  // vector -> matrix
  kFreeRound,                // the other way
  kOfOperand,                // how many
  kProduct = 2 * kOfOperand, // matrix -> vector
  kFreeAcc,                  // vector -> matrix
  kDone,                     // vector -> dma2
  kFreeOut,                  // dma2 -> vector
  kLoadedRest,               // dma3 -> vector
  kFreeRest                  // vector -> dma3
};

constexpr unsigned kSides = 2;
constexpr int64_t kBlock = 128;
// An f32 operand also needs memory for what it is rounded to.
constexpr int64_t kRoundedDepth = 64;

/// One side of the product: m x k or n x k, as it lies in memory.
struct Operand {
  Value tensor;
  bool alongOuter = false; // rows are the sum's dim: k x m, k x n
  bool rounds = false;
  mlir::Type element; // in device memory
  Buffer loaded, rounded;
  UnitKind dma = UnitKind::Dma0;
  int64_t semaphores = 0;
};

class ProductSchedule : public Schedule {
public:
  std::string plan(func::FuncOp region) override;
  func::FuncOp emit(func::FuncOp region) override;
  std::string text() const override;
  double cycles() const override;

private:
  std::string findProduct(func::FuncOp region);
  std::string chooseClasses();
  std::string chooseElement();
  std::string fit();
  int64_t localBytes() const;
  /// Whether the elementwise rest reads more than the product.
  bool hasRest() const { return program.inputs().size() > 1; }
  int64_t depthSteps() const {
    int64_t steps = k.steps();
    for (const TiledClass &loop : outerDepth)
      steps *= loop.extent;
    return steps;
  }
  int64_t rowsOf(const TileValue &v) const { return v.shape.rows ? m.tile : 1; }
  int64_t colsOf(const TileValue &v) const { return v.shape.cols ? n.tile : 1; }

  void allocate(KernelEmitter &emitter);
  void signalFree(KernelEmitter &emitter);
  void loadOperand(KernelEmitter &emitter, Operand &operand, Value side);
  Value readyTile(KernelEmitter &emitter, Operand &operand, Value side);
  void step(KernelEmitter &emitter, Value tile, Value depth, Value acc,
            bool accumulate);
  void rest(KernelEmitter &emitter, func::FuncOp region, Value side, Value acc);

  RegionDims dims;
  TileProgram program;
  linalg::GenericOp product;
  Value result; // of it
  Operand a, b;
  mlir::Type element; // of the matrix unit's operands
  TiledClass m = {-1, 1, 1}, n = {-1, 1, 1}, k = {-1, 1, 1};
  SmallVector<TiledClass> outer, outerDepth; // of the result, of the sum
  SmallVector<Buffer> memory, temporaries;   // by value, by temporary
  Buffer accumulators;
};

} // namespace

static Value withoutExtension(Value value) {
  if (auto extension = value.getDefiningOp<arith::ExtFOp>())
    return extension.getIn();
  return value;
}

/// sum of x y, with x and y two inputs.
static bool isProduct(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 2 || op->getNumResults() != 1 ||
      !op.getNumReductionLoops())
    return false;
  auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
  auto sum = yield.getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!sum)
    return false;
  BlockArgument old = op.getRegionOutputArgs()[0];
  if (!old.hasOneUse() || (sum.getLhs() != old && sum.getRhs() != old))
    return false;
  Value other = sum.getLhs() == old ? sum.getRhs() : sum.getLhs();
  auto mul = withoutExtension(other).getDefiningOp<arith::MulFOp>();
  if (!mul)
    return false;
  Value x = withoutExtension(mul.getLhs()), y = withoutExtension(mul.getRhs());
  auto inputs = op.getRegionInputArgs();
  return (x == inputs[0] && y == inputs[1]) ||
         (x == inputs[1] && y == inputs[0]);
}

std::string ProductSchedule::findProduct(func::FuncOp region) {
  for (auto op : region.getBody().front().getOps<linalg::GenericOp>()) {
    if (!isProduct(op))
      continue;
    if (product)
      return "several products";
    product = op;
  }
  if (!product)
    return "no product";
  result = product->getResult(0);
  auto fill =
      product.getDpsInitOperand(0)->get().getDefiningOp<linalg::FillOp>();
  if (!fill || !matchPattern(fill.getInputs()[0], m_AnyZeroFloat()))
    return "a product that adds to a tensor";
  a.tensor = product.getInputs()[0];
  b.tensor = product.getInputs()[1];
  if (!isa<BlockArgument>(a.tensor) || !isa<BlockArgument>(b.tensor))
    return "no product"; // the vector unit may do it
  return "";
}

/// Which class is what: m of a and the result, n of b and the result, k of a
/// and b. Of several the innermost is the block's, the others are loops around
/// it.
std::string ProductSchedule::chooseClasses() {
  for (unsigned dimClass : dims.order()) {
    bool inA = dims.has(a.tensor, dimClass), inB = dims.has(b.tensor, dimClass),
         inC = dims.has(result, dimClass);
    TiledClass whole = {int(dimClass), dims.extent(dimClass),
                        std::min(dims.extent(dimClass), kBlock)};
    TiledClass loop = {int(dimClass), dims.extent(dimClass), 1};
    if (inA && inB && !inC) {
      if (k.dimClass >= 0)
        outerDepth.push_back({k.dimClass, k.extent, 1});
      k = whole;
    } else if (inC && inA != inB) {
      TiledClass &block = inA ? m : n;
      if (block.dimClass >= 0)
        outer.push_back({block.dimClass, block.extent, 1});
      block = whole;
    } else if (inC && inA) {
      outer.push_back(loop);
    } else {
      return "a dim that is no part of the product";
    }
  }
  if (k.dimClass < 0)
    return "a product without sum";
  // A sum of products that share all dims has nothing to do for a matrix unit.
  if (m.dimClass < 0 && n.dimClass < 0)
    return "no product";
  // Columns are what is contiguous in the result.
  if (m.dimClass >= 0 && n.dimClass >= 0 &&
      dims.stride(result, m.dimClass) < dims.stride(result, n.dimClass)) {
    std::swap(a, b);
    std::swap(m, n);
  }
  auto lies = [&](Operand &operand, const TiledClass &other) {
    operand.alongOuter =
        other.dimClass >= 0 && dims.stride(operand.tensor, other.dimClass) <
                                   dims.stride(operand.tensor, k.dimClass);
  };
  lies(a, m);
  lies(b, n);
  return "";
}

std::string ProductSchedule::chooseElement() {
  for (Operand *operand : {&a, &b}) {
    operand->element = getElementTypeOrSelf(operand->tensor.getType());
    if (operand->element.isF32())
      continue;
    if (!operand->element.isF16() && !operand->element.isBF16())
      return "a product of elements that are no floats of 16 or 32 bits";
    if (element && element != operand->element)
      return "a product of f16 and bf16";
    element = operand->element;
  }
  if (!element)
    element = Float16Type::get(product.getContext());
  for (Operand *operand : {&a, &b})
    operand->rounds = operand->element != element;
  if (a.rounds || b.rounds)
    k.tile = std::min(k.tile, kRoundedDepth);
  b.dma = UnitKind::Dma1;
  b.semaphores = kOfOperand;
  return "";
}

int64_t ProductSchedule::localBytes() const {
  int64_t bytes = 0;
  for (auto [operand, block] : {std::pair(&a, &m), std::pair(&b, &n)}) {
    int64_t rows = operand->alongOuter ? k.tile : block->tile;
    int64_t cols = operand->alongOuter ? block->tile : k.tile;
    bytes += KernelEmitter::bytesOf(operand->element, rows, cols, kSides);
    if (operand->rounds)
      bytes += KernelEmitter::bytesOf(element, rows, cols, kSides);
  }
  for (auto [number, value] : llvm::enumerate(program.values()))
    if (value.kind == TileValue::Result ||
        (value.kind == TileValue::Input && value.tensor != result))
      bytes += KernelEmitter::bytesOf(value.element, rowsOf(value),
                                      colsOf(value), kSides);
  for (const TileValue &value : program.buffers())
    bytes +=
        KernelEmitter::bytesOf(value.element, rowsOf(value), colsOf(value), 1);
  return bytes;
}

std::string ProductSchedule::fit() {
  while (localBytes() > int64_t(kLocalBytes)) {
    TiledClass *largest = &k;
    for (TiledClass *other : {&n, &m})
      if (other->tile > largest->tile)
        largest = other;
    if (largest->tile <= 16)
      return "blocks that exceed the local memory";
    largest->tile = (largest->tile + 1) / 2;
  }
  return "";
}

std::string ProductSchedule::plan(func::FuncOp region) {
  std::string why = findProduct(region);
  if (why.empty())
    why = dims.analyse(region);
  if (!why.empty())
    return why;
  dims.coalesce();
  why = chooseClasses();
  if (why.empty())
    why = chooseElement();
  if (!why.empty())
    return why;
  DenseMap<Value, mlir::Type> given;
  given[result] = Float32Type::get(region.getContext());
  why = program.build(region, dims, m.dimClass, n.dimClass, given);
  if (!why.empty())
    return why;
  for (const TileOp &op : program.ops())
    if (op.combiner)
      return "a reduction of a product";
  if (outer.size() + 3 > kMaxLoops)
    return "more loops than the control unit has";
  return fit();
}

std::string ProductSchedule::text() const {
  std::string result = "product " + std::to_string(m.tile) + "x" +
                       std::to_string(n.tile) + "x" + std::to_string(k.tile);
  if (a.rounds || b.rounds)
    result += " rounded";
  return result;
}

double ProductSchedule::cycles() const {
  double blocks = double(m.steps()) * n.steps() * depthSteps();
  for (const TiledClass &loop : outer)
    blocks *= loop.extent;
  auto tiles = [](int64_t extent) { return (extent + 15) / 16; };
  double matrix = kMatrixSetup + double(kTileCycles) * tiles(m.tile) *
                                     tiles(n.tile) * tiles(k.tile);
  double bytes = double(k.tile) *
                 (m.tile * a.element.getIntOrFloatBitWidth() +
                  n.tile * b.element.getIntOrFloatBitWidth()) /
                 8;
  return blocks * std::max(matrix, bytes / kBeatBytes);
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

void ProductSchedule::allocate(KernelEmitter &emitter) {
  for (auto [operand, block] : {std::pair(&a, &m), std::pair(&b, &n)}) {
    int64_t rows = operand->alongOuter ? k.tile : block->tile;
    int64_t cols = operand->alongOuter ? block->tile : k.tile;
    operand->loaded = emitter.allocate(operand->element, rows, cols, kSides);
    if (operand->rounds)
      operand->rounded = emitter.allocate(element, rows, cols, kSides);
  }
  accumulators = emitter.allocate(Float32Type::get(product.getContext()),
                                  m.tile, n.tile, kSides, /*accumulator=*/true);
  memory.resize(program.values().size());
  for (auto [number, value] : llvm::enumerate(program.values())) {
    if (value.kind == TileValue::Input && value.tensor == result)
      memory[number] = accumulators;
    else if (value.kind == TileValue::Input || value.kind == TileValue::Result)
      memory[number] =
          emitter.allocate(value.element, rowsOf(value), colsOf(value), kSides);
  }
  for (const TileValue &value : program.buffers())
    temporaries.push_back(
        emitter.allocate(value.element, rowsOf(value), colsOf(value), 1));
}

/// Both sides of everything are free at the beginning.
void ProductSchedule::signalFree(KernelEmitter &emitter) {
  for (unsigned side = 0; side < kSides; ++side) {
    for (Operand *operand : {&a, &b}) {
      emitter.signal(operand->rounds ? UnitKind::Vector : UnitKind::Matrix,
                     operand->semaphores + kFree);
      if (operand->rounds)
        emitter.signal(UnitKind::Matrix, operand->semaphores + kFreeRound);
    }
    emitter.signal(UnitKind::Vector, kFreeAcc);
    emitter.signal(UnitKind::Dma2, kFreeOut);
    if (hasRest())
      emitter.signal(UnitKind::Vector, kFreeRest);
  }
}

/// The block of an operand on its way, at the present steps.
void ProductSchedule::loadOperand(KernelEmitter &emitter, Operand &operand,
                                  Value side) {
  int block = &operand == &a ? m.dimClass : n.dimClass;
  int rows = operand.alongOuter ? k.dimClass : block;
  int cols = operand.alongOuter ? block : k.dimClass;
  emitter.wait(operand.dma, operand.semaphores + kFree);
  LoadOp::create(emitter.at(), product.getLoc(), operand.dma,
                 emitter.box(operand.tensor, rows, cols),
                 emitter.tile(operand.loaded, side, emitter.sizeOf(rows),
                              emitter.sizeOf(cols)));
  emitter.signal(operand.dma, operand.semaphores + kLoaded);
}

/// The tile that the matrix unit reads, which waits for it.
Value ProductSchedule::readyTile(KernelEmitter &emitter, Operand &operand,
                                 Value side) {
  int block = &operand == &a ? m.dimClass : n.dimClass;
  OpFoldResult rows = emitter.sizeOf(operand.alongOuter ? k.dimClass : block);
  OpFoldResult cols = emitter.sizeOf(operand.alongOuter ? block : k.dimClass);
  Value loaded = emitter.tile(operand.loaded, side, rows, cols);
  if (!operand.rounds) {
    emitter.wait(UnitKind::Matrix, operand.semaphores + kLoaded);
    return loaded;
  }
  Value rounded = emitter.tile(operand.rounded, side, rows, cols);
  emitter.wait(UnitKind::Vector, operand.semaphores + kLoaded);
  emitter.wait(UnitKind::Vector, operand.semaphores + kFreeRound);
  emitter.vector(Function::Mov, rounded, loaded);
  emitter.signal(UnitKind::Vector, operand.semaphores + kFree);
  emitter.signal(UnitKind::Vector, operand.semaphores + kRounded);
  emitter.wait(UnitKind::Matrix, operand.semaphores + kRounded);
  return rounded;
}

/// One block of k. `tile` is the number of the result's block.
void ProductSchedule::step(KernelEmitter &emitter, Value tile, Value depth,
                           Value acc, bool accumulate) {
  Value side =
      emitter.sideOf(emitter.add(emitter.mul(tile, depthSteps()), depth));
  emitter.setStep(k, emitter.rem(depth, k.steps()));
  Value rest = emitter.div(depth, k.steps());
  for (const TiledClass &loop : llvm::reverse(outerDepth)) {
    emitter.setStep(loop, emitter.rem(rest, loop.extent));
    rest = emitter.div(rest, loop.extent);
  }
  loadOperand(emitter, a, side);
  loadOperand(emitter, b, side);
  Value left = readyTile(emitter, a, side);
  Value right = readyTile(emitter, b, side);
  MatmulOp::create(emitter.at(), product.getLoc(), accumulate, a.alongOuter,
                   !b.alongOuter, left, right, acc);
  for (Operand *operand : {&a, &b})
    emitter.signal(UnitKind::Matrix,
                   operand->semaphores +
                       (operand->rounds ? kFreeRound : kFree));
}

/// What is done with the product, and storing it.
void ProductSchedule::rest(KernelEmitter &emitter, func::FuncOp region,
                           Value side, Value acc) {
  Location loc = product.getLoc();
  auto values = program.values();
  SmallVector<Value> tiles(values.size());
  for (auto [number, value] : llvm::enumerate(values)) {
    bool isTemporary = value.kind == TileValue::Temporary;
    OpFoldResult one = emitter.at().getIndexAttr(1);
    if (value.kind != TileValue::Constant)
      tiles[number] =
          emitter.tile(isTemporary ? temporaries[value.buffer] : memory[number],
                       isTemporary ? Value() : side,
                       value.shape.rows ? emitter.sizeOf(m.dimClass) : one,
                       value.shape.cols ? emitter.sizeOf(n.dimClass) : one);
  }
  if (hasRest()) {
    emitter.wait(UnitKind::Dma3, kFreeRest);
    for (unsigned input : program.inputs())
      if (values[input].tensor != result)
        LoadOp::create(
            emitter.at(), loc, UnitKind::Dma3,
            emitter.box(values[input].tensor, m.dimClass, n.dimClass),
            tiles[input]);
    emitter.signal(UnitKind::Dma3, kLoadedRest);
    emitter.wait(UnitKind::Vector, kLoadedRest);
  }
  emitter.wait(UnitKind::Vector, kProduct);
  emitter.wait(UnitKind::Vector, kFreeOut);
  emitter.program(program, tiles);
  emitter.signal(UnitKind::Vector, kFreeAcc);
  if (hasRest())
    emitter.signal(UnitKind::Vector, kFreeRest);
  emitter.signal(UnitKind::Vector, kDone);
  emitter.wait(UnitKind::Dma2, kDone);
  unsigned firstOut = region.getNumArguments() - program.results().size();
  for (auto [index, result] : llvm::enumerate(program.results()))
    StoreOp::create(emitter.at(), loc, UnitKind::Dma2, tiles[result],
                    emitter.box(region.getArgument(firstOut + index),
                                m.dimClass, n.dimClass));
  emitter.signal(UnitKind::Dma2, kFreeOut);
}

func::FuncOp ProductSchedule::emit(func::FuncOp region) {
  KernelEmitter emitter(region, dims);
  allocate(emitter);
  signalFree(emitter);
  SmallVector<TiledClass> loops = outer;
  loops.append({m, n});
  emitter.enterLoops(loops);
  Value tile = emitter.iteration(), side = emitter.sideOf(tile);
  Value acc = emitter.tile(accumulators, side, emitter.sizeOf(m.dimClass),
                           emitter.sizeOf(n.dimClass));
  emitter.wait(UnitKind::Matrix, kFreeAcc);
  step(emitter, tile, emitter.index(0), acc, /*accumulate=*/false);
  if (depthSteps() > 1) {
    OpBuilder &builder = emitter.at();
    auto loop =
        scf::ForOp::create(builder, product.getLoc(), emitter.index(1),
                           emitter.index(depthSteps()), emitter.index(1));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    step(emitter, tile, loop.getInductionVar(), acc, /*accumulate=*/true);
  }
  emitter.signal(UnitKind::Matrix, kProduct);
  rest(emitter, region, side, acc);
  emitter.finish();
  return emitter.kernel();
}

std::unique_ptr<Schedule> msc::npu::createProductSchedule() {
  return std::make_unique<ProductSchedule>();
}
