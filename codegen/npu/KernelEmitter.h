//===- KernelEmitter.h - Builds a kernel from tiles and loops ---*- C++ -*-===//
#ifndef MSC_CODEGEN_NPU_KERNELEMITTER_H
#define MSC_CODEGEN_NPU_KERNELEMITTER_H

#include "codegen/npu/TileProgram.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

namespace msc::npu {

/// A class of dims that runs in steps.
struct TiledClass {
  int dimClass; // -1: of extent 1
  int64_t extent, tile;

  int64_t steps() const { return (extent + tile - 1) / tile; }
};

/// A buffer on the chip of one or more tiles.
struct Buffer {
  mlir::Value memory;
  int64_t rows = 0, cols = 0;
  int64_t rowStride = 0, sideStride = 0; // in elements
};

class KernelEmitter {
public:
  /// Makes an empty kernel beside `region`, whose tensors it takes as buffers.
  KernelEmitter(mlir::func::FuncOp region, const RegionDims &dims);

  mlir::func::FuncOp kernel() const { return function; }
  mlir::OpBuilder &at() { return builder; }

  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, int64_t factor);
  mlir::Value div(mlir::Value a, int64_t by); // of what is not negative
  mlir::Value rem(mlir::Value a, int64_t by);

  /// `sides` tiles, as rows whose strides the units accept.
  Buffer allocate(mlir::Type element, int64_t rows, int64_t cols,
                  unsigned sides, bool accumulator = false);
  /// What allocate() takes of the memory.
  static int64_t bytesOf(mlir::Type element, int64_t rows, int64_t cols,
                         unsigned sides);

  /// Opens the loops around a tile, outermost first; what follows is in the
  /// innermost body.
  void enterLoops(llvm::ArrayRef<TiledClass> loops);
  /// Sets where a class stands, in elements of it, and how long it is there.
  void setStep(const TiledClass &loop, mlir::Value step);
  /// Number of the innermost iteration.
  mlir::Value iteration() const { return counter; }
  /// 0 or 1, in turns.
  mlir::Value sideOf(mlir::Value number);
  mlir::OpFoldResult sizeOf(int dimClass);

  /// The tile of a buffer at a side (null: the first).
  mlir::Value tile(const Buffer &buffer, mlir::Value side,
                   mlir::OpFoldResult rows, mlir::OpFoldResult cols);
  /// The part of a region's tensor at the present steps, as rows x cols.
  mlir::Value box(mlir::Value tensor, int rowClass, int colClass);

  void signal(UnitKind unit, int64_t semaphore);
  void wait(UnitKind unit, int64_t semaphore);
  void vector(Function function, mlir::Value dest, mlir::ValueRange sources);
  /// The ops of a program; `memrefs` holds a tile for each value but constants.
  void program(const TileProgram &program, llvm::ArrayRef<mlir::Value> memrefs);
  void finish();

private:
  mlir::func::FuncOp region, function;
  const RegionDims &dims;
  mlir::OpBuilder builder;
  mlir::Location loc;
  llvm::DenseMap<int64_t, mlir::Value> indices; // constants, at the beginning
  llvm::DenseMap<unsigned, mlir::Value> offsets;
  llvm::DenseMap<unsigned, mlir::OpFoldResult> sizes;
  mlir::Value counter;
};

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_KERNELEMITTER_H
