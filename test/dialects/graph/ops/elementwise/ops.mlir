// Elementwise ops are printed as they are read.

// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: func @binary
func.func @binary(%a: tensor<?x4xf32>, %b: tensor<?x4xf32>, %i: tensor<4xui8>) {
  // CHECK-NEXT: graph.add %arg0, %arg1 : tensor<?x4xf32>
  %0 = graph.add %a, %b : tensor<?x4xf32>
  // CHECK-NEXT: graph.pow %arg0, %arg1 : tensor<?x4xf32>
  %1 = graph.pow %a, %b : tensor<?x4xf32>
  // CHECK-NEXT: graph.rem %arg2, %arg2 : tensor<4xui8>
  %2 = graph.rem %i, %i : tensor<4xui8>
  // CHECK-NEXT: graph.shift_left %arg2, %arg2 : tensor<4xui8>
  %3 = graph.shift_left %i, %i : tensor<4xui8>
  return
}

// CHECK-LABEL: func @unary
func.func @unary(%a: tensor<f64>, %b: tensor<3xi1>) {
  // CHECK-NEXT: graph.erf %arg0 : tensor<f64>
  %0 = graph.erf %a : tensor<f64>
  // CHECK-NEXT: graph.round_even %arg0 : tensor<f64>
  %1 = graph.round_even %a : tensor<f64>
  // CHECK-NEXT: graph.relu %arg0 : tensor<f64>
  %2 = graph.relu %a : tensor<f64>
  // CHECK-NEXT: graph.not %arg1 : tensor<3xi1>
  %3 = graph.not %b : tensor<3xi1>
  return
}

// CHECK-LABEL: func @several_types
func.func @several_types(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xi8> {
  // CHECK-NEXT: %[[C:.*]] = graph.compare lt %arg0, %arg1 : tensor<4xf32>
  %0 = graph.compare lt %a, %b : tensor<4xf32>
  // CHECK-NEXT: %[[S:.*]] = graph.select %[[C]], %arg0, %arg1 : tensor<4xi1>, tensor<4xf32>
  %1 = graph.select %0, %a, %b : tensor<4xi1>, tensor<4xf32>
  // CHECK-NEXT: graph.convert %[[S]] : tensor<4xf32> to tensor<4xi8>
  %2 = graph.convert %1 : tensor<4xf32> to tensor<4xi8>
  return %2 : tensor<4xi8>
}
