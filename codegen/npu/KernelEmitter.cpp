//===- KernelEmitter.cpp - Builds a kernel from tiles and loops -----------===//
#include "codegen/npu/KernelEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace msc::npu;

/// Rows of tiles begin at multiples of a line.
static constexpr int64_t kLineBytes = 32;

/// Integers of 64 bits are pairs of i32, of which the first is read.
static bool isWide(Type tensor) {
  return getElementTypeOrSelf(tensor).isSignlessInteger(64);
}

KernelEmitter::KernelEmitter(func::FuncOp region, const RegionDims &dims)
    : region(region), dims(dims), builder(region), loc(region.getLoc()) {
  SmallVector<Type> buffers;
  for (Type type : region.getArgumentTypes()) {
    auto tensor = cast<RankedTensorType>(type);
    SmallVector<int64_t> shape(tensor.getShape());
    Type element = tileElement(tensor.getElementType());
    if (isWide(tensor)) {
      shape.push_back(2);
      element = builder.getI32Type();
    }
    buffers.push_back(MemRefType::get(shape, element));
  }
  function = func::FuncOp::create(builder, loc, region.getName(),
                                  builder.getFunctionType(buffers, {}));
  function->setAttrs(region->getAttrs());
  function.setFunctionType(builder.getFunctionType(buffers, {}));
  function->removeAttr(function.getArgAttrsAttrName());
  function->removeAttr(function.getResAttrsAttrName());
  function->setAttr(kKernelAttr, builder.getUnitAttr());
  builder.setInsertionPointToStart(function.addEntryBlock());
  counter = index(0);
}

Value KernelEmitter::index(int64_t value) {
  Value &constant = indices[value];
  if (!constant) {
    OpBuilder entry = OpBuilder::atBlockBegin(&function.getBody().front());
    constant = arith::ConstantIndexOp::create(entry, loc, value);
  }
  return constant;
}

Value KernelEmitter::add(Value a, Value b) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  if (x && y)
    return index(*x + *y);
  if (x && *x == 0)
    return b;
  if (y && *y == 0)
    return a;
  return arith::AddIOp::create(builder, loc, a, b);
}

Value KernelEmitter::mul(Value a, int64_t factor) {
  if (std::optional<int64_t> x = getConstantIntValue(a))
    return index(*x * factor);
  if (factor == 1)
    return a;
  return arith::MulIOp::create(builder, loc, a, index(factor));
}

Value KernelEmitter::div(Value a, int64_t by) {
  if (std::optional<int64_t> x = getConstantIntValue(a))
    return index(*x / by);
  if (by == 1)
    return a;
  return arith::DivUIOp::create(builder, loc, a, index(by));
}

Value KernelEmitter::rem(Value a, int64_t by) {
  if (std::optional<int64_t> x = getConstantIntValue(a))
    return index(*x % by);
  if (by == 1)
    return index(0);
  return arith::RemUIOp::create(builder, loc, a, index(by));
}

static int64_t elementBytes(Type element) {
  return element.getIntOrFloatBitWidth() / 8;
}

/// A tile of one column is dense: its elements need no lines of their own.
static int64_t rowStrideOf(Type element, int64_t cols) {
  int64_t bytes = elementBytes(element);
  return cols == 1 ? 1 : llvm::alignTo(cols * bytes, kLineBytes) / bytes;
}

static int64_t sideStrideOf(Type element, int64_t rows, int64_t cols) {
  int64_t bytes = elementBytes(element);
  return llvm::alignTo(rows * rowStrideOf(element, cols) * bytes, kLineBytes) /
         bytes;
}

int64_t KernelEmitter::bytesOf(Type element, int64_t rows, int64_t cols,
                               unsigned sides) {
  return sides * sideStrideOf(element, rows, cols) * elementBytes(element);
}

Buffer KernelEmitter::allocate(Type element, int64_t rows, int64_t cols,
                               unsigned sides, bool accumulator) {
  Buffer buffer;
  buffer.rows = rows;
  buffer.cols = cols;
  buffer.rowStride = rowStrideOf(element, cols);
  buffer.sideStride = sideStrideOf(element, rows, cols);
  auto layout = StridedLayoutAttr::get(
      builder.getContext(), 0, {buffer.sideStride, buffer.rowStride, 1});
  Attribute space = LocalAttr::get(builder.getContext());
  if (accumulator)
    space = AccAttr::get(builder.getContext());
  auto type =
      MemRefType::get({int64_t(sides), rows, cols}, element, layout, space);
  buffer.memory = AllocOp::create(builder, loc, type, IntegerAttr());
  return buffer;
}

void KernelEmitter::setStep(const TiledClass &loop, Value step) {
  if (loop.dimClass < 0)
    return;
  Value offset = mul(step, loop.tile);
  offsets[loop.dimClass] = offset;
  // Where all steps but the last are whole, a known one may be as well.
  std::optional<int64_t> known = getConstantIntValue(step);
  if (loop.extent % loop.tile == 0 || (known && *known + 1 < loop.steps())) {
    sizes[loop.dimClass] = builder.getIndexAttr(loop.tile);
    return;
  }
  Value rest = arith::SubIOp::create(builder, loc, index(loop.extent), offset);
  sizes[loop.dimClass] =
      arith::MinSIOp::create(builder, loc, rest, index(loop.tile)).getResult();
}

