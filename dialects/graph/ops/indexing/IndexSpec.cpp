//===- IndexSpec.cpp - The letters of a gather or scatter -----------------===//

#include "dialects/graph/ops/indexing/IndexSpec.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace mlir;
using namespace msc::graph;

/// Letters, each at most once, and up to `maxStars` times `*`.
static bool isWellFormed(StringRef dims, size_t maxStars) {
  if (dims.count('*') > maxStars)
    return false;
  for (auto [index, dim] : llvm::enumerate(dims))
    if (dim != '*' && (!llvm::isAlpha(dim) || dims.find(dim) != index))
      return false;
  return true;
}

std::optional<IndexSpec> IndexSpec::parse(StringRef spec, StringRef separator) {
  IndexSpec result;
  size_t comma = spec.find(',');
  if (comma == StringRef::npos)
    return std::nullopt;
  result.operand = spec.take_front(comma);
  StringRef rest = spec.drop_front(comma + 1);
  size_t end = rest.find(separator);
  if (end == StringRef::npos)
    return std::nullopt;
  result.indices = rest.take_front(end);
  result.values = rest.drop_front(end + separator.size());
  if (!isWellFormed(result.operand, result.operand.size()) ||
      !isWellFormed(result.indices, 1) || !isWellFormed(result.values, 0))
    return std::nullopt;
  return result;
}

std::string IndexSpec::asGather() const {
  return (operand + "," + indices + "->" + values).str();
}

std::string IndexSpec::asScatter() const {
  return (operand + "," + indices + "," + values).str();
}

namespace {

/// The extent of each letter, as far as it is known.
struct LetterExtents {
  /// Fails, with a text, if `type` knows another extent for one of `dims`.
  std::optional<std::string> add(StringRef dims, RankedTensorType type) {
    for (auto [dim, extent] : llvm::zip_equal(dims, type.getShape())) {
      if (dim == '*' || ShapedType::isDynamic(extent))
        continue;
      auto [known, isNew] = extents.try_emplace(dim, extent);
      if (!isNew && known->second != extent)
        return ("c3: expected dims '" + StringRef(&dim, 1) +
                "' of one extent, got " + Twine(known->second) + " and " +
                Twine(extent))
            .str();
    }
    return std::nullopt;
  }

  llvm::SmallDenseMap<char, int64_t> extents;
};

} // namespace

SmallVector<int64_t>
IndexSpec::inferValues(RankedTensorType operandType,
                       RankedTensorType indicesType) const {
  LetterExtents letters;
  (void)letters.add(operand, operandType);
  (void)letters.add(indices, indicesType);
  SmallVector<int64_t> shape;
  for (char letter : values) {
    auto known = letters.extents.find(letter);
    shape.push_back(known == letters.extents.end() ? ShapedType::kDynamic
                                                   : known->second);
  }
  return shape;
}

std::optional<std::string> IndexSpec::findMismatch(RankedTensorType operandType,
                                                   RankedTensorType indicesType,
                                                   RankedTensorType valuesType,
                                                   StringRef valuesName) const {
  auto text = [](const Twine &message) { return message.str(); };
  struct Part {
    StringRef name, dims;
    RankedTensorType type;
  };
  Part parts[] = {{"operand", operand, operandType},
                  {"indices", indices, indicesType},
                  {valuesName, values, valuesType}};
  for (const Part &part : parts)
    if (part.type &&
        static_cast<int64_t>(part.dims.size()) != part.type.getRank())
      return text("c2: expected " + Twine(part.type.getRank()) +
                  " letters for " + part.name + ", got '" + part.dims + "'");
  LetterExtents letters;
  for (const Part &part : parts)
    if (part.type)
      if (auto mismatch = letters.add(part.dims, part.type))
        return mismatch;
  for (StringRef dims : {operand, indices})
    for (char letter : dims)
      if (letter != '*' && !values.contains(letter))
        return text("c4: expected letter '" + StringRef(&letter, 1) + "' in " +
                    valuesName);
  for (char letter : values)
    if (!operand.contains(letter) && !indices.contains(letter))
      return text("c4: expected letter '" + StringRef(&letter, 1) + "' of " +
                  valuesName + " in operand or indices");
  int64_t held =
      hasIndexDim() ? indicesType.getDimSize(indices.find('*')) : int64_t(1);
  if (held != static_cast<int64_t>(numIndexed())) {
    std::string got =
        ShapedType::isDynamic(held) ? std::string("?") : std::to_string(held);
    return text("c5: expected " + Twine(numIndexed()) +
                " indices a place, one per '*' of the operand, got " + got);
  }
  SmallVector<int64_t> extents = inferValues(operandType, indicesType);
  if (valuesType)
    extents = SmallVector<int64_t>(valuesType.getShape());
  for (auto [dim, extent] : llvm::zip_equal(operand, operandType.getShape()))
    if (dim == '*' && extent == 0 && !llvm::is_contained(extents, 0))
      return text("c6: expected no indexed dim of extent 0");
  return std::nullopt;
}
