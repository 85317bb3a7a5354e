// RUN: msc-opt %s -split-input-file -graph-donate-arguments='pairs=past.*.key=present.*.key,n=m' | FileCheck %s

// CHECK: func.func @main(
// CHECK-SAME: {graph.name = "x"}
// CHECK-SAME: {graph.dims = ["batch", ""], graph.name = "past.0.key", plan.donated = 2 : i64}
// CHECK-SAME: {graph.dims = ["batch", ""], graph.name = "past.11.key", plan.donated = 1 : i64}
// CHECK-SAME: {graph.name = "past.key"}
// CHECK-SAME: {graph.name = "n", plan.donated = 0 : i64}
// CHECK-SAME: graph.name = "past.2.key", graph.parameter
// CHECK-NOT: plan.donated
module attributes {graph.dim_ranges = {batch = [1, 64]}} {
  func.func @main(%x: tensor<f32> {graph.name = "x"},
                  %k0: tensor<?x4xf32> {graph.name = "past.0.key", graph.dims = ["batch", ""]},
                  %k1: tensor<?x4xf32> {graph.name = "past.11.key", graph.dims = ["batch", ""]},
                  %k: tensor<f32> {graph.name = "past.key"},
                  %n: tensor<i64> {graph.name = "n"},
                  %p: tensor<4xf32> {graph.name = "past.2.key", graph.parameter = #graph.blob<"m", offset = 0, length = 16, hash = "">})
      -> (tensor<i64> {graph.name = "m"},
          tensor<?x4xf32> {graph.name = "present.11.key", graph.dims = ["batch", ""]},
          tensor<?x4xf32> {graph.name = "present.0.key", graph.dims = ["batch", ""]}) {
    return %n, %k1, %k0 : tensor<i64>, tensor<?x4xf32>, tensor<?x4xf32>
  }
}
