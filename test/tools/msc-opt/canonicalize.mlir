// The tool runs upstream's passes and reports invalid input.

// RUN: msc-opt %s -canonicalize | FileCheck %s
// RUN: not msc-opt %s -no-such-pass 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: no-such-pass

// CHECK-LABEL: func @fold
// CHECK-NEXT:    %[[C:.*]] = arith.constant 5 : i32
// CHECK-NEXT:    return %[[C]]
func.func @fold() -> i32 {
  %a = arith.constant 2 : i32
  %b = arith.constant 3 : i32
  %c = arith.addi %a, %b : i32
  return %c : i32
}
