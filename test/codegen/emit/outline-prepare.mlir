// RUN: msc-opt %s -emit-outline-prepare | FileCheck %s

// Two additions of different shapes are steps of one kind; what is added is
// part of the kind.

// CHECK-LABEL: func.func @prepare
// CHECK-SAME: %[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<3x5xf32>
// CHECK: call @[[ADD:prepare_step[^(]*]](%{{.*}}, %{{.*}}) : (memref<?xf32, strided<[1], offset: ?>>
// CHECK: call @[[ADD]](
// CHECK: call @[[ADD2:prepare_step[^(]*]](
// CHECK: call @[[COPY:prepare_step[^(]*]](
// CHECK-NOT: linalg
// CHECK: return
#id = affine_map<(d0) -> (d0)>
func.func @prepare(%a: memref<4xf32>, %b: memref<3x5xf32>, %c: memref<4xf32>, %d: memref<5x3xf32>,
                   %e: memref<5xf32>) {
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%a : memref<4xf32>) outs(%c : memref<4xf32>) attrs = {msc.op = "x"} {
  ^bb0(%x: f32, %out: f32):
    %y = arith.addf %x, %one : f32
    linalg.yield %y : f32
  }
  %row = memref.subview %b[1, 0] [1, 5] [1, 1]
      : memref<3x5xf32> to memref<5xf32, strided<[1], offset: 5>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%row : memref<5xf32, strided<[1], offset: 5>>)
      outs(%e : memref<5xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.addf %x, %one : f32
    linalg.yield %y : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%a : memref<4xf32>) outs(%c : memref<4xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.addf %x, %two : f32
    linalg.yield %y : f32
  }
  %t = memref.transpose %b (i, j) -> (j, i)
      : memref<3x5xf32> to memref<5x3xf32, strided<[1, 5]>>
  memref.copy %t, %d : memref<5x3xf32, strided<[1, 5]>> to memref<5x3xf32>
  return
}

// CHECK: func.func private @[[ADD]](
// CHECK-SAME: passthrough = ["noinline"]
// CHECK: arith.constant 1.0
// CHECK: linalg.generic
// CHECK-NOT: msc.op
// CHECK: func.func private @[[ADD2]](
// CHECK: arith.constant 2.0
// CHECK: func.func private @[[COPY]](
// CHECK: memref.copy
