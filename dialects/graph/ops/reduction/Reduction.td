//===- Reduction.td - Folds along dims ---------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_REDUCTION
#define MSC_DIALECTS_GRAPH_OPS_REDUCTION

include "dialects/graph/GraphAttrs.td"

// Dims are dropped, not kept as 1. An empty reduction gives the identity.
class Graph_ReduceOp<string mnemonic, Type type, string text, string identity>
    : Graph_Op<mnemonic, [
        Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = text;
  let description = [{
    Along `dimensions`, which the result lacks; over nothing: }] # identity # [{.

    Constraints:
    - `reduce_c1`: `dimensions` are dims of the operand, increasing;
    - `reduce_c2`: the result's shape is the operand's without them.

    Example: `%r = graph.}] # mnemonic # [{ %a dims = [1] : tensor<4x8x}] #
    !if(!eq(type, Graph_BoolTensor), "i1", "f32") # [{> to tensor<4x}] #
    !if(!eq(type, Graph_BoolTensor), "i1", "f32") # [{>`
  }];
  let arguments = (ins type:$operand, DenseI64ArrayAttr:$dimensions);
  let results = (outs type:$result);
  let assemblyFormat = [{
    $operand `dims` `=` $dimensions attr-dict `:` type($operand) `to`
    type($result)
  }];
  let hasFolder = 1;
}

def Graph_ReduceSumOp
    : Graph_ReduceOp<"reduce_sum", Graph_Tensor, "Sum", "0">;
def Graph_ReduceProdOp
    : Graph_ReduceOp<"reduce_prod", Graph_Tensor, "Product", "1">;
// NaN if any element is; equal maxima share the cotangent evenly.
def Graph_ReduceMaxOp : Graph_ReduceOp<"reduce_max", Graph_Tensor, "Maximum",
    "minus infinity, or the least integer">;
def Graph_ReduceMinOp : Graph_ReduceOp<"reduce_min", Graph_Tensor, "Minimum",
    "infinity, or the largest integer">;
def Graph_ReduceAndOp : Graph_ReduceOp<"reduce_and", Graph_BoolTensor,
    "Whether all are true", "true">;
def Graph_ReduceOrOp : Graph_ReduceOp<"reduce_or", Graph_BoolTensor,
    "Whether any is true", "false">;

class Graph_ArgReduceOp<string mnemonic, string text>
    : Graph_Op<mnemonic, [
        Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = text;
  let description = [{
    Index (i64) along `axis`, which the result lacks; of equal elements the
    first, or the last if `select_last`. NaN counts as the extreme.

    Constraints:
    - `arg_reduce_c1`: `axis` is a dim of the operand, its extent not 0;
    - `arg_reduce_c2`: the result's shape is the operand's without it.
  }];
  let arguments = (ins Graph_Tensor:$operand, I64Attr:$axis,
                       BoolAttr:$select_last);
  let results = (outs RankedTensorOf<[I64]>:$result);
  let assemblyFormat = [{
    $operand `axis` `=` $axis attr-dict `:` type($operand) `to` type($result)
  }];
}

def Graph_ArgMaxOp : Graph_ArgReduceOp<"argmax", "Where the maximum is">;
def Graph_ArgMinOp : Graph_ArgReduceOp<"argmin", "Where the minimum is">;

#endif
