#include "runtime/io/HostTensor.h"

#include <cinttypes>

namespace msc::rt {

uint64_t Expected::largestBytes() const {
  int64_t dims[MSC_MAX_RANK];
  for (uint32_t axis = 0; axis < tensor.rank; ++axis) {
    const msc_dim_desc &dim = tensor.dims[axis];
    dims[axis] = dim.extent >= 0 ? dim.extent : model.dims[dim.id].max;
  }
  uint32_t dtype = bitsOf(tensor.dtype) < 8 ? MSC_U8 : tensor.dtype;
  int64_t elements;
  uint64_t bytes;
  if (!countElements(dims, tensor.rank, elements) ||
      !countBytes(dtype, elements, bytes))
    return INT64_MAX;
  return bytes;
}

msc_status allocateTensor(HostTensor &tensor, Error &error) {
  int64_t elements;
  uint64_t bytes;
  if (!countElements(tensor.dims, tensor.rank, elements) ||
      !countBytes(tensor.dtype, elements, bytes))
    return error.fail(MSC_INVALID_ARGUMENT, "the size overflows");
  if (!tensor.data.allocate(bytes))
    return error.fail(MSC_OUT_OF_MEMORY,
                      "out of memory: %" PRIu64 " bytes wanted", bytes);
  return MSC_OK;
}

msc_status checkValues(const HostTensor &tensor, Error &error) {
  if (tensor.dtype != MSC_BOOL)
    return MSC_OK;
  for (uint64_t i = 0; i < tensor.data.size(); ++i)
    if (tensor.data.begin()[i] > 1)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "element %" PRIu64 " of a bool tensor is %d", i,
                        tensor.data.begin()[i]);
  return MSC_OK;
}

} // namespace msc::rt
