// RUN: msc-opt %s -linalg-sink-reshapes -canonicalize | FileCheck %s

#id2 = affine_map<(i, j) -> (i, j)>
#id3 = affine_map<(i, j, k) -> (i, j, k)>
#last = affine_map<(i, j, k) -> (k)>

// The map runs over the contraction's shape; the reshape comes after it.

// CHECK-LABEL: func.func @expand(
// CHECK:         %[[M:.*]] = linalg.matmul
// CHECK:         %[[G:.*]] = linalg.generic {{.*}} ins(%[[M]] : tensor<4x8xf32>)
// CHECK:         tensor.expand_shape %[[G]]
func.func @expand(%x: tensor<4x4xf32>, %w: tensor<4x8xf32>, %c: tensor<4x8xf32>) -> tensor<4x2x4xf32> {
  %m = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  %r = tensor.expand_shape %m [[0], [1, 2]] output_shape [4, 2, 4] : tensor<4x8xf32> into tensor<4x2x4xf32>
  %e = tensor.empty() : tensor<4x2x4xf32>
  %n = linalg.generic {indexing_maps = [#id3, #id3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%r : tensor<4x2x4xf32>) outs(%e : tensor<4x2x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    %v = math.exp %a : f32
    linalg.yield %v : f32
  } -> tensor<4x2x4xf32>
  return %n : tensor<4x2x4xf32>
}

// CHECK-LABEL: func.func @collapse(
// CHECK:         %[[M:.*]] = linalg.batch_matmul
// CHECK:         %[[G:.*]] = linalg.generic {{.*}} ins(%[[M]] : tensor<2x4x8xf32>)
// CHECK:         tensor.collapse_shape %[[G]]
func.func @collapse(%x: tensor<2x4x4xf32>, %w: tensor<2x4x8xf32>, %c: tensor<2x4x8xf32>) -> tensor<8x8xf32> {
  %m = linalg.batch_matmul ins(%x, %w : tensor<2x4x4xf32>, tensor<2x4x8xf32>) outs(%c : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %r = tensor.collapse_shape %m [[0, 1], [2]] : tensor<2x4x8xf32> into tensor<8x8xf32>
  %e = tensor.empty() : tensor<8x8xf32>
  %n = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%r : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %v = math.exp %a : f32
    linalg.yield %v : f32
  } -> tensor<8x8xf32>
  return %n : tensor<8x8xf32>
}

// Near miss: the reshape of an argument is as good before the map.

// CHECK-LABEL: func.func @argument(
// CHECK:         %[[R:.*]] = tensor.collapse_shape %arg0
// CHECK:         linalg.generic {{.*}} ins(%[[R]] :
func.func @argument(%x: tensor<2x4x8xf32>) -> tensor<8x8xf32> {
  %r = tensor.collapse_shape %x [[0, 1], [2]] : tensor<2x4x8xf32> into tensor<8x8xf32>
  %e = tensor.empty() : tensor<8x8xf32>
  %n = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%r : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %v = math.exp %a : f32
    linalg.yield %v : f32
  } -> tensor<8x8xf32>
  return %n : tensor<8x8xf32>
}

// Near miss: two operands ask for two shapes. One has its way, once; the
// broadcast is made in the shape that was chosen.

// CHECK-LABEL: func.func @two_shapes(
// CHECK-SAME:    %[[X:.*]]: tensor<2x4x4xf32>, %[[W:.*]]: tensor<2x4x8xf32>, %[[C:.*]]: tensor<2x4x8xf32>, %[[B:.*]]: tensor<8xf32>)
// CHECK:         %[[M:.*]] = linalg.batch_matmul
// CHECK:         %[[V:.*]] = linalg.generic {{.*}} ins(%[[B]] : tensor<8xf32>) outs(%{{.*}} : tensor<2x4x8xf32>)
// CHECK:         %[[A:.*]] = linalg.generic {{.*}} ins(%[[M]], %[[V]] : tensor<2x4x8xf32>, tensor<2x4x8xf32>)
// CHECK:         tensor.collapse_shape %[[A]]
// CHECK-NOT:     _shape
func.func @two_shapes(%x: tensor<2x4x4xf32>, %w: tensor<2x4x8xf32>, %c: tensor<2x4x8xf32>, %b: tensor<8xf32>) -> tensor<8x8xf32> {
  %m = linalg.batch_matmul ins(%x, %w : tensor<2x4x4xf32>, tensor<2x4x8xf32>) outs(%c : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %r = tensor.collapse_shape %m [[0, 1], [2]] : tensor<2x4x8xf32> into tensor<8x8xf32>
  %e = tensor.empty() : tensor<8x8xf32>
  %v = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j)>, #id2], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<8xf32>) outs(%e : tensor<8x8xf32>) {
  ^bb0(%p: f32, %q: f32):
    linalg.yield %p : f32
  } -> tensor<8x8xf32>
  %n = linalg.generic {indexing_maps = [#id2, #id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%r, %v : tensor<8x8xf32>, tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<8x8xf32>
  return %n : tensor<8x8xf32>
}

// Near miss: the consumer's buffers would be split into two unknown dims.

// CHECK-LABEL: func.func @unknown(
// CHECK:         %[[R:.*]] = tensor.collapse_shape
// CHECK:         linalg.generic {{.*}} ins(%[[R]] :
func.func @unknown(%x: tensor<?x?x8xf32>, %c: tensor<?x?x8xf32>, %n: index) -> tensor<?x8xf32> {
  %m = linalg.exp ins(%x : tensor<?x?x8xf32>) outs(%c : tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %r = tensor.collapse_shape %m [[0, 1], [2]] : tensor<?x?x8xf32> into tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %v = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%r : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = math.exp %a : f32
    linalg.yield %s : f32
  } -> tensor<?x8xf32>
  return %v : tensor<?x8xf32>
}

// All users of a reshape are elementwise: each takes the shape before it.

// CHECK-LABEL: func.func @two_users(
// CHECK:         %[[S:.*]] = linalg.reduce
// CHECK:         %[[C:.*]] = linalg.generic {{.*}} ins(%[[S]] : tensor<8xf32>)
// CHECK:         %[[R:.*]] = linalg.generic {{.*}} ins(%[[S]], %[[C]] : tensor<8xf32>, tensor<8xf32>)
// CHECK:         %[[E:.*]] = tensor.expand_shape %[[R]]
// CHECK-NEXT:    return %[[E]]
func.func @two_users(%x: tensor<8x4xf32>, %o: tensor<8xf32>) -> tensor<8x1xf32> {
  %s = linalg.reduce { arith.addf } ins(%x : tensor<8x4xf32>) outs(%o : tensor<8xf32>) dimensions = [1]
  %r = tensor.expand_shape %s [[0, 1]] output_shape [8, 1] : tensor<8xf32> into tensor<8x1xf32>
  %e = tensor.empty() : tensor<8x1xf32>
  %c = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%r : tensor<8x1xf32>) outs(%e : tensor<8x1xf32>) {
  ^bb0(%p: f32, %q: f32):
    %v = math.sqrt %p : f32
    linalg.yield %v : f32
  } -> tensor<8x1xf32>
  %n = linalg.generic {indexing_maps = [#id2, #id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%r, %c : tensor<8x1xf32>, tensor<8x1xf32>) outs(%e : tensor<8x1xf32>) {
  ^bb0(%p: f32, %q: f32, %u: f32):
    %v = arith.divf %p, %q : f32
    linalg.yield %v : f32
  } -> tensor<8x1xf32>
  return %n : tensor<8x1xf32>
}
