//===- Passes.h - passes on plans -----------------------------------------===//

#ifndef MSC_CODEGEN_PLAN_PASSES_H
#define MSC_CODEGEN_PLAN_PASSES_H

#include "dialects/plan/Plan.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace msc::codegen {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "codegen/plan/Passes.h.inc"

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_PASSES_H
