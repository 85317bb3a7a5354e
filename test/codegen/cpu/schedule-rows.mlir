// RUN: msc-opt %s -cpu-schedule-regions=march=x86-64-v4 | FileCheck %s

// Exponentials and their sum in one generic of two results: one region, row by
// row, three passes; the exponentials of a row are stored while they are summed.

#id = affine_map<(m, n) -> (m, n)>
#row = affine_map<(m, n) -> (m)>

module @regions {

// A row of known length is on the stack.
// CHECK-LABEL: func.func private @softmax(
// CHECK-SAME:    cpu.schedule = "rows 8; row reduction 1x64; row reduction 1x64; elementwise 64"
// CHECK:         %[[ROW:.*]] = memref.alloca() {alignment = 64 : i64} : memref<128xf32>
// CHECK:         scf.for
// CHECK:           arith.maximumf {{.*}} : vector<64xf32>
// CHECK:           math.exp {{.*}} {cpu.nonpositive} : vector<64xf32>
// CHECK:           vector.store {{.*}}, %[[ROW]]
// CHECK:           arith.mulf {{.*}} : vector<16xf32>
// CHECK-NOT:     linalg.
func.func private @softmax(
    %x: tensor<8x128xf32> {bufferization.writable = false},
    %out: tensor<8x128xf32> {bufferization.writable = true}) -> tensor<8x128xf32> {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<8xf32>
  %p = tensor.empty() : tensor<8x128xf32>
  %f = linalg.fill ins(%least : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %max = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x128xf32>) outs(%f : tensor<8xf32>) {
  ^bb0(%a: f32, %c: f32):
    %r = arith.maximumf %c, %a : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  %g = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %exp:2 = linalg.generic {indexing_maps = [#id, #row, #id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x, %max : tensor<8x128xf32>, tensor<8xf32>) outs(%p, %g : tensor<8x128xf32>, tensor<8xf32>) {
  ^bb0(%a: f32, %m: f32, %o: f32, %c: f32):
    %d = arith.subf %a, %m : f32
    %v = math.exp %d : f32
    %s = arith.addf %c, %v : f32
    linalg.yield %v, %s : f32, f32
  } -> (tensor<8x128xf32>, tensor<8xf32>)
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%exp#0, %exp#1 : tensor<8x128xf32>, tensor<8xf32>) outs(%out : tensor<8x128xf32>) {
  ^bb0(%a: f32, %s: f32, %o: f32):
    %q = arith.divf %a, %s : f32
    linalg.yield %q : f32
  } -> tensor<8x128xf32>
  return %y : tensor<8x128xf32>
}

// A row of unknown length is kept where the result will be, without scratch.
// Not the maximum of what the exponential is of: it may be above zero.
// CHECK-LABEL: func.func private @dynamic(
// CHECK-SAME:    cpu.schedule = "rows 256; row reduction 1x64; elementwise 64"
// CHECK-NOT:     memref.alloc
// CHECK:         math.exp
// CHECK-NOT:     cpu.nonpositive
// CHECK:         return
func.func private @dynamic(
    %x: tensor<?x?xf32> {bufferization.writable = false},
    %m: tensor<?xf32> {bufferization.writable = false},
    %out: tensor<?x?xf32> {bufferization.writable = true}) -> tensor<?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %out, %c0 : tensor<?x?xf32>
  %width = tensor.dim %out, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%rows) : tensor<?xf32>
  %p = tensor.empty(%rows, %width) : tensor<?x?xf32>
  %g = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %exp:2 = linalg.generic {indexing_maps = [#id, #row, #id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x, %m : tensor<?x?xf32>, tensor<?xf32>) outs(%p, %g : tensor<?x?xf32>, tensor<?xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32, %c: f32):
    %d = arith.subf %a, %b : f32
    %v = math.exp %d : f32
    %s = arith.addf %c, %v : f32
    linalg.yield %v, %s : f32, f32
  } -> (tensor<?x?xf32>, tensor<?xf32>)
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%exp#0, %exp#1 : tensor<?x?xf32>, tensor<?xf32>) outs(%out : tensor<?x?xf32>) {
  ^bb0(%a: f32, %s: f32, %o: f32):
    %q = arith.divf %a, %s : f32
    linalg.yield %q : f32
  } -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// Scalars have no rows.
// CHECK-LABEL: func.func private @scalars(
// CHECK:         arith.negf
// CHECK:         arith.addf
// CHECK-NOT:     linalg.
func.func private @scalars(
    %x: tensor<f32> {bufferization.writable = false},
    %n: tensor<f32> {bufferization.writable = true},
    %out: tensor<f32> {bufferization.writable = true}) -> (tensor<f32>, tensor<f32>) {
  %y = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}
      ins(%x : tensor<f32>) outs(%n : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %q = arith.negf %a : f32
    linalg.yield %q : f32
  } -> tensor<f32>
  %z = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}
      ins(%y : tensor<f32>) outs(%out : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %q = arith.addf %a, %a : f32
    linalg.yield %q : f32
  } -> tensor<f32>
  return %y, %z : tensor<f32>, tensor<f32>
}

}
