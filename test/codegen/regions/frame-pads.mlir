// RUN: msc-opt %s -linalg-frame-pads | FileCheck %s

// The producer writes into the interior; the frame, made before it, is four
// slabs that do not overlap.

// CHECK-LABEL: func.func @produced(
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<6x7xf32>
// CHECK:         %[[S0:.*]] = tensor.extract_slice %[[E]][0, 0] [1, 7] [1, 1]
// CHECK:         %[[F0:.*]] = linalg.fill ins(%{{.*}}) outs(%[[S0]]
// CHECK:         %[[I0:.*]] = tensor.insert_slice %[[F0]] into %[[E]][0, 0] [1, 7] [1, 1]
// CHECK:         tensor.insert_slice {{.*}}[5, 0] [1, 7] [1, 1]
// CHECK:         tensor.insert_slice {{.*}}[1, 0] [4, 1] [1, 1]
// CHECK:         %[[FRAME:.*]] = tensor.insert_slice {{.*}}[1, 5] [4, 2] [1, 1]
// CHECK:         %[[IN:.*]] = tensor.extract_slice %[[FRAME]][1, 1] [4, 4] [1, 1]
// CHECK:         %[[X:.*]] = linalg.exp ins(%arg0 : {{.*}}) outs(%[[IN]]
// CHECK-NEXT:    %[[P:.*]] = tensor.insert_slice %[[X]] into %[[FRAME]][1, 1] [4, 4] [1, 1]
// CHECK-NEXT:    return %[[P]]
func.func @produced(%x: tensor<4x4xf32>) -> tensor<6x7xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %s = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %p = tensor.pad %s low[1, 1] high[1, 2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<4x4xf32> to tensor<6x7xf32>
  return %p : tensor<6x7xf32>
}

// An argument has its place: it is copied.

// CHECK-LABEL: func.func @argument(
// CHECK:         %[[C:.*]] = linalg.copy ins(%arg0
// CHECK:         tensor.insert_slice %[[C]]
func.func @argument(%x: tensor<4xf32>) -> tensor<6xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<6xf32>
  return %p : tensor<6xf32>
}

// A second pad of one source finds it placed; a slice of it is not contiguous,
// so that a reshape keeps the source where it is.

// CHECK-LABEL: func.func @twice(
// CHECK:         %[[X:.*]] = linalg.exp
// CHECK:         tensor.insert_slice %[[X]]
// CHECK:         linalg.copy ins(%[[X]]
// CHECK-LABEL: func.func @reshaped(
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<4x4xf32>
// CHECK:         %[[X:.*]] = linalg.exp {{.*}} outs(%[[E]]
// CHECK:         linalg.copy ins(%[[X]]
func.func @twice(%x: tensor<4xf32>) -> (tensor<6xf32>, tensor<5xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %s = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %p = tensor.pad %s low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<6xf32>
  %q = tensor.pad %s low[0] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<5xf32>
  return %p, %q : tensor<6xf32>, tensor<5xf32>
}
func.func @reshaped(%x: tensor<4x4xf32>) -> (tensor<6x4xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %s = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %p = tensor.pad %s low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<4x4xf32> to tensor<6x4xf32>
  %r = tensor.collapse_shape %s [[0, 1]] : tensor<4x4xf32> into tensor<16xf32>
  return %p, %r : tensor<6x4xf32>, tensor<16xf32>
}

// Dynamic extents are those that the destination was made with.

// CHECK-LABEL: func.func @dynamic(
// CHECK:         %[[N:.*]] = tensor.dim
// CHECK:         %[[L:.*]] = affine.apply {{.*}}()[%[[N]]]
// CHECK:         %[[M:.*]] = affine.apply {{.*}}()[%[[N]]]
// CHECK:         tensor.empty(%[[M]]) : tensor<?xf32>
func.func @dynamic(%x: tensor<?xf32>) -> tensor<?xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %s = linalg.exp ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %p = tensor.pad %s low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<?xf32> to tensor<?xf32>
  return %p : tensor<?xf32>
}

// Nothing within the padding: no view of it, which could not be.

// CHECK-LABEL: func.func @no_elements(
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<3x6xf32>
// CHECK-NEXT:    %[[F:.*]] = linalg.fill {{.*}} outs(%[[E]]
// CHECK-NEXT:    return %[[F]]
func.func @no_elements(%x: tensor<0x4xf32>) -> tensor<3x6xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[1, 1] high[2, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<0x4xf32> to tensor<3x6xf32>
  return %p : tensor<3x6xf32>
}

// CHECK-LABEL: func.func @steps(
// CHECK:         linalg.fill
// CHECK:         tensor.pad %arg1
func.func @steps(%x: tensor<0x4xf32>, %y: tensor<4xf32>) -> (tensor<0x6xf32>, tensor<6xf32>)
    attributes {msc.prepare} {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1] high[0, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<0x4xf32> to tensor<0x6xf32>
  %q = tensor.pad %y low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<6xf32>
  return %p, %q : tensor<0x6xf32>, tensor<6xf32>
}
