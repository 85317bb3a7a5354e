// RUN: msc-opt %s -msc-regions-plain -msc-plan-plain -o %t.plan.mlir
// RUN: FileCheck %s < %t.plan.mlir

// The planned program computes what the plainly bufferised one does, bit by bit.
// DEFINE: %{to_llvm} = -pass-pipeline='builtin.module(convert-linalg-to-loops,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-math-to-llvm,expand-strided-metadata,lower-affine,finalize-memref-to-llvm,convert-math-to-libm,convert-arith-to-llvm,convert-index-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts)'
// DEFINE: %{run} = mlir-runner -e run -entry-point-result=void -shared-libs=%{mlir_lib}/libmlir_runner_utils.so,%{mlir_lib}/libmlir_c_runner_utils.so
// RUN: msc-opt %t.plan.mlir -plan-lower-to-calls=marks=false | sed -e '/^}$/d' > %t.planned.mlir
// RUN: sed -e 's/PLANNED: //; s/ARENA/, %%arena/; s/BYTES/, memref<?xi8>/' %S/Inputs/dynamic-mlp.mlir >> %t.planned.mlir
// RUN: msc-opt %t.planned.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.planned.txt
// RUN: msc-opt %s -pass-pipeline='builtin.module(func.func(plan-make-destinations,plan-tie-carries),one-shot-bufferize{bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map},canonicalize,func.func(plan-drop-results))' | sed -e '/^}$/d' > %t.plain.mlir
// RUN: sed -e '/PLANNED: /d; s/ ARENA//; s/ BYTES//' %S/Inputs/dynamic-mlp.mlir >> %t.plain.mlir
// RUN: msc-opt %t.plain.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.plain.txt
// RUN: diff %t.planned.txt %t.plain.txt
// RUN: FileCheck %s --check-prefix=OUT < %t.planned.txt

// Three layers and a softmax, the batch known per call: no copy; the two layers
// of one shape share a region.

// CHECK:       #[[MAP:.*]] = affine_map<()[s0] -> (s0 * 1536)>
// CHECK-LABEL: func.func @main(
// CHECK-SAME:    plan.arena_bytes = #[[MAP]]
// CHECK-NOT:     memref.copy
// CHECK-COUNT-5: plan.dispatch
// CHECK-NOT:     memref.copy
// CHECK:       module @regions
// CHECK-COUNT-4: func.func private
// CHECK-NOT:   func.func private

// OUT: rank = 2 offset = 0 sizes = [37, 10]

