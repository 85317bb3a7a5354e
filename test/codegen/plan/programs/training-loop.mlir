// RUN: msc-opt %s -msc-regions-plain -msc-plan-plain -o %t.plan.mlir
// RUN: FileCheck %s < %t.plan.mlir

// The planned program computes what the plainly bufferised one does, bit by bit.
// DEFINE: %{to_llvm} = -pass-pipeline='builtin.module(convert-linalg-to-loops,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-math-to-llvm,expand-strided-metadata,lower-affine,finalize-memref-to-llvm,convert-math-to-libm,convert-arith-to-llvm,convert-index-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts)'
// DEFINE: %{run} = mlir-runner -e run -entry-point-result=void -shared-libs=%{mlir_lib}/libmlir_runner_utils.so,%{mlir_lib}/libmlir_c_runner_utils.so
// RUN: msc-opt %t.plan.mlir -plan-lower-to-calls=marks=false | sed -e '/^}$/d' > %t.planned.mlir
// RUN: sed -e 's/PLANNED: //; s/ARENA/, %%arena/; s/BYTES/, memref<?xi8>/' %S/Inputs/training-loop.mlir >> %t.planned.mlir
// RUN: msc-opt %t.planned.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.planned.txt
// RUN: msc-opt %s -pass-pipeline='builtin.module(func.func(plan-make-destinations,plan-tie-carries),one-shot-bufferize{bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map},canonicalize,func.func(plan-drop-results))' | sed -e '/^}$/d' > %t.plain.mlir
// RUN: sed -e '/PLANNED: /d; s/ ARENA//; s/ BYTES//' %S/Inputs/training-loop.mlir >> %t.plain.mlir
// RUN: msc-opt %t.plain.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.plain.txt
// RUN: diff %t.planned.txt %t.plain.txt
// RUN: FileCheck %s --check-prefix=OUT < %t.planned.txt

// Weights are donated and updated in place, batches are slices, a branch clips
// the gradient: no copy, and less memory than the sum of the buffers (14336).

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    plan.arena_bytes = 8192 : i64
// CHECK-NOT:     memref.copy
// CHECK-NOT:     @copy
// CHECK:         scf.for
// CHECK:           plan.dispatch {{.*}} outs(%arg0 : memref<64x16xf32>){{.*}} inplace
// CHECK:           plan.dispatch {{.*}} outs(%arg1 : memref<16x16xf32>){{.*}} inplace
// CHECK:         return
// CHECK-NOT:     memref.copy

// OUT: rank = 2 offset = 0 sizes = [64, 16]
// OUT: rank = 2 offset = 0 sizes = [16, 16]

