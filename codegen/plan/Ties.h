//===- Ties.h - values that are computed into given tensors ---------------===//

#ifndef MSC_CODEGEN_PLAN_TIES_H
#define MSC_CODEGEN_PLAN_TIES_H

#include "mlir/IR/Operation.h"

namespace msc::codegen {

/// An operand of a block's terminator, and the argument of the block (or of one
/// around it), or a view of such, whose new contents it shall be.
struct Tie {
  mlir::OpOperand *value;
  mlir::Value dest;
};

/// Writes each value into its destination, by a materialize_in_destination
/// before the terminator where it is not made there already. What begins as a
/// tensor.empty begins as the destination instead, if its contents so far are
/// not needed once it is written; bufferisation then finds nothing to copy. A
/// value that is the old contents of one of the destinations is saved first.
void tieValues(llvm::MutableArrayRef<Tie> ties);

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_TIES_H
