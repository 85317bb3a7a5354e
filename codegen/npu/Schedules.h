//===- Schedules.h - The ways in which a region becomes a kernel *- C++ -*-===//
//
// Each looks at a region first, and changes nothing: plan() tells why the way
// is closed, or nothing. emit() then makes the kernel beside the region.
//
//===----------------------------------------------------------------------===//
#ifndef MSC_CODEGEN_NPU_SCHEDULES_H
#define MSC_CODEGEN_NPU_SCHEDULES_H

#include "codegen/npu/KernelEmitter.h"
#include <memory>

namespace msc::npu {

class Schedule {
public:
  virtual ~Schedule() = default;
  virtual std::string plan(mlir::func::FuncOp region) = 0;
  virtual mlir::func::FuncOp emit(mlir::func::FuncOp region) = 0;
  /// What was chosen, e.g. "product 128x128x64".
  virtual std::string text() const = 0;
  /// By the cycle model, units and memory port overlapping perfectly.
  virtual double cycles() const = 0;
};

/// Elementwise ops and reductions, tile by tile.
std::unique_ptr<Schedule> createTileSchedule();
/// One contraction in the matrix unit, elementwise ops on its result.
std::unique_ptr<Schedule> createProductSchedule();

/// The schedule of a region whose ops are linalg.generic and fill; null: `why`
/// tells the reason.
std::unique_ptr<Schedule> planRegion(mlir::func::FuncOp region,
                                     std::string &why);
/// Brings a region into the form that planRegion() takes.
void generalise(mlir::func::FuncOp region);

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_SCHEDULES_H
