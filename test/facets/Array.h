//===- Array.h - Tensors on the host ----------------------------*- C++ -*-===//

#ifndef MSC_TEST_FACETS_ARRAY_H
#define MSC_TEST_FACETS_ARRAY_H

#include "mlir/IR/BuiltinTypes.h"
#include <vector>

namespace msc::facets {

/// A dense, row-major tensor of f64, f32 or integers of 1 (a byte each), 8, 16,
/// 32 or 64 bits.
class Array {
public:
  explicit Array(mlir::RankedTensorType type);

  mlir::RankedTensorType type() const { return tensorType; }
  int64_t size() const { return tensorType.getNumElements(); }
  bool isFloat() const;
  char *data() { return bytes.data(); }

  /// Integers come and go as doubles: tests stay below 2^53.
  double get(int64_t index) const;
  void set(int64_t index, double value);

  bool isSame(const Array &other) const { return bytes == other.bytes; }

private:
  mlir::RankedTensorType tensorType;
  unsigned width; // bytes an element
  std::vector<char> bytes;
};

/// Position of an element in each dim, and back.
llvm::SmallVector<int64_t> positionOf(int64_t index,
                                      llvm::ArrayRef<int64_t> shape);
int64_t indexOf(llvm::ArrayRef<int64_t> position,
                llvm::ArrayRef<int64_t> shape);

} // namespace msc::facets

#endif // MSC_TEST_FACETS_ARRAY_H
