//===- SortingCost.cpp - Work of sorting ----------------------------------===//

#include "dialects/graph/ops/sorting/Sorting.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// How many comparisons there are depends on the data; by a heap of `k`
/// elements about log2(k) + 1 for each element.
OpCost TopKOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  int64_t count = getValues().getType().getDimSize(getAxis());
  if (ShapedType::isDynamic(count))
    count = dimSize(getValues(), getAxis());
  cost.flops = numElements(getOperand(), dimSize) *
               (1 + std::log2(std::max<double>(count, 1)));
  return cost;
}
