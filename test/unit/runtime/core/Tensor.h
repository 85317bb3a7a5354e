//===- Tensor.h - Tensors of a call -----------------------------*- C++ -*-===//

#ifndef MSC_TEST_UNIT_RUNTIME_CORE_TENSOR_H
#define MSC_TEST_UNIT_RUNTIME_CORE_TENSOR_H

#include "msc/msc.h"

/// An f32 tensor of a call. `bytes` is what `data` holds.
inline msc_tensor tensor(void *data, uint64_t bytes, uint32_t rank,
                         int64_t *dims) {
  msc_tensor tensor = {};
  tensor.size = sizeof tensor;
  tensor.dtype = MSC_F32;
  tensor.data = data;
  tensor.bytes = bytes;
  tensor.rank = rank;
  tensor.dims = dims;
  return tensor;
}

#endif // MSC_TEST_UNIT_RUNTIME_CORE_TENSOR_H
