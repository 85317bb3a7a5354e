//===- Passes.h - From graph to linalg --------------------------*- C++ -*-===//

#ifndef MSC_CODEGEN_TO_LINALG_PASSES_H
#define MSC_CODEGEN_TO_LINALG_PASSES_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace msc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "codegen/to_linalg/Passes.h.inc"

} // namespace msc

#endif // MSC_CODEGEN_TO_LINALG_PASSES_H
