// RUN: msc-opt %s -graph-sink-transposes -split-input-file | FileCheck %s

// Past elementwise ops; a bias is broadcast in the other order instead.
// CHECK-LABEL: @elementwise
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4xf32>, %[[BIAS:.*]]: tensor<4xf32>
// CHECK: %[[B:.*]] = graph.broadcast %[[BIAS]] dims = [2] : tensor<4xf32> to tensor<2x3x4xf32>
// CHECK: %[[SUM:.*]] = graph.add %[[X]], %[[B]] : tensor<2x3x4xf32>
// CHECK: %[[R:.*]] = graph.relu %[[SUM]]
// CHECK: %[[T:.*]] = graph.transpose %[[R]] perm = [0, 2, 1]
// CHECK: return %[[T]]
func.func @elementwise(%x: tensor<2x3x4xf32>, %bias: tensor<4xf32>) -> tensor<2x4x3xf32> {
  %t = graph.transpose %x perm = [0, 2, 1] : tensor<2x3x4xf32> to tensor<2x4x3xf32>
  %b = graph.broadcast %bias dims = [1] : tensor<4xf32> to tensor<2x4x3xf32>
  %s = graph.add %t, %b : tensor<2x4x3xf32>
  %r = graph.relu %s : tensor<2x4x3xf32>
  return %r : tensor<2x4x3xf32>
}

// -----

// Two that meet vanish, whatever lies between.
// CHECK-LABEL: @cancel
// CHECK-NOT: graph.transpose
// CHECK: graph.select
// CHECK-NOT: graph.transpose
// CHECK: return
func.func @cancel(%x: tensor<2x3x4xf32>, %c: tensor<2x3x4xi1>) -> tensor<2x3x4xi8> {
  %zero = graph.constant dense<0.0> : tensor<2x4x3xf32>
  %t = graph.transpose %x perm = [0, 2, 1] : tensor<2x3x4xf32> to tensor<2x4x3xf32>
  %u = graph.transpose %c perm = [0, 2, 1] : tensor<2x3x4xi1> to tensor<2x4x3xi1>
  %s = graph.select %u, %t, %zero : tensor<2x4x3xi1>, tensor<2x4x3xf32>
  %i = graph.convert %s : tensor<2x4x3xf32> to tensor<2x4x3xi8>
  %r = graph.transpose %i perm = [0, 2, 1] : tensor<2x4x3xi8> to tensor<2x3x4xi8>
  return %r : tensor<2x3x4xi8>
}

// -----

