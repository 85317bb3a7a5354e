// A heap in the results: copied, put in order, improved, taken apart.

// RUN: msc-opt %s -graph-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: func @top(
// CHECK-SAME:    %[[A:.*]]: tensor<2x50xf32>)
// CHECK-DAG:     tensor.empty() : tensor<2x7xf32>
// CHECK-DAG:     tensor.empty() : tensor<2x7xi64>
// CHECK:         scf.for {{.*}} -> (tensor<2x7xf32>, tensor<2x7xi64>) {
// CHECK:           scf.for
// CHECK:             tensor.insert
// CHECK:           scf.for
// CHECK:             scf.while
// CHECK:           scf.for
// CHECK:             arith.cmpf ugt
// CHECK:             arith.cmpf ord
// CHECK:             scf.while
// CHECK:           scf.for
// CHECK:             scf.while
// CHECK:         } {msc.kernel, msc.op = "top_k"}
func.func @top(%a: tensor<2x50xf32>) -> (tensor<2x7xf32>, tensor<2x7xi64>) {
  %v, %i = graph.top_k %a axis = 1 : tensor<2x50xf32> to tensor<2x7xf32>, tensor<2x7xi64>
  return %v, %i : tensor<2x7xf32>, tensor<2x7xi64>
}

// More may be asked for than there is: the rest is zero.

// CHECK-LABEL: func @dynamic(
// CHECK-SAME:    %[[A:.*]]: tensor<?xi32>, %[[N:.*]]: index)
// CHECK-DAG:     linalg.fill {{.*}} -> tensor<?xi32>
// CHECK-DAG:     linalg.fill {{.*}} -> tensor<?xi64>
// CHECK-DAG:     arith.minsi %[[N]], %{{.*}} : index
// CHECK:         arith.cmpi slt, %{{.*}}, %{{.*}} : i32
func.func @dynamic(%a: tensor<?xi32>, %n: index) -> (tensor<?xi32>, tensor<?xi64>) {
  %v, %i = graph.top_k %a axis = 0 size(%n) smallest : tensor<?xi32> to tensor<?xi32>, tensor<?xi64>
  return %v, %i : tensor<?xi32>, tensor<?xi64>
}
