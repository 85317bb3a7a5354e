//===- Regions.h - The table of regions -------------------------*- C++ -*-===//

#ifndef MSC_TOOLS_MSC_REGIONS_H
#define MSC_TOOLS_MSC_REGIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace msc::tools {

/// Ops, calls, FLOPs and bytes of a call and schedule of each region of a planned
/// module; "?" for what depends on extents that are not known.
void printRegions(mlir::ModuleOp module, llvm::raw_ostream &out);

} // namespace msc::tools

#endif // MSC_TOOLS_MSC_REGIONS_H
