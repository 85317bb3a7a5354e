// RUN: msc-opt %s -split-input-file -emit-entry='name=net march=x86-64-v2' | FileCheck %s

// The arguments of @main are told apart by their attributes: an input, a
// parameter, a result, the arena.

// CHECK: func.func private @main
// CHECK-SAME: llvm.linkage = #llvm.linkage<internal>
module attributes {graph.dim_ranges = {batch = [1, 64]}} {
  func.func @main(%x: memref<?x4xf32> {graph.name = "x", graph.dims = ["batch", ""]},
                  %w: memref<4xf32> {graph.name = "w", graph.parameter = #graph.blob<"m", offset = 8, length = 16, hash = "">},
                  %y: memref<?x4xi8> {graph.name = "y", graph.dims = ["batch", ""], graph.element_type = ui8, plan.result = 0 : i64},
                  %arena: memref<?xi8>) attributes {plan.arena_bytes = affine_map<()[s0] -> (s0 * 64)>} {
    return
  }
  func.func @main_arena_bytes(%batch: index {plan.extent = "batch"}) -> index {
    return %batch : index
  }
  func.func @prepare(%w: tensor<4xf32>) -> tensor<4xf32> attributes {msc.prepare} {
    return %w : tensor<4xf32>
  }
}
// It is run at compile time and is no part of the program.
// CHECK-NOT: @prepare
// CHECK: llvm.mlir.global external hidden constant @net_weights()

// CHECK: llvm.func internal @net_arena_bytes(%[[DIMS:.*]]: !llvm.ptr) -> i64
// CHECK: %[[BATCH:.*]] = llvm.load
// CHECK: call @main_arena_bytes

// CHECK: llvm.func internal @net_entry(%[[FRAME:.*]]: !llvm.ptr) -> i32
// CHECK: %[[WHY:.*]] = func.call @main({{.*}} -> !llvm.ptr
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[FRAME]][5]
// CHECK: llvm.store %[[WHY]], %[[AT]]
// CHECK: %[[REFUSED:.*]] = llvm.icmp "ne" %[[WHY]]
// CHECK: llvm.zext %[[REFUSED]]

// CHECK-DAG: "x\00"
// CHECK-DAG: "y\00"
// CHECK-DAG: "batch\00"
// x86-64-v2 has SSE 4.2 and no AVX.
// CHECK-DAG: "+sse3,+ssse3,+sse4.1,+sse4.2,+popcnt\00"
// CHECK: llvm.mlir.global external constant @net_model()

// -----

// The dim of y is derived: the runtime asks for it, and whether n is too large,
// before it calls the entry.

// CHECK: func.func private @main(
// CHECK: llvm.func internal @net_derive_dims(%[[DIMS:.*]]: !llvm.ptr) -> !llvm.ptr
// CHECK:   %[[EXTENTS:.*]]:2 = func.call @main_extents
// CHECK:   llvm.mlir.addressof
// CHECK:   llvm.select %[[EXTENTS]]#1
// CHECK:   llvm.store
// CHECK:   llvm.return
// CHECK: llvm.mlir.global external constant @net_model()
// CHECK:   llvm.mlir.addressof @net_derive_dims
module attributes {graph.dim_ranges = {n = [1, 64]}} {
  func.func @main(%x: memref<?xf32> {graph.name = "x", graph.dims = ["n"]},
                  %y: memref<?xf32> {graph.name = "y", graph.dims = ["n * 2"], plan.result = 0 : i64},
                  %arena: memref<?xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
  func.func @main_arena_bytes() -> index {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
  func.func private @main_extents(%n: index {plan.extent = "n"}) -> (index {plan.extent = "n * 2"}, i1 {plan.requires = "n < 32"}) {
    %c32 = arith.constant 32 : index
    %0 = arith.addi %n, %n : index
    %1 = arith.cmpi ult, %n, %c32 : index
    return %0, %1 : index, i1
  }
}

// -----

// y is made in c: the entry finds one pointer for the two, and the descriptor
// says so.

// CHECK: func.func private @main(
// CHECK: llvm.func internal @net_entry
// CHECK: call @main(
// CHECK-DAG: "present\00"
// CHECK-DAG: llvm.mlir.constant(-1 : i32)
// CHECK: llvm.mlir.global external constant @net_model()
module {
  func.func @main(%c: memref<4xf32> {graph.name = "past", plan.donated = 1 : i64, plan.donated_as = "present"},
                  %z: memref<4xf32> {graph.name = "z", plan.result = 0 : i64},
                  %arena: memref<?xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
  func.func @main_arena_bytes() -> index {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
}

// -----

// The data decide how much y has: the entry stores it where the bound was.

// CHECK: func.func private @main(
// CHECK-SAME: -> (index, !llvm.ptr)
// CHECK: llvm.func internal @net_entry
// CHECK:   %[[DONE:.*]]:2 = func.call @main(
// CHECK:   %[[EXTENT:.*]] = arith.index_cast %[[DONE]]#0 : index to i64
// CHECK:   llvm.store %[[EXTENT]]
module attributes {graph.dim_ranges = {n = [1, 64]}} {
  func.func @main(%x: memref<?xf32> {graph.name = "x", graph.dims = ["n"]},
                  %y: memref<?xf32> {graph.name = "y", graph.dims = ["y:0"], plan.result = 0 : i64},
                  %arena: memref<?xi8>) -> (index {plan.extent = "y:0"}) attributes {plan.arena_bytes = 0 : i64} {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
  func.func @main_arena_bytes() -> index {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
  func.func private @main_extents(%n: index {plan.extent = "n"}) -> (index {plan.extent = "y:0"}) {
    return %n : index
  }
}
