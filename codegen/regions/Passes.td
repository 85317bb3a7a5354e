//===- Passes.td - passes that form regions ---------------------*- tablegen -*-===//

#ifndef MSC_CODEGEN_REGIONS_PASSES_TD
#define MSC_CODEGEN_REGIONS_PASSES_TD

include "mlir/Pass/PassBase.td"

def LinalgHoistPrepare : Pass<"linalg-hoist-prepare", "::mlir::ModuleOp"> {
  let summary = "Move what depends on parameters only into @prepare";
  let description = [{
    Ops of `@main` whose operands are parameters (arguments marked
    `graph.parameter`) or constants, and that do more than reshape or
    broadcast, move to `func.func @prepare` (marked `msc.prepare`). Each result
    becomes an argument of `@main` with `plan.prepared = <result number>`.
    Parameters that `@main` no longer uses go.

    ```mlir
    func.func @main(%x: tensor<4x8xf32>, %w: tensor<2x8xf32> {graph.parameter = #graph.blob<"m.onnx", offset = 0, length = 64, hash = "">}) -> tensor<4x2xf32> {
      %0 = tensor.empty() : tensor<8x2xf32>
      %t = linalg.transpose ins(%w : tensor<2x8xf32>) outs(%0 : tensor<8x2xf32>) permutation = [1, 0]
      %1 = tensor.empty() : tensor<4x2xf32>
      %y = linalg.matmul ins(%x, %t : tensor<4x8xf32>, tensor<8x2xf32>) outs(%1 : tensor<4x2xf32>) -> tensor<4x2xf32>
      return %y : tensor<4x2xf32>
    }
    ```
  }];
}

