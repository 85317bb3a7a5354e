// RUN: msc-opt %s -plan-anchor-results | FileCheck %s

// CHECK-LABEL: func.func @r(
// CHECK:         %[[E:.*]] = linalg.exp
// CHECK:         %[[M:.*]] = bufferization.materialize_in_destination %[[E]] in %arg1
// CHECK:         return %[[M]], %arg2
func.func @r(%x: tensor<4xf32>, %y: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %t = tensor.empty() : tensor<4xf32>
  %e = linalg.exp ins(%x : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
  return %e, %z : tensor<4xf32>, tensor<4xf32>
}