#m = affine_map<(i, j) -> (i, j)>
func.func @main(%w0: tensor<64x16xf32> {plan.donated = 0 : i64}, %v0: tensor<16x16xf32> {plan.donated = 1 : i64},
    %xs: tensor<1024x64xf32>, %ys: tensor<1024x16xf32>, %n: index, %clip: i1)
    -> (tensor<64x16xf32>, tensor<16x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %z = arith.constant 0.0 : f32
  %lr = arith.constant 0.001 : f32
  %half = arith.constant 0.5 : f32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%w = %w0, %v = %v0) -> (tensor<64x16xf32>, tensor<16x16xf32>) {
    %o = arith.muli %i, %c32 : index
    %x = tensor.extract_slice %xs[%o, 0] [32, 64] [1, 1] : tensor<1024x64xf32> to tensor<32x64xf32>
    %y = tensor.extract_slice %ys[%o, 0] [32, 16] [1, 1] : tensor<1024x16xf32> to tensor<32x16xf32>
    %e = tensor.empty() : tensor<32x16xf32>
    %f = linalg.fill ins(%z : f32) outs(%e : tensor<32x16xf32>) -> tensor<32x16xf32>
    %h = linalg.matmul ins(%x, %w : tensor<32x64xf32>, tensor<64x16xf32>) outs(%f : tensor<32x16xf32>) -> tensor<32x16xf32>
    %p = linalg.matmul ins(%h, %v : tensor<32x16xf32>, tensor<16x16xf32>) outs(%f : tensor<32x16xf32>) -> tensor<32x16xf32>
    %d = linalg.generic {indexing_maps = [#m, #m, #m], iterator_types = ["parallel", "parallel"]} ins(%p, %y : tensor<32x16xf32>, tensor<32x16xf32>) outs(%e : tensor<32x16xf32>) {
    ^bb0(%a: f32, %b: f32, %q: f32): %s = arith.subf %a, %b : f32
      linalg.yield %s : f32 } -> tensor<32x16xf32>
    // dv = h^T d
    %ev = tensor.empty() : tensor<16x16xf32>
    %fv = linalg.fill ins(%z : f32) outs(%ev : tensor<16x16xf32>) -> tensor<16x16xf32>
    %dv = linalg.matmul indexing_maps = [affine_map<(a, b, c) -> (c, a)>, affine_map<(a, b, c) -> (c, b)>, affine_map<(a, b, c) -> (a, b)>] ins(%h, %d : tensor<32x16xf32>, tensor<32x16xf32>) outs(%fv : tensor<16x16xf32>) -> tensor<16x16xf32>
    %dvc = scf.if %clip -> tensor<16x16xf32> {
      %sc = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%dv : tensor<16x16xf32>) outs(%ev : tensor<16x16xf32>) {
      ^bb0(%a: f32, %q: f32): %s = arith.mulf %a, %half : f32
        linalg.yield %s : f32 } -> tensor<16x16xf32>
      scf.yield %sc : tensor<16x16xf32>
    } else { scf.yield %dv : tensor<16x16xf32> }
    // dh = d v^T ; dw = x^T dh
    %dh = linalg.matmul indexing_maps = [affine_map<(a, b, c) -> (a, c)>, affine_map<(a, b, c) -> (b, c)>, affine_map<(a, b, c) -> (a, b)>] ins(%d, %v : tensor<32x16xf32>, tensor<16x16xf32>) outs(%f : tensor<32x16xf32>) -> tensor<32x16xf32>
    %ew = tensor.empty() : tensor<64x16xf32>
    %fw = linalg.fill ins(%z : f32) outs(%ew : tensor<64x16xf32>) -> tensor<64x16xf32>
    %dw = linalg.matmul indexing_maps = [affine_map<(a, b, c) -> (c, a)>, affine_map<(a, b, c) -> (c, b)>, affine_map<(a, b, c) -> (a, b)>] ins(%x, %dh : tensor<32x64xf32>, tensor<32x16xf32>) outs(%fw : tensor<64x16xf32>) -> tensor<64x16xf32>
    %w1 = linalg.generic {indexing_maps = [#m, #m, #m], iterator_types = ["parallel", "parallel"]} ins(%w, %dw : tensor<64x16xf32>, tensor<64x16xf32>) outs(%ew : tensor<64x16xf32>) {
    ^bb0(%a: f32, %b: f32, %q: f32): %s = arith.mulf %b, %lr : f32
      %t = arith.subf %a, %s : f32
      linalg.yield %t : f32 } -> tensor<64x16xf32>
    %v1 = linalg.generic {indexing_maps = [#m, #m, #m], iterator_types = ["parallel", "parallel"]} ins(%v, %dvc : tensor<16x16xf32>, tensor<16x16xf32>) outs(%ev : tensor<16x16xf32>) {
    ^bb0(%a: f32, %b: f32, %q: f32): %s = arith.mulf %b, %lr : f32
      %t = arith.subf %a, %s : f32
      linalg.yield %t : f32 } -> tensor<16x16xf32>
    scf.yield %w1, %v1 : tensor<64x16xf32>, tensor<16x16xf32>
  }
  return %r#0, %r#1 : tensor<64x16xf32>, tensor<16x16xf32>
}
