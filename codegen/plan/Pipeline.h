//===- Pipeline.h - the pipeline -msc-plan --------------------------------===//

#ifndef MSC_CODEGEN_PLAN_PIPELINE_H
#define MSC_CODEGEN_PLAN_PIPELINE_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace msc::codegen {

struct PlanOptions : public mlir::PassPipelineOptions<PlanOptions> {
  Option<bool> allowCopies{
      *this, "allow-copies",
      llvm::cl::desc("false: copies outside of regions are errors"),
      llvm::cl::init(true)};
};

/// Adds a target's schedule of regions to a pipeline over the whole module. The
/// functions of its nested module @regions are on tensors then, the layouts of
/// their arguments pinned; the outer program is on memrefs.
using ScheduleRegionsFn = llvm::function_ref<void(mlir::OpPassManager &)>;

/// From dispatches on tensors to a plan whose memory is all in one arena, and
/// region bodies on memrefs. The target's schedule comes in by `schedule`, so
/// that planning depends on no target.
void buildPlanPipeline(mlir::OpPassManager &pm, const PlanOptions &options,
                       ScheduleRegionsFn schedule);

/// The two halves of buildPlanPipeline, around the schedule. The first ends
/// with regions on tensors, the second begins there.
void buildPlanTensorsPipeline(mlir::OpPassManager &pm);
void buildPlanMemoryPipeline(mlir::OpPassManager &pm,
                             const PlanOptions &options);

/// Registers the halves as -msc-plan-tensors and -msc-plan-memory, and
/// -msc-plan-plain, the whole without a schedule. -msc-plan is put together in
/// tools/, where targets are known.
void registerPlanPipelines();

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_PIPELINE_H