// Operands in different orders keep their transposes.
// CHECK-LABEL: @differ
// CHECK: %[[T:.*]] = graph.transpose
// CHECK: graph.add %[[T]], %{{.*}}
// CHECK-NEXT: return
func.func @differ(%x: tensor<2x3xf32>, %y: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %t = graph.transpose %x perm = [1, 0] : tensor<2x3xf32> to tensor<3x2xf32>
  %r = graph.add %t, %y : tensor<3x2xf32>
  return %r : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @axes
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4xf32>
// CHECK: %[[S:.*]] = graph.softmax %[[X]] axis = 2
// CHECK: %[[N:.*]] = graph.batch_norm %[[S]], {{.*}} axis = 1
// CHECK: %[[R:.*]] = graph.reverse %[[N]] dims = [2, 0]
// CHECK: graph.transpose %[[R]] perm = [2, 0, 1]
func.func @axes(%x: tensor<2x3x4xf32>, %v: tensor<3xf32>) -> tensor<4x2x3xf32> {
  %t = graph.transpose %x perm = [2, 0, 1] : tensor<2x3x4xf32> to tensor<4x2x3xf32>
  %s = graph.softmax %t axis = 0 : tensor<4x2x3xf32>
  %n = graph.batch_norm %s, %v, %v, %v, %v axis = 2 epsilon = 1.0e-5 : tensor<4x2x3xf32>, tensor<3xf32>
  %r = graph.reverse %n dims = [0, 1] : tensor<4x2x3xf32>
  return %r : tensor<4x2x3xf32>
}

// -----

// What is left of the permutation may be none.
// CHECK-LABEL: @reductions
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4x5xf32>
// CHECK-DAG: %[[M:.*]] = graph.reduce_sum %[[X]] dims = [1, 3] : tensor<2x3x4x5xf32> to tensor<2x4xf32>
// CHECK-DAG: %[[A:.*]] = graph.argmax %[[X]] axis = 3 {{.*}} : tensor<2x3x4x5xf32> to tensor<2x3x4xi64>
// CHECK-DAG: %[[T:.*]] = graph.transpose %[[A]] perm = [0, 2, 1]
// CHECK: return %[[M]], %[[T]]
func.func @reductions(%x: tensor<2x3x4x5xf32>) -> (tensor<2x4xf32>, tensor<2x4x3xi64>) {
  %t = graph.transpose %x perm = [0, 3, 2, 1] : tensor<2x3x4x5xf32> to tensor<2x5x4x3xf32>
  %m = graph.reduce_sum %t dims = [1, 3] : tensor<2x5x4x3xf32> to tensor<2x4xf32>
  %a = graph.argmax %t axis = 1 {select_last = false} : tensor<2x5x4x3xf32> to tensor<2x4x3xi64>
  return %m, %a : tensor<2x4xf32>, tensor<2x4x3xi64>
}

// -----

// CHECK-LABEL: @boxes
// CHECK-SAME: %[[X:.*]]: tensor<2x?xf32>, %[[I:.*]]: index
// CHECK: %[[P:.*]] = graph.pad %[[X]], %{{.*}} low [3, 1] high [0, %[[I]]] interior = [0, 2]
// CHECK: %[[S:.*]] = graph.slice %[[P]] [1, %[[I]]] [4, 3] [1, 2]
// CHECK: %[[C:.*]] = graph.concat %[[S]], %[[S]] axis = 0
// CHECK: graph.transpose %[[C]] perm = [1, 0] : tensor<8x3xf32> to tensor<3x8xf32>
func.func @boxes(%x: tensor<2x?xf32>, %i: index) -> tensor<3x8xf32> {
  %z = graph.constant dense<0.0> : tensor<f32>
  %t = graph.transpose %x perm = [1, 0] : tensor<2x?xf32> to tensor<?x2xf32>
  %p = graph.pad %t, %z low [1, 3] high [%i, 0] interior = [2, 0] : tensor<?x2xf32>, tensor<f32> to tensor<?x5xf32>
  %s = graph.slice %p [%i, 1] [3, 4] [2, 1] : tensor<?x5xf32> to tensor<3x4xf32>
  %c = graph.concat %s, %s axis = 1 : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x8xf32>
  return %c : tensor<3x8xf32>
}

// -----

// CHECK-LABEL: @broadcast
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4xf32>
// CHECK: %[[B:.*]] = graph.broadcast %[[X]] dims = [0, 2, 3] : tensor<2x3x4xf32> to tensor<2x9x3x4xf32>
// CHECK: graph.transpose %[[B]] perm = [2, 1, 3, 0] : tensor<2x9x3x4xf32> to tensor<3x9x4x2xf32>
func.func @broadcast(%x: tensor<2x3x4xf32>) -> tensor<3x9x4x2xf32> {
  %t = graph.transpose %x perm = [1, 2, 0] : tensor<2x3x4xf32> to tensor<3x4x2xf32>
  %b = graph.broadcast %t dims = [0, 2, 3] : tensor<3x4x2xf32> to tensor<3x9x4x2xf32>
  return %b : tensor<3x9x4x2xf32>
}

// -----

// CHECK-LABEL: @contraction
// CHECK-SAME: %[[X:.*]]: tensor<2x4x3xf32>, %[[Y:.*]]: tensor<5x4xf32>
// CHECK-NEXT: graph.contract "bkm,nk->bmn" %[[X]], %[[Y]]
// CHECK-NEXT: return
func.func @contraction(%x: tensor<2x4x3xf32>, %y: tensor<5x4xf32>) -> tensor<2x3x5xf32> {
  %t = graph.transpose %x perm = [0, 2, 1] : tensor<2x4x3xf32> to tensor<2x3x4xf32>
  %u = graph.transpose %y perm = [1, 0] : tensor<5x4xf32> to tensor<4x5xf32>
  %r = graph.contract "bmk,kn->bmn" %t, %u : (tensor<2x3x4xf32>, tensor<4x5xf32>) -> tensor<2x3x5xf32>
  return %r : tensor<2x3x5xf32>
}

// -----

// Dims of extent 1 move for free.
// CHECK-LABEL: @unit
// CHECK-NOT: graph.transpose
// CHECK: graph.reshape %{{.*}} sizes(%{{.*}}) : tensor<?x1x8x8xf32> to tensor<?x8x8x1xf32>
func.func @unit(%x: tensor<?x1x8x8xf32>) -> tensor<?x8x8x1xf32> {
  %t = graph.transpose %x perm = [0, 2, 3, 1] : tensor<?x1x8x8xf32> to tensor<?x8x8x1xf32>
  return %t : tensor<?x8x8x1xf32>
}
