// Attributes on the arguments and results of functions.

// RUN: msc-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expected a string for 'graph.name'}}
func.func @name(%a: tensor<4xf32> {graph.name = 1}) {
  return
}

// -----

// expected-error @+1 {{expected an array of names for 'graph.dims'}}
func.func @dims_kind(%a: tensor<?xf32> {graph.dims = [1]}) {
  return
}

// -----

// expected-error @+1 {{expected one name per dim in 'graph.dims', got 1}}
func.func @dims_count(%a: tensor<?x4xf32> {graph.dims = ["batch"]}) {
  return
}

// -----

// expected-error @+1 {{expected a type for 'graph.element_type'}}
func.func @element_type(%a: tensor<4xi8> {graph.element_type = "ui8"}) {
  return
}

// -----

// expected-error @+1 {{expected a #graph.blob for 'graph.parameter'}}
func.func @parameter_kind(%a: tensor<4xf32> {graph.parameter = "weights"}) {
  return
}

// -----

// expected-error @+1 {{expected a static shape for a parameter, got 'tensor<?xf32>'}}
func.func @parameter_shape(%a: tensor<?xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 16, hash = "">}) {
  return
}

// -----

// expected-error @+1 {{unknown attribute 'graph.nme'}}
func.func @unknown(%a: tensor<4xf32> {graph.nme = "a"}) {
  return
}

// -----

// expected-error @+1 {{attribute 'graph.parameter' is for arguments of functions only}}
func.func @result(%a: tensor<4xf32>) -> (tensor<4xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 16, hash = "">}) {
  return %a : tensor<4xf32>
}

// -----

// expected-error @+1 {{expected no value for 'graph.intermediate'}}
func.func @intermediate(%a: tensor<4xf32>) -> (tensor<4xf32> {graph.intermediate = true}) {
  return %a : tensor<4xf32>
}
