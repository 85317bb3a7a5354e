//===- IndexSpec.h - The letters of a gather or scatter ---------*- C++ -*-===//
//
// What `graph.gather` and `graph.scatter` share: the letters of their
// specification, and the loops that these stand for. The loops are the dims of
// `values`, the gather's result or the scatter's updates, in order.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_GRAPH_OPS_INDEXING_INDEXSPEC_H
#define MSC_DIALECTS_GRAPH_OPS_INDEXING_INDEXSPEC_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace msc::graph {

struct IndexSpec {
  /// Letters, and `*` for an indexed dim (operand) or the dim that holds the
  /// indices of one place (indices).
  llvm::StringRef operand, indices, values;

  /// Nothing if the specification is malformed. `separator` is what stands
  /// before the letters of `values`: "->" or ",".
  static std::optional<IndexSpec> parse(llvm::StringRef spec,
                                        llvm::StringRef separator);

  /// Indexed dims of the operand.
  unsigned numIndexed() const { return operand.count('*'); }
  bool hasIndexDim() const { return indices.contains('*'); }
  /// Loop of a letter.
  unsigned loop(char letter) const { return values.find(letter); }

  std::string asGather() const;
  std::string asScatter() const;

  /// Says what does not fit, without label: "c2: expected ...". An unknown
  /// `values` (null) is checked as far as it follows from the others.
  std::optional<std::string> findMismatch(mlir::RankedTensorType operandType,
                                          mlir::RankedTensorType indicesType,
                                          mlir::RankedTensorType valuesType,
                                          llvm::StringRef valuesName) const;

  /// The extents of `values` as operand and indices tell them.
  llvm::SmallVector<int64_t>
  inferValues(mlir::RankedTensorType operandType,
              mlir::RankedTensorType indicesType) const;
};

} // namespace msc::graph

#endif // MSC_DIALECTS_GRAPH_OPS_INDEXING_INDEXSPEC_H
