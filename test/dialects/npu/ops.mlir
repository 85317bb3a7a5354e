// RUN: msc-opt %s | msc-opt | FileCheck %s

// Every op in its custom form, twice through the parser.

// CHECK-LABEL: func.func @kernel(
// CHECK-SAME:    attributes {npu.kernel}
func.func @kernel(%x: memref<8x64xf32>, %n: index) attributes {npu.kernel} {
  // CHECK: %[[A:.*]] = npu.alloc : memref<8x64xf32, #npu.local>
  %a = npu.alloc : memref<8x64xf32, #npu.local>
  // CHECK: npu.alloc at 4096 : memref<64x8xf32, #npu.local>
  %t = npu.alloc at 4096 : memref<64x8xf32, #npu.local>
  %h = npu.alloc : memref<16x16xf16, #npu.local>
  %c = npu.alloc : memref<16x16xf32, #npu.acc>
  %row = npu.alloc : memref<1x64xf32, #npu.local>
  %column = npu.alloc : memref<8x1xf32, #npu.local>
  %zero = arith.constant 0.0 : f32
  // CHECK: npu.load dma0 %{{.*}} to %[[A]] : memref<8x64xf32> to memref<8x64xf32, #npu.local>
  npu.load dma0 %x to %a : memref<8x64xf32> to memref<8x64xf32, #npu.local>
  // CHECK: npu.signal dma0, 3
  npu.signal dma0, 3
  // CHECK: npu.wait vector, 3
  npu.wait vector, 3
  // CHECK: npu.fill dma1 %{{.*}} to %{{.*}} : f32 to memref<1x64xf32, #npu.local>
  npu.fill dma1 %zero to %row : f32 to memref<1x64xf32, #npu.local>
  // CHECK: npu.fence
  npu.fence
  // CHECK: npu.vector add ins(%{{.*}}, %{{.*}} : memref<8x64xf32, #npu.local>, memref<1x64xf32, #npu.local>) outs(%{{.*}} : memref<8x64xf32, #npu.local>)
  npu.vector add ins(%a, %row : memref<8x64xf32, #npu.local>, memref<1x64xf32, #npu.local>) outs(%a : memref<8x64xf32, #npu.local>)
  // CHECK: npu.vector max ins(%{{.*}}, %{{.*}} : memref<8x64xf32, #npu.local>, f32)
  npu.vector max ins(%a, %zero : memref<8x64xf32, #npu.local>, f32) outs(%a : memref<8x64xf32, #npu.local>)
  // CHECK: npu.reduce sum cols ins
  npu.reduce sum cols ins(%a : memref<8x64xf32, #npu.local>) outs(%column : memref<8x1xf32, #npu.local>)
  // CHECK: npu.reduce max rows into ins
  npu.reduce max rows into ins(%a : memref<8x64xf32, #npu.local>) outs(%row : memref<1x64xf32, #npu.local>)
  // CHECK: npu.transpose ins
  npu.transpose ins(%a : memref<8x64xf32, #npu.local>) outs(%t : memref<64x8xf32, #npu.local>)
  // CHECK: npu.iota cols %{{.*}} outs
  npu.iota cols %n outs(%t : memref<64x8xf32, #npu.local>)
  // CHECK: npu.matmul accumulate transpose_b ins(
  npu.matmul accumulate transpose_b ins(%h, %h : memref<16x16xf16, #npu.local>, memref<16x16xf16, #npu.local>) outs(%c : memref<16x16xf32, #npu.acc>)
  // CHECK: npu.move dma2
  npu.move dma2 %a to %a : memref<8x64xf32, #npu.local> to memref<8x64xf32, #npu.local>
  // CHECK: npu.store dma3
  npu.store dma3 %a to %x : memref<8x64xf32, #npu.local> to memref<8x64xf32>
  return
}
