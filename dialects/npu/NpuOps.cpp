//===- NpuOps.cpp - what ops of the npu dialect demand --------------------===//

#include "dialects/npu/Npu.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace msc::npu;

#define GET_OP_CLASSES
#include "dialects/npu/NpuOps.cpp.inc"

unsigned msc::npu::getNumSources(Function function) {
  if (function <= Function::Not)
    return 1;
  return function <= Function::Xor ? 2 : 3;
}

bool msc::npu::isLocal(MemRefType type) {
  return isa_and_nonnull<LocalAttr>(type.getMemorySpace());
}

bool msc::npu::isAccumulator(MemRefType type) {
  return isa_and_nonnull<AccAttr>(type.getMemorySpace());
}

//===----------------------------------------------------------------------===//
// What several ops demand
//===----------------------------------------------------------------------===//

static bool isTileElement(Type type) {
  return type.isF32() || type.isF16() || type.isBF16() ||
         type.isSignlessInteger(32) || type.isSignlessInteger(8);
}

static SmallVector<int64_t> stridesOf(MemRefType type) {
  return type.getStridesAndOffset().first;
}

/// A tile of matrix or vector: `what` is its name in messages.
static LogicalResult verifyTile(Operation *op, StringRef what, Type type,
                                StringRef label) {
  auto tile = cast<MemRefType>(type);
  if (tile.getRank() != 2)
    return op->emitOpError() << "expected '" << what << "' to have 2 dims, got "
                             << tile.getRank() << " [" << label << "]";
  if (!isOnChip(tile))
    return op->emitOpError()
           << "expected '" << what << "' to be on the chip, got " << tile
           << " [" << label << "]";
  if (tile.getDimSize(1) != 1 && stridesOf(tile)[1] != 1)
    return op->emitOpError()
           << "expected rows of '" << what << "' to be contiguous, got " << tile
           << " [" << label << "]";
  if (!isTileElement(tile.getElementType()))
    return op->emitOpError() << "expected elements of '" << what
                             << "' to be f32, f16, bf16, i32 or i8, got "
                             << tile.getElementType() << " [vector_c4]";
  return success();
}

static bool agree(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b;
}

static LogicalResult verifyDma(Operation *op, UnitKind unit, StringRef label) {
  if (isDma(unit))
    return success();
  return op->emitOpError() << "expected a DMA queue, got '"
                           << stringifyUnitKind(unit) << "' [" << label << "]";
}

