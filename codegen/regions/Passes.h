//===- Passes.h - passes that form regions --------------------------------===//

#ifndef MSC_CODEGEN_REGIONS_PASSES_H
#define MSC_CODEGEN_REGIONS_PASSES_H

#include "dialects/plan/Plan.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace msc::codegen {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "codegen/regions/Passes.h.inc"

} // namespace msc::codegen

#endif // MSC_CODEGEN_REGIONS_PASSES_H
