// RUN: msc-opt %s | msc-opt | FileCheck %s

// The printed form is the parsed form, on tensors and on memrefs.

// CHECK-LABEL: func.func @tensors(
func.func @tensors(%x: tensor<4xf32>, %y: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  // CHECK: %[[E:.*]] = tensor.empty()
  %e = tensor.empty() : tensor<4xf32>
  // CHECK: plan.dispatch @regions::@r ins(%arg0, %arg1 : tensor<4xf32>, tensor<4xf32>) outs(%[[E]] : tensor<4xf32>) -> tensor<4xf32>
  %0 = plan.dispatch @regions::@r ins(%x, %y : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: plan.dispatch {{.*}} reads [0] inplace [0 -> 0, 1 -> 0] -> tensor<4xf32>
  %1 = plan.dispatch @regions::@r ins(%0, %y : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) reads [0] inplace [0 -> 0, 1 -> 0] -> tensor<4xf32>
  // CHECK: plan.dispatch @regions::@none ins() outs()
  plan.dispatch @regions::@none ins() outs()
  // CHECK: %[[R:.*]] = plan.collective all_reduce sum channel 3 ins(%{{.*}} : tensor<4xf32>) outs(%{{.*}} : tensor<4xf32>) -> tensor<4xf32>
  %2 = plan.collective all_reduce sum channel 3 ins(%1 : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: %[[T:.*]], %[[F:.*]] = plan.start copy ins(%[[R]] : tensor<4xf32>) outs(%[[E]] : tensor<4xf32>) -> tensor<4xf32>
  %t, %f = plan.start copy ins(%2 : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: plan.wait %[[T]], %[[F]] : tensor<4xf32> keep(%[[R]] : tensor<4xf32>) -> tensor<4xf32>
  %3 = plan.wait %t, %f : tensor<4xf32> keep(%2 : tensor<4xf32>) -> tensor<4xf32>
  return %3 : tensor<4xf32>
}

// CHECK-LABEL: func.func @memrefs(
func.func @memrefs(%x: memref<4xf32>, %y: memref<4xf32, strided<[2], offset: ?>>, %s: memref<16xi8>) {
  // CHECK: plan.dispatch @regions::@scratched ins(%arg0 : memref<4xf32>) outs(%arg1 : memref<4xf32, strided<[2], offset: ?>>) scratch(%arg2 : memref<16xi8>)
  plan.dispatch @regions::@scratched ins(%x : memref<4xf32>) outs(%y : memref<4xf32, strided<[2], offset: ?>>) scratch(%s : memref<16xi8>)
  // CHECK: plan.collective permute channel 0 ins(%arg0 : memref<4xf32>) outs(%arg1
  plan.collective permute channel 0 ins(%x : memref<4xf32>) outs(%y : memref<4xf32, strided<[2], offset: ?>>)
  // CHECK: %[[T:.*]] = plan.start
  %t = plan.start copy ins(%x : memref<4xf32>) outs(%y : memref<4xf32, strided<[2], offset: ?>>)
  // CHECK: plan.wait %[[T]], %arg1 : {{.*}} keep(%arg0 : memref<4xf32>)
  plan.wait %t, %y : memref<4xf32, strided<[2], offset: ?>> keep(%x : memref<4xf32>)
  return
}

module @regions {
  func.func private @r(tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.func private @none()
  func.func private @scratched(memref<4xf32>, memref<4xf32, strided<[2], offset: ?>>, memref<16xi8>)
}
