// RUN: msc-opt %s -split-input-file -npu-schedule-regions | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (j)>

// Two of each buffer, and a semaphore in each direction. A bias is a tile of one row.

// CHECK-LABEL: func.func @add(
// CHECK-SAME:    %[[X:.*]]: memref<400x25xf32>, %[[B:.*]]: memref<25xf32>, %[[O:.*]]: memref<400x25xf32>)
// CHECK-SAME:    npu.kernel
// CHECK-SAME:    npu.schedule = "tiles 256x25"
// CHECK:         npu.alloc : memref<2x256x25xf32, strided<[8192, 32, 1]>, #npu.local>
// CHECK:         npu.alloc : memref<2x1x25xf32, strided<[32, 32, 1]>, #npu.local>
// CHECK:         npu.alloc : memref<2x256x25xf32, strided<[8192, 32, 1]>, #npu.local>
// CHECK:         scf.for
// CHECK:           %[[SIZE:.*]] = arith.minsi
// CHECK:           npu.wait dma0, 1
// CHECK:           %[[BOX:.*]] = memref.reinterpret_cast %[[X]] to offset: [{{.*}}], sizes: [%[[SIZE]], 25], strides: [25, 1]
// CHECK:           npu.load dma0 %[[BOX]] to
// CHECK:           npu.load dma0
// CHECK:           npu.signal dma0, 0
// CHECK:           npu.wait vector, 0
// CHECK:           npu.wait vector, 3
// CHECK-NEXT:      npu.vector add
// CHECK-NEXT:      npu.signal vector, 1
// CHECK-NEXT:      npu.signal vector, 2
// CHECK-NEXT:      npu.wait dma1, 2
// CHECK:           npu.store dma1
// CHECK-NEXT:      npu.signal dma1, 3
// CHECK:         return
func.func @add(%a: tensor<400x25xf32>, %b: tensor<25xf32>, %o: tensor<400x25xf32>) -> tensor<400x25xf32> {
  %r = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%a, %b : tensor<400x25xf32>, tensor<25xf32>) outs(%o : tensor<400x25xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<400x25xf32>
  return %r : tensor<400x25xf32>
}

// -----

// The first block of a sum overwrites the accumulators, the others add to them.

// CHECK-LABEL: func.func @product(
// CHECK-SAME:    npu.schedule = "product 128x64x128"
// CHECK:         npu.alloc : memref<2x128x64xf32, strided<[8192, 64, 1]>, #npu.acc>
// CHECK:         scf.for
// CHECK:           npu.wait matrix, 9
// CHECK:           npu.load dma0
// CHECK:           npu.load dma1
// CHECK:           npu.matmul ins(
// CHECK:           scf.for
// CHECK:             npu.matmul accumulate ins(
// CHECK:           }
// CHECK:           npu.signal matrix, 8
// CHECK:           npu.wait vector, 8
// CHECK:           npu.vector mov ins(%{{.*}} : memref<128x64xf32, strided<[64, 1], offset: ?>, #npu.acc>)
// CHECK:           npu.store dma2
func.func @product(%a: tensor<256x300xf16>, %b: tensor<300x64xf16>, %o: tensor<256x64xf32>) -> tensor<256x64xf32> {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<256x64xf32>) -> tensor<256x64xf32>
  %r = linalg.matmul ins(%a, %b : tensor<256x300xf16>, tensor<300x64xf16>) outs(%f : tensor<256x64xf32>) -> tensor<256x64xf32>
  return %r : tensor<256x64xf32>
}

// -----

// Operands in f32 are rounded by the vector unit, in blocks of half the depth.

// CHECK-LABEL: func.func @rounded(
// CHECK-SAME:    npu.schedule = "product 64x64x64 rounded"
// CHECK:         npu.vector mov ins(%{{.*}} : memref<64x64xf32, {{.*}}>) outs(%{{.*}} : memref<64x64xf16, {{.*}}>)
// CHECK:         npu.vector mov ins(%{{.*}} : memref<64x64xf32, {{.*}}>) outs(%{{.*}} : memref<64x64xf16, {{.*}}>)
// CHECK:         npu.matmul transpose_b ins(
func.func @rounded(%a: tensor<64x128xf32>, %b: tensor<64x128xf32>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<64x128xf32>, tensor<64x128xf32>) outs(%f : tensor<64x64xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<64x64xf32>
  return %r : tensor<64x64xf32>
}
