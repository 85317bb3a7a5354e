// Sorting ops are printed as they are read.

// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: func @all
func.func @all(%a: tensor<2x?xf32>, %n: index) {
  // CHECK-NEXT: graph.top_k %arg0 axis = 1 : tensor<2x?xf32> to tensor<2x3xf32>, tensor<2x3xi64>
  %v, %i = graph.top_k %a axis = 1 : tensor<2x?xf32> to tensor<2x3xf32>, tensor<2x3xi64>
  // CHECK-NEXT: graph.top_k %arg0 axis = 1 size(%arg1) smallest : tensor<2x?xf32> to tensor<2x?xf32>, tensor<2x?xi64>
  %w, %j = graph.top_k %a axis = 1 size(%n) smallest : tensor<2x?xf32> to tensor<2x?xf32>, tensor<2x?xi64>
  return
}
