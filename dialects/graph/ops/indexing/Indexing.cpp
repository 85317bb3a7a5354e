//===- Indexing.cpp - Types, extents and folds of indexing ops ------------===//

#include "dialects/graph/ops/indexing/Indexing.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

#define GET_OP_CLASSES
#include "dialects/graph/ops/indexing/Indexing.cpp.inc"

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

LogicalResult
GatherOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto spec = IndexSpec::parse(adaptor.getSpec(), "->");
  if (!spec)
    return emitOptionalError(
        location,
        "gather_c1: expected '<dims>,<dims>-><letters>' with a letter at most "
        "once in each and '*' at most once in the indices, got '",
        adaptor.getSpec(), "'");
  auto operand = typeOf(adaptor.getOperand()),
       indices = typeOf(adaptor.getIndices());
  if (auto mismatch = spec->findMismatch(operand, indices, {}, "the result"))
    return emitOptionalError(location, "gather_", *mismatch);
  types.push_back(operand.clone(spec->inferValues(operand, indices)));
  return success();
}

LogicalResult GatherOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  IndexSpec spec = *IndexSpec::parse(getSpec(), "->");
  SmallVector<OpFoldResult> &shape = shapes.emplace_back();
  for (auto [letter, extent] :
       llvm::zip_equal(spec.values, typeOf(getResult()).getShape())) {
    if (!ShapedType::isDynamic(extent)) {
      shape.push_back(builder.getIndexAttr(extent));
      continue;
    }
    bool inOperand = spec.operand.contains(letter);
    shape.push_back(tensor::getMixedSize(
        builder, getLoc(), inOperand ? getOperand() : getIndices(),
        (inOperand ? spec.operand : spec.indices).find(letter)));
  }
  return success();
}

/// A constant result of more elements would make the program larger than the
/// work it saves.
static constexpr int64_t kMaxFoldedElements = 1024;

/// Positions of a small shape, row-major.
static bool advance(MutableArrayRef<int64_t> position,
                    ArrayRef<int64_t> shape) {
  for (size_t dim = shape.size(); dim-- > 0;) {
    if (++position[dim] < shape[dim])
      return true;
    position[dim] = 0;
  }
  return false;
}

static int64_t linear(ArrayRef<int64_t> position, ArrayRef<int64_t> shape) {
  int64_t index = 0;
  for (auto [at, extent] : llvm::zip_equal(position, shape))
    index = index * extent + at;
  return index;
}

OpFoldResult GatherOp::fold(FoldAdaptor adaptor) {
  auto type = typeOf(getResult());
  auto elements = dyn_cast_or_null<DenseElementsAttr>(adaptor.getOperand());
  if (!elements || !type.hasStaticShape())
    return {};
  if (elements.isSplat())
    return elements.resizeSplat(type);
  auto indices = dyn_cast_or_null<DenseIntElementsAttr>(adaptor.getIndices());
  if (!indices || type.getNumElements() > kMaxFoldedElements ||
      type.getNumElements() == 0)
    return {};
  IndexSpec spec = *IndexSpec::parse(getSpec(), "->");
  ArrayRef<int64_t> operandShape = elements.getType().getShape(),
                    indicesShape = indices.getType().getShape();
  bool isUnsigned = indices.getElementType().isUnsignedInteger();
  SmallVector<Attribute> from(elements.getValues<Attribute>()), values;
  SmallVector<APInt> numbers(indices.getValues<APInt>());
  SmallVector<int64_t> position(type.getRank());
  do {
    SmallVector<int64_t> at;
    int64_t component = 0;
    for (auto [dim, extent] : llvm::zip_equal(spec.operand, operandShape)) {
      if (dim != '*') {
        at.push_back(position[spec.loop(dim)]);
        continue;
      }
      SmallVector<int64_t> where;
      for (char letter : spec.indices)
        where.push_back(letter == '*' ? component
                                      : position[spec.loop(letter)]);
      const APInt &number = numbers[linear(where, indicesShape)];
      int64_t index = isUnsigned ? static_cast<int64_t>(number.getLimitedValue(
                                       std::numeric_limits<int64_t>::max()))
                                 : number.getSExtValue();
      index = index < 0 ? index + extent : index;
      at.push_back(std::clamp<int64_t>(index, 0, extent - 1));
      ++component;
    }
    values.push_back(from[linear(at, operandShape)]);
  } while (advance(position, type.getShape()));
  return DenseElementsAttr::get(type, values);
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

LogicalResult ScatterOp::verify() {
  auto spec = IndexSpec::parse(getSpec(), ",");
  if (!spec)
    return emitOpError("scatter_c1: expected '<dims>,<dims>,<letters>' with a "
                       "letter at most once in each and '*' at most once in "
                       "the indices, got '")
           << getSpec() << "'";
  auto operand = typeOf(getOperand()), updates = typeOf(getUpdates());
  if (auto mismatch = spec->findMismatch(operand, typeOf(getIndices()), updates,
                                         "the updates"))
    return emitOpError("scatter_") << *mismatch;
  if (operand.getElementType() != updates.getElementType())
    return emitOpError("scatter_c7: expected updates of element type ")
           << operand.getElementType() << ", got " << updates.getElementType();
  if (operand.getElementType().isInteger(1) &&
      getCombiner() != ScatterCombiner::set)
    return emitOpError("scatter_c7: expected numbers for combiner '")
           << stringifyScatterCombiner(getCombiner()) << "', got "
           << operand.getElementType();
  return success();
}

LogicalResult
ScatterOp::reifyResultShapes(OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  return reifyAsOperand(*this, 0, builder, shapes);
}

OpFoldResult ScatterOp::fold(FoldAdaptor) {
  if (llvm::is_contained(typeOf(getUpdates()).getShape(), 0))
    return getOperand();
  return {};
}

//===----------------------------------------------------------------------===//
// Cumulative sum
//===----------------------------------------------------------------------===//

LogicalResult CumsumOp::verify() {
  int64_t rank = typeOf(getOperand()).getRank();
  if (getAxis() >= static_cast<uint64_t>(rank))
    return emitOpError("cumsum_c1: expected an axis below the rank ")
           << rank << ", got " << static_cast<int64_t>(getAxis());
  if (typeOf(getOperand()).getElementType().isInteger(1))
    return emitOpError("cumsum_c2: expected numbers, got booleans");
  return success();
}

OpFoldResult CumsumOp::fold(FoldAdaptor) {
  ArrayRef<int64_t> shape = typeOf(getOperand()).getShape();
  if (llvm::is_contained(shape, 0) ||
      (shape[getAxis()] == 1 && !getExclusive()))
    return getOperand();
  return {};
}

LogicalResult CumsumOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  return reifyAsOperand(*this, 0, builder, shapes);
}
