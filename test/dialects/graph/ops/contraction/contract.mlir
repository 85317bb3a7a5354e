// RUN: msc-opt %s -split-input-file | msc-opt -split-input-file | FileCheck %s

// CHECK-LABEL: @matmul
// CHECK: graph.contract "mk,kn->mn" %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
func.func @matmul(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

// Any batch, order and transposition; extents may be known on one side only.
// CHECK-LABEL: @batch
// CHECK: graph.contract "bmk,bnk->nbm"
func.func @batch(%a: tensor<?x3x?xf32>, %b: tensor<2x4x5xf32>) -> tensor<4x2x3xf32> {
  %r = graph.contract "bmk,bnk->nbm" %a, %b : (tensor<?x3x?xf32>, tensor<2x4x5xf32>) -> tensor<4x2x3xf32>
  return %r : tensor<4x2x3xf32>
}

// -----

// CHECK-LABEL: @dot
// CHECK: graph.contract "k,k->"
func.func @dot(%a: tensor<5xbf16>, %b: tensor<5xbf16>) -> tensor<f32> {
  %r = graph.contract "k,k->" %a, %b : (tensor<5xbf16>, tensor<5xbf16>) -> tensor<f32>
  return %r : tensor<f32>
}

// -----

// CHECK-LABEL: @outer
// CHECK: graph.contract "i,j->ij"
func.func @outer(%a: tensor<5xi8>, %b: tensor<3xui8>) -> tensor<5x3xi32> {
  %r = graph.contract "i,j->ij" %a, %b : (tensor<5xi8>, tensor<3xui8>) -> tensor<5x3xi32>
  return %r : tensor<5x3xi32>
}
