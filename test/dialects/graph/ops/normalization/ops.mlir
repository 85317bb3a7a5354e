// Normalisation is printed as it is read.

// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: func @all
func.func @all(%a: tensor<?x8xf32>, %v: tensor<8xf32>) {
  // CHECK-NEXT: graph.softmax %arg0 axis = 1 : tensor<?x8xf32>
  %0 = graph.softmax %a axis = 1 : tensor<?x8xf32>
  // CHECK-NEXT: graph.log_softmax %arg0 axis = 0 : tensor<?x8xf32>
  %1 = graph.log_softmax %a axis = 0 : tensor<?x8xf32>
  // CHECK-NEXT: graph.batch_norm %arg0, %arg1, %arg1, %arg1, %arg1 axis = 1 epsilon = 1.000000e-05 : tensor<?x8xf32>, tensor<8xf32>
  %2 = graph.batch_norm %a, %v, %v, %v, %v axis = 1 epsilon = 1.0e-5 : tensor<?x8xf32>, tensor<8xf32>
  return
}