#m = affine_map<(i, j) -> (i, j)>
#b = affine_map<(i, j) -> (j)>
#r = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<?x64xf32> {graph.dims = ["batch", ""]}, %w1: tensor<64x128xf32>, %b1: tensor<128xf32>, %w2: tensor<128x128xf32>, %b2: tensor<128xf32>,
    %w3: tensor<128x128xf32>, %b3: tensor<128xf32>, %w4: tensor<128x10xf32>, %b4: tensor<10xf32>) -> (tensor<?x10xf32> {graph.dims = ["batch", ""]}) {
  %i0 = arith.constant 0 : index
  %d = tensor.dim %x, %i0 : tensor<?x64xf32>
  %c0 = arith.constant 0.0 : f32
  %ninf = arith.constant 0xFF800000 : f32
  %e = tensor.empty(%d) : tensor<?x128xf32>
  %f1 = linalg.fill ins(%c0 : f32) outs(%e : tensor<?x128xf32>) -> tensor<?x128xf32>
  %m1 = linalg.matmul ins(%x, %w1 : tensor<?x64xf32>, tensor<64x128xf32>) outs(%f1 : tensor<?x128xf32>) -> tensor<?x128xf32>
  %h1 = linalg.generic {indexing_maps = [#m, #b, #m], iterator_types = ["parallel", "parallel"]} ins(%m1, %b1 : tensor<?x128xf32>, tensor<128xf32>) outs(%e : tensor<?x128xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32): %s = arith.addf %p, %q : f32
    %t = arith.cmpf ugt, %c0, %s : f32
    %u = arith.select %t, %c0, %s : f32
    linalg.yield %u : f32 } -> tensor<?x128xf32>
  %m2 = linalg.matmul ins(%h1, %w2 : tensor<?x128xf32>, tensor<128x128xf32>) outs(%f1 : tensor<?x128xf32>) -> tensor<?x128xf32>
  %h2 = linalg.generic {indexing_maps = [#m, #b, #m], iterator_types = ["parallel", "parallel"]} ins(%m2, %b2 : tensor<?x128xf32>, tensor<128xf32>) outs(%e : tensor<?x128xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32): %s = arith.addf %p, %q : f32
    %t = arith.cmpf ugt, %c0, %s : f32
    %u = arith.select %t, %c0, %s : f32
    linalg.yield %u : f32 } -> tensor<?x128xf32>
  %m3 = linalg.matmul ins(%h2, %w3 : tensor<?x128xf32>, tensor<128x128xf32>) outs(%f1 : tensor<?x128xf32>) -> tensor<?x128xf32>
  %h3 = linalg.generic {indexing_maps = [#m, #b, #m], iterator_types = ["parallel", "parallel"]} ins(%m3, %b3 : tensor<?x128xf32>, tensor<128xf32>) outs(%e : tensor<?x128xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32): %s = arith.addf %p, %q : f32
    %t = arith.cmpf ugt, %c0, %s : f32
    %u = arith.select %t, %c0, %s : f32
    linalg.yield %u : f32 } -> tensor<?x128xf32>
  %e4 = tensor.empty(%d) : tensor<?x10xf32>
  %f4 = linalg.fill ins(%c0 : f32) outs(%e4 : tensor<?x10xf32>) -> tensor<?x10xf32>
  %m4 = linalg.matmul ins(%h3, %w4 : tensor<?x128xf32>, tensor<128x10xf32>) outs(%f4 : tensor<?x10xf32>) -> tensor<?x10xf32>
  %h4 = linalg.generic {indexing_maps = [#m, #b, #m], iterator_types = ["parallel", "parallel"]} ins(%m4, %b4 : tensor<?x10xf32>, tensor<10xf32>) outs(%e4 : tensor<?x10xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32): %s = arith.addf %p, %q : f32
    linalg.yield %s : f32 } -> tensor<?x10xf32>
  %er = tensor.empty(%d) : tensor<?xf32>
  %fm = linalg.fill ins(%ninf : f32) outs(%er : tensor<?xf32>) -> tensor<?xf32>
  %mx = linalg.generic {indexing_maps = [#m, #r], iterator_types = ["parallel", "reduction"]} ins(%h4 : tensor<?x10xf32>) outs(%fm : tensor<?xf32>) {
  ^bb0(%p: f32, %o: f32): %s = arith.maximumf %p, %o : f32
    linalg.yield %s : f32 } -> tensor<?xf32>
  %ex = linalg.generic {indexing_maps = [#m, #r, #m], iterator_types = ["parallel", "parallel"]} ins(%h4, %mx : tensor<?x10xf32>, tensor<?xf32>) outs(%e4 : tensor<?x10xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32): %s = arith.subf %p, %q : f32
    %t = math.exp %s : f32
    linalg.yield %t : f32 } -> tensor<?x10xf32>
  %fs = linalg.fill ins(%c0 : f32) outs(%er : tensor<?xf32>) -> tensor<?xf32>
  %sm = linalg.generic {indexing_maps = [#m, #r], iterator_types = ["parallel", "reduction"]} ins(%ex : tensor<?x10xf32>) outs(%fs : tensor<?xf32>) {
  ^bb0(%p: f32, %o: f32): %s = arith.addf %p, %o : f32
    linalg.yield %s : f32 } -> tensor<?xf32>
  %y = linalg.generic {indexing_maps = [#m, #r, #m], iterator_types = ["parallel", "parallel"]} ins(%ex, %sm : tensor<?x10xf32>, tensor<?xf32>) outs(%e4 : tensor<?x10xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32): %s = arith.divf %p, %q : f32
    linalg.yield %s : f32 } -> tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}
