// RUN: msc-opt %s -linalg-merge-elementwise | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// A chain is one generic, written to the chain's destination.

// CHECK-LABEL: func.func @chain(
// CHECK:         linalg.generic
// CHECK-SAME:      ins(%arg0, %arg1 :
// CHECK-SAME:      outs(%arg2 :
// CHECK:           arith.addf
// CHECK:           math.exp
// CHECK:           arith.mulf {{.*}}, %cst
// CHECK-NOT:     linalg.generic
func.func @chain(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %two = arith.constant dense<2.0> : tensor<4x8xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %s = linalg.add ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %t = linalg.exp ins(%s : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %u = linalg.mul ins(%t, %two : tensor<4x8xf32>, tensor<4x8xf32>) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %u : tensor<4x8xf32>
}

// What the region returns stays by itself.

// CHECK-LABEL: func.func @returned(
// CHECK:         %[[R:.*]] = linalg.generic
// CHECK-SAME:      outs(%arg1 :
// CHECK:         %[[S:.*]] = linalg.generic
// CHECK-SAME:      outs(%arg2 :
// CHECK:         return %[[R]], %[[S]]
func.func @returned(%x: tensor<4xf32>, %out0: tensor<4xf32>, %out1: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = linalg.exp ins(%x : tensor<4xf32>) outs(%out0 : tensor<4xf32>) -> tensor<4xf32>
  %t = linalg.negf ins(%s : tensor<4xf32>) outs(%out1 : tensor<4xf32>) -> tensor<4xf32>
  return %s, %t : tensor<4xf32>, tensor<4xf32>
}

// Near misses: a contraction's operand; a costly value of which a row needs one.

// CHECK-LABEL: func.func @contraction(
// CHECK:         linalg.generic
// CHECK:         linalg.matmul
// CHECK-LABEL: func.func @rows(
// CHECK:         linalg.generic
// CHECK:           math.rsqrt
// CHECK:         linalg.generic
// CHECK:           arith.mulf
func.func @contraction(%x: tensor<4x4xf32>, %out: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %s = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %t = linalg.matmul ins(%s, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%out : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %t : tensor<4x4xf32>
}
func.func @rows(%x: tensor<4x8xf32>, %v: tensor<4xf32>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.rsqrt ins(%v : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %t = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %r : tensor<4x8xf32>, tensor<4xf32>) outs(%out : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<4x8xf32>
  return %t : tensor<4x8xf32>
}
