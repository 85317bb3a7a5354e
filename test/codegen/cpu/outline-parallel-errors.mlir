// RUN: msc-opt %s -cpu-outline-parallel -verify-diagnostics

func.func @two(%m: memref<4x4xf32>, %x: f32) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = arith.constant 4 : index
  // expected-error @+1 {{expected a parallel loop of one dim without reductions}}
  scf.parallel (%i, %j) = (%zero, %zero) to (%n, %n) step (%one, %one) {
    memref.store %x, %m[%i, %j] : memref<4x4xf32>
  }
  return
}
