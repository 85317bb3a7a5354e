// Attention becomes its expansion: two contractions with a softmax between them; nothing else is left where nothing can
// hide all keys.

// RUN: msc-opt %s -graph-to-linalg -canonicalize -cse -split-input-file | FileCheck %s

// CHECK-LABEL: func @attention
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} {{.*}} attrs = {msc.op = "contract"}
// CHECK:         arith.maximumf
// CHECK:         math.exp
// CHECK:         arith.divf
// CHECK-NOT:     math.log
// CHECK-NOT:     arith.select
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} {{.*}} attrs = {msc.op = "contract"}
func.func @attention(%q: tensor<2x4x5x8xf32>, %k: tensor<2x4x6x8xf32>, %v: tensor<2x4x6x3xf32>) -> tensor<2x4x5x3xf32> {
  %0:2 = graph.attention %q, %k, %v scale = 0.5
    : (tensor<2x4x5x8xf32>, tensor<2x4x6x8xf32>, tensor<2x4x6x3xf32>) -> (tensor<2x4x5x3xf32>, tensor<2x4x5xf32>)
  return %0#0 : tensor<2x4x5x3xf32>
}

// -----

// The weights are made again from the logarithms.
// CHECK-LABEL: func @attention_grad
// CHECK-COUNT-1: math.exp
// CHECK-NOT:     math.exp
// CHECK-COUNT-4: attrs = {msc.op = "contract"}
func.func @attention_grad(%q: tensor<2x4x5x8xf32>, %k: tensor<2x4x6x8xf32>, %v: tensor<2x4x6x3xf32>,
                          %l: tensor<2x4x5xf32>, %g: tensor<2x4x5x3xf32>)
    -> (tensor<2x4x5x8xf32>, tensor<2x4x6x8xf32>, tensor<2x4x6x3xf32>) {
  %0:3 = graph.attention_grad %q, %k, %v, %l, %l, %g scale = 0.5
    : (tensor<2x4x5x8xf32>, tensor<2x4x6x8xf32>, tensor<2x4x6x3xf32>, tensor<2x4x5xf32>, tensor<2x4x5xf32>,
       tensor<2x4x5x3xf32>) -> (tensor<2x4x5x8xf32>, tensor<2x4x6x8xf32>, tensor<2x4x6x3xf32>)
  return %0#0, %0#1, %0#2 : tensor<2x4x5x8xf32>, tensor<2x4x6x8xf32>, tensor<2x4x6x3xf32>
}
