//===- SplitReductions.h - One kind of result per reduction -----*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_SPLITREDUCTIONS_H
#define MSC_CODEGEN_CPU_SPLITREDUCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc::cpu {

/// Takes generics apart that reduce and besides write one element for each
/// point of all their loops (exponentials and their sum in one): the latter is
/// an elementwise generic afterwards, which the reduction reads.
void splitMixedReductions(mlir::func::FuncOp region);

} // namespace msc::cpu

#endif
