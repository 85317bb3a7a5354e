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

def GraphFoldBatchNorms : Pass<"graph-fold-batch-norms", "::mlir::func::FuncOp"> {
  let summary = "Folds batch norms into the linear ops before them";
  let description = [{
    A `graph.batch_norm` of a `graph.conv` or `graph.contract`, possibly with a
    bias between them, becomes the linear op with scaled parameters and a bias.
    The filter and the four vectors must depend on parameters and constants
    only (arguments with `graph.parameter`), and the linear op must have no other
    use. Either layout of images will do.

    Lossy for differentiation by the vectors, and rounds differently: for
    inference, after derivatives are made.

    Example: `batch_norm(conv(x, w), s, o, m, v)` becomes
    `conv(x, w * f) + (o - m * f)` with `f = s * rsqrt(v + epsilon)`.
  }];
}

#endif
