// RUN: msc-opt %s -plan-make-destinations | FileCheck %s

// A result becomes an argument with the result's attributes; a donated argument
// is its own destination; inputs are read only.

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %[[W:.*]]: tensor<4xf32> {bufferization.writable = true, plan.donated = 0 : i64},
// CHECK-SAME:    %[[G:.*]]: tensor<4xf32> {bufferization.writable = false},
// CHECK-SAME:    %[[Y:.*]]: tensor<4xf32> {bufferization.writable = true, graph.name = "y", plan.result = 1 : i64})
// CHECK:         %[[N:.*]] = linalg.add
// CHECK:         %[[R:.*]] = bufferization.materialize_in_destination %[[N]] in %[[W]]
// CHECK:         %[[S:.*]] = bufferization.materialize_in_destination %[[G]] in %[[Y]]
// CHECK:         return %[[R]], %[[S]]
func.func @main(%w: tensor<4xf32> {plan.donated = 0 : i64}, %g: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32> {graph.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %n = linalg.add ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %n, %g : tensor<4xf32>, tensor<4xf32>
}

// What is made in the donated argument already needs no tie.

// CHECK-LABEL: func.func @tied(
// CHECK-NOT:     materialize_in_destination
func.func @tied(%w: tensor<4xf32> {plan.donated = 0 : i64}, %g: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%v = %w) -> tensor<4xf32> {
    %s = linalg.add ins(%v, %g : tensor<4xf32>, tensor<4xf32>) outs(%v : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// Behind a reshape, what it reshapes is written.

// CHECK-LABEL: func.func @collapsed(
// CHECK:         %[[N:.*]] = linalg.exp
// CHECK:         %[[D:.*]] = tensor.expand_shape %arg1 {{\[}}[0, 1]]
// CHECK:         %[[M:.*]] = bufferization.materialize_in_destination %[[N]] in %[[D]]
// CHECK:         %[[R:.*]] = tensor.collapse_shape %[[M]]
// CHECK:         return %[[R]]
// CHECK-LABEL: func.func @expanded(
// CHECK:         %[[N:.*]] = linalg.exp
// CHECK:         %[[D:.*]] = tensor.collapse_shape %arg1 {{\[}}[0, 1]]
// CHECK:         %[[M:.*]] = bufferization.materialize_in_destination %[[N]] in %[[D]]
// CHECK:         %[[R:.*]] = tensor.expand_shape %[[M]]
// CHECK:         return %[[R]]
func.func @collapsed(%x: tensor<2x4xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<2x4xf32>
  %n = linalg.exp ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  %r = tensor.collapse_shape %n [[0, 1]] : tensor<2x4xf32> into tensor<8xf32>
  return %r : tensor<8xf32>
}
func.func @expanded(%x: tensor<8xf32>) -> tensor<2x4xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %n = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %r = tensor.expand_shape %n [[0, 1]] output_shape [2, 4] : tensor<8xf32> into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @prepare(
// CHECK-SAME:    %{{.*}}: tensor<4xf32>) -> tensor<4xf32>
func.func @prepare(%x: tensor<4xf32>) -> tensor<4xf32> attributes {msc.prepare} {
  return %x : tensor<4xf32>
}
