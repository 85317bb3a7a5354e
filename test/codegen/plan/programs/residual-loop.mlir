// RUN: msc-opt %s -msc-regions-plain -msc-plan-plain -o %t.plan.mlir
// RUN: FileCheck %s < %t.plan.mlir

// The planned program computes what the plainly bufferised one does, bit by bit.
// DEFINE: %{to_llvm} = -pass-pipeline='builtin.module(convert-linalg-to-loops,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-math-to-llvm,expand-strided-metadata,lower-affine,finalize-memref-to-llvm,convert-math-to-libm,convert-arith-to-llvm,convert-index-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts)'
// DEFINE: %{run} = mlir-runner -e run -entry-point-result=void -shared-libs=%{mlir_lib}/libmlir_runner_utils.so,%{mlir_lib}/libmlir_c_runner_utils.so
// RUN: msc-opt %t.plan.mlir -plan-lower-to-calls=marks=false | sed -e '/^}$/d' > %t.planned.mlir
// RUN: sed -e 's/PLANNED: //; s/ARENA/, %%arena/; s/BYTES/, memref<?xi8>/' %S/Inputs/residual-loop.mlir >> %t.planned.mlir
// RUN: msc-opt %t.planned.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.planned.txt
// RUN: msc-opt %s -pass-pipeline='builtin.module(func.func(plan-make-destinations,plan-tie-carries),one-shot-bufferize{bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map},canonicalize,func.func(plan-drop-results))' | sed -e '/^}$/d' > %t.plain.mlir
// RUN: sed -e '/PLANNED: /d; s/ ARENA//; s/ BYTES//' %S/Inputs/residual-loop.mlir >> %t.plain.mlir
// RUN: msc-opt %t.plain.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.plain.txt
// RUN: diff %t.planned.txt %t.plain.txt
// RUN: FileCheck %s --check-prefix=OUT < %t.planned.txt

// The forward loop keeps each state as a row, the reversed loop reads them; a
// branch works in place. One copy: the first row, which is an argument.

// CHECK:       #[[MAP:.*]] = affine_map<()[s0] -> ((s0 + 1) * 2048 + 2048)>
// CHECK-LABEL: func.func @main(
// CHECK-SAME:    plan.arena_bytes = #[[MAP]]
// CHECK:         @regions::@copy0
// CHECK-NOT:     copy
// CHECK:         scf.for
// CHECK-NOT:     copy
// CHECK:         scf.for
// CHECK-NOT:     copy
// CHECK:         return

// OUT: rank = 2 offset = 0 sizes = [32, 16]

#m = affine_map<(i, j) -> (i, j)>
func.func @main(%h0: tensor<32x16xf32>, %v: tensor<16x16xf32>, %ct: tensor<32x16xf32> {plan.donated = 0 : i64}, %n: index, %p: i1) -> tensor<32x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %z = arith.constant 0.0 : f32
  %n1 = arith.addi %n, %c1 : index
  %st0 = tensor.empty(%n1) : tensor<?x32x16xf32>
  %st1 = tensor.insert_slice %h0 into %st0[0, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<32x16xf32> into tensor<?x32x16xf32>
  %st = scf.for %i = %c0 to %n step %c1 iter_args(%s = %st1) -> tensor<?x32x16xf32> {
    %h = tensor.extract_slice %s[%i, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<?x32x16xf32> to tensor<32x16xf32>
    %e = tensor.empty() : tensor<32x16xf32>
    %f = linalg.fill ins(%z : f32) outs(%e : tensor<32x16xf32>) -> tensor<32x16xf32>
    %a = linalg.matmul ins(%h, %v : tensor<32x16xf32>, tensor<16x16xf32>) outs(%f : tensor<32x16xf32>) -> tensor<32x16xf32>
    %t = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<32x16xf32>) outs(%e : tensor<32x16xf32>) {
    ^bb0(%x: f32, %q: f32): %y = math.tanh %x : f32
      linalg.yield %y : f32 } -> tensor<32x16xf32>
    %i1 = arith.addi %i, %c1 : index
    %s1 = tensor.insert_slice %t into %s[%i1, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<32x16xf32> into tensor<?x32x16xf32>
    scf.yield %s1 : tensor<?x32x16xf32>
  }
  %g = scf.for %i = %c0 to %n step %c1 iter_args(%c = %ct) -> tensor<32x16xf32> {
    %j = arith.subi %n, %i : index
    %y = tensor.extract_slice %st[%j, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<?x32x16xf32> to tensor<32x16xf32>
    %e = tensor.empty() : tensor<32x16xf32>
    %one = arith.constant 1.0 : f32
    %d = linalg.generic {indexing_maps = [#m, #m, #m], iterator_types = ["parallel", "parallel"]} ins(%c, %y : tensor<32x16xf32>, tensor<32x16xf32>) outs(%e : tensor<32x16xf32>) {
    ^bb0(%x: f32, %w: f32, %q: f32): %k = arith.mulf %w, %w : f32
      %k1 = arith.subf %one, %k : f32
      %r = arith.mulf %x, %k1 : f32
      linalg.yield %r : f32 } -> tensor<32x16xf32>
    %f = linalg.fill ins(%z : f32) outs(%e : tensor<32x16xf32>) -> tensor<32x16xf32>
    %b = linalg.matmul indexing_maps = [affine_map<(a, b, c) -> (a, c)>, affine_map<(a, b, c) -> (b, c)>, affine_map<(a, b, c) -> (a, b)>] ins(%d, %v : tensor<32x16xf32>, tensor<16x16xf32>) outs(%f : tensor<32x16xf32>) -> tensor<32x16xf32>
    %bc = scf.if %p -> tensor<32x16xf32> {
      %half = arith.constant 0.5 : f32
      %sc = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<32x16xf32>) outs(%e : tensor<32x16xf32>) {
      ^bb0(%x: f32, %q: f32): %s = arith.mulf %x, %half : f32
        linalg.yield %s : f32 } -> tensor<32x16xf32>
      %sm = bufferization.materialize_in_destination %sc in %b : (tensor<32x16xf32>, tensor<32x16xf32>) -> tensor<32x16xf32>
      scf.yield %sm : tensor<32x16xf32>
    } else { scf.yield %b : tensor<32x16xf32> }
    scf.yield %bc : tensor<32x16xf32>
  }
  return %g : tensor<32x16xf32>
}
