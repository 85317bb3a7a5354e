//===- Indexing.td - Elements at computed places -----------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_INDEXING
#define MSC_DIALECTS_GRAPH_OPS_INDEXING

include "dialects/graph/GraphAttrs.td"

def Graph_GatherOp : Graph_Op<"gather", [
    Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = "Elements of a tensor at indices held by another";
  let description = [{
    `spec` names the dims of operand, indices and result by letters, as in an
    Einstein sum. The dims of the operand that are written `*` are indexed: the
    result at its letters is the operand at the same letters and, in its `*`
    dims, at the index that `indices` holds at its letters. If `indices` has a
    dim `*`, that dim holds one index for each `*` of the operand, in order;
    without one the operand has a single `*`.

    An index below 0 counts from the end. What is out of range even so is
    brought to the nearest element: nothing outside of the operand is ever read.
    An indexed dim must not have extent 0 unless the result is empty.

    - rows of an embedding: `"*d,bs->bsd"`;
    - elements along axis 1, one index an element: `"a*c,abc->abc"`;
    - pixels by coordinates: `"nc**,nhw*->nchw"`.

    The gradient is `graph.scatter add` by the same letters.

    Constraints:
    - `gather_c1`: `spec` is `<dims>,<dims>-><letters>` of letters and `*`, a
      letter at most once in each and `*` at most once in the indices;
    - `gather_c2`: the letters fit the ranks;
    - `gather_c3`: dims of one letter are compatible;
    - `gather_c4`: the letters of the result are those of operand and indices;
    - `gather_c5`: the indices' dim `*` has the extent that the operand has `*`
      dims; without it that is 1;
    - `gather_c6`: indexed dims are not empty, or the result is.

    Example: `%r = graph.gather "*d,bs->bsd" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4xf32>`
  }];
  let arguments = (ins StrAttr:$spec, Graph_Tensor:$operand,
                       Graph_IntTensor:$indices);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $spec $operand `,` $indices attr-dict `:`
    functional-type(operands, $result)
  }];
  let hasFolder = 1;
}

def Graph_ScatterOp : Graph_Op<"scatter", [
    AllTypesMatch<["operand", "result"]>, Graph_Gradient, Graph_Sharding,
    Graph_Cost]> {
  let summary = "A tensor changed at computed places";
  let description = [{
    The transpose of `graph.gather`, by the same letters: every element of
    `updates`, which has the dims of a gather's result, is put at its place in
    the operand. `set` replaces the element there, the others combine it with
    the update. Updates are applied in row-major order, so of several at one
    place the last one is set. Indices are read as by `graph.gather`.

    Constraints:
    - `scatter_c1`: `spec` is `<dims>,<dims>,<letters>`, formed as in
      `gather_c1`;
    - `scatter_c2`: the letters fit the ranks;
    - `scatter_c3`: dims of one letter are compatible;
    - `scatter_c4`: the letters of the updates are those of operand and indices;
    - `scatter_c5`: the indices' dim `*` has the extent that the operand has `*`
      dims; without it that is 1;
    - `scatter_c6`: indexed dims are not empty, or the updates are;
    - `scatter_c7`: operand and updates have one element type, and a combiner
      other than `set` is not for booleans.

    Example: `%r = graph.scatter add "*d,b,bd" %a, %i, %u : tensor<9x4xf32>, tensor<2xi64>, tensor<2x4xf32>`
  }];
  let arguments = (ins Graph_ScatterCombinerAttr:$combiner, StrAttr:$spec,
                       Graph_Tensor:$operand, Graph_IntTensor:$indices,
                       Graph_Tensor:$updates);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $combiner $spec $operand `,` $indices `,` $updates attr-dict `:`
    type($operand) `,` type($indices) `,` type($updates)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_CumsumOp : Graph_Op<"cumsum", [
    SameOperandsAndResultType, Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = "Running sums along an axis";
  let description = [{
    `result[.., i, ..]` is the sum of the operand's elements up to `i` along
    `axis`, itself included unless `exclusive`; from the end down to `i` if
    `reverse`. Sums are made one after the other in the element type.

    Constraints:
    - `cumsum_c1`: `axis` is a dim of the operand;
    - `cumsum_c2`: elements are no booleans.

    Example: `%r = graph.cumsum %a axis = 1 : tensor<2x4xf32>`
  }];
  let arguments = (ins Graph_Tensor:$operand, I64Attr:$axis,
                       UnitAttr:$exclusive, UnitAttr:$reverse);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $operand `axis` `=` $axis (`exclusive` $exclusive^)? (`reverse` $reverse^)?
    attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

#endif
