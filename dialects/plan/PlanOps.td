//===- PlanOps.td - dispatches and transfers --------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_PLAN_PLANOPS_TD
#define MSC_DIALECTS_PLAN_PLANOPS_TD

include "dialects/plan/PlanDialect.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.td"

class Plan_Op<string mnemonic, list<Trait> traits = []>
    : Op<Plan_Dialect, mnemonic, traits>;

// A value in either life of the dialect.
def Plan_Shaped : AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef],
                            "ranked tensor or strided memref">;

//===----------------------------------------------------------------------===//
// Dispatch
//===----------------------------------------------------------------------===//

def Plan_DispatchOp : Plan_Op<"dispatch", [
    AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<BufferizableOpInterface, [
        "bufferizesToMemoryRead", "bufferizesToMemoryWrite",
        "getAliasingValues", "bufferizesToElementwiseAccess",
        "isNotConflicting", "bufferize"]>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                              ["reifyResultShapes"]>]> {
  let summary = "runs a fused region on buffers";
  let description = [{
    Calls the function `region` of the nested module with `inputs`, `outs` and
    `scratch`, in this order. The region overwrites every element of each out,
    except of those listed in `reads`, whose old contents it reads first
    (accumulation, partial writes). On tensors result k is the new contents of
    out k.

    `inplace [i -> o, ...]` promises that input i and out o may be one buffer:
    the region reads an element of the input only where and before it writes
    the same element of the out. This is a contract on whatever schedules the
    region: no accumulation in that out, no tile that is computed twice, no
    assumption that the two do not alias.

    `scratch` is memory that the region may use as it likes; it exists on
    memrefs only (`-plan-hoist-scratch`).

    Created by `-plan-form-regions`; consumed by `-plan-lower-to-calls` on the
    CPU and by launch lists elsewhere.

    ```mlir
    %h = plan.dispatch @regions::@r0
        ins(%x, %w : tensor<8x64xf32>, tensor<64x16xf32>)
        outs(%e : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```

    Constraints:
    * `dispatch_c1`: `region` names a function
    * `dispatch_c2`: the function takes inputs, outs and scratch, in this order
    * `dispatch_c3`: the operands have the function's shapes and element types
    * `dispatch_c4`: `reads` lists outs, each once, in ascending order
    * `dispatch_c5`: `inplace` pairs an input and an out of equal shape and
      element type
    * `dispatch_c6`: outs are all tensors or all memrefs; scratch stands with
      memrefs only
  }];
  let arguments = (ins SymbolRefAttr:$region, Variadic<AnyType>:$inputs,
      Variadic<Plan_Shaped>:$outs, Variadic<AnyStridedMemRef>:$scratch,
      DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$reads,
      DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$inplace);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $region `ins` `(` ($inputs^ `:` type($inputs))? `)`
    `outs` `(` ($outs^ `:` type($outs))? `)`
    (`scratch` `(` $scratch^ `:` type($scratch) `)`)?
    (`reads` $reads^)? (`inplace` custom<InPlacePairs>($inplace)^)?
    attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutsMutable(); }

    /// The function that is called, or null.
    ::mlir::func::FuncOp lookupRegion(::mlir::SymbolTableCollection &symbols);

    /// The number of the out that `operand` is, or -1.
    int64_t getOutNumber(::mlir::OpOperand &operand);

    /// Whether the region reads what out number `out` holds on entry.
    bool readsOut(int64_t out);

    /// Whether input number `input` and out number `out` may be one buffer.
    bool mayShare(int64_t input, int64_t out);
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Transfers
//===----------------------------------------------------------------------===//

class Plan_TransferOp<string mnemonic, list<Trait> traits,
                      list<string> bufferization> : Plan_Op<mnemonic,
    traits # [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
              DeclareOpInterfaceMethods<BufferizableOpInterface,
                  ["bufferizesToMemoryRead", "bufferizesToMemoryWrite",
                   "getAliasingValues", "bufferize"] # bufferization>]>;

