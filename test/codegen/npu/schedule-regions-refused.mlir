// RUN: msc-opt %s -split-input-file -npu-schedule-regions -verify-diagnostics | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>

// What is refused stays as it is, and says why.

// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    npu.schedule = "none: a dynamic extent"
// CHECK:         linalg.exp
// expected-remark @+1 {{region left to other targets: a dynamic extent}}
func.func @dynamic(%a: tensor<?x8xf32>, %o: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %r = linalg.exp ins(%a : tensor<?x8xf32>) outs(%o : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %r : tensor<?x8xf32>
}

// -----

// expected-remark @+1 {{an extent of 0}}
func.func @empty(%a: tensor<0x8xf32>, %o: tensor<0x8xf32>) -> tensor<0x8xf32> {
  %r = linalg.exp ins(%a : tensor<0x8xf32>) outs(%o : tensor<0x8xf32>) -> tensor<0x8xf32>
  return %r : tensor<0x8xf32>
}

// -----

// expected-remark @+1 {{elements of f64}}
func.func @element(%a: tensor<4x8xf64>, %o: tensor<4x8xf64>) -> tensor<4x8xf64> {
  %r = linalg.exp ins(%a : tensor<4x8xf64>) outs(%o : tensor<4x8xf64>) -> tensor<4x8xf64>
  return %r : tensor<4x8xf64>
}

// -----

// expected-remark @+1 {{'math.atan'}}
func.func @function(%a: tensor<4x8xf32>, %o: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<4x8xf32>) outs(%o : tensor<4x8xf32>) {
  ^bb0(%x: f32, %z: f32):
    %s = math.atan %x : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// -----

// expected-remark @+1 {{'tensor.extract_slice'}}
func.func @slice(%a: tensor<8x8xf32>, %o: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %s = tensor.extract_slice %a[0, 0] [4, 8] [1, 1] : tensor<8x8xf32> to tensor<4x8xf32>
  %r = linalg.exp ins(%s : tensor<4x8xf32>) outs(%o : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// -----

// expected-remark @+1 {{a tensor with one dim along two of its own}}
func.func @diagonal(%a: tensor<8x8xf32>, %o: tensor<8xf32>) -> tensor<8xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i, i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : tensor<8x8xf32>) outs(%o : tensor<8xf32>) {
  ^bb0(%x: f32, %z: f32):
    linalg.yield %x : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// A row of two tensors, twice, of 100 000 elements.
// expected-remark @+1 {{rows that exceed the local memory}}
func.func @row(%a: tensor<4x100000xf32>, %o: tensor<4xf32>) -> tensor<4xf32> {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%a : tensor<4x100000xf32>) outs(%f : tensor<4xf32>) {
  ^bb0(%x: f32, %z: f32):
    %s = arith.addf %z, %x : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// expected-remark @+1 {{a product that adds to a tensor}}
func.func @accumulates(%a: tensor<8x8xf16>, %b: tensor<8x8xf16>, %o: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<8x8xf16>, tensor<8x8xf16>) outs(%o : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %r : tensor<8x8xf32>
}

// -----

// expected-remark @+1 {{a product of f16 and bf16}}
func.func @mixed(%a: tensor<8x16xf16>, %b: tensor<16x4xbf16>, %o: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<8x4xf32>) -> tensor<8x4xf32>
  %r = linalg.matmul ins(%a, %b : tensor<8x16xf16>, tensor<16x4xbf16>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %r : tensor<8x4xf32>
}

// -----

// expected-remark @+1 {{a reduction of a product}}
func.func @reduced(%a: tensor<8x16xf16>, %b: tensor<16x4xf16>, %o: tensor<8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %p = linalg.matmul ins(%a, %b : tensor<8x16xf16>, tensor<16x4xf16>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
  %g = linalg.fill ins(%zero : f32) outs(%o : tensor<8xf32>) -> tensor<8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%p : tensor<8x4xf32>) outs(%g : tensor<8xf32>) {
  ^bb0(%x: f32, %z: f32):
    %s = arith.addf %z, %x : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// The outer dim is neither the rows nor the columns of a tile.
// expected-remark @+1 {{a reduction of a dim outside of the tile}}
func.func @outer(%a: tensor<4x5x6xf32>, %b: tensor<5xf32>, %o: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<5x6xf32>) -> tensor<5x6xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (j)>, affine_map<(i, j, k) -> (j, k)>], iterator_types = ["reduction", "parallel", "parallel"]} ins(%a, %b : tensor<4x5x6xf32>, tensor<5xf32>) outs(%f : tensor<5x6xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.subf %x, %y : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<5x6xf32>
  return %r : tensor<5x6xf32>
}

// -----

// A window is unrolled.
// expected-remark @+1 {{a window of more than 16 elements}}
func.func @window(%a: tensor<12x12x8xf32>, %o: tensor<8x8x8xf32>) -> tensor<8x8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %w = tensor.empty() : tensor<5x5xf32>
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<8x8x8xf32>) -> tensor<8x8x8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(y, x, c, p, q) -> (y + p, x + q, c)>, affine_map<(y, x, c, p, q) -> (p, q)>, affine_map<(y, x, c, p, q) -> (y, x, c)>], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%a, %w : tensor<12x12x8xf32>, tensor<5x5xf32>) outs(%f : tensor<8x8x8xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %s = arith.addf %z, %x : f32
    linalg.yield %s : f32
  } -> tensor<8x8x8xf32>
  return %r : tensor<8x8x8xf32>
}

// -----

// expected-remark @+1 {{a tensor that is read in several ways}}
func.func @twice(%a: tensor<9xf32>, %w: tensor<2xf32>, %o: tensor<8xf32>, %p: tensor<9xf32>) -> (tensor<8xf32>, tensor<9xf32>) {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<8xf32>) -> tensor<8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i + j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%a, %w : tensor<9xf32>, tensor<2xf32>) outs(%f : tensor<8xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %s = arith.addf %z, %x : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  %e = linalg.exp ins(%a : tensor<9xf32>) outs(%p : tensor<9xf32>) -> tensor<9xf32>
  return %r, %e : tensor<8xf32>, tensor<9xf32>
}
