// What exporters write as chains, with the reshapes and broadcasts that the importer puts in between.

// RUN: msc-opt %s -graph-raise-composites -canonicalize -split-input-file | FileCheck %s

// CHECK-LABEL: func @layer_norm
// CHECK-SAME:    %[[X:.*]]: tensor<?x4x8xf32>, %[[S:.*]]: tensor<8xf32>, %[[O:.*]]: tensor<1x1x8xf32>
// CHECK-NEXT:    %[[V:.*]] = graph.reshape %[[O]] : tensor<1x1x8xf32> to tensor<8xf32>
// CHECK-NEXT:    %[[R:.*]], %{{.*}}, %{{.*}} = graph.layer_norm %[[X]] scale(%[[S]]) offset(%[[V]]) dims = [2] epsilon = 9.999{{.*}}E-6
// CHECK-NEXT:    return %[[R]]
func.func @layer_norm(%x: tensor<?x4x8xf32>, %s: tensor<8xf32>, %o: tensor<1x1x8xf32>) -> tensor<?x4x8xf32> {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x4x8xf32>
  %count = graph.constant dense<8.0> : tensor<f32>
  %eps = graph.constant dense<1.0e-5> : tensor<f32>
  %two = graph.constant dense<2.0> : tensor<f32>
  %n = graph.broadcast %count dims = [] sizes(%d) : tensor<f32> to tensor<?x4x1xf32>
  %e = graph.broadcast %eps dims = [] sizes(%d) : tensor<f32> to tensor<?x4x1xf32>
  %p = graph.broadcast %two dims = [] sizes(%d) : tensor<f32> to tensor<?x4x8xf32>
  %0 = graph.reduce_sum %x dims = [2] : tensor<?x4x8xf32> to tensor<?x4xf32>
  %1 = graph.reshape %0 sizes(%d) : tensor<?x4xf32> to tensor<?x4x1xf32>
  %2 = graph.div %1, %n : tensor<?x4x1xf32>
  %3 = graph.broadcast %2 dims = [0, 1, 2] sizes(%d) : tensor<?x4x1xf32> to tensor<?x4x8xf32>
  %4 = graph.sub %x, %3 : tensor<?x4x8xf32>
  %5 = graph.pow %4, %p : tensor<?x4x8xf32>
  %6 = graph.reduce_sum %5 dims = [2] : tensor<?x4x8xf32> to tensor<?x4xf32>
  %7 = graph.reshape %6 sizes(%d) : tensor<?x4xf32> to tensor<?x4x1xf32>
  %8 = graph.div %7, %n : tensor<?x4x1xf32>
  %9 = graph.add %8, %e : tensor<?x4x1xf32>
  %10 = graph.sqrt %9 : tensor<?x4x1xf32>
  %11 = graph.broadcast %10 dims = [0, 1, 2] sizes(%d) : tensor<?x4x1xf32> to tensor<?x4x8xf32>
  %12 = graph.div %4, %11 : tensor<?x4x8xf32>
  %13 = graph.broadcast %s dims = [2] sizes(%d) : tensor<8xf32> to tensor<?x4x8xf32>
  %14 = graph.mul %12, %13 : tensor<?x4x8xf32>
  %15 = graph.broadcast %o dims = [0, 1, 2] sizes(%d) : tensor<1x1x8xf32> to tensor<?x4x8xf32>
  %16 = graph.add %14, %15 : tensor<?x4x8xf32>
  return %16 : tensor<?x4x8xf32>
}

// -----

// The root's reciprocal, and no mean.
// CHECK-LABEL: func @rms_norm
// CHECK-SAME:    %[[X:.*]]: tensor<4x8xf64>, %[[S:.*]]: tensor<8xf64>
// CHECK-NEXT:    %[[R:.*]], %{{.*}} = graph.rms_norm %[[X]] scale(%[[S]]) dims = [1] epsilon = 1.000000e-03
// CHECK-NEXT:    return %[[R]]
func.func @rms_norm(%x: tensor<4x8xf64>, %s: tensor<8xf64>) -> tensor<4x8xf64> {
  %n = graph.constant dense<8.0> : tensor<4xf64>
  %e = graph.constant dense<1.0e-3> : tensor<4xf64>
  %one = graph.constant dense<1.0> : tensor<4xf64>
  %0 = graph.mul %x, %x : tensor<4x8xf64>
  %1 = graph.reduce_sum %0 dims = [1] : tensor<4x8xf64> to tensor<4xf64>
  %2 = graph.div %1, %n : tensor<4xf64>
  %3 = graph.add %2, %e : tensor<4xf64>
  %4 = graph.sqrt %3 : tensor<4xf64>
  %5 = graph.div %one, %4 : tensor<4xf64>
  %6 = graph.broadcast %5 dims = [0] : tensor<4xf64> to tensor<4x8xf64>
  %7 = graph.mul %6, %x : tensor<4x8xf64>
  %8 = graph.broadcast %s dims = [1] : tensor<8xf64> to tensor<4x8xf64>
  %9 = graph.mul %8, %7 : tensor<4x8xf64>
  return %9 : tensor<4x8xf64>
}

