// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @alloc_c1() {
  // expected-error @+1 {{expected memory space '#npu.local' or '#npu.acc', got 'memref<4xf32>' [alloc_c1]}}
  %a = npu.alloc : memref<4xf32>
  return
}

// -----

func.func @alloc_c2() {
  // expected-error @+1 {{expected static extents above 0}}
  %a = npu.alloc : memref<?xf32, #npu.local>
  return
}

// -----

func.func @alloc_c3() {
  // expected-error @+1 {{expected an address that is a multiple of 32, got 8 [alloc_c3]}}
  %a = npu.alloc at 8 : memref<4xf32, #npu.local>
  return
}

// -----

func.func @transfer_c1(%x: memref<4xf32>) {
  %a = npu.alloc : memref<4xf32, #npu.local>
  // expected-error @+1 {{expected a DMA queue, got 'vector' [transfer_c1]}}
  npu.load vector %x to %a : memref<4xf32> to memref<4xf32, #npu.local>
  return
}

// -----

func.func @transfer_c2(%x: memref<4xf32>) {
  %a = npu.alloc : memref<5xf32, #npu.local>
  // expected-error @+1 {{expected one shape and element type}}
  npu.load dma0 %x to %a : memref<4xf32> to memref<5xf32, #npu.local>
  return
}

// -----

func.func @transfer_c3(%x: memref<2x2x2x2x2xf32>) {
  %a = npu.alloc : memref<2x2x2x2x2xf32, #npu.local>
  // expected-error @+1 {{expected at most 4 dims, got 5 [transfer_c3]}}
  npu.load dma0 %x to %a : memref<2x2x2x2x2xf32> to memref<2x2x2x2x2xf32, #npu.local>
  return
}

// -----

func.func @transfer_c4(%x: memref<4xf32>) {
  // expected-error @+1 {{expected the destination on the chip, got 'memref<4xf32>' [transfer_c4]}}
  npu.load dma0 %x to %x : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @transfer_c4(%x: memref<4xf32>) {
  // expected-error @+1 {{expected the source on the chip, got 'memref<4xf32>' [transfer_c4]}}
  npu.store dma0 %x to %x : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @fill_c1(%v: f32) {
  %a = npu.alloc : memref<4xf32, #npu.local>
  // expected-error @+1 {{expected a DMA queue, got 'matrix' [fill_c1]}}
  npu.fill matrix %v to %a : f32 to memref<4xf32, #npu.local>
  return
}

// -----

func.func @fill_c2(%v: f32) {
  %a = npu.alloc : memref<4xf16, #npu.local>
  // expected-error @+1 {{expected a box on the chip that the value fits, got 'f32' and 'memref<4xf16, #npu.local>' [fill_c2]}}
  npu.fill dma0 %v to %a : f32 to memref<4xf16, #npu.local>
  return
}

// -----

func.func @matmul_c1() {
  %a = npu.alloc : memref<4x4xf32, #npu.local>
  %c = npu.alloc : memref<4x4xf32, #npu.acc>
  // expected-error @+1 {{expected f16 or bf16 and f32, or i8 and i32, got 'f32', 'f32' and 'f32' [matmul_c1]}}
  npu.matmul ins(%a, %a : memref<4x4xf32, #npu.local>, memref<4x4xf32, #npu.local>) outs(%c : memref<4x4xf32, #npu.acc>)
  return
}

// -----

func.func @matmul_c2() {
  %a = npu.alloc : memref<4x4xf16, #npu.local>
  %c = npu.alloc : memref<4x4xf32, #npu.local>
  // expected-error @+1 {{expected operands in local memory and a result in the accumulators}}
  npu.matmul ins(%a, %a : memref<4x4xf16, #npu.local>, memref<4x4xf16, #npu.local>) outs(%c : memref<4x4xf32, #npu.local>)
  return
}

// -----

func.func @matmul_c3() {
  %a = npu.alloc : memref<4x8xf16, #npu.local>
  %c = npu.alloc : memref<4x8xf32, #npu.acc>
  // expected-error @+1 {{expected extents that agree}}
  npu.matmul ins(%a, %a : memref<4x8xf16, #npu.local>, memref<4x8xf16, #npu.local>) outs(%c : memref<4x8xf32, #npu.acc>)
  return
}

// -----

func.func @vector_c1() {
  %a = npu.alloc : memref<4x4xf32, #npu.local>
  // expected-error @+1 {{expected 2 sources of 'add', got 1 [vector_c1]}}
  npu.vector add ins(%a : memref<4x4xf32, #npu.local>) outs(%a : memref<4x4xf32, #npu.local>)
  return
}

// -----

func.func @vector_c2() {
  %a = npu.alloc : memref<4xf32, #npu.local>
  // expected-error @+1 {{expected 'dest' to have 2 dims, got 1 [vector_c2]}}
  npu.vector neg ins(%a : memref<4xf32, #npu.local>) outs(%a : memref<4xf32, #npu.local>)
  return
}

// -----

func.func @vector_c2(%x: memref<4x4xf32>) {
  %a = npu.alloc : memref<4x4xf32, #npu.local>
  // expected-error @+1 {{expected 'source' to be on the chip, got 'memref<4x4xf32>' [vector_c2]}}
  npu.vector neg ins(%x : memref<4x4xf32>) outs(%a : memref<4x4xf32, #npu.local>)
  return
}

// -----

func.func @vector_c2() {
  %a = npu.alloc : memref<4x4xf32, strided<[16, 2]>, #npu.local>
  // expected-error @+1 {{expected rows of 'dest' to be contiguous}}
  npu.vector neg ins(%a : memref<4x4xf32, strided<[16, 2]>, #npu.local>) outs(%a : memref<4x4xf32, strided<[16, 2]>, #npu.local>)
  return
}

// -----

func.func @vector_c3() {
  %a = npu.alloc : memref<4x4xf32, #npu.local>
  %b = npu.alloc : memref<2x4xf32, #npu.local>
  // expected-error @+1 {{expected extents of 1 or the destination's}}
  npu.vector neg ins(%b : memref<2x4xf32, #npu.local>) outs(%a : memref<4x4xf32, #npu.local>)
  return
}

// -----

func.func @vector_c4() {
  %a = npu.alloc : memref<4x4xf64, #npu.local>
  // expected-error @+1 {{expected elements of 'dest' to be f32, f16, bf16, i32 or i8, got 'f64' [vector_c4]}}
  npu.vector neg ins(%a : memref<4x4xf64, #npu.local>) outs(%a : memref<4x4xf64, #npu.local>)
  return
}

// -----

func.func @reduce_c1() {
  %a = npu.alloc : memref<4x4xf32, #npu.local>
  %b = npu.alloc : memref<4x1xf32, #npu.local>
  // expected-error @+1 {{expected a destination with extent 1 along 'rows'}}
  npu.reduce sum rows ins(%a : memref<4x4xf32, #npu.local>) outs(%b : memref<4x1xf32, #npu.local>)
  return
}

// -----

func.func @transpose_c1() {
  %a = npu.alloc : memref<4x8xf32, #npu.local>
  // expected-error @+1 {{expected extents exchanged}}
  npu.transpose ins(%a : memref<4x8xf32, #npu.local>) outs(%a : memref<4x8xf32, #npu.local>)
  return
}
