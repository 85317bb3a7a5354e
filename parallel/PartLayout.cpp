#include "parallel/PartLayout.h"

using namespace mlir;
using namespace msc;

/// Elements from the first to the last that some outputs read.
static int64_t windowExtent(const ShardingWindow &window, int64_t outputs) {
  return (outputs - 1) * window.stride + (window.size - 1) * window.dilation +
         1;
}

bool PartDim::isWindow() const {
  return dim->window && parts[dim->factors[0]] > 1;
}

int64_t PartDim::localExtent() const {
  if (isWindow()) {
    unsigned factor = dim->factors[0];
    return windowExtent(*dim->window,
                        rule->factors[factor].size / parts[factor]);
  }
  int64_t extent = whole;
  for (unsigned factor : dim->factors)
    extent /= parts[factor];
  return extent;
}

int64_t PartDim::globalOf(int64_t local) const {
  if (isWindow()) {
    unsigned factor = dim->factors[0];
    int64_t outputs = rule->factors[factor].size / parts[factor];
    return index[factor] * outputs * dim->window->stride + local -
           dim->window->padLow;
  }
  // A whole dim with a window: the op pads it itself.
  if (dim->window || dim->factors.empty())
    return local;
  // Digits, from the minor end.
  int64_t global = 0, weight = 1;
  for (unsigned factor : llvm::reverse(dim->factors)) {
    int64_t size = rule->factors[factor].size;
    int64_t localSize = size / parts[factor];
    global += (index[factor] * localSize + local % localSize) * weight;
    local /= localSize;
    weight *= size;
  }
  return global;
}

SmallVector<PartDim> msc::partDims(const ShardingRule &rule,
                                   const ShardingTensor &tensor,
                                   ArrayRef<int64_t> shape,
                                   ArrayRef<int64_t> parts,
                                   ArrayRef<int64_t> index) {
  SmallVector<PartDim> dims;
  for (auto [dim, extent] : llvm::zip_equal(tensor, shape))
    dims.emplace_back(rule, dim, extent, parts, index);
  return dims;
}

SmallVector<int64_t> msc::localShape(ArrayRef<PartDim> dims) {
  return llvm::map_to_vector(
      dims, [](const PartDim &dim) { return dim.localExtent(); });
}
