// RUN: msc-opt %s -split-input-file -plan-memory -canonicalize -cse | FileCheck %s

// Sizes of two named extents. x's and y's first dims are one; 12 bytes a row
// are rounded to blocks as a whole, not row by row. The larger buffer is
// proven to leave room for the smaller for all extents in range.

module attributes {graph.dim_ranges = {batch = [1, 8], seq = [16, 512]}} {

// CHECK:       #[[MAP:.*]] = affine_map<()[s0, s1] -> ((s0 * s1) * 256 + ((s0 * 12) ceildiv 64) * 64)>
// CHECK-LABEL: func.func @main(
// CHECK-SAME:    plan.arena = {bound = {{.*}}, buffers = 3 : i64, extents = ["batch", "seq"], heuristic = "size", max = 1048704 : i64}, plan.arena_bytes = #[[MAP]]}
// CHECK:         %[[OFFSET:.*]] = arith.muli %{{.*}}, %c64
// CHECK:         memref.view %arg2[%c0][%{{.*}}, %{{.*}}] : memref<?xi8> to memref<?x?x64xf32>
// CHECK:         memref.view %arg2[%[[OFFSET]]][%{{.*}}] : memref<?xi8> to memref<?x3xf32>
// CHECK:         memref.view %arg2[%c0][%{{.*}}] : memref<?xi8> to memref<?x3xf32>
// CHECK-LABEL: func.func @main_arena_bytes(
// CHECK-SAME:    %[[B:.*]]: index {plan.extent = "batch"}, %[[S:.*]]: index {plan.extent = "seq"}) -> index
// CHECK:         %[[LARGE:.*]] = arith.ceildivui %{{.*}}, %c64
// CHECK:         %[[ROW:.*]] = arith.ceildivui %{{.*}}, %c64
// CHECK:         %[[BLOCKS:.*]] = arith.addi %[[LARGE]], %[[ROW]]
// CHECK:         %[[BYTES:.*]] = arith.muli %[[BLOCKS]], %c64
// CHECK:         return %[[BYTES]]
  func.func @main(%x: memref<?x?x64xf32> {graph.dims = ["batch", "seq", ""]}, %y: memref<?x3xf32> {graph.dims = ["batch", ""]}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %b = memref.dim %x, %c0 : memref<?x?x64xf32>
    %s = memref.dim %x, %c1 : memref<?x?x64xf32>
    %b2 = memref.dim %y, %c0 : memref<?x3xf32>
    %large = memref.alloc(%b, %s) : memref<?x?x64xf32>
    %row = memref.alloc(%b2) : memref<?x3xf32>
    plan.dispatch @regions::@large ins(%x : memref<?x?x64xf32>) outs(%large : memref<?x?x64xf32>)
    plan.dispatch @regions::@row ins(%y : memref<?x3xf32>) outs(%row : memref<?x3xf32>)
    plan.dispatch @regions::@large ins(%large : memref<?x?x64xf32>) outs(%x : memref<?x?x64xf32>)
    %other = memref.alloc(%b) : memref<?x3xf32>
    plan.dispatch @regions::@row ins(%row : memref<?x3xf32>) outs(%other : memref<?x3xf32>)
    plan.dispatch @regions::@row ins(%other : memref<?x3xf32>) outs(%y : memref<?x3xf32>)
    return
  }

  module @regions {
    func.func private @large(memref<?x?x64xf32>, memref<?x?x64xf32>)
    func.func private @row(memref<?x3xf32>, memref<?x3xf32>)
  }
}

// -----

// The size of %a is the dim of a reshaped buffer; its split into two unknown
// dims, which upstream cannot lower, becomes a cast with explicit strides.

// CHECK-LABEL: func.func @reshaped(
// CHECK-DAG:     %[[N:.*]] = memref.dim %arg0, %c0
// CHECK-DAG:     %[[M:.*]] = memref.dim %arg0, %c1
// CHECK:         %[[NM:.*]] = arith.muli %[[N]], %[[M]]
// CHECK:         %[[A:.*]] = memref.view %{{.*}}[%{{.*}}][%[[NM]]]
// CHECK:         memref.reinterpret_cast %[[A]] to offset: [0], sizes: [%[[N]], %[[M]]], strides: [%[[M]], 1]
func.func @reshaped(%x: memref<?x?xf32> {graph.dims = ["n", "m"]}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %x, %c0 : memref<?x?xf32>
  %m = memref.dim %x, %c1 : memref<?x?xf32>
  %flat = memref.collapse_shape %x [[0, 1]] : memref<?x?xf32> into memref<?xf32>
  %size = memref.dim %flat, %c0 : memref<?xf32>
  %a = memref.alloc(%size) : memref<?xf32>
  memref.copy %flat, %a : memref<?xf32> to memref<?xf32>
  %split = memref.expand_shape %a [[0, 1]] output_shape [%n, %m] : memref<?xf32> into memref<?x?xf32>
  memref.copy %split, %x : memref<?x?xf32> to memref<?x?xf32>
  return
}
