// Views where elements stay, destinations where tensors are joined, generics
// where elements are repeated or permuted.

// RUN: msc-opt %s -graph-to-linalg -canonicalize -split-input-file | FileCheck %s

// CHECK-LABEL: func @constant
// CHECK-NEXT:    %[[C:.*]] = arith.constant dense<[1, -1]> : tensor<2xi8>
// CHECK-NEXT:    return %[[C]]
func.func @constant() -> tensor<2xui8> {
  %0 = graph.constant dense<[1, 255]> : tensor<2xui8>
  return %0 : tensor<2xui8>
}

// -----

// CHECK-LABEL: func @iota
// CHECK:         linalg.generic {{.*}} attrs = {msc.op = "iota"}
// CHECK:           %[[I:.*]] = linalg.index 1 : index
// CHECK:           %[[N:.*]] = arith.index_cast %[[I]] : index to i64
// CHECK:           %[[F:.*]] = arith.sitofp %[[N]] : i64 to f32
// CHECK:           linalg.yield %[[F]]
func.func @iota() -> tensor<2x3xf32> {
  %0 = graph.iota dim = 1 : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// Dims that are repeated are dropped, so that the map is a projection.
// CHECK-DAG:   #[[READ:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-DAG:   #[[WRITE:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-LABEL: func @broadcast
// CHECK-SAME:    %[[A:.*]]: tensor<4x1xf32>, %[[N:.*]]: index
// CHECK:         %[[V:.*]] = tensor.collapse_shape %[[A]] {{\[}}[0, 1]] : tensor<4x1xf32> into tensor<4xf32>
// CHECK:         %[[E:.*]] = tensor.empty(%[[N]]) : tensor<2x4x?xf32>
// CHECK:         linalg.generic {indexing_maps = [#[[READ]], #[[WRITE]]], {{.*}}} ins(%[[V]] : tensor<4xf32>) outs(%[[E]] : tensor<2x4x?xf32>) attrs = {msc.op = "broadcast"}
func.func @broadcast(%a: tensor<4x1xf32>, %n: index) -> tensor<2x4x?xf32> {
  %0 = graph.broadcast %a dims = [1, 2] sizes(%n) : tensor<4x1xf32> to tensor<2x4x?xf32>
  return %0 : tensor<2x4x?xf32>
}

// -----

// CHECK-DAG:   #[[READ:.*]] = affine_map<(d0, d1, d2) -> (d1, d2, d0)>
// CHECK-LABEL: func @transpose
// CHECK:         linalg.generic {indexing_maps = [#[[READ]], {{.*}} attrs = {msc.op = "transpose"}
func.func @transpose(%a: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  %0 = graph.transpose %a perm = [2, 0, 1] : tensor<2x3x4xf32> to tensor<4x2x3xf32>
  return %0 : tensor<4x2x3xf32>
}

// -----

// CHECK-LABEL: func @reverse
// CHECK:         %[[LAST:.*]] = arith.constant 3 : index
// CHECK:         linalg.generic
// CHECK:           %[[I:.*]] = linalg.index 0 : index
// CHECK:           %[[J:.*]] = arith.subi %[[LAST]], %[[I]] : index
// CHECK:           tensor.extract %{{.*}}[%[[J]]] : tensor<4xf32>
func.func @reverse(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.reverse %a dims = [0] : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK-LABEL: func @reshape_static
// CHECK-NEXT:    %[[C:.*]] = tensor.collapse_shape %arg0 {{\[}}[0], [1, 2]] : tensor<2x3x4xf32> into tensor<2x12xf32>
// CHECK-NEXT:    %[[E:.*]] = tensor.expand_shape %arg0 {{\[}}[0], [1], [2, 3]] output_shape [2, 3, 2, 2] : tensor<2x3x4xf32> into tensor<2x3x2x2xf32>
// CHECK-NEXT:    return %[[C]], %[[E]]
func.func @reshape_static(%a: tensor<2x3x4xf32>) -> (tensor<2x12xf32>, tensor<2x3x2x2xf32>) {
  %0 = graph.reshape %a : tensor<2x3x4xf32> to tensor<2x12xf32>
  %1 = graph.reshape %a : tensor<2x3x4xf32> to tensor<2x3x2x2xf32>
  return %0, %1 : tensor<2x12xf32>, tensor<2x3x2x2xf32>
}

// -----

// What is known to be equal stays as it is.
// CHECK-LABEL: func @reshape_heads
// CHECK-NOT:     tensor.collapse_shape
// CHECK:         tensor.expand_shape %arg0 {{\[}}[0], [1], [2, 3]] output_shape [%{{.*}}, %{{.*}}, 12, 64] : tensor<?x?x768xf32> into tensor<?x?x12x64xf32>
func.func @reshape_heads(%a: tensor<?x?x768xf32>) -> tensor<?x?x12x64xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %a, %c0 : tensor<?x?x768xf32>
  %s = tensor.dim %a, %c1 : tensor<?x?x768xf32>
  %0 = graph.reshape %a sizes(%b, %s) : tensor<?x?x768xf32> to tensor<?x?x12x64xf32>
  return %0 : tensor<?x?x12x64xf32>
}

// -----

// What isn't, collapses and expands again.
// CHECK-LABEL: func @reshape_unknown
// CHECK:         %[[C:.*]] = tensor.collapse_shape %arg0 {{\[}}[0, 1], [2]] : tensor<?x?x8xf32> into tensor<?x8xf32>
// CHECK:         tensor.expand_shape %[[C]] {{\[}}[0, 1], [2]] output_shape [%arg1, %arg2, 8] : tensor<?x8xf32> into tensor<?x?x8xf32>
func.func @reshape_unknown(%a: tensor<?x?x8xf32>, %m: index, %n: index) -> tensor<?x?x8xf32> {
  %0 = graph.reshape %a sizes(%m, %n) : tensor<?x?x8xf32> to tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}

// -----

// CHECK-LABEL: func @concat
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<2x7xf32>
// CHECK:         %[[A:.*]] = tensor.insert_slice %arg0 into %[[E]][0, 0] [2, 3] [1, 1]
// CHECK:         %[[B:.*]] = tensor.insert_slice %arg1 into %[[A]][0, 3] [2, 4] [1, 1]
// CHECK:         return %[[B]]
func.func @concat(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) -> tensor<2x7xf32> {
  %0 = graph.concat %a, %b axis = 1 : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  return %0 : tensor<2x7xf32>
}

// -----

// CHECK-LABEL: func @slice
// CHECK:         tensor.extract_slice %arg0[%arg1, 0] [2, 3] [1, 2] : tensor<?x8xf32> to tensor<2x3xf32>
func.func @slice(%a: tensor<?x8xf32>, %i: index) -> tensor<2x3xf32> {
  %0 = graph.slice %a [%i, 0] [2, 3] [1, 2] : tensor<?x8xf32> to tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: func @pad
// CHECK:         %[[Z:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         tensor.pad %arg0 low[0, 1] high[0, 2]
// CHECK:           tensor.yield %[[Z]]
func.func @pad(%a: tensor<?x3xf32>) -> tensor<?x6xf32> {
  %z = graph.constant dense<0.0> : tensor<f32>
  %0 = graph.pad %a, %z low [0, 1] high [0, 2] interior = [0, 0] : tensor<?x3xf32>, tensor<f32> to tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// -----

// CHECK-LABEL: func @pad_interior
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<8xf32>
// CHECK:         %[[F:.*]] = linalg.fill {msc.op = "pad"} ins(%{{.*}} : f32) outs(%[[E]] : tensor<8xf32>)
// CHECK:         tensor.insert_slice %arg0 into %[[F]][1] [3] [3] : tensor<3xf32> into tensor<8xf32>
func.func @pad_interior(%a: tensor<3xf32>, %z: tensor<f32>) -> tensor<8xf32> {
  %0 = graph.pad %a, %z low [1] high [0] interior = [2] : tensor<3xf32>, tensor<f32> to tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// Extents of unsigned tensors are asked of the tensors that take their place.
// CHECK-LABEL: func @dim_of_unsigned
// CHECK-SAME:    %[[A:.*]]: tensor<?xi8>
// CHECK:         tensor.dim %[[A]], %{{.*}} : tensor<?xi8>
func.func @dim_of_unsigned(%a: tensor<?xui8>) -> tensor<2x?xui8> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xui8>
  %0 = graph.broadcast %a dims = [1] sizes(%n) : tensor<?xui8> to tensor<2x?xui8>
  return %0 : tensor<2x?xui8>
}

// -----

// No offset lies in an empty tensor, and none of its elements says how long its
// other dims are.

// CHECK-LABEL: func @empty
// CHECK-NOT:     tensor.expand_shape
// CHECK-DAG:     %[[S:.*]] = tensor.empty() : tensor<0x2xf32>
// CHECK-DAG:     %[[R:.*]] = tensor.empty() : tensor<0x2x4xf32>
// CHECK-DAG:     %[[P:.*]] = tensor.pad %arg0
// CHECK-NOT:     tensor.insert_slice
// CHECK:         return %[[S]], %[[R]], %arg1, %[[P]]
func.func @empty(%x: tensor<0x3xf32>, %y: tensor<2x3xf32>) -> (tensor<0x2xf32>, tensor<0x2x4xf32>, tensor<2x3xf32>, tensor<4x3xf32>) {
  %z = graph.constant dense<0.0> : tensor<f32>
  %s = graph.slice %x [0, 1] [0, 2] [1, 1] : tensor<0x3xf32> to tensor<0x2xf32>
  %r = graph.reshape %x : tensor<0x3xf32> to tensor<0x2x4xf32>
  %c = graph.concat %x, %y axis = 0 : (tensor<0x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %p = graph.pad %x, %z low [2, 0] high [2, 0] interior = [0, 0] : tensor<0x3xf32>, tensor<f32> to tensor<4x3xf32>
  return %s, %r, %c, %p : tensor<0x2xf32>, tensor<0x2x4xf32>, tensor<2x3xf32>, tensor<4x3xf32>
}
