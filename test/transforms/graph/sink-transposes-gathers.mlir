// Transposes move past ops that take elements at computed places.

// RUN: msc-opt %s -graph-sink-transposes | FileCheck %s

// Rows of the height are doubled; the channels stay last.

// CHECK-LABEL: func @gather(
// CHECK-SAME:    %[[X:.*]]: tensor<2x3x4x5xf32>, %[[I:.*]]: tensor<6xi64>)
// CHECK-NEXT:    %[[G:.*]] = graph.gather "a*db,O->aOdb" %[[X]], %[[I]] : (tensor<2x3x4x5xf32>, tensor<6xi64>) -> tensor<2x6x4x5xf32>
// CHECK-NEXT:    %[[T:.*]] = graph.transpose %[[G]] perm = [0, 3, 1, 2]
// CHECK-NEXT:    return %[[T]]
func.func @gather(%x: tensor<2x3x4x5xf32>, %i: tensor<6xi64>) -> tensor<2x5x6x4xf32> {
  %t = graph.transpose %x perm = [0, 3, 1, 2] : tensor<2x3x4x5xf32> to tensor<2x5x3x4xf32>
  %g = graph.gather "ab*d,O->abOd" %t, %i : (tensor<2x5x3x4xf32>, tensor<6xi64>) -> tensor<2x5x6x4xf32>
  return %g : tensor<2x5x6x4xf32>
}

// Indices come in the order of the indexed dims, which would change.

// CHECK-LABEL: func @places(
// CHECK-NEXT:    graph.transpose
// CHECK-NEXT:    graph.gather "**c,p*->pc"
func.func @places(%x: tensor<2x3x4xf32>, %i: tensor<6x2xi64>) -> tensor<6x4xf32> {
  %t = graph.transpose %x perm = [1, 0, 2] : tensor<2x3x4xf32> to tensor<3x2x4xf32>
  %g = graph.gather "**c,p*->pc" %t, %i : (tensor<3x2x4xf32>, tensor<6x2xi64>) -> tensor<6x4xf32>
  return %g : tensor<6x4xf32>
}

// CHECK-LABEL: func @resample(
// CHECK-NEXT:    %[[R:.*]] = graph.resample %arg0, %arg1, %arg2 axis = 1 : (tensor<2x3x4xf32>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x6x4xf32>
// CHECK-NEXT:    graph.transpose %[[R]] perm = [0, 2, 1]
func.func @resample(%x: tensor<2x3x4xf32>, %i: tensor<6x2xi64>, %w: tensor<6x2xf32>) -> tensor<2x4x6xf32> {
  %t = graph.transpose %x perm = [0, 2, 1] : tensor<2x3x4xf32> to tensor<2x4x3xf32>
  %r = graph.resample %t, %i, %w axis = 2 : (tensor<2x4x3xf32>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x4x6xf32>
  return %r : tensor<2x4x6xf32>
}

// CHECK-LABEL: func @cumsum(
// CHECK-NEXT:    %[[R:.*]] = graph.cumsum %arg0 axis = 0 exclusive : tensor<3x4xf32>
// CHECK-NEXT:    graph.transpose %[[R]]
func.func @cumsum(%x: tensor<3x4xf32>) -> tensor<4x3xf32> {
  %t = graph.transpose %x perm = [1, 0] : tensor<3x4xf32> to tensor<4x3xf32>
  %r = graph.cumsum %t axis = 1 exclusive : tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}
