//===- IndexingCost.cpp - Cost of indexing ops ----------------------------===//

#include "dialects/graph/ops/indexing/Indexing.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

OpCost GatherOp::getCost(DimSizeFn dimSize) {
  OpCost cost;
  // Only what is taken is read.
  cost.bytesRead =
      numBytes(getResult(), dimSize) + numBytes(getIndices(), dimSize);
  cost.bytesWritten = numBytes(getResult(), dimSize);
  return cost;
}

/// A combination an update.
OpCost ScatterOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  if (getCombiner() != ScatterCombiner::set)
    cost.flops = numElements(getUpdates(), dimSize);
  return cost;
}

/// An addition an element, but for the first along the axis.
OpCost CumsumOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  int64_t extent = getOperand().getType().getDimSize(getAxis());
  if (ShapedType::isDynamic(extent))
    extent = dimSize(getOperand(), getAxis());
  double count = numElements(getOperand(), dimSize);
  cost.flops = extent == 0 ? 0 : count - count / static_cast<double>(extent);
  return cost;
}
