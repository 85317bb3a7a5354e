#include "test/facets/Array.h"
#include <cstring>

using namespace mlir;
using namespace msc::facets;

Array::Array(RankedTensorType type)
    : tensorType(type), width((type.getElementTypeBitWidth() + 7) / 8),
      bytes(type.getNumElements() * width) {}

bool Array::isFloat() const {
  return isa<FloatType>(tensorType.getElementType());
}

double Array::get(int64_t index) const {
  const char *from = bytes.data() + index * width;
  Type element = tensorType.getElementType();
  if (element.isF64()) {
    double value;
    std::memcpy(&value, from, width);
    return value;
  }
  if (element.isF32()) {
    float value;
    std::memcpy(&value, from, width);
    return value;
  }
  uint64_t bits = 0;
  std::memcpy(&bits, from, width);
  if (element.isInteger(1))
    return bits & 1;
  if (element.isUnsignedInteger())
    return static_cast<double>(bits);
  unsigned shift = 64 - 8 * width;
  return static_cast<double>(static_cast<int64_t>(bits << shift) >> shift);
}

void Array::set(int64_t index, double value) {
  char *to = bytes.data() + index * width;
  Type element = tensorType.getElementType();
  if (element.isF64()) {
    std::memcpy(to, &value, width);
  } else if (element.isF32()) {
    float single = static_cast<float>(value);
    std::memcpy(to, &single, width);
  } else {
    auto bits = static_cast<int64_t>(value);
    std::memcpy(to, &bits, width);
  }
}

SmallVector<int64_t> msc::facets::positionOf(int64_t index,
                                             ArrayRef<int64_t> shape) {
  SmallVector<int64_t> position(shape.size());
  for (int64_t dim = static_cast<int64_t>(shape.size()) - 1; dim >= 0; --dim) {
    position[dim] = index % shape[dim];
    index /= shape[dim];
  }
  return position;
}

int64_t msc::facets::indexOf(ArrayRef<int64_t> position,
                             ArrayRef<int64_t> shape) {
  int64_t index = 0;
  for (auto [coordinate, extent] : llvm::zip_equal(position, shape))
    index = index * extent + coordinate;
  return index;
}