def Plan_CollectiveOp : Plan_TransferOp<"collective",
    [DestinationStyleOpInterface], []> {
  let summary = "a transfer that is complete when the next op runs";
  let description = [{
    Moves `source` into `dest` as `kind` says, over the devices of `channel`
    (an index into the program's communicators; absent for a copy within one
    device). Source and destination are different memory. Created when a
    partitioned program is lowered; `-plan-split-collectives` makes
    `plan.start` and `plan.wait` of it.

    ```mlir
    %r = plan.collective all_reduce sum channel 0
        ins(%g : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
    ```

    Constraints:
    * `transfer_c1`: source and destination have one element type
    * `transfer_c2`: copy, all_reduce and permute keep the shape
    * `transfer_c3`: all_reduce and reduce_scatter, and no others, name a
      reduction
    * `transfer_c4`: all kinds but copy name a channel
    * `transfer_c5`: source and destination are both tensors, with a result of
      the destination's type, or both memrefs, without
  }];
  let arguments = (ins Plan_TransferKind:$kind,
      OptionalAttr<Plan_Reduction>:$reduction, OptionalAttr<I64Attr>:$channel,
      Plan_Shaped:$source, Plan_Shaped:$dest);
  let results = (outs Optional<AnyRankedTensor>:$result);
  let assemblyFormat = [{
    $kind ($reduction^)? (`channel` $channel^)?
    `ins` `(` $source `:` type($source) `)` `outs` `(` $dest `:` type($dest) `)`
    attr-dict (`->` type($result)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getDestMutable(); }
  }];
  let hasVerifier = 1;
}

def Plan_StartOp : Plan_TransferOp<"start", [], []> {
  let summary = "begins a transfer";
  let description = [{
    As `plan.collective`, but returns at once with a token. On tensors
    `inflight` is the destination while it is being written: only a `plan.wait`
    may use it. Until that wait the source must not be written nor the
    destination touched.

    ```mlir
    %t, %f = plan.start all_reduce sum channel 0
        ins(%g : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
    ```

    Constraints: those of `plan.collective`, and
    * `start_c1`: the token goes to exactly one `plan.wait`, in the same block
    * `start_c2`: `inflight` is used by that wait only
  }];
  let arguments = (ins Plan_TransferKind:$kind,
      OptionalAttr<Plan_Reduction>:$reduction, OptionalAttr<I64Attr>:$channel,
      Plan_Shaped:$source, Plan_Shaped:$dest);
  let results = (outs Plan_Token:$token, Optional<AnyRankedTensor>:$inflight);
  let assemblyFormat = [{
    $kind ($reduction^)? (`channel` $channel^)?
    `ins` `(` $source `:` type($source) `)` `outs` `(` $dest `:` type($dest) `)`
    attr-dict (`->` type($inflight)^)?
  }];
  let hasVerifier = 1;
}

def Plan_WaitOp : Plan_TransferOp<"wait", [], ["mustBufferizeInPlace"]> {
  let summary = "ends a transfer";
  let description = [{
    Blocks until the transfer of `token` is complete and gives back its
    destination. `keep` lists the source: the op counts as a read of it, so
    that neither bufferisation nor the memory planner hands the source's
    memory to someone else while it is in flight. (One-shot bufferisation
    knows nothing of asynchrony and would overwrite it silently.)

    ```mlir
    %r = plan.wait %t, %f : tensor<16xf32> keep(%g : tensor<16xf32>)
        -> tensor<16xf32>
    ```

    Constraints:
    * `wait_c1`: `keep` holds the source of the transfer
    * `wait_c2`: `dest` is the transfer's destination: `inflight` on tensors
    * `wait_c3`: a tensor destination has a result of its type, a memref none
  }];
  let arguments = (ins Plan_Token:$token, Plan_Shaped:$dest,
      Variadic<Plan_Shaped>:$keep);
  let results = (outs Optional<AnyRankedTensor>:$result);
  let assemblyFormat = [{
    $token `,` $dest `:` type($dest) (`keep` `(` $keep^ `:` type($keep) `)`)?
    attr-dict (`->` type($result)^)?
  }];
  let hasVerifier = 1;
}

#endif // MSC_DIALECTS_PLAN_PLANOPS_TD
