// Constants come in the order of their uses and are numbered so, by type.

// RUN: msc-opt %s -plan-order-constants | FileCheck %s

// CHECK:      memref.global "private" constant @__constant_2xf32 : memref<2xf32> = dense<1.0
// CHECK-NEXT: memref.global "private" constant @__constant_2xf32_0 : memref<2xf32> = dense<2.0
// CHECK-NEXT: memref.global "private" constant @__constant_3xf32 : memref<3xf32> = dense<3.0
// CHECK-NEXT: memref.global "private" constant @__constant_2xf32_2 : memref<2xf32> = dense<4.0

// CHECK-LABEL: func.func @first
func.func @first() -> (memref<2xf32>, memref<2xf32>) {
  // CHECK-NEXT: memref.get_global @__constant_2xf32 :
  %0 = memref.get_global @__constant_2xf32_7 : memref<2xf32>
  // CHECK-NEXT: memref.get_global @__constant_2xf32_0 :
  %1 = memref.get_global @__constant_2xf32 : memref<2xf32>
  return %0, %1 : memref<2xf32>, memref<2xf32>
}

// CHECK-LABEL: func.func @second
func.func @second() -> (memref<3xf32>, memref<2xf32>, memref<2xf32>) {
  // CHECK-NEXT: memref.get_global @__constant_3xf32 :
  %0 = memref.get_global @__constant_3xf32_9 : memref<3xf32>
  // CHECK-NEXT: memref.get_global @__constant_2xf32 :
  %1 = memref.get_global @__constant_2xf32_7 : memref<2xf32>
  // CHECK-NEXT: memref.get_global @__constant_2xf32_2 :
  %2 = memref.get_global @__constant_2xf32_8 : memref<2xf32>
  return %0, %1, %2 : memref<3xf32>, memref<2xf32>, memref<2xf32>
}

// What is not a private constant stays as it is, and so does its name.

// CHECK: memref.global @__constant_2xf32_1 : memref<2xf32> = dense<5.0
memref.global "private" constant @__constant_2xf32_8 : memref<2xf32> = dense<4.0>
memref.global "private" constant @__constant_3xf32_9 : memref<3xf32> = dense<3.0>
memref.global @__constant_2xf32_1 : memref<2xf32> = dense<5.0>
memref.global "private" constant @__constant_2xf32 : memref<2xf32> = dense<2.0>
memref.global "private" constant @__constant_2xf32_7 : memref<2xf32> = dense<1.0>