def LinalgHoistBranchDims : Pass<"linalg-hoist-branch-dims", "::mlir::func::FuncOp"> {
  let summary = "Take extents of an scf.if's results out of its branches";
  let description = [{
    Replaces `tensor.dim` of a result of `scf.if` by what both branches have
    there, if that is the same and known before. Guarantees nothing; dims that
    do depend on the branch stay.

    ```mlir
    func.func @main(%c: i1, %x: tensor<?xf32>) -> index {
      %c0 = arith.constant 0 : index
      %y = scf.if %c -> tensor<?xf32> {
        %n = tensor.dim %x, %c0 : tensor<?xf32>
        %e = tensor.empty(%n) : tensor<?xf32>
        %t = linalg.exp ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
        scf.yield %t : tensor<?xf32>
      } else {
        scf.yield %x : tensor<?xf32>
      }
      %d = tensor.dim %y, %c0 : tensor<?xf32>
      return %d : index
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def LinalgSinkReshapes : Pass<"linalg-sink-reshapes", "::mlir::func::FuncOp"> {
  let summary = "Move reshapes behind elementwise ops";
  let description = [{
    Rewrites elementwise ops to run over the shape that their producer has, so
    that a reshape between the two does not keep them in different regions.
    Guarantees nothing; reshapes that cannot move stay.

    ```mlir
    #id3 = affine_map<(i, j, k) -> (i, j, k)>
    func.func @main(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x2x4xf32> {
      %e = tensor.empty() : tensor<4x8xf32>
      %s = linalg.add ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
      %r = tensor.expand_shape %s [[0], [1, 2]] output_shape [4, 2, 4] : tensor<4x8xf32> into tensor<4x2x4xf32>
      %f = tensor.empty() : tensor<4x2x4xf32>
      %n = linalg.generic {indexing_maps = [#id3, #id3], iterator_types = ["parallel", "parallel", "parallel"]}
          ins(%r : tensor<4x2x4xf32>) outs(%f : tensor<4x2x4xf32>) {
      ^bb0(%a: f32, %b: f32):
        %m = arith.negf %a : f32
        linalg.yield %m : f32
      } -> tensor<4x2x4xf32>
      return %n : tensor<4x2x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlanOwnDestinations : Pass<"plan-own-destinations", "::mlir::func::FuncOp"> {
  let summary = "Give each use of a fill or tensor.empty its own copy";
  let description = [{
    Undoes what CSE has merged, since bufferisation takes two users of one
    `tensor.empty` for users of one buffer. Afterwards each `linalg.fill` and
    each `tensor.empty` has one use.
  }];
}

def LinalgFramePads : Pass<"linalg-frame-pads", "::mlir::func::FuncOp"> {
  let summary = "Let the producers of padded tensors write into their interior";
  let description = [{
    Replaces `tensor.pad` by a frame that is filled slab by slab and an
    interior that the producer of the source writes, or a copy where the source
    has a place already. What has no elements becomes a fill. Requires
    destinations of their own (`-plan-own-destinations`). Afterwards there is no
    `tensor.pad` outside of `@prepare`; one whose padding depends on the
    position is an error.

    ```mlir
    func.func @main(%x: tensor<4x4xf32>) -> tensor<6x6xf32> {
      %zero = arith.constant 0.0 : f32
      %e = tensor.empty() : tensor<4x4xf32>
      %s = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
      %p = tensor.pad %s low[1, 1] high[1, 1] {
      ^bb0(%i: index, %j: index):
        tensor.yield %zero : f32
      } : tensor<4x4xf32> to tensor<6x6xf32>
      return %p : tensor<6x6xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlanFormRegions : Pass<"plan-form-regions", "::mlir::ModuleOp"> {
  let summary = "Outline fused groups of linalg ops and dispatch them";
  let description = [{
    Every linalg op on tensors becomes part of a region: a private,
    destination-passing function of the nested `module @regions`, called by
    `plan.dispatch`. docs/rationale/regions-and-plan.md says which ops share
    a region. Regions carry `plan.ops` and, where shapes are static,
    `plan.flops` and `plan.bytes`. Functions marked `msc.prepare` stay as they
    are. Views (reshapes, slices) stay outside of regions.

    Requires `-plan-own-destinations` and `-linalg-frame-pads`. Afterwards no
    linalg op stands outside of `@regions`, `@prepare` excepted.

    ```mlir
    func.func @main(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) -> tensor<4x2xf32> {
      %zero = arith.constant 0.0 : f32
      %e = tensor.empty() : tensor<4x2xf32>
      %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x2xf32>) -> tensor<4x2xf32>
      %m = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x2xf32>) outs(%f : tensor<4x2xf32>) -> tensor<4x2xf32>
      %g = tensor.empty() : tensor<4x2xf32>
      %y = linalg.tanh ins(%m : tensor<4x2xf32>) outs(%g : tensor<4x2xf32>) -> tensor<4x2xf32>
      return %y : tensor<4x2xf32>
    }
    ```
  }];
  let options = [Option<"fuse", "fuse", "bool", /*default=*/"true",
                        "false: each op is a region of its own (-O0)">];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::msc::plan::PlanDialect",
                           "::mlir::tensor::TensorDialect"];
}

def LinalgMergeElementwise
    : Pass<"linalg-merge-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Merge chains of elementwise ops into one generic";
  let description = [{
    For region bodies: an elementwise producer with one consumer (and perhaps
    the return) becomes part of the consumer's payload, reductions included,
    contractions and convolutions not. Nothing is computed more often than
    before, unless it is cheap.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PlanDropOperands : Pass<"plan-drop-operands", "::mlir::ModuleOp"> {
  let summary = "Drop inputs of regions that they do not use";
  let description = [{
    Erases the arguments of regions that nothing uses, destinations excepted,
    and the operands of their dispatches. Of results that are the same value
    the first stays. Runs before `-plan-mark-in-place`.
  }];
}

def PlanMarkInPlace : Pass<"plan-mark-in-place", "::mlir::ModuleOp"> {
  let summary = "Find out which inputs of a region an out may overwrite";
  let description = [{
    Sets `inplace` of each dispatch: input i may share the buffer of out o if
    the region's one use of it is by the elementwise op that makes o, which
    reads exactly the element that it writes. Requires region bodies on
    tensors, before they are scheduled.
  }];
}

def PlanDedupRegions : Pass<"plan-dedup-regions", "::mlir::ModuleOp"> {
  let summary = "Merge equal regions";
  let description = [{
    Regions that are equal but for their names, locations and descriptions
    become one. The first one stays, with its description.
  }];
}

#endif // MSC_CODEGEN_REGIONS_PASSES_TD
