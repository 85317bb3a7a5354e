//===- Passes.td - Rewrites of the graph dialect -----------*- tablegen -*-===//

#ifndef MSC_TRANSFORMS_GRAPH_PASSES
#define MSC_TRANSFORMS_GRAPH_PASSES

include "mlir/Pass/PassBase.td"

def GraphAssignLayouts : Pass<"graph-assign-layouts", "::mlir::func::FuncOp"> {
  let summary = "Puts the channels of images last";
  let description = [{
    Convolutions, pooling and their gradients in `channels_first` become
    `channels_last`, with transposes around them. Afterwards no op is
    `channels_first`; `-graph-sink-transposes` removes the transposes between
    layers.

    Example: `graph.conv %x, %w` on `tensor<1x3x8x8xf32>` and
    `tensor<16x3x3x3xf32>` becomes one on `tensor<1x8x8x3xf32>` and
    `tensor<3x3x3x16xf32>`.
  }];
}

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

def GraphDonateArguments : Pass<"graph-donate-arguments", "::mlir::ModuleOp"> {
  let summary = "Gives results the buffers of arguments";
  let description = [{
    Marks arguments of `@main` with `plan.donated = <result number>`: the caller
    gives the buffer up, and the result is made in it, as the cache of a
    decoder. Each pair names an argument and a result by their `graph.name`; a
    `*` in both stands for one text: `past.*=present.*`. The two must have one
    type and the same dims.

    Example: with `pairs=c=d`, `@main(%c: tensor<4xf32> {graph.name = "c"}) ->
    (tensor<4xf32> {graph.name = "d"})` gets `plan.donated = 0 : i64` on `%c`.
  }];
  let options = [ListOption<"pairs", "pairs", "std::string",
                            "ARGUMENT=RESULT, by name">];
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

def GraphRaiseComposites
    : Pass<"graph-raise-composites", "::mlir::func::FuncOp"> {
  let summary = "Makes whole ops of chains that spell them";
  let description = [{
    Recognises, in the forms that exporters write, layer norm and RMS norm (with
    scale and offset), softmax and log-softmax, sigmoid, GELU (by erf) and, with
    `attention`, scaled dot-product attention with an added mask. Dims of 1 and
    the order of factors don't matter; constants are compared to five digits.
    Squares and cubes by `graph.pow` become products.

    Results differ by rounding, but for one case: a query whose scores are all
    -inf gives zero instead of NaN.

    Precondition: canonicalised, so that equal values are one value.

    Example: `x / 2 * (1 + erf(x / sqrt(2)))` becomes `graph.gelu %x`.
  }];
  let options = [
    Option<"attention", "attention", "bool", /*default=*/"true",
           "raise attention">
  ];
}

def GraphSinkTransposes
    : Pass<"graph-sink-transposes", "::mlir::func::FuncOp"> {
  let summary = "Moves transposes down until they cancel";
  let description = [{
    Transposes move past elementwise ops, broadcasts, reductions, pads, slices,
    concatenations, reversals, softmax, batch norms and reshapes that merge
    dims, and into the specifications of contractions. Two that meet become one,
    or none. One that ends in a reshape before a product with a parameter
    permutes the parameter instead; parameters are prepared once. One that only
    moves dims of extent 1 becomes a reshape.

    Example: `graph.relu` of `graph.transpose %x` becomes `graph.transpose` of
    `graph.relu %x`.
  }];
}

#endif
