//===- LoopBody.h - A loop while its body is made ---------------*- C++ -*-===//
//
// Loop, Scan and the recurrent ops become scf.for, or scf.while where a
// condition ends them. What an iteration hands to the next is carried; what it
// gives to a scan output is a row of a tensor that is carried as well and
// written in place:
//
//   for t in 0..T iter_args(%h = %h0, %ys = empty [T, ..]) {
//     %h1 = f(%h)
//     yield %h1, insert_slice g(%h) into %ys[t, ..]
//   }
//
// A carry that is a scan output too is kept in the rows alone, of which there
// is one more, so that no row is ever copied:
//
//   for t in 0..T iter_args(%hs = insert_slice %h0 into empty [T + 1, ..][0]) {
//     yield insert_slice f(extract_slice %hs[t, ..]) into %hs[t + 1, ..]
//   }
//
//===----------------------------------------------------------------------===//

#ifndef MSC_FRONTENDS_ONNX_LOOPBODY_H
#define MSC_FRONTENDS_ONNX_LOOPBODY_H

#include "frontends/onnx/NodeImport.h"

namespace msc::onnx {

class LoopBody {
public:
  /// `trips` bounds the number of iterations; null for no bound.
  LoopBody(NodeImport &n, Index trips);
  ~LoopBody();
  LoopBody(const LoopBody &) = delete;
  LoopBody &operator=(const LoopBody &) = delete;

  mlir::Block *getBlock() { return block.get(); }
  /// The number of the iteration, from 0.
  Index getIteration() const { return iteration; }
  /// Carries a tensor that begins as `init` (known outside of the loop).
  Tensor addCarry(const Tensor &init);
  /// Row `position` of `tensor` along `axis`, without that dim.
  Tensor rowOf(Tensor tensor, int64_t axis, Index position);
  /// Between these two, ops are made in the body.
  void enter();
  void leave();

  /// What the iteration makes of the carries, in their order. Fails if a shape
  /// or type changes.
  llvm::LogicalResult yield(llvm::ArrayRef<Tensor> values);
  /// Makes `row` part of a scan output, with its dim at `axis`; the first row
  /// comes last if `isReversed`.
  llvm::LogicalResult addRow(const Tensor &row, int64_t axis, bool isReversed);

  /// Makes the loop with that many iterations.
  llvm::LogicalResult finishFor(Index count);
  /// Makes a loop that goes on as long as the condition holds, which is `first`
  /// to begin with and what the body yields as `next` later (both i1).
  llvm::LogicalResult finishWhile(mlir::Value first, mlir::Value next);

  /// What the loop leaves.
  const Tensor &carry(unsigned i) const { return finals[i]; }
  const Tensor &rows(unsigned i) const { return collected[i]; }

private:
  struct Carry {
    mlir::Value init;
    mlir::BlockArgument argument;
    mlir::Value next;
    Tensor type; // element type and shape
  };
  struct Rows {
    Tensor row;
    int64_t axis;
    bool isReversed;
    /// The carry that is kept in the rows.
    std::optional<unsigned> carry;
    mlir::BlockArgument argument;
    mlir::Value init, next;
    Shape shape; // with all rows
  };

  mlir::Value sliceRow(mlir::Value rows, const Rows &slot, Index position);
  mlir::Value insertRow(mlir::Value row, mlir::Value rows, const Rows &slot,
                        Index position);
  llvm::LogicalResult startRows(Rows &slot, Index count);
  void keepCarryInRows(Rows &slot, Index count);
  void collect(mlir::ValueRange results, Index count, Index capacity);
  Tensor shaped(mlir::Value value, mlir::Type elementType, const Shape &shape);

  NodeImport &n;
  std::unique_ptr<mlir::Block> block;
  Index trips, iteration;
  bool isEntered = false;
  mlir::Block *outer;
  std::vector<Carry> carries;
  std::vector<Rows> scans;
  llvm::SmallVector<Tensor> finals, collected;
};

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_LOOPBODY_H
