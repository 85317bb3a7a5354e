//===- Reduction.cpp - Types and extents of reductions --------------------===//

#include "dialects/graph/ops/reduction/Reduction.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// The extents that are left without `dimensions`.
template <typename T>
static SmallVector<T> dropDims(ArrayRef<T> extents,
                               ArrayRef<int64_t> dimensions) {
  SmallVector<T> kept;
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (!llvm::is_contained(dimensions, static_cast<int64_t>(dim)))
      kept.push_back(extent);
  return kept;
}

static LogicalResult inferReduction(std::optional<Location> location,
                                    Value operand, ArrayRef<int64_t> dimensions,
                                    SmallVectorImpl<Type> &types) {
  auto from = typeOf(operand);
  int64_t previous = -1;
  for (int64_t dim : dimensions) {
    if (dim <= previous || dim >= from.getRank())
      return emitOptionalError(
          location, "reduce_c1: expected increasing dims below the rank ",
          from.getRank(), ", got ", dim);
    previous = dim;
  }
  types.push_back(from.clone(dropDims(from.getShape(), dimensions)));
  return success();
}

static LogicalResult inferArgReduction(std::optional<Location> location,
                                       Value operand, uint64_t axis,
                                       SmallVectorImpl<Type> &types) {
  auto from = typeOf(operand);
  if (axis >= static_cast<uint64_t>(from.getRank()))
    return emitOptionalError(
        location, "arg_reduce_c1: expected an axis below the rank ",
        from.getRank(), ", got ", static_cast<int64_t>(axis));
  if (from.getDimSize(axis) == 0)
    return emitOptionalError(
        location, "arg_reduce_c1: expected at least one element along axis ",
        axis, ", got 0");
  types.push_back(
      RankedTensorType::get(dropDims<int64_t>(from.getShape(), axis),
                            IntegerType::get(from.getContext(), 64)));
  return success();
}

static LogicalResult reifyReduction(Operation *op, ArrayRef<int64_t> dimensions,
                                    OpBuilder &builder,
                                    ReifiedRankedShapedTypeDims &shapes) {
  auto sizes = tensor::getMixedSizes(builder, op->getLoc(), op->getOperand(0));
  shapes.push_back(dropDims<OpFoldResult>(sizes, dimensions));
  return success();
}

#define REDUCTION(OP)                                                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *, std::optional<Location> location, ValueRange operands,    \
      DictionaryAttr attributes, OpaqueProperties properties,                  \
      RegionRange regions, SmallVectorImpl<Type> &types) {                     \
    Adaptor adaptor(operands, attributes, properties, regions);                \
    return inferReduction(location, operands[0], adaptor.getDimensions(),      \
                          types);                                              \
  }                                                                            \
  LogicalResult OP::reifyResultShapes(OpBuilder &builder,                      \
                                      ReifiedRankedShapedTypeDims &shapes) {   \
    return reifyReduction(*this, getDimensions(), builder, shapes);            \
  }                                                                            \
  OpFoldResult OP::fold(FoldAdaptor) {                                         \
    return getDimensions().empty() ? OpFoldResult(getOperand())                \
                                   : OpFoldResult();                           \
  }

REDUCTION(ReduceSumOp)
REDUCTION(ReduceProdOp)
REDUCTION(ReduceMaxOp)
REDUCTION(ReduceMinOp)
REDUCTION(ReduceAndOp)
REDUCTION(ReduceOrOp)

#define ARG_REDUCTION(OP)                                                      \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *, std::optional<Location> location, ValueRange operands,    \
      DictionaryAttr attributes, OpaqueProperties properties,                  \
      RegionRange regions, SmallVectorImpl<Type> &types) {                     \
    Adaptor adaptor(operands, attributes, properties, regions);                \
    return inferArgReduction(location, operands[0], adaptor.getAxis(), types); \
  }                                                                            \
  LogicalResult OP::reifyResultShapes(OpBuilder &builder,                      \
                                      ReifiedRankedShapedTypeDims &shapes) {   \
    return reifyReduction(*this, static_cast<int64_t>(getAxis()), builder,     \
                          shapes);                                             \
  }

ARG_REDUCTION(ArgMaxOp)
ARG_REDUCTION(ArgMinOp)

#define GET_OP_CLASSES
#include "dialects/graph/ops/reduction/Reduction.cpp.inc"
