// The model becomes the module's only function.

// RUN: msc-opt %s -split-input-file -verify-diagnostics \
// RUN:   -onnx-import-model="model=%{workspace}/examples/digits/digits.onnx dims=batch=2" | FileCheck %s
// RUN: msc-opt /dev/null -msc-import="model=%{workspace}/examples/digits/digits.onnx dims=batch=2" | FileCheck %s

// CHECK-LABEL: func.func @main
// CHECK-SAME:    tensor<2x1x8x8xf32> {graph.name = "image"}
// CHECK-SAME:    tensor<16x1x3x3xf32> {graph.name = "conv1.weight", graph.parameter = #graph.blob<"{{.*}}digits.onnx", offset = {{[1-9][0-9]*}}, length = 576, hash = "{{[0-9a-f]+}}">}
// CHECK-SAME:    -> (tensor<2x10xf32> {graph.name = "probabilities"})
// CHECK:         graph.conv
// CHECK:         graph.batch_norm
// CHECK:         graph.relu
// CHECK:         graph.max_pool
// CHECK:         graph.conv
// CHECK:         graph.batch_norm
// CHECK:         graph.relu
// CHECK:         graph.max_pool
// CHECK:         graph.reshape {{.*}} : tensor<2x32x2x2xf32> to tensor<2x128xf32>
// CHECK:         graph.contract "mk,nk->mn"
// CHECK:         graph.add
// CHECK:         graph.softmax
// CHECK:         return

// -----

// expected-error @+1 {{expected an empty module to import into}}
module {
  func.func private @occupied()
}
