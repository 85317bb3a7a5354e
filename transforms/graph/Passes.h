//===- Passes.h - Rewrites of the graph dialect -----------------*- C++ -*-===//

#ifndef MSC_TRANSFORMS_GRAPH_PASSES_H
#define MSC_TRANSFORMS_GRAPH_PASSES_H

#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace msc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "transforms/graph/Passes.h.inc"

} // namespace msc

#endif // MSC_TRANSFORMS_GRAPH_PASSES_H
