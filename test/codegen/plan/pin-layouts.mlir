// RUN: msc-opt %s -plan-pin-layouts | FileCheck %s

// The first layout goes to the region itself, each other to a clone.

// CHECK-LABEL: func.func @main(
// CHECK:         plan.dispatch @regions::@r ins(%arg0
// CHECK:         plan.dispatch @regions::@r_strided ins(%arg0
// CHECK:         plan.dispatch @regions::@r_strided ins(%arg0
// CHECK:       func.func private @r(
// CHECK-SAME:    {bufferization.buffer_layout = affine_map<(d0) -> (d0)>}, {{.*}} {bufferization.buffer_layout = affine_map<(d0) -> (d0)>})
// CHECK:       func.func private @r_strided(
// CHECK-SAME:    {bufferization.buffer_layout = affine_map<(d0) -> (d0)>}, {{.*}} {bufferization.buffer_layout = strided<[2], offset: 1>})
// CHECK:         linalg.exp
func.func @main(%x: memref<4xf32>, %y: memref<8xf32>) {
  %a = memref.alloc() : memref<4xf32>
  plan.dispatch @regions::@r ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  %s = memref.subview %y[1] [4] [2] : memref<8xf32> to memref<4xf32, strided<[2], offset: 1>>
  plan.dispatch @regions::@r ins(%x : memref<4xf32>) outs(%s : memref<4xf32, strided<[2], offset: 1>>)
  plan.dispatch @regions::@r ins(%x : memref<4xf32>) outs(%s : memref<4xf32, strided<[2], offset: 1>>)
  return
}
module @regions {
  func.func private @r(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
    %e = linalg.exp ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
    return %e : tensor<4xf32>
  }
}
