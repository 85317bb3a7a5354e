//===- ShapeCost.cpp - Cost of shape ops ----------------------------------===//
//
// Elements are moved, none is computed. A reshape moves nothing, and neither
// does a constant, which lies in memory as it is.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/shape/Shape.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Reads what the given tensors hold, writes the result.
static OpCost movementCost(Operation *op, ValueRange read, DimSizeFn dimSize) {
  OpCost cost;
  for (Value tensor : read)
    cost.bytesRead += numBytes(tensor, dimSize);
  cost.bytesWritten = numBytes(op->getResult(0), dimSize);
  return cost;
}

OpCost ConstantOp::getCost(DimSizeFn) { return {}; }
OpCost ReshapeOp::getCost(DimSizeFn) { return {}; }

OpCost IotaOp::getCost(DimSizeFn dimSize) {
  return movementCost(*this, {}, dimSize);
}
OpCost BroadcastOp::getCost(DimSizeFn dimSize) {
  return movementCost(*this, getOperand(), dimSize);
}
OpCost TransposeOp::getCost(DimSizeFn dimSize) {
  return movementCost(*this, getOperand(), dimSize);
}
OpCost ConcatOp::getCost(DimSizeFn dimSize) {
  return movementCost(*this, getInputs(), dimSize);
}
OpCost SliceOp::getCost(DimSizeFn dimSize) {
  // Only what is taken is read.
  return movementCost(*this, getResult(), dimSize);
}
OpCost PadOp::getCost(DimSizeFn dimSize) {
  return movementCost(*this, {getOperand(), getValue()}, dimSize);
}
OpCost ReverseOp::getCost(DimSizeFn dimSize) {
  return movementCost(*this, getOperand(), dimSize);
}
