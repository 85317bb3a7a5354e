//===- PoolingCost.cpp - Work of pooling ----------------------------------===//
//
// Every element of every window is looked at, padding included.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/pooling/Pooling.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

template <typename OpTy> static double windowSize(OpTy op) {
  double size = 1;
  for (int64_t extent : op.getWindow())
    size *= extent;
  return size;
}

/// A comparison an element.
OpCost MaxPoolOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  cost.flops = numElements(getResult(), dimSize) * windowSize(*this);
  return cost;
}

/// To find the place of a maximum: whether an element is larger or the first,
/// and a selection of each the value and its number.
static constexpr double kSearch = 4;

/// The search, then for each element whether it is the maximum, and a
/// selection.
OpCost MaxPoolGatherOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  cost.flops =
      (kSearch + 2) * numElements(getResult(), dimSize) * windowSize(*this);
  return cost;
}

/// The search; then a comparison, a selection and an addition for each element
/// of the result and each window that it may be in.
OpCost MaxPoolScatterOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  cost.flops = (kSearch * numElements(getCotangent(), dimSize) +
                3 * numElements(getResult(), dimSize)) *
               windowSize(*this);
  return cost;
}

/// An addition an element, and a division a window.
OpCost AvgPoolOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  cost.flops = numElements(getResult(), dimSize) * (windowSize(*this) + 1);
  return cost;
}

/// A division a window, then an addition for each element of the result and
/// each window that it may be in.
OpCost AvgPoolGradOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  cost.flops = numElements(getCotangent(), dimSize) +
               numElements(getResult(), dimSize) * windowSize(*this);
  return cost;
}