template <typename Op>
static LogicalResult verifyTransfer(Op op, bool sourceOnChip, bool destOnChip) {
  auto source = cast<MemRefType>(op.getSource().getType());
  auto dest = cast<MemRefType>(op.getDest().getType());
  if (failed(verifyDma(op, op.getUnit(), "transfer_c1")))
    return failure();
  if (source.getElementType() != dest.getElementType() ||
      failed(verifyCompatibleShape(source, dest)))
    return op.emitOpError() << "expected one shape and element type, got "
                            << source << " and " << dest << " [transfer_c2]";
  if (source.getRank() > 4)
    return op.emitOpError() << "expected at most 4 dims, got "
                            << source.getRank() << " [transfer_c3]";
  auto misplaced = [&](StringRef what, MemRefType type, bool onChip) {
    return op.emitOpError() << "expected the " << what << " "
                            << (onChip ? "on the chip" : "in device memory")
                            << ", got " << type << " [transfer_c4]";
  };
  if (isOnChip(source) != sourceOnChip)
    return misplaced("source", source, sourceOnChip);
  if (isOnChip(dest) != destOnChip)
    return misplaced("destination", dest, destOnChip);
  return success();
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

int64_t AllocOp::getBytes() {
  auto type = cast<MemRefType>(getBuffer().getType());
  int64_t last = 0;
  for (auto [extent, stride] : llvm::zip(type.getShape(), stridesOf(type)))
    last += (extent - 1) * stride;
  return llvm::alignTo((last + 1) * type.getElementTypeBitWidth() / 8, 32);
}

LogicalResult AllocOp::verify() {
  auto type = cast<MemRefType>(getBuffer().getType());
  if (!isOnChip(type))
    return emitOpError() << "expected memory space '#npu.local' or "
                            "'#npu.acc', got "
                         << type << " [alloc_c1]";
  if (!type.hasStaticShape() || llvm::is_contained(type.getShape(), 0))
    return emitOpError() << "expected static extents above 0, got " << type
                         << " [alloc_c2]";
  if (auto at = getAddress(); at && (int64_t(*at) < 0 || *at % 32))
    return emitOpError() << "expected an address that is a multiple of 32, "
                            "got "
                         << int64_t(*at) << " [alloc_c3]";
  return success();
}

LogicalResult LoadOp::verify() { return verifyTransfer(*this, false, true); }
LogicalResult StoreOp::verify() { return verifyTransfer(*this, true, false); }
LogicalResult MoveOp::verify() { return verifyTransfer(*this, true, true); }

LogicalResult FillOp::verify() {
  if (failed(verifyDma(*this, getUnit(), "fill_c1")))
    return failure();
  auto dest = cast<MemRefType>(getDest().getType());
  unsigned bits = dest.getElementTypeBitWidth();
  bool fits = getValue().getType().isF32()
                  ? dest.getElementType().isF32()
                  : bits == 8 || bits == 16 || bits == 32;
  if (!isOnChip(dest) || dest.getRank() > 4 || !fits)
    return emitOpError() << "expected a box on the chip that the value fits, "
                            "got "
                         << getValue().getType() << " and " << dest
                         << " [fill_c2]";
  return success();
}

//===----------------------------------------------------------------------===//
// Matrix and vector
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::verify() {
  auto a = cast<MemRefType>(getA().getType());
  auto b = cast<MemRefType>(getB().getType());
  auto c = cast<MemRefType>(getC().getType());
  Type element = a.getElementType();
  bool isInt = element.isSignlessInteger(8);
  if (!(element.isF16() || element.isBF16() || isInt) ||
      b.getElementType() != element ||
      !(isInt ? c.getElementType().isSignlessInteger(32)
              : c.getElementType().isF32()))
    return emitOpError() << "expected f16 or bf16 and f32, or i8 and i32, got "
                         << element << ", " << b.getElementType() << " and "
                         << c.getElementType() << " [matmul_c1]";
  if (failed(verifyTile(*this, "a", a, "matmul_c2")) ||
      failed(verifyTile(*this, "b", b, "matmul_c2")) ||
      failed(verifyTile(*this, "c", c, "matmul_c2")))
    return failure();
  if (!isLocal(a) || !isLocal(b) || !isAccumulator(c))
    return emitOpError() << "expected operands in local memory and a result "
                            "in the accumulators, got "
                         << a << ", " << b << " and " << c << " [matmul_c2]";
  bool ta = getTransposeA(), tb = getTransposeB();
  if (!agree(a.getDimSize(ta), c.getDimSize(0)) ||
      !agree(b.getDimSize(!tb), c.getDimSize(1)) ||
      !agree(a.getDimSize(!ta), b.getDimSize(tb)))
    return emitOpError() << "expected extents that agree, got " << a << ", "
                         << b << " and " << c << " [matmul_c3]";
  return success();
}

LogicalResult VectorOp::verify() {
  unsigned count = getNumSources(getFunction());
  if (getSources().size() != count)
    return emitOpError() << "expected " << count << " sources of '"
                         << stringifyFunction(getFunction()) << "', got "
                         << getSources().size() << " [vector_c1]";
  if (failed(verifyTile(*this, "dest", getDest().getType(), "vector_c2")))
    return failure();
  auto dest = cast<MemRefType>(getDest().getType());
  for (Type type : getSources().getTypes()) {
    auto source = dyn_cast<MemRefType>(type);
    if (!source)
      continue;
    if (failed(verifyTile(*this, "source", source, "vector_c2")))
      return failure();
    for (int dim : {0, 1})
      if (source.getDimSize(dim) != 1 &&
          !agree(source.getDimSize(dim), dest.getDimSize(dim)))
        return emitOpError()
               << "expected extents of 1 or the destination's, got " << source
               << " and " << dest << " [vector_c3]";
  }
  return success();
}

LogicalResult ReduceOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto dest = cast<MemRefType>(getDest().getType());
  if (failed(verifyTile(*this, "source", source, "vector_c2")) ||
      failed(verifyTile(*this, "dest", dest, "vector_c2")))
    return failure();
  unsigned along = getAxis() == Axis::Cols;
  if (dest.getDimSize(along) != 1 ||
      !agree(dest.getDimSize(!along), source.getDimSize(!along)))
    return emitOpError() << "expected a destination with extent 1 along '"
                         << stringifyAxis(getAxis()) << "', got " << dest
                         << " of " << source << " [reduce_c1]";
  return success();
}

LogicalResult TransposeOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto dest = cast<MemRefType>(getDest().getType());
  if (failed(verifyTile(*this, "source", source, "vector_c2")) ||
      failed(verifyTile(*this, "dest", dest, "vector_c2")))
    return failure();
  if (source.getElementType() != dest.getElementType() ||
      !agree(source.getDimSize(0), dest.getDimSize(1)) ||
      !agree(source.getDimSize(1), dest.getDimSize(0)))
    return emitOpError() << "expected extents exchanged, got " << source
                         << " and " << dest << " [transpose_c1]";
  return success();
}

LogicalResult IotaOp::verify() {
  return verifyTile(*this, "dest", getDest().getType(), "vector_c2");
}
