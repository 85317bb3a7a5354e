// Reductions are printed as they are read, and one over no dims is its operand.

// RUN: msc-opt %s | msc-opt | FileCheck %s
// RUN: msc-opt %s -canonicalize | FileCheck %s --check-prefix=FOLD

// CHECK-LABEL: func @all
func.func @all(%a: tensor<?x8xf32>, %b: tensor<4x8xi1>) {
  // CHECK-NEXT: graph.reduce_sum %arg0 dims = [1] : tensor<?x8xf32> to tensor<?xf32>
  %0 = graph.reduce_sum %a dims = [1] : tensor<?x8xf32> to tensor<?xf32>
  // CHECK-NEXT: graph.reduce_prod %arg0 dims = [0] : tensor<?x8xf32> to tensor<8xf32>
  %1 = graph.reduce_prod %a dims = [0] : tensor<?x8xf32> to tensor<8xf32>
  // CHECK-NEXT: graph.reduce_max %arg0 dims = [0, 1] : tensor<?x8xf32> to tensor<f32>
  %2 = graph.reduce_max %a dims = [0, 1] : tensor<?x8xf32> to tensor<f32>
  // CHECK-NEXT: graph.reduce_min %arg0 dims = [1]
  %3 = graph.reduce_min %a dims = [1] : tensor<?x8xf32> to tensor<?xf32>
  // CHECK-NEXT: graph.reduce_and %arg1 dims = [1] : tensor<4x8xi1> to tensor<4xi1>
  %4 = graph.reduce_and %b dims = [1] : tensor<4x8xi1> to tensor<4xi1>
  // CHECK-NEXT: graph.reduce_or %arg1 dims = [1]
  %5 = graph.reduce_or %b dims = [1] : tensor<4x8xi1> to tensor<4xi1>
  // CHECK-NEXT: graph.argmax %arg0 axis = 0 {select_last = false} : tensor<?x8xf32> to tensor<8xi64>
  %6 = graph.argmax %a axis = 0 {select_last = false} : tensor<?x8xf32> to tensor<8xi64>
  // CHECK-NEXT: graph.argmin %arg0 axis = 1 {select_last = true} : tensor<?x8xf32> to tensor<?xi64>
  %7 = graph.argmin %a axis = 1 {select_last = true} : tensor<?x8xf32> to tensor<?xi64>
  return
}

// FOLD-LABEL: func @over_nothing
// FOLD-NEXT:    return %arg0
func.func @over_nothing(%a: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = graph.reduce_sum %a dims = [] : tensor<?x8xf32> to tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
