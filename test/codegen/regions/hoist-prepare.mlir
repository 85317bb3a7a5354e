// RUN: msc-opt %s -split-input-file -linalg-hoist-prepare | FileCheck %s

#w = #graph.blob<"m", offset = 0, length = 4, hash = "">
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>

// The transposed weight is prepared, and @main gets it instead of the weight.
// The broadcast of the bias would be larger than the bias: it stays, but the
// scaling of the bias behind it moves.

// CHECK-LABEL: func.func @prepare(
// CHECK-SAME:    %[[W:.*]]: tensor<16x8xf32> {graph.name = "w", graph.parameter = #{{.*}}}, %[[B:.*]]: tensor<16xf32> {graph.name = "b", graph.parameter = #{{.*}}})
// CHECK-SAME:    -> (tensor<8x16xf32>, tensor<16xf32>) attributes {msc.prepare}
// CHECK:         %[[T:.*]] = linalg.transpose ins(%[[W]]
// CHECK:         %[[S:.*]] = linalg.exp ins(%[[B]]
// CHECK:         return %[[T]], %[[S]]
// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %[[X:.*]]: tensor<4x8xf32> {graph.name = "x"}, %[[C:.*]]: tensor<4x16xf32> {graph.name = "c", graph.parameter = #{{.*}}}, %[[P0:.*]]: tensor<8x16xf32> {plan.prepared = 0 : i64}, %[[P1:.*]]: tensor<16xf32> {plan.prepared = 1 : i64})
// CHECK:         linalg.generic {{.*}} ins(%[[P1]]
// CHECK:         linalg.matmul ins(%[[X]], %[[P0]]
func.func @main(%x: tensor<4x8xf32> {graph.name = "x"}, %w: tensor<16x8xf32> {graph.name = "w", graph.parameter = #w}, %b: tensor<16xf32> {graph.name = "b", graph.parameter = #w}, %c: tensor<4x16xf32> {graph.name = "c", graph.parameter = #w}) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %e0 = tensor.empty() : tensor<8x16xf32>
  %t = linalg.transpose ins(%w : tensor<16x8xf32>) outs(%e0 : tensor<8x16xf32>) permutation = [1, 0]
  %e1 = tensor.empty() : tensor<16xf32>
  %s = linalg.exp ins(%b : tensor<16xf32>) outs(%e1 : tensor<16xf32>) -> tensor<16xf32>
  %e2 = tensor.empty() : tensor<4x16xf32>
  %r = linalg.generic {indexing_maps = [#col, #id], iterator_types = ["parallel", "parallel"]} ins(%s : tensor<16xf32>) outs(%e2 : tensor<4x16xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<4x16xf32>
  %m = linalg.matmul ins(%x, %t : tensor<4x8xf32>, tensor<8x16xf32>) outs(%r : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %m, %c : tensor<4x16xf32>, tensor<4x16xf32>
}

// -----

// Views are no work.

// CHECK-NOT:   func.func @prepare
// CHECK-LABEL: func.func @main(
// CHECK:         tensor.collapse_shape
#w = #graph.blob<"m", offset = 0, length = 4, hash = "">
func.func @main(%w: tensor<4x2xf32> {graph.parameter = #w}) -> tensor<8xf32> {
  %r = tensor.collapse_shape %w [[0, 1]] : tensor<4x2xf32> into tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// What a loop uses is computed before it.

// CHECK-LABEL: func.func @prepare(
// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %[[P:arg2]]: tensor<4xf32> {plan.prepared = 0 : i64})
// CHECK:         scf.for
// CHECK:           linalg.add ins(%{{.*}}, %[[P]]
#w = #graph.blob<"m", offset = 0, length = 4, hash = "">
func.func @main(%x: tensor<4xf32>, %n: index, %w: tensor<4xf32> {graph.parameter = #w}) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<4xf32>
  %s = linalg.exp ins(%w : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%y = %x) -> tensor<4xf32> {
    %z = linalg.add ins(%y, %s : tensor<4xf32>, tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %z : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

// Loops and branches are entered. What a loop begins with, and overwrites, stays.

// CHECK-LABEL: func.func @prepare(%arg0: tensor<2x8xf32>
// CHECK:         linalg.transpose
// CHECK:         return %{{.*}} : tensor<8x2xf32>
// CHECK:       func.func @main(%arg0: tensor<4x8xf32>, %arg1: index, %[[T:[a-z0-9]+]]: tensor<8x2xf32> {plan.prepared = 0 : i64}
// CHECK:         tensor.insert_slice
// CHECK:         scf.for
// CHECK-NOT:       linalg.transpose
// CHECK:           linalg.matmul ins(%{{.*}}, %[[T]] :
func.func @main(%x: tensor<4x8xf32>, %w: tensor<2x8xf32> {graph.parameter = #graph.blob<"m.onnx", offset = 0, length = 64, hash = "">}, %n: index) -> tensor<9x4x2xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant dense<0.0> : tensor<4x2xf32>
  %e = tensor.empty() : tensor<9x4x2xf32>
  %first = tensor.insert_slice %zero into %e[0, 0, 0] [1, 4, 2] [1, 1, 1] : tensor<4x2xf32> into tensor<9x4x2xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%rows = %first) -> tensor<9x4x2xf32> {
    %0 = tensor.empty() : tensor<8x2xf32>
    %t = linalg.transpose ins(%w : tensor<2x8xf32>) outs(%0 : tensor<8x2xf32>) permutation = [1, 0]
    %1 = tensor.empty() : tensor<4x2xf32>
    %y = linalg.matmul ins(%x, %t : tensor<4x8xf32>, tensor<8x2xf32>) outs(%1 : tensor<4x2xf32>) -> tensor<4x2xf32>
    %s = tensor.insert_slice %y into %rows[%i, 0, 0] [1, 4, 2] [1, 1, 1] : tensor<4x2xf32> into tensor<9x4x2xf32>
    scf.yield %s : tensor<9x4x2xf32>
  }
  return %r : tensor<9x4x2xf32>
}
