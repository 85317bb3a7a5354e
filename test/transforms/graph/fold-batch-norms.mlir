// Batch norms of parameters go into the filter and a bias; anything else stays.

// RUN: msc-opt %s -graph-fold-batch-norms -canonicalize | FileCheck %s

#w = #graph.blob<"m.onnx", offset = 0, length = 864, hash = "">
#v = #graph.blob<"m.onnx", offset = 864, length = 32, hash = "">

// CHECK-LABEL: func @channels_first
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<1x3x8x8xf32>, %[[W:[a-z0-9]+]]: tensor<8x3x3x3xf32>
// CHECK-SAME:    %[[S:[a-z0-9]+]]: tensor<8xf32> {{.*}}, %[[O:[a-z0-9]+]]: tensor<8xf32> {{.*}}, %[[M:[a-z0-9]+]]: tensor<8xf32> {{.*}}, %[[V:[a-z0-9]+]]: tensor<8xf32>
// CHECK-DAG:     %[[EPS:.*]] = graph.constant dense<1.000000e-03> : tensor<8xf32>
// CHECK-DAG:     %[[SUM:.*]] = graph.add %[[V]], %[[EPS]]
// CHECK-DAG:     %[[R:.*]] = graph.rsqrt %[[SUM]]
// CHECK-DAG:     %[[F:.*]] = graph.mul %[[S]], %[[R]]
// CHECK-DAG:     %[[FW:.*]] = graph.broadcast %[[F]] dims = [0] : tensor<8xf32> to tensor<8x3x3x3xf32>
// CHECK-DAG:     %[[W2:.*]] = graph.mul %[[W]], %[[FW]]
// CHECK-DAG:     %[[C:.*]] = graph.conv %[[X]], %[[W2]]
// CHECK-DAG:     %[[MF:.*]] = graph.mul %[[M]], %[[F]]
// CHECK-DAG:     %[[B:.*]] = graph.sub %[[O]], %[[MF]]
// CHECK-DAG:     %[[BB:.*]] = graph.broadcast %[[B]] dims = [1] : tensor<8xf32> to tensor<1x8x6x6xf32>
// CHECK:         %[[R:.*]] = graph.add %[[C]], %[[BB]]
// CHECK-NEXT:    return %[[R]]
func.func @channels_first(%x: tensor<1x3x8x8xf32>, %w: tensor<8x3x3x3xf32> {graph.parameter = #w},
    %s: tensor<8xf32> {graph.parameter = #v}, %o: tensor<8xf32> {graph.parameter = #v},
    %m: tensor<8xf32> {graph.parameter = #v}, %v: tensor<8xf32> {graph.parameter = #v}) -> tensor<1x8x6x6xf32> {
  %c = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
    padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
    layout = #graph.layout<channels_first>} : (tensor<1x3x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x6x6xf32>
  %r = graph.batch_norm %c, %s, %o, %m, %v axis = 1 epsilon = 1.0e-3 : tensor<1x8x6x6xf32>, tensor<8xf32>
  return %r : tensor<1x8x6x6xf32>
}

// The bias of the convolution, too, is scaled; constants are as good as
// parameters.
// CHECK-LABEL: func @channels_last_bias
// CHECK-DAG:     graph.broadcast %{{.*}} dims = [3] : tensor<8xf32> to tensor<3x3x3x8xf32>
// CHECK-DAG:     graph.sub %arg2, %{{.*}} : tensor<8xf32>
// CHECK-DAG:     graph.broadcast %{{.*}} dims = [3] sizes(%{{.*}}) : tensor<8xf32> to tensor<?x6x6x8xf32>
// CHECK-NOT:     graph.batch_norm
func.func @channels_last_bias(%x: tensor<?x8x8x3xf32>, %w: tensor<3x3x3x8xf32> {graph.parameter = #w},
    %bias: tensor<8xf32> {graph.parameter = #v}) -> tensor<?x6x6x8xf32> {
  %v = graph.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : tensor<8xf32>
  %c = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
    padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
    layout = #graph.layout<channels_last>} : (tensor<?x8x8x3xf32>, tensor<3x3x3x8xf32>) -> tensor<?x6x6x8xf32>
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8x8x3xf32>
  %b = graph.broadcast %bias dims = [3] sizes(%n) : tensor<8xf32> to tensor<?x6x6x8xf32>
  %a = graph.add %c, %b : tensor<?x6x6x8xf32>
  %r = graph.batch_norm %a, %v, %v, %v, %v axis = 3 epsilon = 1.0e-3 : tensor<?x6x6x8xf32>, tensor<8xf32>
  return %r : tensor<?x6x6x8xf32>
}

// CHECK-LABEL: func @contract
// CHECK-DAG:     %[[FW:.*]] = graph.broadcast %{{.*}} dims = [0] : tensor<8xf32> to tensor<8x4xf32>
// CHECK-DAG:     %[[W2:.*]] = graph.mul %arg1, %[[FW]]
// CHECK-DAG:     graph.contract "mk,nk->mn" %arg0, %[[W2]]
// CHECK-NOT:     graph.batch_norm
func.func @contract(%x: tensor<2x4xf32>, %w: tensor<8x4xf32> {graph.parameter = #w},
    %v: tensor<8xf32> {graph.parameter = #v}) -> tensor<2x8xf32> {
  %c = graph.contract "mk,nk->mn" %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %r = graph.batch_norm %c, %v, %v, %v, %v axis = 1 epsilon = 1.0e-3 : tensor<2x8xf32>, tensor<8xf32>
  return %r : tensor<2x8xf32>
}

// The axis is the rows', which come from the input.
// CHECK-LABEL: func @other_axis
// CHECK:         graph.batch_norm
func.func @other_axis(%x: tensor<2x4xf32>, %w: tensor<8x4xf32> {graph.parameter = #w},
    %v: tensor<2xf32> {graph.parameter = #v}) -> tensor<2x8xf32> {
  %c = graph.contract "mk,nk->mn" %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %r = graph.batch_norm %c, %v, %v, %v, %v axis = 0 epsilon = 1.0e-3 : tensor<2x8xf32>, tensor<2xf32>
  return %r : tensor<2x8xf32>
}

// CHECK-LABEL: func @filter_is_input
// CHECK:         graph.batch_norm
func.func @filter_is_input(%x: tensor<2x4xf32>, %w: tensor<8x4xf32>,
    %v: tensor<8xf32> {graph.parameter = #v}) -> tensor<2x8xf32> {
  %c = graph.contract "mk,nk->mn" %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %r = graph.batch_norm %c, %v, %v, %v, %v axis = 1 epsilon = 1.0e-3 : tensor<2x8xf32>, tensor<8xf32>
  return %r : tensor<2x8xf32>
}

// CHECK-LABEL: func @vector_is_input
// CHECK:         graph.batch_norm
func.func @vector_is_input(%x: tensor<2x4xf32>, %w: tensor<8x4xf32> {graph.parameter = #w},
    %v: tensor<8xf32>) -> tensor<2x8xf32> {
  %c = graph.contract "mk,nk->mn" %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %r = graph.batch_norm %c, %v, %v, %v, %v axis = 1 epsilon = 1.0e-3 : tensor<2x8xf32>, tensor<8xf32>
  return %r : tensor<2x8xf32>
}

// CHECK-LABEL: func @used_twice
// CHECK:         graph.batch_norm
func.func @used_twice(%x: tensor<2x4xf32>, %w: tensor<8x4xf32> {graph.parameter = #w},
    %v: tensor<8xf32> {graph.parameter = #v}) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %c = graph.contract "mk,nk->mn" %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
  %r = graph.batch_norm %c, %v, %v, %v, %v axis = 1 epsilon = 1.0e-3 : tensor<2x8xf32>, tensor<8xf32>
  return %r, %c : tensor<2x8xf32>, tensor<2x8xf32>
}

// CHECK-LABEL: func @no_linear_op
// CHECK:         graph.batch_norm
func.func @no_linear_op(%x: tensor<2x8xf32>, %v: tensor<8xf32> {graph.parameter = #v}) -> tensor<2x8xf32> {
  %r = graph.batch_norm %x, %v, %v, %v, %v axis = 1 epsilon = 1.0e-3 : tensor<2x8xf32>, tensor<8xf32>
  return %r : tensor<2x8xf32>
}
