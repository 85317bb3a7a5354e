//===- OutlineRegion.h - a fusion group becomes a function ----------------===//

#ifndef MSC_CODEGEN_REGIONS_OUTLINEREGION_H
#define MSC_CODEGEN_REGIONS_OUTLINEREGION_H

#include "codegen/regions/FusionGroups.h"
#include "dialects/plan/Plan.h"

namespace msc::codegen {

/// Moves the ops of `group` into a new private function `name` at the end of
/// the module `regions` and dispatches it at the place of the group's root.
/// The function takes the tensors and scalars that the group reads, then one
/// destination a result: where the chain of the result's inits begins. Fresh
/// destinations (tensor.empty) are created anew at the dispatch.
plan::DispatchOp outlineRegion(mlir::ModuleOp regions, llvm::StringRef name,
                               const FusionGroup &group);

} // namespace msc::codegen

#endif // MSC_CODEGEN_REGIONS_OUTLINEREGION_H
