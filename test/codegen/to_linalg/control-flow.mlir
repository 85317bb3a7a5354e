// RUN: msc-opt %s -graph-to-linalg | FileCheck %s

// Loops and branches stay; element types lose their signs, those of the tensor
// ops between graph ops too.

// CHECK-LABEL: func.func @loop(
// CHECK-SAME:    %[[X:.*]]: tensor<?xi8>
// CHECK:         %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<3x?xi8>
// CHECK:         scf.for {{.*}} iter_args(%[[V:.*]] = %[[X]], %[[R:.*]] = %[[E]]) -> (tensor<?xi8>, tensor<3x?xi8>)
// CHECK:           %[[S:.*]] = linalg.generic
// CHECK:             arith.addi
// CHECK:           %[[I:.*]] = tensor.insert_slice %[[S]] into %[[R]]{{.*}} : tensor<?xi8> into tensor<3x?xi8>
// CHECK:           scf.yield %[[S]], %[[I]]
func.func @loop(%x: tensor<?xui8>) -> (tensor<?xui8>, tensor<3x?xui8>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %n = tensor.dim %x, %c0 : tensor<?xui8>
  %e = tensor.empty(%n) : tensor<3x?xui8>
  %r:2 = scf.for %t = %c0 to %c3 step %c1 iter_args(%v = %x, %rows = %e) -> (tensor<?xui8>, tensor<3x?xui8>) {
    %s = graph.add %v, %x : tensor<?xui8>
    %i = tensor.insert_slice %s into %rows[%t, 0] [1, %n] [1, 1] : tensor<?xui8> into tensor<3x?xui8>
    scf.yield %s, %i : tensor<?xui8>, tensor<3x?xui8>
  }
  return %r#0, %r#1 : tensor<?xui8>, tensor<3x?xui8>
}

// CHECK-LABEL: func.func @branch(
// CHECK:         %[[C:.*]] = tensor.extract %{{.*}}[] : tensor<i1>
// CHECK:         scf.if %[[C]] -> (tensor<?xi16>) {
// CHECK:           tensor.cast %{{.*}} : tensor<4xi16> to tensor<?xi16>
// CHECK:         } else {
// CHECK:           tensor.extract_slice %{{.*}}[1] [2] [1] : tensor<4xi16> to tensor<2xi16>
func.func @branch(%c: tensor<i1>, %x: tensor<4xui16>) -> tensor<?xui16> {
  %b = tensor.extract %c[] : tensor<i1>
  %r = scf.if %b -> tensor<?xui16> {
    %y = tensor.cast %x : tensor<4xui16> to tensor<?xui16>
    scf.yield %y : tensor<?xui16>
  } else {
    %s = tensor.extract_slice %x[1] [2] [1] : tensor<4xui16> to tensor<2xui16>
    %y = tensor.cast %s : tensor<2xui16> to tensor<?xui16>
    scf.yield %y : tensor<?xui16>
  }
  return %r : tensor<?xui16>
}

// CHECK-LABEL: func.func @while(
// CHECK:         scf.while (%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) : (tensor<2xi32>, i1) -> tensor<2xi32>
func.func @while(%x: tensor<2xui32>, %c: i1) -> tensor<2xui32> {
  %r = scf.while (%v = %x, %g = %c) : (tensor<2xui32>, i1) -> tensor<2xui32> {
    scf.condition(%g) %v : tensor<2xui32>
  } do {
  ^bb0(%v: tensor<2xui32>):
    %s = graph.add %v, %v : tensor<2xui32>
    %c0 = arith.constant 0 : index
    %l = graph.compare lt %s, %x : tensor<2xui32>
    %g = tensor.extract %l[%c0] : tensor<2xi1>
    scf.yield %s, %g : tensor<2xui32>, i1
  }
  return %r : tensor<2xui32>
}

// CHECK-LABEL: func.func @select(
// CHECK:         arith.select %{{.*}} : tensor<4xi8>
func.func @select(%c: i1, %x: tensor<4xui8>, %y: tensor<4xui8>) -> tensor<4xui8> {
  %r = arith.select %c, %x, %y : tensor<4xui8>
  return %r : tensor<4xui8>
}
