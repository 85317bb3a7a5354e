// A fill with the identity and one generic.

// RUN: msc-opt %s -graph-to-linalg -canonicalize -split-input-file | FileCheck %s

// CHECK-DAG:   #[[ALL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG:   #[[KEPT:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: func @sum
// CHECK:         %[[Z:.*]] = arith.constant 0.000000e+00 : f32
// CHECK:         %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<?xf32>
// CHECK:         %[[F:.*]] = linalg.fill {msc.op = "reduce_sum"} ins(%[[Z]] : f32) outs(%[[E]] : tensor<?xf32>)
// CHECK:         linalg.generic {indexing_maps = [#[[ALL]], #[[KEPT]]], iterator_types = ["reduction", "parallel", "reduction"]}
// CHECK-SAME:      outs(%[[F]] : tensor<?xf32>) attrs = {msc.op = "reduce_sum"}
// CHECK:           arith.addf
func.func @sum(%a: tensor<2x?x4xf32>) -> tensor<?xf32> {
  %0 = graph.reduce_sum %a dims = [0, 2] : tensor<2x?x4xf32> to tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// CHECK-LABEL: func @identities
// CHECK-DAG:     arith.constant 0xFF800000 : f32
// CHECK-DAG:     arith.constant 0x7F800000 : f32
// CHECK-DAG:     arith.constant -2147483648 : i32
// CHECK-DAG:     arith.constant -1 : i8
// CHECK-DAG:     arith.constant true
// CHECK-DAG:     arith.maximumf
// CHECK-DAG:     arith.minimumf
// CHECK-DAG:     arith.maxsi
// CHECK-DAG:     arith.minui
// CHECK-DAG:     arith.andi
func.func @identities(%f: tensor<4xf32>, %s: tensor<4xsi32>, %u: tensor<4xui8>, %b: tensor<4xi1>)
    -> (tensor<f32>, tensor<f32>, tensor<si32>, tensor<ui8>, tensor<i1>) {
  %0 = graph.reduce_max %f dims = [0] : tensor<4xf32> to tensor<f32>
  %1 = graph.reduce_min %f dims = [0] : tensor<4xf32> to tensor<f32>
  %2 = graph.reduce_max %s dims = [0] : tensor<4xsi32> to tensor<si32>
  %3 = graph.reduce_min %u dims = [0] : tensor<4xui8> to tensor<ui8>
  %4 = graph.reduce_and %b dims = [0] : tensor<4xi1> to tensor<i1>
  return %0, %1, %2, %3, %4 : tensor<f32>, tensor<f32>, tensor<si32>, tensor<ui8>, tensor<i1>
}

// -----

// A type without infinities starts at its largest number.
// CHECK-LABEL: func @no_infinity
// CHECK:         arith.constant -4.480000e+02 : f8E4M3FN
func.func @no_infinity(%a: tensor<4xf8E4M3FN>) -> tensor<f8E4M3FN> {
  %0 = graph.reduce_max %a dims = [0] : tensor<4xf8E4M3FN> to tensor<f8E4M3FN>
  return %0 : tensor<f8E4M3FN>
}

// -----

// The first NaN stays.
// CHECK-LABEL: func @argmax
// CHECK:         %[[R:.*]]:2 = linalg.generic
// CHECK:         ^bb0(%[[X:.*]]: f32, %[[BEST:.*]]: f32, %[[AT:.*]]: i64):
// CHECK:           %[[I:.*]] = linalg.index 0
// CHECK:           %[[J:.*]] = arith.index_cast %[[I]] : index to i64
// CHECK:           %[[BETTER:.*]] = arith.cmpf ugt, %[[X]], %[[BEST]]
// CHECK:           %[[NUMBER:.*]] = arith.cmpf ord, %[[BEST]], %[[BEST]]
// CHECK:           %[[TAKEN:.*]] = arith.andi %[[BETTER]], %[[NUMBER]]
// CHECK:           %[[V:.*]] = arith.select %[[TAKEN]], %[[X]], %[[BEST]]
// CHECK:           %[[P:.*]] = arith.select %[[TAKEN]], %[[J]], %[[AT]]
// CHECK:           linalg.yield %[[V]], %[[P]]
// CHECK:         return %[[R]]#1
func.func @argmax(%a: tensor<4x3xf32>) -> tensor<3xi64> {
  %0 = graph.argmax %a axis = 0 {select_last = false} : tensor<4x3xf32> to tensor<3xi64>
  return %0 : tensor<3xi64>
}

// -----

// CHECK-LABEL: func @argmin_last
// CHECK:           arith.cmpi ule
func.func @argmin_last(%a: tensor<4x3xui8>) -> tensor<4xi64> {
  %0 = graph.argmin %a axis = 1 {select_last = true} : tensor<4x3xui8> to tensor<4xi64>
  return %0 : tensor<4xi64>
}