void KernelEmitter::enterLoops(ArrayRef<TiledClass> loops) {
  for (const TiledClass &loop : loops) {
    Value step = index(0);
    if (loop.steps() > 1) {
      auto nest =
          scf::ForOp::create(builder, loc, step, index(loop.steps()), index(1));
      builder.setInsertionPointToStart(nest.getBody());
      step = nest.getInductionVar();
    }
    counter = add(mul(counter, loop.steps()), step);
    setStep(loop, step);
  }
}

Value KernelEmitter::sideOf(Value number) {
  if (std::optional<int64_t> known = getConstantIntValue(number))
    return index(*known & 1);
  return arith::AndIOp::create(builder, loc, number, index(1));
}

OpFoldResult KernelEmitter::sizeOf(int dimClass) {
  return dimClass < 0 ? OpFoldResult(builder.getIndexAttr(1))
                      : sizes.lookup(dimClass);
}

Value KernelEmitter::tile(const Buffer &buffer, Value side, OpFoldResult rows,
                          OpFoldResult cols) {
  OpFoldResult offset = builder.getIndexAttr(0);
  if (side)
    offset = getAsOpFoldResult(mul(side, buffer.sideStride));
  auto from = cast<MemRefType>(buffer.memory.getType());
  SmallVector<int64_t> shape;
  SmallVector<Value> dynamic;
  SmallVector<OpFoldResult> extents = {rows, cols};
  dispatchIndexOpFoldResults(extents, dynamic, shape);
  int64_t staticOffset =
      getConstantIntValue(offset).value_or(ShapedType::kDynamic);
  auto layout = StridedLayoutAttr::get(builder.getContext(), staticOffset,
                                       {buffer.rowStride, 1});
  auto type = MemRefType::get(shape, from.getElementType(), layout,
                              from.getMemorySpace());
  SmallVector<OpFoldResult> strides = {builder.getIndexAttr(buffer.rowStride),
                                       builder.getIndexAttr(1)};
  return memref::ReinterpretCastOp::create(builder, loc, type, buffer.memory,
                                           offset, extents, strides);
}

Value KernelEmitter::box(Value tensor, int rowClass, int colClass) {
  Value offset = index(0);
  int64_t scale = isWide(tensor.getType()) ? 2 : 1;
  for (TensorDim dim : dims.dimsOf(tensor))
    if (auto found = offsets.find(dim.dimClass); found != offsets.end())
      offset = add(offset, mul(found->second, dim.stride * scale));
  SmallVector<OpFoldResult> extents, strides;
  SmallVector<int64_t> staticStrides;
  for (int dimClass : {rowClass, colClass}) {
    int64_t stride = dimClass < 0 ? 0 : dims.stride(tensor, dimClass);
    extents.push_back(stride ? sizeOf(dimClass)
                             : OpFoldResult(builder.getIndexAttr(1)));
    staticStrides.push_back(stride ? stride * scale : 1);
    strides.push_back(builder.getIndexAttr(staticStrides.back()));
  }
  Value memory =
      function.getArgument(cast<BlockArgument>(tensor).getArgNumber());
  SmallVector<int64_t> shape;
  SmallVector<Value> dynamic;
  dispatchIndexOpFoldResults(extents, dynamic, shape);
  OpFoldResult start = getAsOpFoldResult(offset);
  auto layout = StridedLayoutAttr::get(
      builder.getContext(),
      getConstantIntValue(start).value_or(ShapedType::kDynamic), staticStrides);
  auto type = MemRefType::get(
      shape, cast<MemRefType>(memory.getType()).getElementType(), layout);
  return memref::ReinterpretCastOp::create(builder, loc, type, memory, start,
                                           extents, strides);
}

void KernelEmitter::signal(UnitKind unit, int64_t semaphore) {
  SignalOp::create(builder, loc, unit, semaphore);
}

void KernelEmitter::wait(UnitKind unit, int64_t semaphore) {
  WaitOp::create(builder, loc, unit, semaphore);
}

void KernelEmitter::vector(Function function, Value dest, ValueRange sources) {
  VectorOp::create(builder, loc, function, 0, sources, dest);
}

void KernelEmitter::program(const TileProgram &program,
                            ArrayRef<Value> memrefs) {
  auto valueOf = [&](unsigned number) -> Value {
    const TileValue &value = program.values()[number];
    if (value.kind == TileValue::Constant)
      return arith::ConstantOp::create(builder, loc, value.constant);
    return memrefs[number];
  };
  for (const TileOp &op : program.ops()) {
    if (op.combiner) {
      ReduceOp::create(builder, loc, *op.combiner, op.axis, /*into=*/false,
                       valueOf(op.sources[0]), memrefs[op.dest]);
      continue;
    }
    SmallVector<Value> sources;
    for (unsigned source : op.sources)
      sources.push_back(valueOf(source));
    vector(op.function, memrefs[op.dest], sources);
  }
}

void KernelEmitter::finish() {
  builder.setInsertionPointToEnd(&function.getBody().front());
  func::ReturnOp::create(builder, loc);
}
