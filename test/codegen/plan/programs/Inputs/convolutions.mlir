// Calls @main of ../convolutions.mlir and prints what it has computed; its last
// brace closes the module that it is appended to.
  func.func private @printMemrefF32(memref<*xf32>) attributes {llvm.emit_c_interface}
  func.func @init(%m: memref<?xf32>, %k: i32) {
    linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%m : memref<?xf32>) {
    ^bb0(%o: f32):
      %i = linalg.index 0 : index
      %a = arith.index_cast %i : index to i32
      %c = arith.muli %a, %k : i32
      %c17 = arith.constant 17 : i32
      %e = arith.remsi %c, %c17 : i32
      %f = arith.sitofp %e : i32 to f32
      %s = arith.constant 0.03125 : f32
      %h = arith.constant 0.25 : f32
      %g = arith.mulf %f, %s : f32
      %u = arith.subf %g, %h : f32
      linalg.yield %u : f32
    }
    return
  }
  func.func @run() {
    %k3 = arith.constant 3 : i32
    %k5 = arith.constant 5 : i32
    %k7 = arith.constant 7 : i32
    %k11 = arith.constant 11 : i32
    %x = memref.alloc() {alignment = 64} : memref<1x8x8x1xf32>
    %w1 = memref.alloc() {alignment = 64} : memref<3x3x1x4xf32>
    %b1 = memref.alloc() {alignment = 64} : memref<4xf32>
    %w2 = memref.alloc() {alignment = 64} : memref<3x3x4x4xf32>
    %w3 = memref.alloc() {alignment = 64} : memref<64x10xf32>
    %b3 = memref.alloc() {alignment = 64} : memref<10xf32>
    %y = memref.alloc() {alignment = 64} : memref<1x10xf32>
    %x1 = memref.collapse_shape %x [[0, 1, 2, 3]] : memref<1x8x8x1xf32> into memref<64xf32>
    %x0 = memref.cast %x1 : memref<64xf32> to memref<?xf32>
    call @init(%x0, %k3) : (memref<?xf32>, i32) -> ()
    %w11 = memref.collapse_shape %w1 [[0, 1, 2, 3]] : memref<3x3x1x4xf32> into memref<36xf32>
    %w10 = memref.cast %w11 : memref<36xf32> to memref<?xf32>
    call @init(%w10, %k5) : (memref<?xf32>, i32) -> ()
    %b10 = memref.cast %b1 : memref<4xf32> to memref<?xf32>
    call @init(%b10, %k7) : (memref<?xf32>, i32) -> ()
    %w21 = memref.collapse_shape %w2 [[0, 1, 2, 3]] : memref<3x3x4x4xf32> into memref<144xf32>
    %w20 = memref.cast %w21 : memref<144xf32> to memref<?xf32>
    call @init(%w20, %k7) : (memref<?xf32>, i32) -> ()
    %w31 = memref.collapse_shape %w3 [[0, 1]] : memref<64x10xf32> into memref<640xf32>
    %w30 = memref.cast %w31 : memref<640xf32> to memref<?xf32>
    call @init(%w30, %k11) : (memref<?xf32>, i32) -> ()
    %b30 = memref.cast %b3 : memref<10xf32> to memref<?xf32>
    call @init(%b30, %k3) : (memref<?xf32>, i32) -> ()
PLANNED:     %sz = call @main_arena_bytes() : () -> index
PLANNED:     %arena = memref.alloc(%sz) {alignment = 64} : memref<?xi8>
    call @main(%x, %w1, %b1, %w2, %w3, %b3, %y ARENA) : (memref<1x8x8x1xf32>, memref<3x3x1x4xf32>, memref<4xf32>, memref<3x3x4x4xf32>, memref<64x10xf32>, memref<10xf32>, memref<1x10xf32> BYTES) -> ()
    %p = memref.cast %y : memref<1x10xf32> to memref<*xf32>
    call @printMemrefF32(%p) : (memref<*xf32>) -> ()
    return
  }
}
