// Calls @main of ../training-loop.mlir and prints what it has computed; its last brace
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
  func.func @run() {
    %w = memref.alloc() : memref<64x16xf32>
    %v = memref.alloc() : memref<16x16xf32>
    %x = memref.alloc() : memref<1024x64xf32>
    %y = memref.alloc() : memref<1024x16xf32>
    %k1 = arith.constant 3 : i32
    %k2 = arith.constant 5 : i32
    %k3 = arith.constant 7 : i32
    %k4 = arith.constant 11 : i32
    %wc = memref.cast %w : memref<64x16xf32> to memref<?x?xf32>
    %vc = memref.cast %v : memref<16x16xf32> to memref<?x?xf32>
    %xc = memref.cast %x : memref<1024x64xf32> to memref<?x?xf32>
    %yc = memref.cast %y : memref<1024x16xf32> to memref<?x?xf32>
    call @init(%wc, %k1) : (memref<?x?xf32>, i32) -> ()
    call @init(%vc, %k2) : (memref<?x?xf32>, i32) -> ()
    call @init(%xc, %k3) : (memref<?x?xf32>, i32) -> ()
    call @init(%yc, %k4) : (memref<?x?xf32>, i32) -> ()
    %n = arith.constant 32 : index
    %t = arith.constant true
PLANNED:     %sz = call @main_arena_bytes() : () -> index
PLANNED:     %arena = memref.alloc(%sz) {alignment = 64} : memref<?xi8>
    call @main(%w, %v, %x, %y, %n, %t ARENA) : (memref<64x16xf32>, memref<16x16xf32>, memref<1024x64xf32>, memref<1024x16xf32>, index, i1 BYTES) -> ()
    %p = memref.cast %w : memref<64x16xf32> to memref<*xf32>
    %q = memref.cast %v : memref<16x16xf32> to memref<*xf32>
    call @printMemrefF32(%p) : (memref<*xf32>) -> ()
    call @printMemrefF32(%q) : (memref<*xf32>) -> ()
    return
  }
}
