// RUN: msc-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{attribute 'npu.kernel' is for functions only [kernel_c1]}}
module attributes {npu.kernel} {}

// -----

// expected-error @+1 {{expected a kernel without results, got 1 [kernel_c2]}}
func.func @result(%n: index) -> index attributes {npu.kernel} {
  return %n : index
}

// -----

// expected-error @+1 {{expected buffers without memory space and 'index' as arguments of a kernel, got 'f32' [kernel_c2]}}
func.func @argument(%x: f32) attributes {npu.kernel} {
  return
}

// -----

func.func @two_signal() attributes {npu.kernel} {
  // expected-note @+1 {{the other use}}
  npu.signal dma0, 1
  // expected-error @+1 {{expected one unit at this end of a semaphore, got 'dma1' and 'dma0' [kernel_c3]}}
  npu.signal dma1, 1
  return
}

// -----

func.func @itself() attributes {npu.kernel} {
  npu.signal dma0, 1
  // expected-error @+1 {{expected two units at the ends of a semaphore, got 'dma0' at both [kernel_c3]}}
  npu.wait dma0, 1
  return
}

// -----

// A function that is no kernel may be a part of one: nothing is known yet.
func.func @no_kernel() {
  npu.signal dma0, 1
  npu.signal dma1, 1
  return
}
