// RUN: msc-opt %s -plan-dispatch-copies | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK:         %[[S:.*]] = memref.subview
// CHECK:         plan.dispatch @regions::@copy0 ins(%arg0 : memref<4x2xf32>) outs(%[[S]] : memref<4x2xf32, strided<[8, 1]>>)
// CHECK:         memref.copy %arg1, %arg2
// CHECK:       func.func private @copy0(%arg0: tensor<4x2xf32> {bufferization.writable = false}, %arg1: tensor<4x2xf32> {bufferization.writable = true})
// CHECK-SAME:    plan.bytes = 64 : i64, plan.flops = 0 : i64, plan.ops = "copy"
// CHECK:         linalg.copy ins(%arg0 : tensor<4x2xf32>) outs(%arg1 : tensor<4x2xf32>)
func.func @main(%x: memref<4x2xf32>, %y: memref<4x8xf32>, %z: memref<4x8xf32>) {
  %s = memref.subview %y[0, 0] [4, 2] [1, 1] : memref<4x8xf32> to memref<4x2xf32, strided<[8, 1]>>
  memref.copy %x, %s : memref<4x2xf32> to memref<4x2xf32, strided<[8, 1]>>
  memref.copy %y, %z : memref<4x8xf32> to memref<4x8xf32>
  return
}
