//===- ContractionCost.cpp - Work of contractions -------------------------===//

#include "dialects/graph/ops/contraction/Contraction.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// A multiplication and an addition at every point of the iteration space.
OpCost ContractOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  SmallVector<StringRef, 3> labels = getLabels();
  double points = numElements(getLhs(), dimSize);
  for (auto [position, letter] : llvm::enumerate(labels[1]))
    if (!labels[0].contains(letter)) {
      int64_t extent = getRhs().getType().getDimSize(position);
      points *=
          ShapedType::isDynamic(extent) ? dimSize(getRhs(), position) : extent;
    }
  cost.flops = 2 * points;
  return cost;
}
