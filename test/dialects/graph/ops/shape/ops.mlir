// Every shape op is printed as it is read.

// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: func @static
func.func @static(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  // CHECK-NEXT: graph.constant dense<[1, 2]> : tensor<2xsi32>
  %0 = graph.constant dense<[1, 2]> : tensor<2xsi32>
  // CHECK-NEXT: graph.iota dim = 1 : tensor<2x3xi64>
  %1 = graph.iota dim = 1 : tensor<2x3xi64>
  // CHECK-NEXT: graph.broadcast %arg0 dims = [0, 2] : tensor<2x3xf32> to tensor<2x4x3xf32>
  %2 = graph.broadcast %a dims = [0, 2] : tensor<2x3xf32> to tensor<2x4x3xf32>
  // CHECK-NEXT: graph.reshape %arg0 : tensor<2x3xf32> to tensor<6xf32>
  %3 = graph.reshape %a : tensor<2x3xf32> to tensor<6xf32>
  // CHECK-NEXT: graph.transpose %arg0 perm = [1, 0] : tensor<2x3xf32> to tensor<3x2xf32>
  %4 = graph.transpose %a perm = [1, 0] : tensor<2x3xf32> to tensor<3x2xf32>
  // CHECK-NEXT: graph.concat %arg0, %arg0 axis = 1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  %5 = graph.concat %a, %a axis = 1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: graph.slice %arg0 [0, 1] [2, 1] [1, 2] : tensor<2x3xf32> to tensor<2x1xf32>
  %6 = graph.slice %a [0, 1] [2, 1] [1, 2] : tensor<2x3xf32> to tensor<2x1xf32>
  // CHECK-NEXT: graph.pad %arg0, %arg1 low [1, 0] high [0, 2] interior = [0, 1] : tensor<2x3xf32>, tensor<f32> to tensor<3x7xf32>
  %7 = graph.pad %a, %z low [1, 0] high [0, 2] interior = [0, 1] : tensor<2x3xf32>, tensor<f32> to tensor<3x7xf32>
  // CHECK-NEXT: graph.reverse %arg0 dims = [1] : tensor<2x3xf32>
  %8 = graph.reverse %a dims = [1] : tensor<2x3xf32>
  return
}

// CHECK-LABEL: func @dynamic
func.func @dynamic(%a: tensor<?x3xf32>, %z: tensor<f32>, %n: index) {
  // CHECK-NEXT: graph.iota dim = 0 sizes(%arg2) : tensor<?x3xi64>
  %1 = graph.iota dim = 0 sizes(%n) : tensor<?x3xi64>
  // CHECK-NEXT: graph.broadcast %arg0 dims = [1, 2] sizes(%arg2, %arg2) : tensor<?x3xf32> to tensor<?x?x3xf32>
  %2 = graph.broadcast %a dims = [1, 2] sizes(%n, %n) : tensor<?x3xf32> to tensor<?x?x3xf32>
  // CHECK-NEXT: graph.reshape %arg0 sizes(%arg2) : tensor<?x3xf32> to tensor<3x?xf32>
  %3 = graph.reshape %a sizes(%n) : tensor<?x3xf32> to tensor<3x?xf32>
  // CHECK-NEXT: graph.concat %arg0, %arg0 axis = 0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %5 = graph.concat %a, %a axis = 0 : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  // CHECK-NEXT: graph.slice %arg0 [%arg2, 0] [%arg2, 2] [%arg2, 1] : tensor<?x3xf32> to tensor<?x2xf32>
  %6 = graph.slice %a [%n, 0] [%n, 2] [%n, 1] : tensor<?x3xf32> to tensor<?x2xf32>
  // CHECK-NEXT: graph.pad %arg0, %arg1 low [%arg2, 0] high [1, %arg2] interior = [0, 0] : tensor<?x3xf32>, tensor<f32> to tensor<?x?xf32>
  %7 = graph.pad %a, %z low [%n, 0] high [1, %n] interior = [0, 0] : tensor<?x3xf32>, tensor<f32> to tensor<?x?xf32>
  return
}
