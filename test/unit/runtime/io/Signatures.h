// Models without code, for readers that check tensors against a signature.
#ifndef MSC_TEST_UNIT_RUNTIME_IO_SIGNATURES_H
#define MSC_TEST_UNIT_RUNTIME_IO_SIGNATURES_H

#include "runtime/io/HostTensor.h"

#include <initializer_list>
#include <vector>

namespace msc::rt::test {

/// One input "x"; an extent of -1 is a dim of its own in [0, 64].
class Signature {
public:
  Signature(uint32_t dtype, std::initializer_list<int64_t> extents) {
    for (int64_t extent : extents) {
      dims.push_back(
          {extent, extent < 0 ? static_cast<int32_t>(ranges.size()) : -1});
      if (extent < 0)
        ranges.push_back({"n", 0, 64, 0});
    }
    tensor = {"x", dtype, static_cast<uint32_t>(dims.size()), dims.data()};
    model.num_inputs = 1;
    model.inputs = &tensor;
    model.num_dims = static_cast<uint32_t>(ranges.size());
    model.dims = ranges.data();
  }
  Signature(const Signature &) = delete;

  Expected expected() const { return {model, tensor}; }

private:
  std::vector<msc_dim_desc> dims;
  std::vector<msc_dim_range> ranges;
  msc_tensor_desc tensor = {};
  msc_model_desc model = {};
};

/// True if the data of a tensor that was read has the size its dims say.
inline bool isConsistent(const HostTensor &tensor) {
  int64_t elements;
  uint64_t bytes;
  return countElements(tensor.dims, tensor.rank, elements) &&
         countBytes(tensor.dtype, elements, bytes) &&
         bytes == tensor.data.size();
}

} // namespace msc::rt::test

#endif
