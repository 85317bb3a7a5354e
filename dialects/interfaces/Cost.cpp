#include "dialects/interfaces/Cost.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

#include "dialects/interfaces/Cost.cpp.inc"

namespace msc {

OpCost &OpCost::operator+=(const OpCost &other) {
  flops += other.flops;
  transcendentals += other.transcendentals;
  bytesRead += other.bytesRead;
  bytesWritten += other.bytesWritten;
  return *this;
}

double numElements(Value value, DimSizeFn dimSize) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return 1;
  double count = 1;
  for (auto [index, extent] : llvm::enumerate(type.getShape()))
    count *= ShapedType::isDynamic(extent) ? dimSize(value, index) : extent;
  return count;
}

double numBytes(Value value, DimSizeFn dimSize) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isIntOrFloat())
    return 8; // an index or another scalar
  unsigned bits = type.getElementType().getIntOrFloatBitWidth();
  return numElements(value, dimSize) * ((bits + 7) / 8);
}

OpCost trafficCost(Operation *op, DimSizeFn dimSize) {
  OpCost cost;
  for (Value operand : op->getOperands())
    cost.bytesRead += numBytes(operand, dimSize);
  for (Value result : op->getResults())
    cost.bytesWritten += numBytes(result, dimSize);
  return cost;
}

OpCost pointwiseCost(Operation *op, DimSizeFn dimSize, double flops,
                     double transcendentals) {
  OpCost cost = trafficCost(op, dimSize);
  double elements = numElements(op->getResult(0), dimSize);
  cost.flops = flops * elements;
  cost.transcendentals = transcendentals * elements;
  return cost;
}

} // namespace msc
