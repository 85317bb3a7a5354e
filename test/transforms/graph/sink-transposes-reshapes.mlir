// RUN: msc-opt %s -graph-sink-transposes -split-input-file | FileCheck %s

// The dense layer after the last image: its weights are permuted instead.
// CHECK-LABEL: @dense
// CHECK-SAME: %[[X:.*]]: tensor<?x2x3x4xf32>, %[[N:.*]]: index, %[[W:.*]]: tensor<10x24xf32>
// CHECK-DAG: %[[FLAT:.*]] = graph.reshape %[[X]] sizes(%[[N]]) : tensor<?x2x3x4xf32> to tensor<?x24xf32>
// CHECK-DAG: %[[SPLIT:.*]] = graph.reshape %[[W]] : tensor<10x24xf32> to tensor<10x4x2x3xf32>
// CHECK-DAG: %[[PERMUTED:.*]] = graph.transpose %[[SPLIT]] perm = [0, 2, 3, 1] : tensor<10x4x2x3xf32> to tensor<10x2x3x4xf32>
// CHECK-DAG: %[[WEIGHTS:.*]] = graph.reshape %[[PERMUTED]] : tensor<10x2x3x4xf32> to tensor<10x24xf32>
// CHECK: graph.contract "nk,ok->no" %[[FLAT]], %[[WEIGHTS]]
func.func @dense(%x: tensor<?x2x3x4xf32>, %n: index,
    %w: tensor<10x24xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 960, hash = "">}) -> tensor<?x10xf32> {
  %t = graph.transpose %x perm = [0, 3, 1, 2] : tensor<?x2x3x4xf32> to tensor<?x4x2x3xf32>
  %f = graph.reshape %t sizes(%n) : tensor<?x4x2x3xf32> to tensor<?x24xf32>
  %r = graph.contract "nk,ok->no" %f, %w : (tensor<?x24xf32>, tensor<10x24xf32>) -> tensor<?x10xf32>
  return %r : tensor<?x10xf32>
}

// -----

// What is no parameter stays as it is.
// CHECK-LABEL: @activation
// CHECK: %[[T:.*]] = graph.transpose
// CHECK: %[[F:.*]] = graph.reshape %[[T]]
// CHECK: graph.contract "nk,ok->no" %[[F]], %{{.*}}
func.func @activation(%x: tensor<5x2x3x4xf32>, %w: tensor<10x24xf32>) -> tensor<5x10xf32> {
  %t = graph.transpose %x perm = [0, 3, 1, 2] : tensor<5x2x3x4xf32> to tensor<5x4x2x3xf32>
  %f = graph.reshape %t : tensor<5x4x2x3xf32> to tensor<5x24xf32>
  %r = graph.contract "nk,ok->no" %f, %w : (tensor<5x24xf32>, tensor<10x24xf32>) -> tensor<5x10xf32>
  return %r : tensor<5x10xf32>
}

// -----

// A shuffled dim that the result keeps can't be permuted away.
// CHECK-LABEL: @kept
// CHECK: graph.transpose
// CHECK: graph.contract "nk,o->nko"
func.func @kept(%x: tensor<5x2x3xf32>,
    %w: tensor<4xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 16, hash = "">}) -> tensor<5x6x4xf32> {
  %t = graph.transpose %x perm = [0, 2, 1] : tensor<5x2x3xf32> to tensor<5x3x2xf32>
  %f = graph.reshape %t : tensor<5x3x2xf32> to tensor<5x6xf32>
  %r = graph.contract "nk,o->nko" %f, %w : (tensor<5x6xf32>, tensor<4xf32>) -> tensor<5x6x4xf32>
  return %r : tensor<5x6x4xf32>
}

// -----

// Groups of dims that move as a whole.
// CHECK-LABEL: @groups
// CHECK-SAME: %[[X:.*]]: tensor<2x3x4x5xf32>
// CHECK: %[[F:.*]] = graph.reshape %[[X]] : tensor<2x3x4x5xf32> to tensor<2x12x5xf32>
// CHECK: graph.transpose %[[F]] perm = [2, 1, 0] : tensor<2x12x5xf32> to tensor<5x12x2xf32>
func.func @groups(%x: tensor<2x3x4x5xf32>) -> tensor<5x12x2xf32> {
  %t = graph.transpose %x perm = [3, 1, 2, 0] : tensor<2x3x4x5xf32> to tensor<5x3x4x2xf32>
  %f = graph.reshape %t : tensor<5x3x4x2xf32> to tensor<5x12x2xf32>
  return %f : tensor<5x12x2xf32>
}

// -----

// After global pooling nothing but dims of extent 1 is shuffled.
// CHECK-LABEL: @global
// CHECK-NOT: graph.transpose
// CHECK: graph.reshape %{{.*}} : tensor<2x1x1x7xf32> to tensor<2x7xf32>
// CHECK-NOT: graph.transpose
func.func @global(%x: tensor<2x1x1x7xf32>) -> tensor<2x7xf32> {
  %t = graph.transpose %x perm = [0, 3, 1, 2] : tensor<2x1x1x7xf32> to tensor<2x7x1x1xf32>
  %f = graph.reshape %t : tensor<2x7x1x1xf32> to tensor<2x7xf32>
  return %f : tensor<2x7xf32>
}

// -----

// Elements in another order.
// CHECK-LABEL: @shuffled
// CHECK: graph.transpose
// CHECK: graph.reshape
func.func @shuffled(%x: tensor<2x3x4xf32>) -> tensor<2x12xf32> {
  %t = graph.transpose %x perm = [0, 2, 1] : tensor<2x3x4xf32> to tensor<2x4x3xf32>
  %f = graph.reshape %t : tensor<2x4x3xf32> to tensor<2x12xf32>
  return %f : tensor<2x12xf32>
}
