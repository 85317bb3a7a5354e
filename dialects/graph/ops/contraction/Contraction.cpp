//===- Contraction.cpp - Specifications, shapes, verifier -----------------===//

#include "dialects/graph/ops/contraction/Contraction.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// The letters of lhs, rhs and result; nothing if `spec` is malformed.
static SmallVector<StringRef, 3> splitSpec(StringRef spec) {
  auto [operands, result] = spec.split("->");
  auto [lhs, rhs] = operands.split(',');
  if (operands.size() == spec.size() || lhs.size() == operands.size())
    return {};
  SmallVector<StringRef, 3> labels{lhs, rhs, result};
  for (StringRef letters : labels)
    for (auto [index, letter] : llvm::enumerate(letters))
      if (!llvm::isAlpha(letter) || letters.find(letter) != index)
        return {};
  return labels;
}

SmallVector<StringRef, 3> ContractOp::getLabels() {
  return splitSpec(getSpec());
}

SmallVector<AffineMap, 3> ContractOp::getIndexingMaps() {
  SmallVector<StringRef, 3> labels = getLabels();
  std::string loops = labels[2].str();
  for (StringRef operand : {labels[0], labels[1]})
    for (char letter : operand)
      if (loops.find(letter) == std::string::npos)
        loops.push_back(letter);
  SmallVector<AffineMap, 3> maps;
  for (StringRef letters : labels) {
    SmallVector<unsigned> positions;
    for (char letter : letters)
      positions.push_back(loops.find(letter));
    maps.push_back(AffineMap::getMultiDimMapWithTargets(loops.size(), positions,
                                                        getContext()));
  }
  return maps;
}

void ContractOp::build(OpBuilder &builder, OperationState &state,
                       StringRef spec, Value lhs, Value rhs, Type elementType) {
  SmallVector<StringRef, 3> labels = splitSpec(spec);
  assert(!labels.empty() && "malformed specification");
  SmallVector<int64_t> shape;
  for (char letter : labels[2]) {
    int64_t extent = ShapedType::kDynamic;
    for (auto [letters, operand] : llvm::zip(labels, ValueRange{lhs, rhs})) {
      size_t position = letters.find(letter);
      if (position != StringRef::npos && ShapedType::isDynamic(extent))
        extent = cast<RankedTensorType>(operand.getType()).getDimSize(position);
    }
    shape.push_back(extent);
  }
  build(builder, state, RankedTensorType::get(shape, elementType), spec, lhs,
        rhs);
}

LogicalResult ContractOp::verify() {
  SmallVector<StringRef, 3> labels = getLabels();
  if (labels.empty())
    return emitOpError("contract_c1: expected '<letters>,<letters>-><letters>' "
                       "with a letter at most once in each, got '")
           << getSpec() << "'";
  static constexpr StringLiteral kNames[] = {"lhs", "rhs", "result"};
  RankedTensorType types[] = {getLhs().getType(), getRhs().getType(),
                              getResult().getType()};
  for (unsigned i = 0; i < 3; ++i)
    if (static_cast<int64_t>(labels[i].size()) != types[i].getRank())
      return emitOpError("contract_c2: expected ")
             << types[i].getRank() << " letters for " << kNames[i] << ", got '"
             << labels[i] << "'";
  llvm::SmallDenseMap<char, int64_t> extents;
  for (auto [letters, type] : llvm::zip_equal(labels, types))
    for (auto [letter, extent] : llvm::zip_equal(letters, type.getShape())) {
      if (ShapedType::isDynamic(extent))
        continue;
      auto [known, isNew] = extents.try_emplace(letter, extent);
      if (!isNew && known->second != extent)
        return emitOpError("contract_c3: expected dims '")
               << StringRef(&letter, 1) << "' of one extent, got "
               << known->second << " and " << extent;
    }
  for (char letter : labels[2])
    if (!labels[0].contains(letter) && !labels[1].contains(letter))
      return emitOpError("contract_c4: expected letter '")
             << StringRef(&letter, 1) << "' of the result in an operand";
  for (unsigned i = 0; i < 2; ++i)
    for (char letter : labels[i])
      if (!labels[1 - i].contains(letter) && !labels[2].contains(letter))
        return emitOpError("contract_c4: expected letter '")
               << StringRef(&letter, 1) << "', which only " << kNames[i]
               << " has, in the result";
  for (RankedTensorType type : types)
    if (isa<FloatType>(type.getElementType()) !=
        isa<FloatType>(types[2].getElementType()))
      return emitOpError("contract_c5: expected floats or integers only, got ")
             << type.getElementType() << " and " << types[2].getElementType();
  return success();
}

LogicalResult
ContractOp::reifyResultShapes(OpBuilder &builder,
                              ReifiedRankedShapedTypeDims &shapes) {
  SmallVector<StringRef, 3> labels = getLabels();
  SmallVector<OpFoldResult> &shape = shapes.emplace_back();
  for (auto [letter, extent] :
       llvm::zip_equal(labels[2], getType().getShape())) {
    if (!ShapedType::isDynamic(extent)) {
      shape.push_back(builder.getIndexAttr(extent));
      continue;
    }
    bool inLhs = labels[0].contains(letter);
    shape.push_back(tensor::getMixedSize(builder, getLoc(),
                                         inLhs ? getLhs() : getRhs(),
                                         labels[inLhs ? 0 : 1].find(letter)));
  }
  return success();
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/contraction/Contraction.cpp.inc"
