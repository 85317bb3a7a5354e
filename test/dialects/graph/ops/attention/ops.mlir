// Attention is printed as it is read.

// RUN: msc-opt %s | msc-opt | FileCheck %s

// CHECK-LABEL: func @all
func.func @all(%q: tensor<?x8x4x64xf32>, %k: tensor<?x2x6x64xf32>, %v: tensor<?x2x6x32xf32>,
               %m: tensor<1x1x4x6xi1>, %a: tensor<?x8x1x6xf32>, %l: tensor<?x8x4xf32>, %g: tensor<?x8x4x32xf32>) {
  // CHECK-NEXT: %{{.*}}, %{{.*}} = graph.attention %arg0, %arg1, %arg2 scale = 1.250000e-01 : (tensor<?x8x4x64xf32>, tensor<?x2x6x64xf32>, tensor<?x2x6x32xf32>) -> (tensor<?x8x4x32xf32>, tensor<?x8x4xf32>)
  %0:2 = graph.attention %q, %k, %v scale = 0.125
    : (tensor<?x8x4x64xf32>, tensor<?x2x6x64xf32>, tensor<?x2x6x32xf32>) -> (tensor<?x8x4x32xf32>, tensor<?x8x4xf32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = graph.attention %arg0, %arg1, %arg2 mask(%arg3) scale = 1.250000e-01 softcap = 3.000000e+01 causal :
  %1:2 = graph.attention %q, %k, %v mask(%m) scale = 0.125 softcap = 30.0 causal
    : (tensor<?x8x4x64xf32>, tensor<?x2x6x64xf32>, tensor<?x2x6x32xf32>, tensor<1x1x4x6xi1>)
    -> (tensor<?x8x4x32xf32>, tensor<?x8x4xf32>)
  // CHECK-NEXT: %{{.*}} = graph.attention_grad %arg0, %arg1, %arg2, %arg5, %arg5, %arg6 scale = 1.250000e-01 causal :
  %2:3 = graph.attention_grad %q, %k, %v, %l, %l, %g scale = 0.125 causal
    : (tensor<?x8x4x64xf32>, tensor<?x2x6x64xf32>, tensor<?x2x6x32xf32>, tensor<?x8x4xf32>, tensor<?x8x4xf32>,
       tensor<?x8x4x32xf32>) -> (tensor<?x8x4x64xf32>, tensor<?x2x6x64xf32>, tensor<?x2x6x32xf32>)
  // CHECK-NEXT: %{{.*}} = graph.attention_grad %arg0, %arg1, %arg2, %arg5, %arg5, %arg6 mask(%arg4) scale = 1.250000e-01 :
  %3:4 = graph.attention_grad %q, %k, %v, %l, %l, %g mask(%a) scale = 0.125
    : (tensor<?x8x4x64xf32>, tensor<?x2x6x64xf32>, tensor<?x2x6x32xf32>, tensor<?x8x4xf32>, tensor<?x8x4xf32>,
       tensor<?x8x4x32xf32>, tensor<?x8x1x6xf32>)
    -> (tensor<?x8x4x64xf32>, tensor<?x2x6x64xf32>, tensor<?x2x6x32xf32>, tensor<?x8x1x6xf32>)
  return
}
