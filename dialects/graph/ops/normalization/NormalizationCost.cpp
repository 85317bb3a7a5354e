//===- NormalizationCost.cpp - Cost of normalisation ----------------------===//
//
// The work of the expansions; the traffic of the ops as wholes, which keep what
// lies between in cache.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/normalization/Normalization.h"
#include "mlir/IR/TypeUtilities.h"

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

/// `perElement` and `perRow` flops, the rounding of narrow types, the scale and
/// the offset; a root for every row.
static OpCost rowNormCost(Operation *op, DimSizeFn dimSize, double rows,
                          double perElement, double perRow, unsigned vectors) {
  bool isNarrow = getElementTypeOrSelf(op->getOperand(0).getType())
                      .getIntOrFloatBitWidth() < 32;
  OpCost cost =
      pointwiseCost(op, dimSize, perElement + vectors + (isNarrow ? 2 : 0), 0);
  cost.flops += perRow * rows;
  cost.transcendentals += rows;
  return cost;
}

OpCost LayerNormOp::getCost(DimSizeFn dimSize) {
  // sum, subtract, square, sum, multiply; by row two quotients and epsilon
  return rowNormCost(*this, dimSize, numElements(getRstd(), dimSize), 5, 3,
                     getNumOperands() - 1);
}

OpCost RmsNormOp::getCost(DimSizeFn dimSize) {
  // square, sum, multiply; by row a quotient and epsilon
  return rowNormCost(*this, dimSize, numElements(getRstd(), dimSize), 3, 2,
                     getNumOperands() - 1);
}

OpCost GroupNormOp::getCost(DimSizeFn dimSize) {
  auto type = cast<RankedTensorType>(getType());
  double samples =
      type.isDynamicDim(0) ? dimSize(getOperand(), 0) : type.getDimSize(0);
  return rowNormCost(*this, dimSize, samples * getGroups(), 5, 3,
                     getNumOperands() - 1);
}
