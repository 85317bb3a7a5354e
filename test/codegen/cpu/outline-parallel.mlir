// RUN: msc-opt %s -cpu-outline-parallel | FileCheck %s

// CHECK: func.func private @msc_rt_parallel_for(i64, !llvm.ptr, !llvm.ptr)

// Scratch is allocated once per call, not once per iteration.
// CHECK-LABEL: func.func private @f.parallel0(%arg0: !llvm.ptr, %arg1: i64, %arg2: i64)
// Constants are made again, not passed.
// CHECK-DAG:     arith.constant 0 : index
// CHECK-DAG:     arith.constant 1 : index
// CHECK:         llvm.load %arg0 : !llvm.ptr -> !llvm.struct<(f32, struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>)>
// CHECK:         memref.alloca
// CHECK:         scf.for
// CHECK:           memref.store

// CHECK-LABEL: func.func @f
// CHECK-NOT:     scf.parallel
// CHECK:         llvm.store
// CHECK:         call @msc_rt_parallel_for
func.func @f(%m: memref<?xf32>, %x: f32) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %n = memref.dim %m, %zero : memref<?xf32>
  scf.parallel (%i) = (%zero) to (%n) step (%one) {
    %s = memref.alloca() : memref<4xf32>
    memref.store %x, %s[%zero] : memref<4xf32>
    %y = memref.load %s[%zero] : memref<4xf32>
    memref.store %y, %m[%i] : memref<?xf32>
  }
  return
}
