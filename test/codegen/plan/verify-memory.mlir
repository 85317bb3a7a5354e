// RUN: msc-opt %s -plan-verify-memory | FileCheck %s

// CHECK-LABEL: func.func @main(
func.func @main(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<?xi8>) {
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  plan.dispatch @regions::@r ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}
module @regions {
  func.func private @r(%x: memref<4xf32>, %y: memref<4xf32>) {
    linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
    return
  }
}
func.func @prepare(%x: tensor<4xf32>) -> tensor<4xf32> attributes {msc.prepare} {
  return %x : tensor<4xf32>
}
