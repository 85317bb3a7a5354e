// A model's signature: checking it, binding its dims, printing it.
#ifndef MSC_RUNTIME_CORE_SIGNATURE_H
#define MSC_RUNTIME_CORE_SIGNATURE_H

#include "runtime/abi/model.h"
#include "runtime/core/Error.h"
#include "runtime/core/Memory.h"

namespace msc::rt {

/// The caller's array of tensors, whose elements may be larger than ours.
class TensorArray {
public:
  /// Checks count and sizes. `kind` is "input" or "output".
  msc_status adopt(const msc_tensor *tensors, uint32_t count, uint32_t expected,
                   const char *kind, Error &error);

  const msc_tensor &operator[](uint32_t index) const {
    return *reinterpret_cast<const msc_tensor *>(first +
                                                 size_t(index) * stride);
  }

private:
  const char *first = nullptr;
  uint32_t stride = 0;
};

/// True if the `size` bytes of a caller's struct hold nothing that this
/// version of the runtime, which knows `known` bytes, would ignore.
bool isKnownStruct(const void *object, uint32_t size, uint32_t known);

/// Checks everything in a descriptor that the runtime relies on.
msc_status checkDescriptor(const msc_model_desc &model, Error &error);

/// Checks dtype, rank and extents of one tensor against the signature, ids
/// aside.
msc_status checkTensor(const msc_model_desc &model, const msc_tensor_desc &desc,
                       const char *kind, uint32_t dtype, uint32_t rank,
                       const int64_t *dims, Error &error);

/// Checks all inputs and gives every dynamic dim its extent. `extents` has
/// room for model.num_dims.
msc_status bindDims(const msc_model_desc &model, const TensorArray &inputs,
                    int64_t *extents, Error &error);

/// The extent of `dim` once dims are bound.
inline int64_t extentOf(const msc_dim_desc &dim, const int64_t *extents) {
  return dim.extent >= 0 ? dim.extent : extents[dim.id];
}

/// The input whose buffer is that of an output; -1: none.
inline int32_t donorOf(const msc_model_desc &model, uint32_t output) {
  return model.donors ? model.donors[output] : -1;
}

/// Elements and bytes of a tensor once dims are bound; false on overflow.
bool sizeOf(const msc_tensor_desc &desc, const int64_t *extents,
            int64_t &elements, uint64_t &bytes);

/// "f32[batch, 8, 8]".
void describe(TextBuffer &text, const msc_model_desc &model,
              const msc_tensor_desc &desc);
void describe(TextBuffer &text, uint32_t dtype, uint32_t rank,
              const int64_t *dims);

} // namespace msc::rt

#endif
