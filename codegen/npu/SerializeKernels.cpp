//===- SerializeKernels.cpp - Code objects of npu kernels -----------------===//
// One instruction for each op, more or less, and registers for index values. A
// value's register is free again after its last use. Constants are loaded where
// they are needed and kept as long as registers last, but not across the border
// of a loop, whose second iteration would find others there.
//===----------------------------------------------------------------------===//
#include "codegen/npu/SerializeKernels.h"
#include "codegen/npu/RegisterFile.h"
#include "dialects/npu/Npu.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "runtime/npu/Program.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
namespace npu = msc::npu;
using msc::npu::Register;

// What the enums of the dialect promise.
static_assert(unsigned(npu::Opcode::VFma) - unsigned(npu::Opcode::VMov) ==
              unsigned(npu::Function::Fma));
static_assert(unsigned(npu::Opcode::RProd) - unsigned(npu::Opcode::RSum) ==
              unsigned(npu::Combiner::Prod));
static_assert(unsigned(npu::Unit::Dma3) == unsigned(npu::UnitKind::Dma3));

namespace {

/// A memref: where it begins and how it lies.
struct View {
  int buffer = -1; // of the dispatch; else on the chip
  Register base = 0;
  SmallVector<OpFoldResult> sizes;
  SmallVector<int64_t> strides; // elements
  int64_t bytes = 1;            // of an element
  npu::Type type = npu::Type::F32;
};

class KernelSerializer {
public:
  explicit KernelSerializer(func::FuncOp kernel);
  FailureOr<npu::Kernel> run();

private:
  LogicalResult block(Block &block);
  LogicalResult op(Operation &op);
  LogicalResult loop(scf::ForOp op);
  LogicalResult cast(memref::ReinterpretCastOp op);
  LogicalResult scalar(Operation &op, npu::Opcode opcode);
  LogicalResult transfer(Operation &op, npu::UnitKind unit, Value source,
                         Value dest);
  LogicalResult fill(npu::FillOp op);
  LogicalResult matmul(npu::MatmulOp op);
  LogicalResult vector(npu::VectorOp op);
  LogicalResult reduce(npu::ReduceOp op);
  LogicalResult transpose(npu::TransposeOp op);
  LogicalResult iota(npu::IotaOp op);

  Register constant(int64_t value) {
    auto [reg, added] = registers.constant(value);
    if (added)
      builder.li(reg, value);
    return reg;
  }
  Register value(Value value);
  Register size(OpFoldResult size);
  FailureOr<View> view(Value memref);
  npu::Tile tile(const View &view) {
    return {view.base, view.type, constant(view.strides[0] * view.bytes)};
  }
  npu::Tile source(Value source, const View &dest);
  /// The last op of the block of `value`'s definition that needs its register.
  Operation *lastUse(Value value);

  func::FuncOp kernel;
  npu::KernelBuilder builder;
  npu::RegisterFile registers;
  DenseMap<Value, Register> assigned;
  DenseMap<Value, unsigned> buffers, scalars; // arguments
};

/// The rows of a box: dims with an extent of 1 are left out, the innermost ones
/// joined where they are contiguous on both sides.
struct BoxDims {
  SmallVector<OpFoldResult> extents; // outermost first
  SmallVector<int64_t> from, to;     // strides in elements
};

} // namespace

static npu::Type typeOf(mlir::Type element) {
  if (element.isF32())
    return npu::Type::F32;
  if (element.isF16())
    return npu::Type::F16;
  if (element.isBF16())
    return npu::Type::BF16;
  return element.isSignlessInteger(32) ? npu::Type::I32 : npu::Type::I8;
}

KernelSerializer::KernelSerializer(func::FuncOp kernel)
    : kernel(kernel), builder("") {
  unsigned buffer = 0, scalar = 0;
  for (Value argument : kernel.getArguments())
    if (isa<MemRefType>(argument.getType()))
      buffers[argument] = buffer++;
    else
      scalars[argument] = scalar++;
  builder = npu::KernelBuilder(kernel.getName().str(), buffer, scalar);
  auto bytes = [&](StringRef name) {
    auto attribute = kernel->getAttrOfType<IntegerAttr>(name);
    return attribute ? uint32_t(attribute.getInt()) : 0u;
  };
  builder.setMemory(bytes(npu::kLocalBytesAttr), bytes(npu::kAccBytesAttr));
}

