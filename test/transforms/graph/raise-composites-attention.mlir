// RUN: msc-opt %s -graph-raise-composites -canonicalize -split-input-file | FileCheck %s
// RUN: msc-opt %s -graph-raise-composites=attention=false -canonicalize -split-input-file | FileCheck %s --check-prefix=WITHOUT

// WITHOUT-NOT: graph.attention

// The keys are transposed in the product; the mask is the same for all heads.
// CHECK-LABEL: func @four
// CHECK-SAME:    %[[Q:.*]]: tensor<?x8x4x64xf32>, %[[K:.*]]: tensor<?x8x64x6xf32>, %[[V:.*]]: tensor<?x8x6x32xf32>, %[[M:.*]]: tensor<?x1x4x6xf32>
// CHECK:         %[[T:.*]] = graph.transpose %[[K]] perm = [0, 1, 3, 2]
// CHECK:         %[[R:.*]], %{{.*}} = graph.attention %[[Q]], %[[T]], %[[V]] mask(%[[M]]) scale = 1.250000e-01
// CHECK-SAME:      -> (tensor<?x8x4x32xf32>, tensor<?x8x4xf32>)
// CHECK-NEXT:    return %[[R]]
func.func @four(%q: tensor<?x8x4x64xf32>, %k: tensor<?x8x64x6xf32>, %v: tensor<?x8x6x32xf32>,
                %m: tensor<?x1x4x6xf32>) -> tensor<?x8x4x32xf32> {
  %c0 = arith.constant 0 : index
  %b = tensor.dim %q, %c0 : tensor<?x8x4x64xf32>
  %eight = graph.constant dense<8.0> : tensor<f32>
  %0 = graph.contract "abxy,abyz->abxz" %q, %k : (tensor<?x8x4x64xf32>, tensor<?x8x64x6xf32>) -> tensor<?x8x4x6xf32>
  %1 = graph.broadcast %eight dims = [] sizes(%b) : tensor<f32> to tensor<?x8x4x6xf32>
  %2 = graph.div %0, %1 : tensor<?x8x4x6xf32>
  %3 = graph.broadcast %m dims = [0, 1, 2, 3] sizes(%b) : tensor<?x1x4x6xf32> to tensor<?x8x4x6xf32>
  %4 = graph.add %2, %3 : tensor<?x8x4x6xf32>
  %5 = graph.softmax %4 axis = 3 : tensor<?x8x4x6xf32>
  %6 = graph.contract "abxy,abyz->abxz" %5, %v : (tensor<?x8x4x6xf32>, tensor<?x8x6x32xf32>) -> tensor<?x8x4x32xf32>
  return %6 : tensor<?x8x4x32xf32>
}

// -----

// One batch dim, a result in another order, and the keys first.
// CHECK-LABEL: func @three
// CHECK-SAME:    %[[Q:.*]]: tensor<2x4x8xf32>, %[[K:.*]]: tensor<2x6x8xf32>, %[[V:.*]]: tensor<2x6x3xf32>
// CHECK-DAG:     %[[Q4:.*]] = graph.reshape %[[Q]] : tensor<2x4x8xf32> to tensor<2x1x4x8xf32>
// CHECK-DAG:     %[[K4:.*]] = graph.reshape %[[K]] : tensor<2x6x8xf32> to tensor<2x1x6x8xf32>
// CHECK-DAG:     %[[V4:.*]] = graph.reshape %[[V]] : tensor<2x6x3xf32> to tensor<2x1x6x3xf32>
// CHECK:         %[[R:.*]], %{{.*}} = graph.attention %[[Q4]], %[[K4]], %[[V4]] scale = 1.000000e+00
// CHECK:         %[[R3:.*]] = graph.reshape %[[R]] : tensor<2x1x4x3xf32> to tensor<2x4x3xf32>
// CHECK:         graph.transpose %[[R3]] perm = [1, 0, 2]
func.func @three(%q: tensor<2x4x8xf32>, %k: tensor<2x6x8xf32>, %v: tensor<2x6x3xf32>) -> tensor<4x2x3xf32> {
  %0 = graph.contract "btd,bsd->bst" %k, %q : (tensor<2x6x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x6xf32>
  %1 = graph.softmax %0 axis = 2 : tensor<2x4x6xf32>
  %2 = graph.contract "bst,bte->sbe" %1, %v : (tensor<2x4x6xf32>, tensor<2x6x3xf32>) -> tensor<4x2x3xf32>
  return %2 : tensor<4x2x3xf32>
}

// -----

// The weights are read elsewhere.
// CHECK-LABEL: func @weights
// CHECK-NOT:     graph.attention
func.func @weights(%q: tensor<2x4x8xf32>, %k: tensor<2x6x8xf32>, %v: tensor<2x6x3xf32>)
    -> (tensor<2x4x3xf32>, tensor<2x4x6xf32>) {
  %0 = graph.contract "bsd,btd->bst" %q, %k : (tensor<2x4x8xf32>, tensor<2x6x8xf32>) -> tensor<2x4x6xf32>
  %1 = graph.softmax %0 axis = 2 : tensor<2x4x6xf32>
  %2 = graph.contract "bst,bte->bse" %1, %v : (tensor<2x4x6xf32>, tensor<2x6x3xf32>) -> tensor<2x4x3xf32>
  return %2, %1 : tensor<2x4x3xf32>, tensor<2x4x6xf32>
}

// -----

// The softmax runs along the queries.
// CHECK-LABEL: func @queries
// CHECK-NOT:     graph.attention
func.func @queries(%q: tensor<2x4x8xf32>, %k: tensor<2x6x8xf32>, %v: tensor<2x6x3xf32>) -> tensor<2x4x3xf32> {
  %0 = graph.contract "bsd,btd->bst" %q, %k : (tensor<2x4x8xf32>, tensor<2x6x8xf32>) -> tensor<2x4x6xf32>
  %1 = graph.softmax %0 axis = 1 : tensor<2x4x6xf32>
  %2 = graph.contract "bst,bte->bse" %1, %v : (tensor<2x4x6xf32>, tensor<2x6x3xf32>) -> tensor<2x4x3xf32>
  return %2 : tensor<2x4x3xf32>
}

// -----

// The weights are contracted along the queries.
// CHECK-LABEL: func @transposed
// CHECK-NOT:     graph.attention
func.func @transposed(%q: tensor<2x4x8xf32>, %k: tensor<2x6x8xf32>, %v: tensor<2x4x3xf32>) -> tensor<2x6x3xf32> {
  %0 = graph.contract "bsd,btd->bst" %q, %k : (tensor<2x4x8xf32>, tensor<2x6x8xf32>) -> tensor<2x4x6xf32>
  %1 = graph.softmax %0 axis = 2 : tensor<2x4x6xf32>
  %2 = graph.contract "bst,bse->bte" %1, %v : (tensor<2x4x6xf32>, tensor<2x4x3xf32>) -> tensor<2x6x3xf32>
  return %2 : tensor<2x6x3xf32>
}
