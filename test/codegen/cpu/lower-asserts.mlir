// RUN: msc-opt %s -cpu-lower-asserts | FileCheck %s

// What is required on the way ends the function, from within a loop too; equal
// messages are one string.

// CHECK-LABEL: func.func @f(
// CHECK-SAME:    %[[A:.*]]: i1, %[[B:.*]]: i1, %[[N:.*]]: index)
// CHECK-NOT:     cf.assert
// CHECK:         %[[R:.*]] = llvm.mlir.addressof @[[TEXT:.*]] : !llvm.ptr
// CHECK:         cf.cond_br %[[A]], ^[[LOOP:.*]], ^[[FAIL:.*]](%[[R]] : !llvm.ptr)
// CHECK:         llvm.mlir.addressof @[[TEXT]]
// CHECK:         cf.cond_br %[[B]], ^{{.*}}, ^[[FAIL]](
// CHECK:         llvm.mlir.addressof @[[OTHER:.*]] : !llvm.ptr
// CHECK:         cf.cond_br
// CHECK:       ^[[FAIL]](%[[WHY:.*]]: !llvm.ptr):
// CHECK:         %[[ZERO:.*]] = arith.constant 0 : index
// CHECK:         return %[[ZERO]], %[[WHY]]
func.func @f(%a: i1, %b: i1, %n: index) -> (index, !llvm.ptr) {
  %c1 = arith.constant 1 : index
  cf.assert %a, "it does not hold"
  cf.br ^loop(%n : index)
^loop(%i: index):
  cf.assert %b, "it does not hold"
  %j = arith.subi %i, %c1 : index
  %more = arith.cmpi ne, %j, %c1 : index
  cf.assert %more, "there is no more"
  cf.cond_br %more, ^loop(%j : index), ^end
^end:
  %none = llvm.mlir.zero : !llvm.ptr
  return %n, %none : index, !llvm.ptr
}

// A function that cannot say why keeps its asserts.

// CHECK-LABEL: func.func @g(
// CHECK:         cf.assert
func.func @g(%a: i1) {
  cf.assert %a, "it does not hold"
  return
}

// CHECK-DAG: llvm.mlir.global internal constant @[[TEXT]]("it does not hold\00")
// CHECK-DAG: llvm.mlir.global internal constant @[[OTHER]]("there is no more\00")
