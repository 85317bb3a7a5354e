// RUN: msc-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{expected the argument donated to result 0 to be 'tensor<4xf32>', got 'tensor<8xf32>'}}
func.func private @type(tensor<8xf32> {plan.donated = 0 : i64}, tensor<4xf32>) -> tensor<4xf32>

// -----

// expected-error @below {{expected a donation to one of 1 results, got number 1}}
func.func private @range(tensor<4xf32> {plan.donated = 1 : i64}) -> tensor<4xf32>

// -----

// expected-error @below {{expected the number of a result as 'plan.donated', got unit}}
func.func private @number(tensor<4xf32> {plan.donated}) -> tensor<4xf32>

// -----

// expected-error @below {{expected the number of a result as 'plan.donated', got -1 : i64}}
func.func private @negative(tensor<4xf32> {plan.donated = -1 : i64}) -> tensor<4xf32>

// -----

// expected-error @below {{expected one argument donated to result 0, got 0 and 1}}
func.func private @twice(tensor<4xf32> {plan.donated = 0 : i64}, tensor<4xf32> {plan.donated = 0 : i64}) -> tensor<4xf32>

// -----

// Where results are no longer returned there is none to compare with.
func.func private @planned(memref<4xf32> {plan.donated = 3 : i64})
