// RUN: msc-opt %s -plan-drop-results | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %arg1: memref<2x4xf32> {plan.result = 1 : i64}) {
// CHECK:         return{{$}}
func.func @main(%w: memref<8xf32> {plan.donated = 0 : i64}, %y: memref<2x4xf32> {plan.result = 1 : i64}) -> (memref<8xf32>, memref<2x4xf32>) {
  %c = memref.collapse_shape %y [[0, 1]] : memref<2x4xf32> into memref<8xf32>
  %e = memref.expand_shape %c [[0, 1]] output_shape [2, 4] : memref<8xf32> into memref<2x4xf32>
  return %w, %e : memref<8xf32>, memref<2x4xf32>
}

// An extent that the data decide is no buffer.

// CHECK-LABEL: func.func @counted(
// CHECK-SAME:    -> (index {plan.extent = "y:0"})
// CHECK:         return %arg1 : index
func.func @counted(%y: memref<8xf32> {plan.result = 0 : i64}, %k: index) -> (memref<8xf32>, index {plan.extent = "y:0"}) {
  return %y, %k : memref<8xf32>, index
}