FailureOr<npu::Kernel> KernelSerializer::run() {
  for (auto [argument, number] : scalars) {
    Register reg = registers.take();
    assigned[argument] = reg;
    builder.arg(reg, number);
  }
  if (failed(block(kernel.getBody().front())))
    return failure();
  if (registers.overflowed())
    return kernel.emitError() << "expected at most " << npu::kRegisters - 1
                              << " registers to be in use";
  builder.halt();
  return builder.finish();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Operation *KernelSerializer::lastUse(Value value) {
  Block *home = value.getParentBlock();
  Operation *last = nullptr;
  for (Operation *user : value.getUsers()) {
    Operation *use = home->findAncestorOpInBlock(*user);
    // A view needs the extents that it was made of.
    if (isa<memref::ReinterpretCastOp>(user))
      if (Operation *later = lastUse(user->getResult(0)))
        use = home->findAncestorOpInBlock(*later);
    if (!last || last->isBeforeInBlock(use))
      last = use;
  }
  return last;
}

Register KernelSerializer::value(Value value) {
  auto found = assigned.find(value);
  if (found != assigned.end())
    return found->second;
  Attribute attribute;
  if (matchPattern(value, m_Constant(&attribute))) {
    if (auto number = dyn_cast<IntegerAttr>(attribute))
      return constant(number.getType().isIndex()
                          ? number.getInt()
                          : number.getValue().getZExtValue());
    return constant(llvm::cast<FloatAttr>(attribute)
                        .getValue()
                        .bitcastToAPInt()
                        .getZExtValue());
  }
  llvm_unreachable("a value without register");
}

Register KernelSerializer::size(OpFoldResult size) {
  if (auto attribute = dyn_cast<Attribute>(size))
    return constant(llvm::cast<IntegerAttr>(attribute).getInt());
  return value(llvm::cast<Value>(size));
}

/// Bytes from the beginning of the buffer that a view is of; on the chip, its
/// address.
static FailureOr<int64_t> startOf(memref::ReinterpretCastOp op) {
  auto alloc = op.getSource().getDefiningOp<npu::AllocOp>();
  if (!alloc)
    return 0;
  if (!alloc.getAddress())
    return alloc.emitError() << "expected an address, see -npu-assign-memory";
  return int64_t(*alloc.getAddress());
}

FailureOr<View> KernelSerializer::view(Value memref) {
  auto type = llvm::cast<MemRefType>(memref.getType());
  View view;
  view.bytes = type.getElementTypeBitWidth() / 8;
  view.type = typeOf(type.getElementType());
  view.strides = type.getStridesAndOffset().first;
  if (llvm::is_contained(view.strides, ShapedType::kDynamic) || !view.bytes)
    return kernel.emitError() << "expected static strides and elements of "
                                 "whole bytes, got "
                              << type;
  if (auto cast = memref.getDefiningOp<memref::ReinterpretCastOp>()) {
    if (auto found = buffers.find(cast.getSource()); found != buffers.end())
      view.buffer = found->second;
    view.sizes = cast.getMixedSizes();
    OpFoldResult offset = cast.getMixedOffsets()[0];
    if (auto known = dyn_cast<Attribute>(offset))
      view.base =
          constant(*startOf(cast) +
                   llvm::cast<IntegerAttr>(known).getInt() * view.bytes);
    else
      view.base = assigned.lookup(memref);
    return view;
  }
  Builder attributes(memref.getContext());
  for (int64_t extent : type.getShape())
    view.sizes.push_back(attributes.getIndexAttr(extent));
  if (auto found = buffers.find(memref); found != buffers.end())
    view.buffer = found->second;
  else if (auto alloc = memref.getDefiningOp<npu::AllocOp>()) {
    if (!alloc.getAddress())
      return alloc.emitError() << "expected an address, see -npu-assign-memory";
    view.base = constant(*alloc.getAddress());
  }
  if (!type.hasStaticShape())
    return kernel.emitError() << "expected static extents, got " << type;
  return view;
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

LogicalResult KernelSerializer::block(Block &block) {
  DenseMap<Operation *, SmallVector<Register>> dying;
  for (Operation &operation : block) {
    if (failed(op(operation)))
      return failure();
    for (Value result : operation.getResults())
      if (auto found = assigned.find(result); found != assigned.end()) {
        Operation *last = lastUse(result);
        dying[last ? last : &operation].push_back(found->second);
      }
    for (Register reg : dying.lookup(&operation))
      registers.give(reg);
  }
  return success();
}

LogicalResult KernelSerializer::loop(scf::ForOp op) {
  if (op.getNumResults())
    return op.emitError() << "expected a loop without carried values";
  APInt lower, upper, stepBy;
  if (!matchPattern(op.getLowerBound(), m_ConstantInt(&lower)) ||
      !matchPattern(op.getUpperBound(), m_ConstantInt(&upper)) ||
      !matchPattern(op.getStep(), m_ConstantInt(&stepBy)))
    return op.emitError() << "expected constant bounds of a loop";
  int64_t first = lower.getSExtValue(), by = stepBy.getSExtValue();
  int64_t count = (upper.getSExtValue() - first + by - 1) / by;
  Register counter = registers.take(), index = registers.take();
  builder.loop(counter, constant(count));
  registers.forgetConstants();
  builder.muli(index, counter, by);
  builder.addi(index, index, first);
  assigned[op.getInductionVar()] = index;
  if (failed(block(*op.getBody())))
    return failure();
  builder.end();
  registers.forgetConstants();
  registers.give(counter);
  registers.give(index);
  return success();
}

LogicalResult KernelSerializer::scalar(Operation &op, npu::Opcode opcode) {
  Register a = value(op.getOperand(0)), b = value(op.getOperand(1));
  Register result = registers.take();
  assigned[op.getResult(0)] = result;
  builder.scalar(opcode, result, a, b);
  return success();
}

/// The base of a view gets a register, if it isn't a constant.
LogicalResult KernelSerializer::cast(memref::ReinterpretCastOp op) {
  if (!op.getSource().getDefiningOp<npu::AllocOp>() &&
      !buffers.contains(op.getSource()))
    return op.emitError() << "expected a view of an argument or of 'npu.alloc'";
  FailureOr<int64_t> start = startOf(op);
  if (failed(start))
    return failure();
  OpFoldResult offset = op.getMixedOffsets()[0];
  if (isa<Attribute>(offset))
    return success();
  auto type = llvm::cast<MemRefType>(op.getType());
  Register base = registers.take();
  assigned[op.getResult()] = base;
  builder.muli(base, value(llvm::cast<Value>(offset)),
               type.getElementTypeBitWidth() / 8);
  if (*start)
    builder.addi(base, base, *start);
  return success();
}

LogicalResult KernelSerializer::op(Operation &op) {
  using npu::Opcode;
  registers.releasePins();
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<arith::ConstantOp, npu::AllocOp, scf::YieldOp, func::ReturnOp>(
          [](auto) { return success(); })
      .Case([&](arith::AddIOp) { return scalar(op, Opcode::Add); })
      .Case([&](arith::SubIOp) { return scalar(op, Opcode::Sub); })
      .Case([&](arith::MulIOp) { return scalar(op, Opcode::Mul); })
      // Indices are not negative, so that the chip's signed division will do.
      .Case([&](arith::DivUIOp) { return scalar(op, Opcode::Div); })
      .Case([&](arith::RemUIOp) { return scalar(op, Opcode::Rem); })
      .Case([&](arith::AndIOp) { return scalar(op, Opcode::And); })
      .Case([&](arith::MinSIOp) { return scalar(op, Opcode::Min); })
      .Case([&](arith::MaxSIOp) { return scalar(op, Opcode::Max); })
      .Case([&](scf::ForOp op) { return loop(op); })
      .Case([&](memref::ReinterpretCastOp op) { return cast(op); })
      .Case<npu::LoadOp, npu::StoreOp, npu::MoveOp>([&](auto move) {
        return transfer(op, move.getUnit(), move.getSource(), move.getDest());
      })
      .Case([&](npu::FillOp op) { return fill(op); })
      .Case([&](npu::MatmulOp op) { return matmul(op); })
      .Case([&](npu::VectorOp op) { return vector(op); })
      .Case([&](npu::ReduceOp op) { return reduce(op); })
      .Case([&](npu::TransposeOp op) { return transpose(op); })
      .Case([&](npu::IotaOp op) { return iota(op); })
      .Case([&](npu::SignalOp op) {
        builder.signal(npu::Unit(op.getUnit()), op.getSemaphore());
        return success();
      })
      .Case([&](npu::WaitOp op) {
        builder.wait(npu::Unit(op.getUnit()), op.getSemaphore());
        return success();
      })
      .Case([&](npu::FenceOp) {
        builder.fence();
        return success();
      })
      .Default([](Operation *op) {
        return op->emitError()
               << "expected an op that the accelerator has, got '"
               << op->getName() << "'";
      });
}

//===----------------------------------------------------------------------===//
// DMA
//===----------------------------------------------------------------------===//

static bool isOne(OpFoldResult extent) {
  auto attribute = dyn_cast<Attribute>(extent);
  return attribute && llvm::cast<IntegerAttr>(attribute).getInt() == 1;
}

static BoxDims boxOf(const View &from, const View &to) {
  BoxDims box;
  for (unsigned dim = 0; dim < from.sizes.size(); ++dim) {
    // What one side knows to be 1 is 1.
    OpFoldResult extent =
        isa<Attribute>(from.sizes[dim]) ? from.sizes[dim] : to.sizes[dim];
    if (isOne(extent))
      continue;
    box.extents.push_back(extent);
    box.from.push_back(from.strides[dim]);
    box.to.push_back(to.strides[dim]);
  }
  return box;
}

LogicalResult KernelSerializer::transfer(Operation &op, npu::UnitKind unit,
                                         Value sourceValue, Value destValue) {
  FailureOr<View> from = view(sourceValue), to = view(destValue);
  if (failed(from) || failed(to))
    return failure();
  BoxDims dims = boxOf(*from, *to);
  unsigned rank = dims.extents.size();
  bool inRows = rank && dims.from.back() == 1 && dims.to.back() == 1;
  if (rank - inRows > 3)
    return op.emitError() << "expected a box of rows in 3 dims, got "
                          << rank - inRows;
  Register one = constant(1), bytes = constant(from->bytes);
  npu::Box box = {{bytes, one, one, one}};
  npu::Strides fromStrides = {{0, 0, 0}}, toStrides = {{0, 0, 0}};
  Register row = 0;
  if (inRows) {
    row = registers.take();
    builder.muli(row, size(dims.extents.back()), from->bytes);
    box.n[0] = row;
  }
  for (unsigned dim = 0; dim < rank - inRows; ++dim) {
    unsigned outer = rank - inRows - 1 - dim;
    box.n[dim + 1] = size(dims.extents[outer]);
    fromStrides.s[dim] = constant(dims.from[outer] * from->bytes);
    toStrides.s[dim] = constant(dims.to[outer] * to->bytes);
  }
  auto dma = npu::Unit(unit);
  if (from->buffer >= 0)
    builder.load(dma, from->buffer, from->base, to->base, box, fromStrides,
                 toStrides);
  else if (to->buffer >= 0)
    builder.store(dma, to->buffer, to->base, from->base, box, toStrides,
                  fromStrides);
  else
    builder.move(dma, to->base, from->base, box, toStrides, fromStrides);
  if (row)
    registers.give(row);
  return success();
}

LogicalResult KernelSerializer::fill(npu::FillOp op) {
  FailureOr<View> to = view(op.getDest());
  if (failed(to))
    return failure();
  BoxDims dims = boxOf(*to, *to);
  unsigned rank = dims.extents.size();
  bool inRows = rank && dims.to.back() == 1;
  if (rank - inRows > 3)
    return op.emitError() << "expected a box of rows in 3 dims, got "
                          << rank - inRows;
  Register one = constant(1), row = registers.take();
  builder.muli(row, inRows ? size(dims.extents.back()) : one, to->bytes);
  npu::Box box = {{row, one, one, one}};
  npu::Strides strides = {{0, 0, 0}};
  for (unsigned dim = 0; dim < rank - inRows; ++dim) {
    unsigned outer = rank - inRows - 1 - dim;
    box.n[dim + 1] = size(dims.extents[outer]);
    strides.s[dim] = constant(dims.to[outer] * to->bytes);
  }
  builder.fill(npu::Unit(op.getUnit()), to->bytes, to->base,
               value(op.getValue()), box, strides);
  registers.give(row);
  return success();
}

//===----------------------------------------------------------------------===//
// Matrix and vector
//===----------------------------------------------------------------------===//

LogicalResult KernelSerializer::matmul(npu::MatmulOp op) {
  FailureOr<View> a = view(op.getA()), b = view(op.getB()), c = view(op.getC());
  if (failed(a) || failed(b) || failed(c))
    return failure();
  uint16_t mode = a->type == npu::Type::F16    ? npu::kMatMulF16
                  : a->type == npu::Type::BF16 ? npu::kMatMulBF16
                                               : npu::kMatMulI8;
  if (op.getAccumulate())
    mode |= npu::kMatMulAccumulate;
  if (op.getTransposeA())
    mode |= npu::kMatMulTransposeA;
  if (op.getTransposeB())
    mode |= npu::kMatMulTransposeB;
  builder.matmul(mode, {a->base, b->base, c->base, size(c->sizes[0]),
                        size(c->sizes[1]), size(a->sizes[!op.getTransposeA()]),
                        constant(a->strides[0] * a->bytes),
                        constant(b->strides[0] * b->bytes),
                        constant(c->strides[0] * c->bytes)});
  return success();
}

npu::Tile KernelSerializer::source(Value source, const View &dest) {
  if (!isa<MemRefType>(source.getType()))
    return {value(source),
            source.getType().isF32() ? npu::Type::F32 : npu::Type::I32, 0,
            npu::Broadcast::Value};
  View from = *view(source);
  bool oneRow = isOne(from.sizes[0]) && !isOne(dest.sizes[0]);
  bool oneCol = isOne(from.sizes[1]) && !isOne(dest.sizes[1]);
  npu::Tile result = tile(from);
  if (oneCol) {
    result.broadcast = npu::Broadcast::Column;
    if (oneRow)
      result.stride = 0;
  } else if (oneRow) {
    result.broadcast = npu::Broadcast::Row;
  }
  return result;
}

LogicalResult KernelSerializer::vector(npu::VectorOp op) {
  FailureOr<View> dest = view(op.getDest());
  if (failed(dest))
    return failure();
  SmallVector<npu::Tile> sources;
  for (auto [index, operand] : llvm::enumerate(op.getSources())) {
    if (isa<MemRefType>(operand.getType()) && failed(view(operand)))
      return failure();
    sources.push_back(source(operand, *dest));
    if (op.getUnsigneds() >> (index + 1) & 1)
      sources.back().type = npu::Type::U8;
  }
  npu::Tile to = tile(*dest);
  if (op.getUnsigneds() & 1)
    to.type = npu::Type::U8;
  auto opcode =
      npu::Opcode(unsigned(npu::Opcode::VMov) + unsigned(op.getFunction()));
  Register rows = size(dest->sizes[0]), cols = size(dest->sizes[1]);
  if (sources.size() == 1)
    builder.vector(opcode, rows, cols, to, sources[0]);
  else if (sources.size() == 2)
    builder.vector(opcode, rows, cols, to, sources[0], sources[1]);
  else
    builder.vector(opcode, rows, cols, to, sources[0], sources[1], sources[2]);
  return success();
}

LogicalResult KernelSerializer::reduce(npu::ReduceOp op) {
  FailureOr<View> from = view(op.getSource()), to = view(op.getDest());
  if (failed(from) || failed(to))
    return failure();
  uint8_t flags = op.getAxis() == npu::Axis::Cols ? npu::kReduceColumns : 0;
  if (op.getInto())
    flags |= npu::kReduceInto;
  auto opcode =
      npu::Opcode(unsigned(npu::Opcode::RSum) + unsigned(op.getCombiner()));
  builder.reduce(opcode, flags, size(from->sizes[0]), size(from->sizes[1]),
                 tile(*to), tile(*from));
  return success();
}

LogicalResult KernelSerializer::transpose(npu::TransposeOp op) {
  FailureOr<View> from = view(op.getSource()), to = view(op.getDest());
  if (failed(from) || failed(to))
    return failure();
  builder.transpose(size(from->sizes[0]), size(from->sizes[1]), tile(*to),
                    tile(*from));
  return success();
}

LogicalResult KernelSerializer::iota(npu::IotaOp op) {
  FailureOr<View> to = view(op.getDest());
  if (failed(to))
    return failure();
  builder.iota(op.getAxis() == npu::Axis::Cols, size(to->sizes[0]),
               size(to->sizes[1]), tile(*to), value(op.getFirst()));
  return success();
}

FailureOr<std::vector<uint8_t>> msc::npu::serializeKernels(ModuleOp module) {
  std::vector<npu::Kernel> kernels;
  WalkResult result = module.walk([&](func::FuncOp function) {
    if (!function->hasAttr(kKernelAttr))
      return WalkResult::advance();
    FailureOr<npu::Kernel> kernel = KernelSerializer(function).run();
    if (failed(kernel))
      return WalkResult::interrupt();
    kernels.push_back(std::move(*kernel));
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  std::vector<uint8_t> bytes = serialize(kernels);
  CodeObject object;
  Complaint complaint;
  if (!object.open(bytes.data(), bytes.size(), complaint)) {
    module.emitError() << "invalid code object: " << complaint.text;
    return failure();
  }
  return bytes;
}
