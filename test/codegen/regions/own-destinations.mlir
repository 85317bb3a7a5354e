// RUN: msc-opt %s -plan-own-destinations | FileCheck %s

// CHECK-LABEL: func.func @merged(
// CHECK-DAG:     %[[E0:.*]] = tensor.empty()
// CHECK-DAG:     %[[F0:.*]] = linalg.fill ins(%{{.*}}) outs(%[[E0]]
// CHECK:         linalg.matmul {{.*}} outs(%[[F0]]
// CHECK:         %[[E1:.*]] = tensor.empty()
// CHECK:         %[[F1:.*]] = linalg.fill ins(%{{.*}}) outs(%[[E1]]
// CHECK:         linalg.matmul {{.*}} outs(%[[F1]]
// CHECK:         %[[E2:.*]] = tensor.empty()
// CHECK-NEXT:    linalg.add {{.*}} outs(%[[E2]]
func.func @merged(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %a = linalg.matmul ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
  %b = linalg.matmul ins(%a, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
  %c = linalg.add ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %c : tensor<4x4xf32>
}

// CHECK-LABEL: func.func @prepare(
// CHECK-COUNT-1: tensor.empty
// CHECK-NOT:     tensor.empty
func.func @prepare(%x: tensor<4xf32>) -> tensor<4xf32> attributes {msc.prepare} {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %b = linalg.exp ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %b : tensor<4xf32>
}
