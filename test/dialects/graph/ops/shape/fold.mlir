// What moves nothing vanishes, small constants move at compile time, and pairs
// merge.

// RUN: msc-opt %s -canonicalize -split-input-file | FileCheck %s

// CHECK-LABEL: func @nothing_moves
// CHECK-NEXT:    return %arg0, %arg0, %arg0, %arg0, %arg0, %arg0 :
func.func @nothing_moves(%a: tensor<2x3xf32>, %z: tensor<f32>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = graph.broadcast %a dims = [0, 1] : tensor<2x3xf32> to tensor<2x3xf32>
  %1 = graph.reshape %a : tensor<2x3xf32> to tensor<2x3xf32>
  %2 = graph.transpose %a perm = [0, 1] : tensor<2x3xf32> to tensor<2x3xf32>
  %3 = graph.concat %a axis = 0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = graph.slice %a [0, 0] [2, 3] [1, 1] : tensor<2x3xf32> to tensor<2x3xf32>
  %5 = graph.pad %a, %z low [0, 0] high [0, 0] interior = [0, 0] : tensor<2x3xf32>, tensor<f32> to tensor<2x3xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}

// -----

// The operand's own extents, and one unknown extent of a reshape, are known to
// be the same.
// CHECK-LABEL: func @nothing_moves_dynamic
// CHECK-NEXT:    return %arg0, %arg0, %arg0 :
func.func @nothing_moves_dynamic(%a: tensor<?x3xf32>, %n: index) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>) {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %a, %c0 : tensor<?x3xf32>
  %0 = graph.broadcast %a dims = [0, 1] sizes(%d) : tensor<?x3xf32> to tensor<?x3xf32>
  %1 = graph.reshape %a sizes(%n) : tensor<?x3xf32> to tensor<?x3xf32>
  %2 = graph.slice %a [0, 0] [%d, 3] [1, 1] : tensor<?x3xf32> to tensor<?x3xf32>
  return %0, %1, %2 : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>
}

// -----

// Another extent may be another number, even where the types agree.
// CHECK-LABEL: func @may_move
// CHECK:         graph.broadcast
// CHECK:         graph.reshape
// CHECK:         graph.slice
func.func @may_move(%a: tensor<?x?xf32>, %n: index) -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = graph.broadcast %a dims = [0, 1] sizes(%n, %n) : tensor<?x?xf32> to tensor<?x?xf32>
  %1 = graph.reshape %a sizes(%n, %n) : tensor<?x?xf32> to tensor<?x?xf32>
  %2 = graph.slice %a [0, 0] [%n, %n] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
  return %0, %1, %2 : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @merge
// CHECK-NEXT:    %[[R:.*]] = graph.reshape %arg0 : tensor<2x3x4xf32> to tensor<4x6xf32>
// CHECK-NEXT:    %[[T:.*]] = graph.transpose %arg0 perm = [1, 0, 2] : tensor<2x3x4xf32> to tensor<3x2x4xf32>
// CHECK-NEXT:    return %[[R]], %arg0, %[[T]], %arg0 :
func.func @merge(%a: tensor<2x3x4xf32>)
    -> (tensor<4x6xf32>, tensor<2x3x4xf32>, tensor<3x2x4xf32>, tensor<2x3x4xf32>) {
  %0 = graph.reshape %a : tensor<2x3x4xf32> to tensor<6x4xf32>
  %1 = graph.reshape %0 : tensor<6x4xf32> to tensor<4x6xf32>
  %2 = graph.reshape %1 : tensor<4x6xf32> to tensor<2x3x4xf32>
  %3 = graph.transpose %a perm = [2, 0, 1] : tensor<2x3x4xf32> to tensor<4x2x3xf32>
  %4 = graph.transpose %3 perm = [2, 1, 0] : tensor<4x2x3xf32> to tensor<3x2x4xf32>
  %5 = graph.transpose %3 perm = [1, 2, 0] : tensor<4x2x3xf32> to tensor<2x3x4xf32>
  return %1, %2, %4, %5 : tensor<4x6xf32>, tensor<2x3x4xf32>, tensor<3x2x4xf32>, tensor<2x3x4xf32>
}

