// RUN: msc-opt %s -graph-decompose | FileCheck %s

// CHECK-LABEL: @relu
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>
func.func @relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[ZERO:.*]] = graph.constant dense<0.0{{.*}}> : tensor<4xf32>
  // CHECK: %[[NEG:.*]] = graph.compare gt %[[ZERO]], %[[X]]
  // CHECK: graph.select %[[NEG]], %[[ZERO]], %[[X]]
  // CHECK-NOT: graph.relu
  %r = graph.relu %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// A dynamic extent comes from the operand.
// CHECK-LABEL: @dynamic
// CHECK: tensor.dim
// CHECK: graph.broadcast
// CHECK-NOT: graph.sigmoid
func.func @dynamic(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = graph.sigmoid %x : tensor<?xf32>
  return %r : tensor<?xf32>
}

// Primitives stay.
// CHECK-LABEL: @primitive
// CHECK: graph.exp
func.func @primitive(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = graph.exp %x : tensor<4xf32>
  return %r : tensor<4xf32>
}
