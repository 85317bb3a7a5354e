// RUN: msc-opt %s -plan-lower-to-calls | FileCheck %s
// RUN: msc-opt %s -plan-lower-to-calls=marks=false | FileCheck %s --check-prefix=PLAIN

// CHECK:       memref.global "private" constant @c :
// CHECK-LABEL: func.func @main(
// CHECK:         %[[R:.*]] = arith.constant 1 : i32
// CHECK:         %[[BEGIN:.*]] = arith.constant 0 : i32
// CHECK:         call @msc_rt_mark(%[[R]], %[[BEGIN]])
// CHECK:         call @r(%arg0, %arg1, %arg2)
// CHECK:         %[[R2:.*]] = arith.constant 1 : i32
// CHECK:         %[[END:.*]] = arith.constant 1 : i32
// CHECK:         call @msc_rt_mark(%[[R2]], %[[END]])
// CHECK:         %[[D:.*]] = memref.cast %arg0 : memref<4xf32> to memref<?xf32>
// CHECK:         call @dynamic(%[[D]])
// CHECK:         memref.copy %arg0, %arg1
// CHECK-NOT:     plan.
// CHECK:         call @q
// CHECK:       func.func private @q({{.*}}) attributes {plan.region = 0 : i64}
// CHECK:       func.func private @r({{.*}}) attributes {plan.region = 1 : i64}
// CHECK:         memref.get_global @c_region
// CHECK:       func.func private @dynamic({{.*}}) attributes {plan.region = 2 : i64}
// CHECK:       memref.global "private" constant @c_region :
// CHECK:       func.func private @msc_rt_mark(i32, i32)

// PLAIN-NOT: msc_rt_mark
memref.global "private" constant @c : memref<4xf32> = dense<1.0>
func.func @main(%x: memref<4xf32>, %y: memref<4xf32>, %s: memref<16xi8>) {
  plan.dispatch @regions::@r ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) scratch(%s : memref<16xi8>)
  plan.dispatch @regions::@dynamic ins() outs(%x : memref<4xf32>)
  %t = plan.start copy ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  plan.dispatch @regions::@q ins() outs(%s : memref<16xi8>)
  plan.wait %t, %y : memref<4xf32> keep(%x : memref<4xf32>)
  return
}
module @regions {
  memref.global "private" constant @c : memref<4xf32> = dense<2.0>
  func.func private @q(%s: memref<16xi8>) {
    return
  }
  func.func private @r(%x: memref<4xf32>, %y: memref<4xf32>, %s: memref<16xi8>) {
    %c = memref.get_global @c : memref<4xf32>
    linalg.add ins(%x, %c : memref<4xf32>, memref<4xf32>) outs(%y : memref<4xf32>)
    return
  }
  func.func private @dynamic(%x: memref<?xf32>) {
    return
  }
}
