// RUN: msc-opt %s -split-input-file -npu-assign-memory -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @kernel()
// CHECK-SAME:    npu.acc_bytes = 64 : i64, npu.kernel, npu.local_bytes = 96 : i64
func.func @kernel() attributes {npu.kernel} {
  // CHECK: npu.alloc at 0 : memref<5xf32, #npu.local>
  %a = npu.alloc : memref<5xf32, #npu.local>
  // CHECK: npu.alloc at 1048576 : memref<4x4xf32, #npu.acc>
  %c = npu.alloc : memref<4x4xf32, #npu.acc>
  // Up to the end of the last row, 32 bytes after the first.
  // CHECK: npu.alloc at 32 : memref<2x8xf16, strided<[16, 1]>, #npu.local>
  %b = npu.alloc : memref<2x8xf16, strided<[16, 1]>, #npu.local>
  return
}

// CHECK-LABEL: func.func @no_kernel()
// CHECK:         npu.alloc : memref
func.func @no_kernel() {
  %a = npu.alloc : memref<5xf32, #npu.local>
  return
}

// -----

// expected-error @+1 {{expected at most 524288 bytes of local memory to be used, got 800000}}
func.func @too_much() attributes {npu.kernel} {
  %a = npu.alloc : memref<200000xf32, #npu.local>
  return
}
