// Calls @main of ../dynamic-mlp.mlir and prints what it has computed; its last brace
// closes the module that it is appended to.
  func.func private @printMemrefF32(memref<*xf32>) attributes {llvm.emit_c_interface}
  func.func @init(%m: memref<?x?xf32>, %k: i32) {
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} outs(%m : memref<?x?xf32>) {
    ^bb0(%o: f32): %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %a = arith.index_cast %i : index to i32
      %b = arith.index_cast %j : index to i32
      %c = arith.muli %a, %k : i32
      %d = arith.addi %c, %b : i32
      %c17 = arith.constant 17 : i32
      %e = arith.remsi %d, %c17 : i32
      %f = arith.sitofp %e : i32 to f32
      %s = arith.constant 0.03125 : f32
      %h = arith.constant 0.25 : f32
      %g = arith.mulf %f, %s : f32
      %u = arith.subf %g, %h : f32
      linalg.yield %u : f32 }
    return
  }
  func.func @init1(%m: memref<?xf32>) { %c = arith.constant 0.125 : f32
    linalg.fill ins(%c : f32) outs(%m : memref<?xf32>)
    return }
  func.func @run() {
    %b = arith.constant 37 : index
    %x = memref.alloc(%b) : memref<?x64xf32>
    %o = memref.alloc(%b) : memref<?x10xf32>
    %w1 = memref.alloc() : memref<64x128xf32>
    %w2 = memref.alloc() : memref<128x128xf32>
    %w3 = memref.alloc() : memref<128x128xf32>
    %w4 = memref.alloc() : memref<128x10xf32>
    %b1 = memref.alloc() : memref<128xf32>
    %b4 = memref.alloc() : memref<10xf32>
    %kx = arith.constant 3 : i32
    %xc = memref.cast %x : memref<?x64xf32> to memref<?x?xf32>
    call @init(%xc, %kx) : (memref<?x?xf32>, i32) -> ()
    %kw1 = arith.constant 5 : i32
    %w1c = memref.cast %w1 : memref<64x128xf32> to memref<?x?xf32>
    call @init(%w1c, %kw1) : (memref<?x?xf32>, i32) -> ()
    %kw2 = arith.constant 7 : i32
    %w2c = memref.cast %w2 : memref<128x128xf32> to memref<?x?xf32>
    call @init(%w2c, %kw2) : (memref<?x?xf32>, i32) -> ()
    %kw3 = arith.constant 11 : i32
    %w3c = memref.cast %w3 : memref<128x128xf32> to memref<?x?xf32>
    call @init(%w3c, %kw3) : (memref<?x?xf32>, i32) -> ()
    %kw4 = arith.constant 13 : i32
    %w4c = memref.cast %w4 : memref<128x10xf32> to memref<?x?xf32>
    call @init(%w4c, %kw4) : (memref<?x?xf32>, i32) -> ()
    %b1c = memref.cast %b1 : memref<128xf32> to memref<?xf32>
    call @init1(%b1c) : (memref<?xf32>) -> ()
    %b4c = memref.cast %b4 : memref<10xf32> to memref<?xf32>
    call @init1(%b4c) : (memref<?xf32>) -> ()
PLANNED:     %sz = call @main_arena_bytes(%b) : (index) -> index
PLANNED:     %arena = memref.alloc(%sz) {alignment = 64} : memref<?xi8>
    call @main(%x, %w1, %b1, %w2, %b1, %w3, %b1, %w4, %b4, %o ARENA) : (memref<?x64xf32>, memref<64x128xf32>, memref<128xf32>, memref<128x128xf32>, memref<128xf32>, memref<128x128xf32>, memref<128xf32>, memref<128x10xf32>, memref<10xf32>, memref<?x10xf32> BYTES) -> ()
    %p = memref.cast %o : memref<?x10xf32> to memref<*xf32>
    call @printMemrefF32(%p) : (memref<*xf32>) -> ()
    return
  }
}
