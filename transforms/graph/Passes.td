//===- Passes.td - Rewrites of the graph dialect -----------*- tablegen -*-===//

#ifndef MSC_TRANSFORMS_GRAPH_PASSES
#define MSC_TRANSFORMS_GRAPH_PASSES

include "mlir/Pass/PassBase.td"

def GraphDecompose : Pass<"graph-decompose", "::mlir::func::FuncOp"> {
  let summary = "Expands composite ops into primitives";
  let description = [{
    Replaces every op that implements `DecomposableOpInterface` by its
    expansion, until none is left: the first step of -O0, and the oracle of the
    composites' own lowerings.

    Example: `graph.relu %x` becomes `graph.compare gt %zero, %x` and
    `graph.select`.
  }];
}

#endif