// -----

// CHECK-LABEL: func @constants
// CHECK-DAG:     %[[B:.*]] = graph.constant dense<{{\[}}[1, 1], [2, 2]]> : tensor<2x2xsi8>
// CHECK-DAG:     %[[R:.*]] = graph.constant dense<{{\[}}[0, 1, 2], [3, 4, 5]]> : tensor<2x3xi32>
// CHECK-DAG:     %[[T:.*]] = graph.constant dense<{{\[}}[0, 2, 4], [1, 3, 5]]> : tensor<2x3xi32>
// CHECK-DAG:     %[[C:.*]] = graph.constant dense<{{\[}}[0, 1, 1], [2, 3, 2], [4, 5, 3]]> : tensor<3x3xi32>
// CHECK-DAG:     %[[S:.*]] = graph.constant dense<{{\[}}[1], [5]]> : tensor<2x1xi32>
// CHECK-DAG:     %[[P:.*]] = graph.constant dense<[9, 1, 9, 9, 2, 9]> : tensor<6xsi8>
// CHECK:         return %[[B]], %[[R]], %[[T]], %[[C]], %[[S]], %[[P]] :
func.func @constants()
    -> (tensor<2x2xsi8>, tensor<2x3xi32>, tensor<2x3xi32>, tensor<3x3xi32>, tensor<2x1xi32>, tensor<6xsi8>) {
  %a = graph.constant dense<[1, 2]> : tensor<2xsi8>
  %b = graph.constant dense<[[0, 1], [2, 3], [4, 5]]> : tensor<3x2xi32>
  %c = graph.constant dense<[[1], [2], [3]]> : tensor<3x1xi32>
  %z = graph.constant dense<9> : tensor<si8>
  %0 = graph.broadcast %a dims = [0] : tensor<2xsi8> to tensor<2x2xsi8>
  %1 = graph.reshape %b : tensor<3x2xi32> to tensor<2x3xi32>
  %2 = graph.transpose %b perm = [1, 0] : tensor<3x2xi32> to tensor<2x3xi32>
  %3 = graph.concat %b, %c axis = 1 : (tensor<3x2xi32>, tensor<3x1xi32>) -> tensor<3x3xi32>
  %4 = graph.slice %b [0, 1] [2, 1] [2, 1] : tensor<3x2xi32> to tensor<2x1xi32>
  %5 = graph.pad %a, %z low [1] high [1] interior = [2] : tensor<2xsi8>, tensor<si8> to tensor<6xsi8>
  return %0, %1, %2, %3, %4, %5 : tensor<2x2xsi8>, tensor<2x3xi32>, tensor<2x3xi32>, tensor<3x3xi32>, tensor<2x1xi32>, tensor<6xsi8>
}

// -----

// A splat of any size folds; other constants only where the result is small.
// CHECK-LABEL: func @size_limit
// CHECK-DAG:     %[[S:.*]] = graph.constant dense<1.000000e+00> : tensor<100x100xf32>
// CHECK-DAG:     %[[B:.*]] = graph.broadcast {{.*}} to tensor<2x1000xf32>
// CHECK:         return %[[S]], %[[B]]
func.func @size_limit() -> (tensor<100x100xf32>, tensor<2x1000xf32>) {
  %a = graph.constant dense<1.0> : tensor<f32>
  %b = graph.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = graph.broadcast %a dims = [] : tensor<f32> to tensor<100x100xf32>
  %1 = graph.broadcast %b dims = [0] : tensor<2xf32> to tensor<2x1000xf32>
  return %0, %1 : tensor<100x100xf32>, tensor<2x1000xf32>
}
