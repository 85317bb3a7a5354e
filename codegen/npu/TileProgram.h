//===- TileProgram.h - Elementwise code as ops on whole tiles ---*- C++ -*-===//
//
// The elementwise ops and reductions of a region, flattened: each scalar op of
// a body becomes one op of the vector unit on a tile of rows x cols. A value
// that doesn't depend on a direction has extent 1 there, and is computed once.
//
//===----------------------------------------------------------------------===//
#ifndef MSC_CODEGEN_NPU_TILEPROGRAM_H
#define MSC_CODEGEN_NPU_TILEPROGRAM_H

#include "codegen/npu/RegionDims.h"
#include "dialects/npu/Npu.h"
#include <optional>

namespace msc::npu {

/// Extents of a tile: which directions a value has.
struct TileShape {
  bool rows = false, cols = false;
  bool operator==(const TileShape &other) const {
    return rows == other.rows && cols == other.cols;
  }
};

struct TileValue {
  enum Kind { Temporary, Input, Constant, Result };
  Kind kind = Temporary;
  mlir::Type element; // of the tile: bools are i8
  TileShape shape;
  /// Of a temporary: its buffer, see TileProgram::buffers. Of a result: its
  /// number.
  unsigned buffer = 0;
  mlir::Value tensor;       // Input: the region's argument, or what is given
  mlir::TypedAttr constant; // f32 or i32
  /// Input: where in a window, by class.
  llvm::SmallVector<std::pair<unsigned, int64_t>> place;
};

struct TileOp {
  std::optional<Combiner> combiner; // else a function
  Function function = Function::Mov;
  Axis axis = Axis::Cols;
  llvm::SmallVector<unsigned> sources; // values
  unsigned dest = 0;
};

class TileProgram {
public:
  /// `rows` and `cols` are classes of `dims`, or -1. A tensor in `given` is
  /// made elsewhere (a product in the accumulators), in tiles of the element
  /// type that is named there. Empty: done. Else why not.
  std::string build(mlir::func::FuncOp region, const RegionDims &dims, int rows,
                    int cols,
                    const llvm::DenseMap<mlir::Value, mlir::Type> &given);

  llvm::ArrayRef<TileValue> values() const { return allValues; }
  llvm::ArrayRef<TileOp> ops() const { return allOps; }
  /// Inputs, in the order of their first use.
  llvm::ArrayRef<unsigned> inputs() const { return inputValues; }
  /// What the region returns, each a value of kind Result.
  llvm::ArrayRef<unsigned> results() const { return resultValues; }
  /// Of temporaries; one serves several, one after the other.
  llvm::ArrayRef<TileValue> buffers() const { return temporaries; }

private:
  TileShape shapeOf(mlir::Value tensor) const;
  unsigned add(TileValue value);
  unsigned constant(mlir::TypedAttr value);
  unsigned apply(Function function, mlir::Type element,
                 llvm::ArrayRef<unsigned> sources);
  unsigned broadcast(unsigned value, TileShape shape);
  std::string addGeneric(mlir::linalg::GenericOp op);
  std::string addScalarOp(mlir::Operation &op);
  std::string addCompare(mlir::Operation &op);
  std::string addConversion(mlir::Operation &op);
  std::string addReduction(mlir::linalg::GenericOp op, unsigned output);
  unsigned combineWindow(unsigned source, llvm::ArrayRef<unsigned> window,
                         Function function, mlir::Type element);
  std::string addOp(mlir::Operation &op);
  std::string addReturn(mlir::func::ReturnOp op);
  /// The value of a tensor or scalar; -1: none.
  int lookup(mlir::Value value);
  void assignBuffers();

  const RegionDims *dims = nullptr;
  int rows = -1, cols = -1;
  llvm::DenseMap<mlir::Value, unsigned> numbers;
  llvm::SmallVector<TileValue> allValues, temporaries;
  llvm::SmallVector<TileOp> allOps;
  llvm::SmallVector<unsigned> inputValues, resultValues;
};

/// The element of local memory for a scalar type; null: there is none.
mlir::Type tileElement(mlir::Type type);

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_TILEPROGRAM_H
