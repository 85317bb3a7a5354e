// RUN: msc-opt %s -split-input-file -msc-regions-plain -msc-plan-plain | FileCheck %s

// What it takes to have each result where it belongs: nothing, or the copy that
// is needed.

// Both halves of a concatenation are computed in the result.

// CHECK-LABEL: func.func @main(
// CHECK-NOT:     copy
// CHECK:         %[[A:.*]] = memref.subview %arg2[0, 0]
// CHECK:         plan.dispatch @regions::@r0 {{.*}} outs(%[[A]]
// CHECK:         %[[B:.*]] = memref.subview %arg2[0, 8]
// CHECK:         plan.dispatch @regions::@r1 {{.*}} outs(%[[B]]
// CHECK-NOT:     copy
// CHECK:         return
func.func @main(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x16xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %a = linalg.exp ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %b = linalg.negf ins(%y : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %c = tensor.empty() : tensor<4x16xf32>
  %d = tensor.insert_slice %a into %c[0, 0] [4, 8] [1, 1] : tensor<4x8xf32> into tensor<4x16xf32>
  %f = tensor.insert_slice %b into %d[0, 8] [4, 8] [1, 1] : tensor<4x8xf32> into tensor<4x16xf32>
  return %f : tensor<4x16xf32>
}

// -----

// A donated cache takes its new row in place.

// CHECK-LABEL: func.func @main(
// CHECK-NOT:     copy
// CHECK:         %[[ROW:.*]] = memref.subview %arg0[%arg3, 0]
// CHECK:         plan.dispatch @regions::@r0 {{.*}} outs(%[[ROW]]
// CHECK:         plan.dispatch @regions::@r1 ins(%arg1, %arg0 : {{.*}}) outs(%arg4
// CHECK-NOT:     copy
// CHECK:         return
func.func @main(%cache: tensor<16x8xf32> {plan.donated = 1 : i64}, %x: tensor<1x8xf32>, %w: tensor<8x8xf32>, %t: index) -> (tensor<1x16xf32>, tensor<16x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x8xf32>) -> tensor<1x8xf32>
  %k = linalg.matmul ins(%x, %w : tensor<1x8xf32>, tensor<8x8xf32>) outs(%f : tensor<1x8xf32>) -> tensor<1x8xf32>
  %n = tensor.insert_slice %k into %cache[%t, 0] [1, 8] [1, 1] : tensor<1x8xf32> into tensor<16x8xf32>
  %e2 = tensor.empty() : tensor<1x16xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<1x16xf32>) -> tensor<1x16xf32>
  %s = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %n : tensor<1x8xf32>, tensor<16x8xf32>) outs(%f2 : tensor<1x16xf32>) -> tensor<1x16xf32>
  return %s, %n : tensor<1x16xf32>, tensor<16x8xf32>
}

// -----

// A donated weight of which a contraction needs the old value after the new one
// is known: one copy, at the end.

// CHECK-LABEL: func.func @main(
// CHECK:         plan.dispatch @regions::@r0 ins(%arg0, %arg1 : {{.*}}) outs(%[[NEW:.*]] : memref<4x4xf32>)
// CHECK:         plan.dispatch @regions::@r1 ins(%arg0, %[[NEW]] : {{.*}}) outs(%arg2
// CHECK-NEXT:    memref.copy %[[NEW]], %arg0
// CHECK-NEXT:    return
func.func @main(%w: tensor<4x4xf32> {plan.donated = 0 : i64}, %g: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %n = linalg.add ins(%w, %g : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %m = linalg.matmul ins(%w, %n : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %n, %m : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

// An optimiser's two states are one region with two outs, both in place.

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    plan.arena_bytes = 0 : i64
// CHECK:         scf.for
// CHECK-NEXT:      plan.dispatch @regions::@r0 ins(%arg1, %arg2, %arg0 : {{.*}}) outs(%arg1, %arg0 :
// CHECK-NEXT:    }
func.func @main(%w0: tensor<4x4xf32> {plan.donated = 0 : i64}, %m0: tensor<4x4xf32> {plan.donated = 1 : i64}, %g: tensor<4x4xf32>, %n: index) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%w = %w0, %m = %m0) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
    %e = tensor.empty() : tensor<4x4xf32>
    %m1 = linalg.add ins(%m, %g : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    %w1 = linalg.sub ins(%w, %m1 : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    scf.yield %w1, %m1 : tensor<4x4xf32>, tensor<4x4xf32>
  }
  return %r#0, %r#1 : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

// Branches compute the result where it belongs.

// CHECK-LABEL: func.func @main(
// CHECK-NOT:     copy
// CHECK:         scf.if
// CHECK:           plan.dispatch {{.*}} outs(%arg2
// CHECK:         } else {
// CHECK:           plan.dispatch {{.*}} outs(%arg2
// CHECK-NOT:     copy
// CHECK:         return
func.func @main(%x: tensor<4xf32>, %p: i1) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = scf.if %p -> tensor<4xf32> {
    %b = linalg.negf ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  } else {
    %b = linalg.tanh ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

// The source of a dynamic reshape is computed in the result.

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    plan.arena_bytes = 0 : i64
// CHECK:         %[[E:.*]] = memref.expand_shape %arg1
// CHECK:         plan.dispatch {{.*}} outs(%[[E]]
// CHECK-NEXT:    return
func.func @main(%x: tensor<?x2x4xf32> {graph.dims = ["batch", "", ""]}) -> (tensor<?x8xf32> {graph.dims = ["batch", ""]}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x2x4xf32>
  %e = tensor.empty(%n) : tensor<?x2x4xf32>
  %a = linalg.exp ins(%x : tensor<?x2x4xf32>) outs(%e : tensor<?x2x4xf32>) -> tensor<?x2x4xf32>
  %v = tensor.collapse_shape %a [[0], [1, 2]] : tensor<?x2x4xf32> into tensor<?x8xf32>
  return %v : tensor<?x8xf32>
}
