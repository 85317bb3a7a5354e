// Printed as it is read, and expanded into gathered neighbours.

// RUN: msc-opt %s | msc-opt | FileCheck %s
// RUN: msc-opt %s -graph-decompose | FileCheck %s --check-prefix=EXPAND

// CHECK-LABEL: func @resample
// EXPAND-LABEL: func @resample
func.func @resample(%a: tensor<2x?x4xf32>, %i: tensor<6x2xi64>, %w: tensor<6x2xf32>) -> tensor<2x6x4xf32> {
  // CHECK-NEXT: graph.resample %arg0, %arg1, %arg2 axis = 1 : (tensor<2x?x4xf32>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x6x4xf32>
  // EXPAND-NEXT: %[[G:.*]] = graph.gather "a*c,OT->aOTc" %arg0, %arg1 : (tensor<2x?x4xf32>, tensor<6x2xi64>) -> tensor<2x6x2x4xf32>
  // EXPAND-NEXT: %[[W:.*]] = graph.broadcast %arg2 dims = [1, 2]
  // EXPAND-NEXT: %[[P:.*]] = graph.mul %[[G]], %[[W]]
  // EXPAND-NEXT: graph.reduce_sum %[[P]] dims = [2]
  %0 = graph.resample %a, %i, %w axis = 1 : (tensor<2x?x4xf32>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x6x4xf32>
  return %0 : tensor<2x6x4xf32>
}
