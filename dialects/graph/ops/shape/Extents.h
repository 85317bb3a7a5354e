//===- Extents.h - Which extents are certainly equal ------------*- C++ -*-===//
//
// What shape ops may know without an analysis: constants, and `tensor.dim` of
// the very tensor.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_GRAPH_OPS_SHAPE_EXTENTS_H
#define MSC_DIALECTS_GRAPH_OPS_SHAPE_EXTENTS_H

#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/Value.h"

namespace msc::graph {

/// Whether `size` is certainly the extent of dim `dim` of `tensor`.
bool isExtentOf(mlir::OpFoldResult size, mlir::Value tensor, int64_t dim);

/// Whether `sizes` are certainly the extents of `tensor`, one per dim.
bool areExtentsOf(llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::Value tensor);

} // namespace msc::graph

#endif // MSC_DIALECTS_GRAPH_OPS_SHAPE_EXTENTS_H
