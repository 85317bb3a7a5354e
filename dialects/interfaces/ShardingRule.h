//===- ShardingRule.h - How an op can be partitioned ------------*- C++ -*-===//
//
// Plain structs, free of any notion of mesh or device. The iteration space of
// an op is a list of factors; each dim of each operand and result is made of
// factors. Partitioning a factor partitions every dim that holds it.
// The model is that of einsum specifications ("bmk,kn->bmn" says which dims of
// a matmul must be split alike), with windows for stencils.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_INTERFACES_SHARDINGRULE_H
#define MSC_DIALECTS_INTERFACES_SHARDINGRULE_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace msc {

/// How partial results of a partitioned reduction factor are combined.
enum class Combiner { None, Sum, Product, Min, Max, And, Or };

struct ShardingFactor {
  enum Kind {
    /// Every part is computed on its own: the results hold this factor too.
    Parallel,
    /// Every part gives a partial result, to be merged by `combiner`.
    Reduction,
    /// Must not be partitioned (the axis of a softmax).
    Replicated,
  };
  /// Extent, or ShapedType::kDynamic.
  int64_t size = 0;
  Kind kind = Parallel;
  Combiner combiner = Combiner::None;
};

/// For an operand dim that is read through a window: element `o` of the factor
/// reads the padded operand at `o * stride + k * dilation`, k in [0, size). A
/// part of the factor needs a halo.
struct ShardingWindow {
  int64_t size = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  /// Padding before and after the dim.
  int64_t padLow = 0, padHigh = 0;
  /// What is read in the padding.
  mlir::TypedAttr padValue;
};

/// One dim of an operand or result: its factors, major to minor; none if the
/// dim can't be partitioned. A dim with a window has exactly one factor.
struct ShardingDim {
  llvm::SmallVector<unsigned, 1> factors;
  std::optional<ShardingWindow> window;
};

using ShardingTensor = llvm::SmallVector<ShardingDim, 0>;

struct ShardingRule {
  llvm::SmallVector<ShardingFactor> factors;
  llvm::SmallVector<ShardingTensor> operands;
  llvm::SmallVector<ShardingTensor> results;

  /// Returns the new factor's number.
  unsigned addFactor(int64_t size,
                     ShardingFactor::Kind kind = ShardingFactor::Parallel,
                     Combiner combiner = Combiner::None);
};

/// One part of a partitioned op: into how many parts each factor is split
/// (1: not at all), and which one this is.
struct Shard {
  llvm::SmallVector<int64_t> parts;
  llvm::SmallVector<mlir::OpFoldResult> index;
};

/// The rule that indexing maps give, one map per operand, then one per result;
/// loops that no result holds are reductions merged by `combiner`. A map result
/// that is not a plain dim gives a dim that can't be partitioned and makes the
/// loops in it Replicated.
ShardingRule shardingRuleFromIndexingMaps(mlir::Operation *op,
                                          llvm::ArrayRef<mlir::AffineMap> maps,
                                          Combiner combiner = Combiner::None);

/// The rule of an op whose operands and results all have one shape.
ShardingRule pointwiseShardingRule(mlir::Operation *op);

/// The shape of a tensor's part: each dim divided by the parts of its factors.
/// Fails where a static dim doesn't divide evenly.
llvm::FailureOr<mlir::RankedTensorType> shardType(mlir::RankedTensorType type,
                                                  const ShardingTensor &dims,
                                                  const Shard &shard);

/// The extents of the dynamic dims of a tensor of this type, in order, divided
/// like the tensor. Ops that take extents as operands need them so.
llvm::SmallVector<mlir::Value>
shardSizes(mlir::OpBuilder &builder, mlir::Location loc,
           mlir::RankedTensorType type, mlir::ValueRange sizes,
           const ShardingTensor &dims, const Shard &shard);

/// The op itself on local operands, with result types divided: for ops without
/// an attribute that depends on the shape.
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
cloneForShard(mlir::Operation *op, mlir::OpBuilder &builder,
              mlir::ValueRange localOperands, const ShardingRule &rule,
              const Shard &shard);

} // namespace msc

#include "dialects/interfaces/ShardingRule.h.inc"

#endif // MSC_DIALECTS_INTERFACES_SHARDINGRULE_H
