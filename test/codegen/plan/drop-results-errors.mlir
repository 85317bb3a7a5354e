// RUN: msc-opt %s -split-input-file -plan-drop-results -verify-diagnostics

// expected-error @below {{expected result 0 to be computed in its destination}}
func.func @main(%y: memref<4xf32> {plan.result = 0 : i64}) -> memref<4xf32> {
  %a = memref.alloc() : memref<4xf32>
  return %a : memref<4xf32>
}

// -----

// expected-error @below {{expected result 0 to be computed in its destination}}
func.func @main(%x: memref<4xf32>, %y: memref<4xf32> {plan.result = 0 : i64}) -> memref<4xf32> {
  return %x : memref<4xf32>
}
