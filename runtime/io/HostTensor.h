// A tensor that was read from a file or is to be written to one.
#ifndef MSC_RUNTIME_IO_HOSTTENSOR_H
#define MSC_RUNTIME_IO_HOSTTENSOR_H

#include "runtime/abi/model.h"
#include "runtime/core/DType.h"
#include "runtime/core/Memory.h"
#include "runtime/core/Signature.h"

namespace msc::rt {

struct HostTensor {
  uint32_t dtype = 0;
  uint32_t rank = 0;
  int64_t dims[MSC_MAX_RANK] = {};
  Block data;
};

/// What a reader may accept: an input of a model. Readers check dtype and
/// dims against it before they allocate, so a file cannot ask for more memory
/// than the model's largest tensor.
struct Expected {
  const msc_model_desc &model;
  const msc_tensor_desc &tensor;

  msc_status check(uint32_t dtype, uint32_t rank, const int64_t *dims,
                   Error &error) const {
    return checkTensor(model, tensor, "input", dtype, rank, dims, error);
  }
  /// Bytes of the largest tensor that fits, one byte an element at least (as
  /// files store 4-bit values). Saturates.
  uint64_t largestBytes() const;
};

/// Allocates the data of `tensor`, whose dtype, rank and dims are checked.
msc_status allocateTensor(HostTensor &tensor, Error &error);

/// What compiled code assumes of values: bools are 0 or 1.
msc_status checkValues(const HostTensor &tensor, Error &error);

} // namespace msc::rt

#endif
