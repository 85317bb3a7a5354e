// RUN: msc-opt %s -graph-to-linalg -split-input-file | FileCheck %s

// CHECK-LABEL: @add
// CHECK-SAME: %[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<4x8xf32>
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<4x8xf32>
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[A]], %[[B]] : tensor<4x8xf32>, tensor<4x8xf32>) outs(%[[EMPTY]]
// CHECK-SAME: msc.op = "add"
// CHECK: arith.addf
func.func @add(%a: tensor<4x8xf32>, %b: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %r = graph.add %a, %b : tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// -----

// The destination of a dynamic op has the extents of its operand.
// CHECK-LABEL: @dynamic
// CHECK-SAME: %[[A:.*]]: tensor<?x8xf32>
// CHECK: %[[DIM:.*]] = tensor.dim %[[A]]
// CHECK: tensor.empty(%[[DIM]]) : tensor<?x8xf32>
func.func @dynamic(%a: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %r = graph.exp %a : tensor<?x8xf32>
  return %r : tensor<?x8xf32>
}

// -----

// Signedness moves from types into ops; the signature remembers it.
// CHECK-LABEL: @unsigned
// CHECK-SAME: tensor<4xi8> {graph.element_type = ui8}
// CHECK-SAME: -> tensor<4xi1>
// CHECK: arith.cmpi ult
func.func @unsigned(%a: tensor<4xui8>, %b: tensor<4xui8>) -> tensor<4xi1> {
  %r = graph.compare lt %a, %b : tensor<4xui8>
  return %r : tensor<4xi1>
}

// -----

// CHECK-LABEL: @signed
// CHECK: arith.cmpi slt
func.func @signed(%a: tensor<4xi8>, %b: tensor<4xi8>) -> tensor<4xi1> {
  %r = graph.compare lt %a, %b : tensor<4xi8>
  return %r : tensor<4xi1>
}

// -----

// NaN passes a ReLU: the comparison is false for it.
// CHECK-LABEL: @relu
// CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
// CHECK: %[[NEG:.*]] = arith.cmpf ogt, %{{.*}}, %[[X]]
// CHECK: arith.select %[[NEG]], %{{.*}}, %[[X]]
func.func @relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = graph.relu %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// A division by zero must not trap: the divisor is replaced first.
// CHECK-LABEL: @div
// CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
// CHECK: %[[SAFE:.*]] = arith.select %{{.*}}, %{{.*}}, %[[Y]]
// CHECK: arith.divsi %[[X]], %[[SAFE]]
func.func @div(%a: tensor<4xi32>, %b: tensor<4xi32>) -> tensor<4xi32> {
  %r = graph.div %a, %b : tensor<4xi32>
  return %r : tensor<4xi32>
}

// -----

// 0-d tensors are generics without loops.
// CHECK-LABEL: @scalar
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = []
func.func @scalar(%a: tensor<f32>) -> tensor<f32> {
  %r = graph.neg %a : tensor<f32>
  return %r : tensor<f32>
}
