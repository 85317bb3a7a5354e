//===- Sorting.cpp - Verifier and extents of sorting ops ------------------===//

#include "dialects/graph/ops/sorting/Sorting.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

#define GET_OP_CLASSES
#include "dialects/graph/ops/sorting/Sorting.cpp.inc"

LogicalResult TopKOp::verify() {
  RankedTensorType from = getOperand().getType();
  if (getAxis() >= static_cast<uint64_t>(from.getRank()))
    return emitOpError("top_k_c1: expected an axis below the rank ")
           << from.getRank() << ", got " << static_cast<int64_t>(getAxis());
  int64_t count = ShapedType::kDynamic;
  for (Value result : getResults()) {
    auto type = cast<RankedTensorType>(result.getType());
    if (type.getRank() != from.getRank())
      return emitOpError("top_k_c2: expected results of rank ")
             << from.getRank() << ", got " << type.getRank();
    SmallVector<int64_t> expected(from.getShape());
    expected[getAxis()] = type.getDimSize(getAxis());
    if (type.getShape() != ArrayRef(expected))
      return emitOpError("top_k_c2: expected results of type ")
             << type.clone(expected) << ", got " << type;
    if (result == getValues())
      count = type.getDimSize(getAxis());
    else if (type.getDimSize(getAxis()) != count)
      return emitOpError("top_k_c2: expected as many places as values, ")
             << count << ", got " << type.getDimSize(getAxis());
  }
  int64_t extent = from.getDimSize(getAxis());
  if (!ShapedType::isDynamic(count) && !ShapedType::isDynamic(extent) &&
      count > extent)
    return emitOpError("top_k_c3: expected at most ")
           << extent << " elements along axis " << getAxis() << ", got "
           << count;
  if (ShapedType::isDynamic(count) != static_cast<bool>(getSize()))
    return emitOpError("top_k_c4: expected ")
           << (getSize() ? "no size" : "a size")
           << " for the results' extent along axis " << getAxis();
  Type element = from.getElementType();
  if (getValues().getType().getElementType() != element)
    return emitOpError("top_k_c5: expected values of element type ")
           << element << ", got " << getValues().getType().getElementType();
  if (element.isInteger(1))
    return emitOpError("top_k_c5: expected numbers, got booleans");
  return success();
}

LogicalResult TopKOp::reifyResultShapes(OpBuilder &builder,
                                        ReifiedRankedShapedTypeDims &shapes) {
  auto sizes = tensor::getMixedSizes(builder, getLoc(), getOperand());
  sizes[getAxis()] =
      getSize()
          ? OpFoldResult(getSize())
          : builder.getIndexAttr(getValues().getType().getDimSize(getAxis()));
  shapes.assign(2, sizes);
  return success();
}
