//===- IndexMath.h - Extents and shape arithmetic ---------------*- C++ -*-===//
//
// An index is an affine expression whose symbols are dims that get their
// extents at run time. MLIR makes expressions unique and simplifies them, so
// two extents are known to be equal if their expressions are the same object:
// n * 4 / 4 is n, and two branches of a network that halve a height meet again.
// What is not affine (a minimum, a quotient by a dim) becomes a symbol of its
// own, the same one for the same operands, which are brought into one order and
// of which those go that others make redundant. So does what only the program
// knows: the number of a loop's iteration, an extent that a branch decides, an
// integer that an input holds.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_FRONTENDS_ONNX_INDEXMATH_H
#define MSC_FRONTENDS_ONNX_INDEXMATH_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <optional>
#include <string>
#include <vector>

namespace msc::onnx {

/// An index; null where the arithmetic left the range of sane extents. All
/// methods pass null on.
using Index = mlir::AffineExpr;
using Shape = llvm::SmallVector<Index>;

/// Bounds of an index, inclusive. What is beyond kMax is kMax.
struct IndexRange {
  static constexpr int64_t kMax = int64_t(1) << 52;
  int64_t min, max;
};

/// The value of an index that does not depend on any dim.
std::optional<int64_t> constantOf(Index index);

class IndexMath {
public:
  explicit IndexMath(mlir::MLIRContext *context) : context(context) {}

  /// Any value; arithmetic with a huge one gives null.
  Index constant(int64_t value);
  /// Extent `dim` of a function argument.
  Index dim(mlir::Value argument, int64_t dim, llvm::StringRef name,
            IndexRange range);
  /// A value of index type that the innermost block defines.
  Index value(mlir::Value value, IndexRange range);
  /// The integer that a function argument of rank 0 holds.
  Index content(mlir::Value argument, llvm::StringRef name, IndexRange range);

  Index add(Index lhs, Index rhs);
  Index add(Index lhs, int64_t rhs) { return add(lhs, constant(rhs)); }
  Index sub(Index lhs, Index rhs);
  Index mul(Index lhs, Index rhs);
  Index mul(Index lhs, int64_t rhs) { return mul(lhs, constant(rhs)); }
  /// Rounds down; the divisor is positive.
  Index floorDiv(Index lhs, Index rhs);
  Index floorDiv(Index lhs, int64_t rhs) {
    return floorDiv(lhs, constant(rhs));
  }
  Index ceilDiv(Index lhs, int64_t rhs);
  Index min(Index lhs, Index rhs);
  Index max(Index lhs, Index rhs);
  Index product(llvm::ArrayRef<Index> indices);
  /// product(numerator) / product(denominator), with equal factors cancelled:
  /// what -1 stands for in a Reshape.
  Index quotient(llvm::ArrayRef<Index> numerator,
                 llvm::ArrayRef<Index> denominator);

  IndexRange rangeOf(Index index);
  /// Whether lhs <= rhs whatever the extents are; false if that is not proven.
  bool isAtMost(Index lhs, Index rhs);
  /// Whether an index depends on what an input holds, not on its extents alone.
  bool dependsOnContents(Index index);
  /// Whether these two are one, or have to be one for the program to get here.
  bool areEqual(Index lhs, Index rhs);
  /// In this block and those within they have to be one from now on. What is
  /// made then, if that is so of all calls, makes use of it.
  void setEqual(Index lhs, Index rhs);
  /// By what is known to be equal: with min(n, 512) = n, min(n, 512) - 1 is
  /// n - 1.
  Index resolve(Index index);
  /// Whether these two were not yet asked about in this block or one around it:
  /// what has to be decided at run time is decided once.
  bool isFirstDecision(Index lhs, Index rhs);
  /// Whether the same dims decide both, as those of images of which one is made
  /// of the other; false for values that the program computes.
  bool dependOnSameDims(Index lhs, Index rhs);
  /// Makes sure that an index is not negative, by raising the least extent of
  /// the dim that it depends on, if need be. False if that does not help.
  bool requireNonNegative(Index index);
  /// The dims with their names and, as far as is known so far, ranges.
  std::vector<std::pair<std::string, IndexRange>> getDims() const;
  /// For messages: `batch * 4`.
  std::string toString(Index index, unsigned depth = 8);
  /// The name of a dim, or a formula's text, which no other index has; "" if
  /// there is no such text.
  std::string uniqueNameOf(Index index);
  /// The name of a dim, "" if the index is anything else.
  llvm::StringRef nameOf(Index index);

