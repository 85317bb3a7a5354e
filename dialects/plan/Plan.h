//===- Plan.h - the plan dialect ------------------------------------------===//
//
// What is executed when, on what memory: dispatches of fused regions and
// transfers, on tensors before and on memrefs after bufferisation. The ops are
// described in PlanOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_PLAN_PLAN_H
#define MSC_DIALECTS_PLAN_PLAN_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/plan/PlanDialect.h.inc"
#include "dialects/plan/PlanEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/plan/PlanTypes.h.inc"

#define GET_OP_CLASSES
#include "dialects/plan/PlanOps.h.inc"

namespace msc::plan {

/// The nested module that holds the functions of all regions.
constexpr llvm::StringLiteral kRegionsModule = "regions";

/// Names of the dialect's discardable attributes; see PlanDialect.td.
constexpr llvm::StringLiteral kPreparedAttr = "plan.prepared";
constexpr llvm::StringLiteral kDonatedAttr = "plan.donated";
constexpr llvm::StringLiteral kDonatedAsAttr = "plan.donated_as";
constexpr llvm::StringLiteral kResultAttr = "plan.result";
constexpr llvm::StringLiteral kOpsAttr = "plan.ops";
constexpr llvm::StringLiteral kFlopsAttr = "plan.flops";
constexpr llvm::StringLiteral kBytesAttr = "plan.bytes";
constexpr llvm::StringLiteral kRegionAttr = "plan.region";
constexpr llvm::StringLiteral kArenaBytesAttr = "plan.arena_bytes";

/// The module @regions of `module`, or null.
mlir::ModuleOp lookupRegions(mlir::ModuleOp module);

} // namespace msc::plan

#endif // MSC_DIALECTS_PLAN_PLAN_H
