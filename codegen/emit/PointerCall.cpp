#include "codegen/emit/PointerCall.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace msc;
using namespace msc::emit;

static Type pointerType(OpBuilder &builder) {
  return LLVM::LLVMPointerType::get(builder.getContext());
}

static Value elementAddress(OpBuilder &builder, Location loc, Type element,
                            Value pointer, int64_t index) {
  return LLVM::GEPOp::create(builder, loc, pointerType(builder), element,
                             pointer,
                             ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
}

Value emit::loadPointer(OpBuilder &builder, Location loc, Value pointers,
                        int64_t index) {
  Type type = pointerType(builder);
  return LLVM::LoadOp::create(builder, loc, type,
                              elementAddress(builder, loc, type, pointers,
                                             index));
}

void emit::storePointer(OpBuilder &builder, Location loc, Value pointers,
                        int64_t index, Value value) {
  LLVM::StoreOp::create(builder, loc, value,
                        elementAddress(builder, loc, pointerType(builder),
                                       pointers, index));
}

Value emit::loadInt64(OpBuilder &builder, Location loc, Value integers,
                      int64_t index) {
  Type type = builder.getI64Type();
  return LLVM::LoadOp::create(builder, loc, type,
                              elementAddress(builder, loc, type, integers,
                                             index));
}

void emit::storeInt64(OpBuilder &builder, Location loc, Value integers,
                      int64_t index, Value value) {
  LLVM::StoreOp::create(builder, loc, value,
                        elementAddress(builder, loc, value.getType(), integers,
                                       index));
}

static Value constant(OpBuilder &builder, Location loc, int64_t value) {
  return LLVM::ConstantOp::create(builder, loc, builder.getI64Type(), value);
}

Value emit::offsetPointer(OpBuilder &builder, Location loc, Value pointer,
                          uint64_t bytes) {
  if (bytes == 0)
    return pointer;
  // The offset is a value, since a constant index of a GEP has 32 bits.
  return LLVM::GEPOp::create(
      builder, loc, pointerType(builder), builder.getI8Type(), pointer,
      ArrayRef<LLVM::GEPArg>{constant(builder, loc, bytes)});
}

Value emit::memrefAt(OpBuilder &builder, Location loc, MemRefType type,
                     Value pointer, ValueRange extents) {
  LLVMTypeConverter converter(builder.getContext());
  auto descriptor =
      MemRefDescriptor::poison(builder, loc, converter.convertType(type));
  descriptor.setAllocatedPtr(builder, loc, pointer);
  descriptor.setAlignedPtr(builder, loc, pointer);
  descriptor.setConstantOffset(builder, loc, 0);
  SmallVector<Value> sizes;
  for (int64_t extent : type.getShape()) {
    if (ShapedType::isDynamic(extent)) {
      sizes.push_back(extents.front());
      extents = extents.drop_front();
    } else {
      sizes.push_back(constant(builder, loc, extent));
    }
  }
  Value stride = constant(builder, loc, 1);
  for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
    descriptor.setSize(builder, loc, dim, sizes[dim]);
    descriptor.setStride(builder, loc, dim, stride);
    if (dim > 0)
      stride = LLVM::MulOp::create(builder, loc, stride, sizes[dim]);
  }
  return UnrealizedConversionCastOp::create(builder, loc, type,
                                            Value(descriptor))
      .getResult(0);
}
