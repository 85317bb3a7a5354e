// RUN: msc-opt %s -plan-memory -canonicalize -cse | FileCheck %s

// Nothing orders these sizes: rows and columns halve in turn, and their ranges
// are open. Four buffers, each alive with the next, take two slots, each as
// large as the larger of its two buffers; an arena beyond 2^62 bytes is -1.

module attributes {graph.dim_ranges = {h = [2, 2147483647], w = [2, 2147483647]}} {

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    buffers = 4 : i64
// CHECK-SAME:    heuristic = "slots"
// CHECK-SAME:    plan.arena_bytes = @main_arena_bytes
// CHECK:         %[[SECOND:.*]] = arith.muli %{{.*}}, %c64
// CHECK:         memref.view %{{.*}}[%c0]
// CHECK:         memref.view %{{.*}}[%[[SECOND]]]
// CHECK:         memref.view %{{.*}}[%c0]
// CHECK:         memref.view %{{.*}}[%[[SECOND]]]
// CHECK-LABEL: func.func @main_arena_bytes(
// CHECK-DAG:     %[[MAX:.*]] = arith.maxui
// CHECK-DAG:     %[[TOO_MUCH:.*]] = arith.cmpf oge
// CHECK:         %[[BYTES:.*]] = arith.select %[[TOO_MUCH]], %c-1, %{{.*}}
// CHECK:         return %[[BYTES]]
  func.func @main(%x: memref<?x?xf32> {graph.dims = ["h", "w"]}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %h = memref.dim %x, %c0 : memref<?x?xf32>
    %w = memref.dim %x, %c1 : memref<?x?xf32>
    %h2 = affine.apply affine_map<()[s0] -> (s0 floordiv 2)>()[%h]
    %w2 = affine.apply affine_map<()[s0] -> (s0 floordiv 2)>()[%w]
    %f0 = arith.constant 0.0 : f32
    %a = memref.alloc(%h, %w2) : memref<?x?xf32>
    memref.store %f0, %a[%c0, %c0] : memref<?x?xf32>
    %b = memref.alloc(%h2, %w) : memref<?x?xf32>
    memref.copy %a, %b : memref<?x?xf32> to memref<?x?xf32>
    %c = memref.alloc(%h2, %w2) : memref<?x?xf32>
    memref.copy %b, %c : memref<?x?xf32> to memref<?x?xf32>
    %d = memref.alloc(%w2, %w2) : memref<?x?xf32>
    memref.copy %c, %d : memref<?x?xf32> to memref<?x?xf32>
    memref.copy %d, %x : memref<?x?xf32> to memref<?x?xf32>
    return
  }
}
