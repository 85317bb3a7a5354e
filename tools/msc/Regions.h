//===- Regions.h - The table of regions -------------------------*- C++ -*-===//

#ifndef MSC_TOOLS_MSC_REGIONS_H
#define MSC_TOOLS_MSC_REGIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace msc::tools {

/// How often something runs, with the trip counts of the loops around it.
struct Calls {
  int64_t count = 0;
  bool isUnknown = false; // once for a loop whose trip count is not known
};
Calls countCalls(mlir::Operation *op);

/// Ops, calls, FLOPs and bytes of a call and schedule of each region of a planned
/// module; "?" for what depends on extents that are not known, "12+" for calls
/// from a loop whose trip count is not.
void printRegions(mlir::ModuleOp module, llvm::raw_ostream &out);

} // namespace msc::tools

#endif // MSC_TOOLS_MSC_REGIONS_H
