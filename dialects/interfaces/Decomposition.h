//===- Decomposition.h - Exact expansions of composite ops ------*- C++ -*-===//

#ifndef MSC_DIALECTS_INTERFACES_DECOMPOSITION_H
#define MSC_DIALECTS_INTERFACES_DECOMPOSITION_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/SmallVector.h"

#include "dialects/interfaces/Decomposition.h.inc"

#endif // MSC_DIALECTS_INTERFACES_DECOMPOSITION_H
