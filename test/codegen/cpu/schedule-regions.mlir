// RUN: msc-opt %s -cpu-schedule-regions=march=x86-64-v4 | FileCheck %s --check-prefixes=CHECK,V4
// RUN: msc-opt %s -cpu-schedule-regions=march=x86-64-v2 | FileCheck %s --check-prefixes=CHECK,V2
// RUN: msc-opt %s -cpu-schedule-regions="march=x86-64-v4 schedule=loops" | FileCheck %s --check-prefix=LOOPS
// RUN: msc-opt %s -cpu-schedule-regions="march=x86-64-v4 fp=strict" | FileCheck %s --check-prefix=STRICT

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(m, n) -> (m, n)>
#row = affine_map<(m, n) -> (m)>

module @regions {

// The accumulators are carried by the loop over k; the tile and its epilogue
// follow from the shape.
// CHECK-LABEL: func.func private @contraction
// V4-SAME:       cpu.schedule = "contraction 6x64"
// V2-SAME:       cpu.schedule = "contraction 6x8"
// V4:            scf.for
// V4:              iter_args
// V4:                arith.mulf {{.*}} fastmath<contract> : vector<16xf32>
// V4:              vector.store
// CHECK-NOT:     linalg.
// LOOPS-LABEL: func.func private @contraction
// LOOPS-SAME:    cpu.schedule = "loops: by option"
// LOOPS:         linalg.generic
// STRICT-LABEL: func.func private @contraction
// STRICT-NOT:    fastmath
// STRICT:        return
func.func private @contraction(
    %a: tensor<12x768xf32> {bufferization.writable = false},
    %b: tensor<768x64xf32> {bufferization.writable = false},
    %c: tensor<12x64xf32> {bufferization.writable = true}) -> tensor<12x64xf32> {
  %zero = arith.constant 0.0 : f32
  %init = linalg.fill ins(%zero : f32) outs(%c : tensor<12x64xf32>) -> tensor<12x64xf32>
  %r = linalg.generic {indexing_maps = [#mk, #kn, #mn],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<12x768xf32>, tensor<768x64xf32>) outs(%init : tensor<12x64xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<12x64xf32>
  return %r : tensor<12x64xf32>
}

// Bools are bytes in memory.
// CHECK-LABEL: func.func private @bools
// CHECK-SAME:    cpu.schedule = "elementwise
// CHECK:         vector.store {{.*}}xi8>
func.func private @bools(
    %a: tensor<4x64xf32> {bufferization.writable = false},
    %c: tensor<4x64xi1> {bufferization.writable = true}) -> tensor<4x64xi1> {
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<4x64xf32>) outs(%c : tensor<4x64xi1>) {
  ^bb0(%x: f32, %s: i1):
    %q = arith.cmpf une, %x, %x : f32
    linalg.yield %q : i1
  } -> tensor<4x64xi1>
  return %r : tensor<4x64xi1>
}

// The sum of a row is split over lanes, but not where the order must be kept.
// CHECK-LABEL: func.func private @rowSum
// CHECK-SAME:    cpu.schedule = "row reduction
// STRICT-LABEL: func.func private @rowSum
// STRICT-SAME:   cpu.schedule = "reduction
func.func private @rowSum(
    %a: tensor<4x64xf32> {bufferization.writable = false},
    %c: tensor<4xf32> {bufferization.writable = true}) -> tensor<4xf32> {
  %zero = arith.constant 0.0 : f32
  %init = linalg.fill ins(%zero : f32) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  %r = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<4x64xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%x: f32, %s: f32):
    %q = arith.addf %s, %x : f32
    linalg.yield %q : f32
  } -> tensor<4xf32>
  return %r : tensor<4xf32>
}

}
