// RUN: msc-opt %s -linalg-hoist-prepare -verify-diagnostics

#w = #graph.blob<"m", offset = 0, length = 4, hash = "">
// expected-error @below {{expected no symbol 'prepare' yet}}
func.func private @prepare()
func.func @main(%w: tensor<4xf32> {graph.parameter = #w}) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %s = linalg.exp ins(%w : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %s : tensor<4xf32>
}
