//===- PartLayout.h - Where a part of a tensor lies -------------*- C++ -*-===//
//
// A partition splits factors of a sharding rule into equal parts. A dim that is
// made of several factors holds its part as digits of a mixed radix, a dim read
// through a window holds the halo that its part of the output needs.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_PARALLEL_PARTLAYOUT_H
#define MSC_PARALLEL_PARTLAYOUT_H

#include "dialects/interfaces/ShardingRule.h"

namespace msc {

/// One dim of a tensor in one part of a partition. It refers to the rule, the
/// counts and the numbers that it was made of.
class PartDim {
public:
  /// `extent` is the whole dim's, `parts` says into how many parts each factor
  /// of the rule is split, evenly, and `index` which of them this is.
  PartDim(const ShardingRule &rule, const ShardingDim &dim, int64_t extent,
          llvm::ArrayRef<int64_t> parts, llvm::ArrayRef<int64_t> index)
      : rule(&rule), dim(&dim), whole(extent), parts(parts), index(index) {}

  /// Read through a window of which there are several parts?
  bool isWindow() const;

  int64_t localExtent() const;

  /// Coordinate in the whole dim; outside of it in the padding of a window.
  int64_t globalOf(int64_t local) const;

private:
  const ShardingRule *rule;
  const ShardingDim *dim;
  int64_t whole;
  llvm::ArrayRef<int64_t> parts, index;
};

/// The dims of a tensor of the given whole shape.
llvm::SmallVector<PartDim> partDims(const ShardingRule &rule,
                                    const ShardingTensor &tensor,
                                    llvm::ArrayRef<int64_t> shape,
                                    llvm::ArrayRef<int64_t> parts,
                                    llvm::ArrayRef<int64_t> index);

llvm::SmallVector<int64_t> localShape(llvm::ArrayRef<PartDim> dims);

} // namespace msc

#endif // MSC_PARALLEL_PARTLAYOUT_H
