// Loops that are a kernel as they stand are left alone, and said to be. A row
// that is taken at a computed place is a read of vectors like any other.

// RUN: msc-opt %s -cpu-schedule-regions=march=x86-64-v4 -verify-diagnostics | FileCheck %s

module @regions {

// CHECK-LABEL: func.func private @kernel(
// CHECK-SAME:    cpu.schedule = "loops: a kernel of loops"
// CHECK:         tensor.insert
// expected-remark @+1 {{region left to plain loops: a kernel of loops}}
func.func private @kernel(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %r = scf.for %i = %c0 to %c8 step %c1 iter_args(%t = %y) -> (tensor<8xf32>) {
    %e = tensor.extract %x[%i] : tensor<8xf32>
    %u = tensor.insert %e into %t[%i] : tensor<8xf32>
    scf.yield %u : tensor<8xf32>
  } {msc.kernel, msc.op = "scatter"}
  return %r : tensor<8xf32>
}

// CHECK-LABEL: func.func private @rows(
// CHECK-SAME:    cpu.schedule = "elementwise
// CHECK:         memref.load %{{.*}} : memref<4xi64>
// CHECK:         vector.load %{{.*}} : memref<9x64xf32>, vector<8xf32>
// CHECK:         vector.store
func.func private @rows(%i: tensor<4xi64>, %x: tensor<9x64xf32>, %y: tensor<4x64xf32>) -> tensor<4x64xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(b, d) -> (b)>, affine_map<(b, d) -> (b, d)>], iterator_types = ["parallel", "parallel"]} ins(%i : tensor<4xi64>) outs(%y : tensor<4x64xf32>) {
  ^bb0(%p: i64, %o: f32):
    %row = arith.index_cast %p : i64 to index
    %d = linalg.index 1 : index
    %e = tensor.extract %x[%row, %d] : tensor<9x64xf32>
    linalg.yield %e : f32
  } -> tensor<4x64xf32>
  return %r : tensor<4x64xf32>
}

}
