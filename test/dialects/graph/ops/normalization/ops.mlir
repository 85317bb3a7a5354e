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
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = graph.layer_norm %arg0 scale(%arg1) offset(%arg1) dims = [1] epsilon = 1.000000e-05 : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<?x8xf32>, tensor<?xf32>, tensor<?xf32>)
  %3:3 = graph.layer_norm %a scale(%v) offset(%v) dims = [1] epsilon = 1.0e-5
    : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<?x8xf32>, tensor<?xf32>, tensor<?xf32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = graph.layer_norm %arg0 dims = [0, 1] epsilon = 1.000000e-05 : (tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<f32>, tensor<f32>)
  %4:3 = graph.layer_norm %a dims = [0, 1] epsilon = 1.0e-5 : (tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<f32>, tensor<f32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = graph.rms_norm %arg0 scale(%arg1) dims = [1] epsilon = 1.000000e-05 : (tensor<?x8xf32>, tensor<8xf32>) -> (tensor<?x8xf32>, tensor<?xf32>)
  %5:2 = graph.rms_norm %a scale(%v) dims = [1] epsilon = 1.0e-5 : (tensor<?x8xf32>, tensor<8xf32>) -> (tensor<?x8xf32>, tensor<?xf32>)
  // CHECK-NEXT: graph.group_norm %arg0 scale(%arg1) axis = 1 groups = 2 epsilon = 1.000000e-05 : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %6 = graph.group_norm %a scale(%v) axis = 1 groups = 2 epsilon = 1.0e-5 : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  return
}

// Statistics of narrow types are f32.
// CHECK-LABEL: func @narrow
func.func @narrow(%a: tensor<4x8xf16>) {
  // CHECK-NEXT: graph.layer_norm {{.*}} -> (tensor<4x8xf16>, tensor<4xf32>, tensor<4xf32>)
  %0:3 = graph.layer_norm %a dims = [1] epsilon = 1.0e-5 : (tensor<4x8xf16>) -> (tensor<4x8xf16>, tensor<4xf32>, tensor<4xf32>)
  return
}
