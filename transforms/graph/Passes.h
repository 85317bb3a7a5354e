//===- Passes.h - Rewrites of the graph dialect -----------------*- C++ -*-===//

#ifndef MSC_TRANSFORMS_GRAPH_PASSES_H
#define MSC_TRANSFORMS_GRAPH_PASSES_H

#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"

namespace msc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "transforms/graph/Passes.h.inc"

/// Patterns of -graph-assign-layouts.
void populateAssignLayoutsPatterns(mlir::RewritePatternSet &patterns);

/// Patterns of -graph-raise-composites that need no other to have ended first.
void populateRaiseCompositesPatterns(mlir::RewritePatternSet &patterns);

/// Patterns of -graph-sink-transposes, without those that make transposes of
/// unit dims reshapes.
void populateSinkTransposesPatterns(mlir::RewritePatternSet &patterns);

} // namespace msc

#endif // MSC_TRANSFORMS_GRAPH_PASSES_H