// -----

// CHECK-LABEL: func @softmaxes
// CHECK-SAME:    %[[X:.*]]: tensor<4x8xf32>
// CHECK-NEXT:    %[[A:.*]] = graph.softmax %[[X]] axis = 1
// CHECK-NEXT:    %[[B:.*]] = graph.log_softmax %[[X]] axis = 0
// CHECK-NEXT:    return %[[A]], %[[B]]
func.func @softmaxes(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %0 = graph.reduce_max %x dims = [1] : tensor<4x8xf32> to tensor<4xf32>
  %1 = graph.broadcast %0 dims = [0] : tensor<4xf32> to tensor<4x8xf32>
  %2 = graph.sub %x, %1 : tensor<4x8xf32>
  %3 = graph.exp %2 : tensor<4x8xf32>
  %4 = graph.reduce_sum %3 dims = [1] : tensor<4x8xf32> to tensor<4xf32>
  %5 = graph.broadcast %4 dims = [0] : tensor<4xf32> to tensor<4x8xf32>
  %6 = graph.div %3, %5 : tensor<4x8xf32>
  %7 = graph.exp %x : tensor<4x8xf32>
  %8 = graph.reduce_sum %7 dims = [0] : tensor<4x8xf32> to tensor<8xf32>
  %9 = graph.broadcast %8 dims = [1] : tensor<8xf32> to tensor<4x8xf32>
  %10 = graph.div %7, %9 : tensor<4x8xf32>
  %11 = graph.log %10 : tensor<4x8xf32>
  return %6, %11 : tensor<4x8xf32>, tensor<4x8xf32>
}

// -----

// CHECK-LABEL: func @activations
// CHECK-SAME:    %[[X:.*]]: tensor<8xf32>
// CHECK-NEXT:    %[[G:.*]] = graph.gelu %[[X]]
// CHECK-NEXT:    %[[H:.*]] = graph.gelu %[[G]]
// CHECK-NEXT:    %[[S:.*]] = graph.sigmoid %[[H]]
// CHECK-NEXT:    %[[M:.*]] = graph.mul %[[S]], %[[S]]
// CHECK-NEXT:    %[[C:.*]] = graph.mul %[[M]], %[[S]]
// CHECK-NEXT:    return %[[C]]
func.func @activations(%x: tensor<8xf32>) -> tensor<8xf32> {
  %root = graph.constant dense<1.41421354> : tensor<8xf32>
  %reciprocal = graph.constant dense<0.707106769> : tensor<8xf32>
  %half = graph.constant dense<0.5> : tensor<8xf32>
  %one = graph.constant dense<1.0> : tensor<8xf32>
  %three = graph.constant dense<3.0> : tensor<8xf32>
  %0 = graph.div %x, %root : tensor<8xf32>
  %1 = graph.erf %0 : tensor<8xf32>
  %2 = graph.add %1, %one : tensor<8xf32>
  %3 = graph.mul %x, %2 : tensor<8xf32>
  %4 = graph.mul %3, %half : tensor<8xf32>
  %5 = graph.mul %4, %reciprocal : tensor<8xf32>
  %6 = graph.erf %5 : tensor<8xf32>
  %7 = graph.add %one, %6 : tensor<8xf32>
  %8 = graph.mul %half, %7 : tensor<8xf32>
  %9 = graph.mul %8, %4 : tensor<8xf32>
  %10 = graph.neg %9 : tensor<8xf32>
  %11 = graph.exp %10 : tensor<8xf32>
  %12 = graph.add %11, %one : tensor<8xf32>
  %13 = graph.div %one, %12 : tensor<8xf32>
  %14 = graph.pow %13, %three : tensor<8xf32>
  return %14 : tensor<8xf32>
}
