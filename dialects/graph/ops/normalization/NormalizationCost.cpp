//===- NormalizationCost.cpp - Cost of normalisation ----------------------===//
//
// The work of the expansions; the traffic of the ops as wholes, which keep what
// lies between in cache.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/normalization/Normalization.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

OpCost SoftmaxOp::getCost(DimSizeFn dimSize) {
  // max, subtract, exp, sum, divide
  return pointwiseCost(*this, dimSize, 4, 1);
}

OpCost LogSoftmaxOp::getCost(DimSizeFn dimSize) {
  // max, subtract, exp, sum, subtract; a logarithm for every row
  OpCost cost = pointwiseCost(*this, dimSize, 4, 1);
  auto type = cast<RankedTensorType>(getType());
  int64_t axis = getAxis();
  double extent = type.isDynamicDim(axis) ? dimSize(getOperand(), axis)
                                          : type.getDimSize(axis);
  if (extent > 0)
    cost.transcendentals += numElements(getResult(), dimSize) / extent;
  return cost;
}

OpCost BatchNormOp::getCost(DimSizeFn dimSize) {
  // Subtract, multiply, add; and for every feature add, rsqrt, multiply.
  OpCost cost = pointwiseCost(*this, dimSize, 3, 0);
  double features = numElements(getScale(), dimSize);
  cost.flops += 2 * features;
  cost.transcendentals += features;
  return cost;
}
