//===- PlanDialect.td - the plan dialect, its types and enums ---*- tablegen -*-===//

#ifndef MSC_DIALECTS_PLAN_PLANDIALECT_TD
#define MSC_DIALECTS_PLAN_PLANDIALECT_TD

include "mlir/IR/DialectBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def Plan_Dialect : Dialect {
  let name = "plan";
  let cppNamespace = "::msc::plan";
  let summary = "What is executed when, on what memory";
  let description = [{
    The level between fused regions and any target. A program of this level is
    a `func.func` of `plan.dispatch` ops, transfers and `scf` control flow,
    beside a nested `module @regions` that holds one function a fused region.

    It lives twice: first on tensors, where destinations are chosen and
    one-shot bufferisation finds out what happens in place; then on memrefs,
    where the memory planner gives each buffer its offset in the arena. Every
    op has both forms: on tensors its results are tied to `outs`, on memrefs
    it has no results.

    Loops and branches are `scf.for`, `scf.while` and `scf.if`.

    Discardable attributes of this dialect:

    | on | attribute | meaning |
    |---|---|---|
    | argument | `plan.prepared = k` | result `k` of `@prepare`, made at compile time |
    | argument | `plan.donated = k` | the caller gives this buffer up; result `k`, of the same type, is written into it |
    | argument | `plan.donated_as` | the name of that result, once it is no longer returned |
    | argument | `plan.result = k` | the buffer of result `k` of the function before destination passing |
    | region function | `plan.ops` | the graph ops that were fused, e.g. "contract+add+relu" |
    | region function | `plan.flops`, `plan.bytes` | static cost; absent where a size is dynamic |
    | region function | `plan.region = k` | its number in profiles and in the model's table of regions |
    | function | `plan.arena_bytes` | size of the arena: an integer, the affine map of its closed formula, or the function that computes it |
  }];
  let useDefaultTypePrinterParser = 1;
  let hasRegionArgAttrVerify = 1;
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
}

def Plan_Token : TypeDef<Plan_Dialect, "Token", []> {
  let mnemonic = "token";
  let summary = "an operation in flight";
  let description = [{
    Made by `plan.start` and given to exactly one `plan.wait` of the same
    block. It is not carried by loops: between two iterations nothing would
    keep the source of the transfer alive.
  }];
}

def Plan_TransferKind : I32EnumAttr<"TransferKind", "what a transfer does", [
    I32EnumAttrCase<"Copy", 0, "copy">,
    I32EnumAttrCase<"AllReduce", 1, "all_reduce">,
    I32EnumAttrCase<"AllGather", 2, "all_gather">,
    I32EnumAttrCase<"ReduceScatter", 3, "reduce_scatter">,
    I32EnumAttrCase<"AllToAll", 4, "all_to_all">,
    I32EnumAttrCase<"Permute", 5, "permute">]> {
  let cppNamespace = "::msc::plan";
}

def Plan_Reduction : I32EnumAttr<"Reduction", "how a collective combines", [
    I32EnumAttrCase<"Sum", 0, "sum">,
    I32EnumAttrCase<"Product", 1, "product">,
    I32EnumAttrCase<"Min", 2, "min">,
    I32EnumAttrCase<"Max", 3, "max">]> {
  let cppNamespace = "::msc::plan";
}

#endif // MSC_DIALECTS_PLAN_PLANDIALECT_TD
