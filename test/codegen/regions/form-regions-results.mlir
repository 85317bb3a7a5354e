// RUN: msc-opt %s -split-input-file -plan-form-regions | FileCheck %s

// Regions with several results, shared producers, destinations that exist.

// The sum is used by its own region and returned: one region with two results.

// CHECK-LABEL: func.func @escapes(
// CHECK:         %[[R:.*]]:2 = plan.dispatch @regions::@r0 ins(%{{.*}}, %{{.*}}) outs(%{{.*}}, %{{.*}}) -> tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT:    return %[[R]]#0, %[[R]]#1
// CHECK:       func.func private @r0(
// CHECK:         %[[S:.*]] = linalg.add {{.*}} outs(%arg2 : tensor<4xf32>)
// CHECK:         %[[E:.*]] = linalg.exp ins(%[[S]] : tensor<4xf32>) outs(%arg3 : tensor<4xf32>)
// CHECK:         return %[[S]], %[[E]]
func.func @escapes(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e0 = tensor.empty() : tensor<4xf32>
  %s = linalg.add ins(%x, %y : tensor<4xf32>, tensor<4xf32>) outs(%e0 : tensor<4xf32>) -> tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %t = linalg.exp ins(%s : tensor<4xf32>) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  return %s, %t : tensor<4xf32>, tensor<4xf32>
}

// -----

// A use of the sum stands before the root: the block is sorted.

// CHECK-LABEL: func.func @sorted(
// CHECK:         %[[R:.*]]:2 = plan.dispatch
// CHECK:         tensor.expand_shape %[[R]]#0
func.func @sorted(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<2x2xf32>, tensor<4xf32>) {
  %e0 = tensor.empty() : tensor<4xf32>
  %s = linalg.add ins(%x, %y : tensor<4xf32>, tensor<4xf32>) outs(%e0 : tensor<4xf32>) -> tensor<4xf32>
  %v = tensor.expand_shape %s [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %t = linalg.exp ins(%s : tensor<4xf32>) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  return %v, %t : tensor<2x2xf32>, tensor<4xf32>
}

// -----

// The sum leads to the root by a contraction too: as one region the two would
// need each other.

// CHECK-LABEL: func.func @cycle(
// CHECK:         %[[S:.*]] = plan.dispatch @regions::@r0
// CHECK:         %[[M:.*]] = plan.dispatch @regions::@r1 ins(%[[S]],
// CHECK:       plan.ops = "add"
// CHECK:       plan.ops = "matmul+mul"
func.func @cycle(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<4x4xf32>
  %s = linalg.add ins(%x, %y : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e0 : tensor<4x4xf32>) -> tensor<4x4xf32>
  %e1 = tensor.empty() : tensor<4x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4x4xf32>) -> tensor<4x4xf32>
  %m = linalg.matmul ins(%s, %y : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
  %e2 = tensor.empty() : tensor<4x4xf32>
  %t = linalg.mul ins(%s, %m : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e2 : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %t : tensor<4x4xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>

// Two regions compute the broadcast themselves rather than load it.

// CHECK-LABEL: func.func @broadcast(
// CHECK:         plan.dispatch @regions::@r0 ins(%{{.*}}, %{{.*}} : tensor<16xf32>, tensor<4x16xf32>)
// CHECK:         plan.dispatch @regions::@r1 ins(%{{.*}}, %{{.*}} : tensor<16xf32>, tensor<4x16xf32>)
// CHECK-NOT:     plan.dispatch
// CHECK-COUNT-2: plan.ops = "broadcast+{{add|mul}}"
func.func @broadcast(%b: tensor<16xf32>, %x: tensor<4x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %e0 = tensor.empty() : tensor<4x16xf32>
  %r = linalg.generic {msc.op = "broadcast", indexing_maps = [#col, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<16xf32>) outs(%e0 : tensor<4x16xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<4x16xf32>
  %e1 = tensor.empty() : tensor<4x16xf32>
  %s = linalg.add ins(%r, %x : tensor<4x16xf32>, tensor<4x16xf32>) outs(%e1 : tensor<4x16xf32>) -> tensor<4x16xf32>
  %e2 = tensor.empty() : tensor<4x16xf32>
  %t = linalg.mul ins(%r, %x : tensor<4x16xf32>, tensor<4x16xf32>) outs(%e2 : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %s, %t : tensor<4x16xf32>, tensor<4x16xf32>
}

// -----

// Accumulation into a tensor that exists reads it.

// CHECK-LABEL: func.func @accumulates(
// CHECK-SAME:    , %[[C:arg2]]: tensor<4x4xf32>)
// CHECK:         plan.dispatch @regions::@r0 ins({{.*}}) outs(%[[C]] : tensor<4x4xf32>) reads [0] -> tensor<4x4xf32>
// CHECK:       plan.bytes = 256
func.func @accumulates(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>, %c: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %m = linalg.matmul ins(%x, %y : tensor<4x4xf32>, tensor<4x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %m : tensor<4x4xf32>
}

// -----

// Sizes of what a region makes inside are dims of its destination: no operand.

// CHECK-LABEL: func.func @dynamic(
// CHECK:         plan.dispatch @regions::@r0 ins(%{{.*}}, %{{.*}} : tensor<?x8xf32>, tensor<8x4xf32>) outs(
// CHECK:       func.func private @r0(
// CHECK-NOT:     plan.flops
// CHECK:         %[[D:.*]] = tensor.dim %arg2
// CHECK:         tensor.empty(%[[D]])
func.func @dynamic(%x: tensor<?x8xf32>, %w: tensor<8x4xf32>) -> tensor<?x4xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %e0 = tensor.empty(%n) : tensor<?x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e0 : tensor<?x4xf32>) -> tensor<?x4xf32>
  %m = linalg.matmul ins(%x, %w : tensor<?x8xf32>, tensor<8x4xf32>) outs(%f : tensor<?x4xf32>) -> tensor<?x4xf32>
  %e1 = tensor.empty(%n) : tensor<?x4xf32>
  %t = linalg.exp ins(%m : tensor<?x4xf32>) outs(%e1 : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %t : tensor<?x4xf32>
}

// -----

// @prepare runs at compile time and stays as it is.

// CHECK-LABEL: func.func @prepare(
// CHECK:         linalg.exp
func.func @prepare(%x: tensor<4xf32>) -> tensor<4xf32> attributes {msc.prepare} {
  %e = tensor.empty() : tensor<4xf32>
  %t = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %t : tensor<4xf32>
}