  /// Blocks nest: the body of a loop stands in the block of the loop. Values are
  /// made at the end of the outermost block in which their operands are known,
  /// so that they serve all blocks within.
  void enterBlock(mlir::Block *block) { blocks.push_back({block, {}, {}}); }
  void leaveBlock();
  unsigned getDepth() const { return blocks.size() - 1; }
  /// The block, counted from the outermost, in which an index is known.
  unsigned depthOf(Index index);

  /// An attribute, or a value of index type. Blocks only ever grow at their end.
  mlir::OpFoldResult materialize(mlir::OpBuilder &builder, mlir::Location loc,
                                 Index index);
  llvm::SmallVector<mlir::OpFoldResult> materialize(mlir::OpBuilder &builder,
                                                    mlir::Location loc,
                                                    llvm::ArrayRef<Index> list);

private:
  enum class Kind { Dim, Content, Value, Min, Max, FloorDiv, Large };
  struct Symbol {
    Kind kind;
    std::string name;     // of a dim or an argument
    mlir::Value argument; // that has the dim or the content
    int64_t dim = 0;
    Index lhs, rhs; // of what is neither a dim nor a value
    IndexRange range;
    mlir::Value value; // once materialised
    unsigned depth = 0;
    bool isOfContents = false;
    Index equal = {}; // of earlier symbols only
  };

  /// An operand of a minimum or maximum: base + offset.
  struct Operand {
    Index base;
    int64_t offset;
  };
  /// How an index changes as one of its symbols grows.
  enum class Slope { None, Rising, Falling, Unknown };

  // An expression with more nodes than this becomes a symbol, so that a long
  // chain of shape arithmetic costs what it is long.
  static constexpr unsigned kMaxNodes = 64;
  static constexpr double kMax = IndexRange::kMax;
  using Pair = std::pair<Index, Index>;
  struct Scope {
    mlir::Block *block;
    llvm::DenseSet<Pair> decided;
    llvm::SmallVector<Index> equal; // that got a root in `equals` here
  };

  Index symbol(Kind kind, Index lhs, Index rhs, IndexRange range);
  bool collectDims(Index index, llvm::SmallDenseSet<unsigned> &dims);
  Index finish(Index index);
  /// The largest product of constants in an index, which must not overflow when
  /// MLIR folds them; it and their number of nodes.
  static double magnitudeOf(Index index);
  static void measure(Index index, unsigned &nodes, double &magnitude);

  // IndexOrder.cpp
  Index extreme(Kind kind, Index lhs, Index rhs);
  void addOperands(Kind kind, Index index, int64_t offset,
                   llvm::SmallVectorImpl<Operand> &operands);
  bool isNonNegative(Index index, unsigned &budget);
  std::optional<bool> byExtreme(Index index, unsigned &budget);
  std::optional<bool> byQuotient(Index index, unsigned &budget);
  bool bySlope(Index index, unsigned &budget);
  Slope slopeOf(Index index, unsigned position);
  static Slope scale(Slope slope, IndexRange factor);
  Index substitute(Index index, unsigned position, Index by);
  llvm::SmallVector<unsigned> positionsIn(Index index);
  std::optional<Index> divideTerm(Index term, Index divisor);
  Index representative(Index index);
  void learnFrom(unsigned position);
  mlir::Value materializeSymbol(mlir::OpBuilder &builder, mlir::Location loc,
                                unsigned position);
  mlir::Value materializeValue(mlir::OpBuilder &builder, mlir::Location loc,
                               Index index);

  mlir::MLIRContext *context;
  std::vector<Symbol> symbols;
  llvm::DenseMap<std::tuple<int, Index, Index>, Index> derived;
  llvm::DenseMap<Index, mlir::Value> values;
  llvm::DenseMap<Index, Index> equals; // a forest
  llvm::SmallVector<Index> facts;      // are not negative, as is required
  bool someEqual = false;
  std::vector<Scope> blocks;
};

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_INDEXMATH_H
