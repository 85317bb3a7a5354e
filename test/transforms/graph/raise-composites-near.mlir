// Chains that are no such op.

// RUN: msc-opt %s -graph-raise-composites -canonicalize -split-input-file | FileCheck %s --implicit-check-not=graph.layer_norm --implicit-check-not=graph.gelu --implicit-check-not=graph.softmax --implicit-check-not=graph.sigmoid

// The mean is that of another tensor: what is left is an RMS norm.
// CHECK-LABEL: func @other_mean
// CHECK:         %[[C:.*]] = graph.sub
// CHECK:         graph.rms_norm %[[C]]
func.func @other_mean(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %n = graph.constant dense<8.0> : tensor<4xf32>
  %e = graph.constant dense<1.0e-5> : tensor<4xf32>
  %0 = graph.reduce_sum %y dims = [1] : tensor<4x8xf32> to tensor<4xf32>
  %1 = graph.div %0, %n : tensor<4xf32>
  %2 = graph.broadcast %1 dims = [0] : tensor<4xf32> to tensor<4x8xf32>
  %3 = graph.sub %x, %2 : tensor<4x8xf32>
  %4 = graph.mul %3, %3 : tensor<4x8xf32>
  %5 = graph.reduce_sum %4 dims = [1] : tensor<4x8xf32> to tensor<4xf32>
  %6 = graph.div %5, %n : tensor<4xf32>
  %7 = graph.add %6, %e : tensor<4xf32>
  %8 = graph.sqrt %7 : tensor<4xf32>
  %9 = graph.broadcast %8 dims = [0] : tensor<4xf32> to tensor<4x8xf32>
  %10 = graph.div %3, %9 : tensor<4x8xf32>
  return %10 : tensor<4x8xf32>
}

// -----

// Sums over 7 (an unbiased variance), and roots of columns for rows.
// CHECK-LABEL: func @no_mean
// CHECK-NOT:     graph.rms_norm
func.func @no_mean(%x: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>) {
  %seven = graph.constant dense<7.0> : tensor<8xf32>
  %n = graph.constant dense<8.0> : tensor<8xf32>
  %e = graph.constant dense<1.0e-5> : tensor<8xf32>
  %0 = graph.mul %x, %x : tensor<8x8xf32>
  %1 = graph.reduce_sum %0 dims = [1] : tensor<8x8xf32> to tensor<8xf32>
  %2 = graph.div %1, %seven : tensor<8xf32>
  %3 = graph.add %2, %e : tensor<8xf32>
  %4 = graph.sqrt %3 : tensor<8xf32>
  %5 = graph.broadcast %4 dims = [0] : tensor<8xf32> to tensor<8x8xf32>
  %6 = graph.div %x, %5 : tensor<8x8xf32>
  %7 = graph.div %1, %n : tensor<8xf32>
  %8 = graph.add %7, %e : tensor<8xf32>
  %9 = graph.sqrt %8 : tensor<8xf32>
  %10 = graph.broadcast %9 dims = [1] : tensor<8xf32> to tensor<8x8xf32>
  %11 = graph.div %x, %10 : tensor<8x8xf32>
  return %6, %11 : tensor<8x8xf32>, tensor<8x8xf32>
}

// -----

// A scale along the rows, and a second use of the normalised tensor, stay outside.
// CHECK-LABEL: func @vectors
// CHECK:         graph.rms_norm %{{.*}} dims = [1]
// CHECK-COUNT-2: graph.mul
func.func @vectors(%x: tensor<4x8xf32>, %rows: tensor<4xf32>, %s: tensor<8xf32>)
    -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %r:2 = graph.rms_norm %x dims = [1] epsilon = 1.0e-5 : (tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>)
  %0 = graph.broadcast %rows dims = [0] : tensor<4xf32> to tensor<4x8xf32>
  %1 = graph.mul %r#0, %0 : tensor<4x8xf32>
  %2 = graph.broadcast %s dims = [1] : tensor<8xf32> to tensor<4x8xf32>
  %3 = graph.mul %r#0, %2 : tensor<4x8xf32>
  return %1, %3 : tensor<4x8xf32>, tensor<4x8xf32>
}

// -----

// Another x, another factor, another constant, another row.
// CHECK-LABEL: func @others
func.func @others(%x: tensor<8x8xf32>, %y: tensor<8x8xf32>)
    -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>) {
  %reciprocal = graph.constant dense<0.707106769> : tensor<8x8xf32>
  %half = graph.constant dense<0.5> : tensor<8x8xf32>
  %one = graph.constant dense<1.0> : tensor<8x8xf32>
  %two = graph.constant dense<2.0> : tensor<8x8xf32>
  %0 = graph.mul %x, %reciprocal : tensor<8x8xf32>
  %1 = graph.erf %0 : tensor<8x8xf32>
  %2 = graph.add %1, %one : tensor<8x8xf32>
  %3 = graph.mul %y, %2 : tensor<8x8xf32>
  %4 = graph.mul %3, %half : tensor<8x8xf32>
  %5 = graph.mul %x, %2 : tensor<8x8xf32>
  %6 = graph.mul %5, %two : tensor<8x8xf32>
  %7 = graph.exp %x : tensor<8x8xf32>
  %8 = graph.add %7, %one : tensor<8x8xf32>
  %9 = graph.div %one, %8 : tensor<8x8xf32>
  %10 = graph.reduce_sum %7 dims = [0] : tensor<8x8xf32> to tensor<8xf32>
  %11 = graph.broadcast %10 dims = [0] : tensor<8xf32> to tensor<8x8xf32>
  %12 = graph.div %7, %11 : tensor<8x8xf32>
  return %4, %6, %9, %12 : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>
}
