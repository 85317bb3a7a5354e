//===- ResamplingCost.cpp - Work of resampling ----------------------------===//

#include "dialects/graph/ops/resampling/Resampling.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// A multiplication and an addition for each neighbour.
OpCost ResampleOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  int64_t neighbours = getIndices().getType().getDimSize(1);
  if (ShapedType::isDynamic(neighbours))
    neighbours = dimSize(getIndices(), 1);
  cost.flops = 2 * numElements(getResult(), dimSize) * neighbours;
  return cost;
}
