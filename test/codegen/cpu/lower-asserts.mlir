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

// What functions require that only such functions call, directly or not, ends
// these as well.

// CHECK-LABEL: func.func private @inner(
// CHECK-SAME:    %[[A:.*]]: i1) -> (f32, !llvm.ptr)
// CHECK:         cf.cond_br %[[A]], ^[[NEXT:.*]], ^[[FAIL:.*]](%{{.*}} : !llvm.ptr)
// CHECK:       ^[[NEXT]]:
// CHECK:         %[[NONE:.*]] = llvm.mlir.zero : !llvm.ptr
// CHECK:         return %{{.*}}, %[[NONE]] : f32, !llvm.ptr
// CHECK:       ^[[FAIL]](%[[WHY:.*]]: !llvm.ptr):
// CHECK:         return %{{.*}}, %[[WHY]] : f32, !llvm.ptr
func.func private @inner(%a: i1) -> f32 {
  %x = arith.constant 1.0 : f32
  cf.assert %a, "there is no more"
  return %x : f32
}

// CHECK-LABEL: func.func private @outer(
// CHECK-SAME:    -> (f32, !llvm.ptr)
// CHECK:         %[[X:.*]]:2 = call @inner
// CHECK:         %[[NONE:.*]] = llvm.mlir.zero : !llvm.ptr
// CHECK:         %[[HOLDS:.*]] = llvm.icmp "eq" %[[X]]#1, %[[NONE]]
// CHECK:         cf.cond_br %[[HOLDS]], ^{{.*}}, ^[[FAIL:.*]](%[[X]]#1 : !llvm.ptr)
// CHECK:       ^[[FAIL]](
func.func private @outer(%a: i1) -> f32 {
  %x = call @inner(%a) : (i1) -> f32
  %y = arith.addf %x, %x : f32
  return %y : f32
}

// CHECK-LABEL: func.func @h(
// CHECK:         %[[X:.*]]:2 = call @outer
// CHECK:         cf.cond_br %{{.*}}, ^{{.*}}, ^{{.*}}(%[[X]]#1 : !llvm.ptr)
func.func @h(%a: i1) -> (f32, !llvm.ptr) {
  %x = call @outer(%a) : (i1) -> f32
  %none = llvm.mlir.zero : !llvm.ptr
  return %x, %none : f32, !llvm.ptr
}

// One that another function calls too, or whose address is taken, does not
// change.

// CHECK-LABEL: func.func private @shared(
// CHECK-SAME:    %{{.*}}: i1) {
// CHECK:         cf.assert
func.func private @shared(%a: i1) {
  cf.assert %a, "it does not hold"
  return
}

// CHECK-LABEL: func.func private @referred(
// CHECK-SAME:    %{{.*}}: i1) {
// CHECK:         cf.assert
func.func private @referred(%a: i1) {
  cf.assert %a, "it does not hold"
  return
}

// CHECK-LABEL: func.func @i(
// CHECK:         call @shared(%{{.*}}) : (i1) -> ()
// CHECK:         call @referred(%{{.*}}) : (i1) -> ()
func.func @i(%a: i1) -> !llvm.ptr {
  call @shared(%a) : (i1) -> ()
  call @referred(%a) : (i1) -> ()
  %none = llvm.mlir.zero : !llvm.ptr
  return %none : !llvm.ptr
}

func.func @j(%a: i1) -> ((i1) -> ()) {
  call @shared(%a) : (i1) -> ()
  %f = func.constant @referred : (i1) -> ()
  return %f : (i1) -> ()
}

// CHECK-DAG: llvm.mlir.global internal constant @[[TEXT]]("it does not hold\00")
// CHECK-DAG: llvm.mlir.global internal constant @[[OTHER]]("there is no more\00")
