#include "runtime/core/Signature.h"

#include "runtime/core/DType.h"

#include <cinttypes>

namespace msc::rt {

bool isKnownStruct(const void *object, uint32_t size, uint32_t known) {
  const auto *bytes = static_cast<const uint8_t *>(object);
  for (uint32_t i = known; i < size; ++i)
    if (bytes[i])
      return false;
  return true;
}

msc_status TensorArray::adopt(const msc_tensor *tensors, uint32_t count,
                              uint32_t expected, const char *kind,
                              Error &error) {
  if (count != expected)
    return error.fail(MSC_INVALID_ARGUMENT, "expected %u %s%s, got %u",
                      expected, kind, expected == 1 ? "" : "s", count);
  if (count == 0)
    return MSC_OK;
  if (!tensors)
    return error.fail(MSC_INVALID_ARGUMENT, "the array of %ss is NULL", kind);
  first = reinterpret_cast<const char *>(tensors);
  stride = tensors->size;
  if (stride < sizeof(msc_tensor) || stride % alignof(msc_tensor) ||
      stride > 4096)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "%s 0: msc_tensor.size is %u, expected %zu", kind, stride,
                      sizeof(msc_tensor));
  for (uint32_t i = 0; i < count; ++i) {
    const msc_tensor &tensor = (*this)[i];
    if (tensor.size != stride)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "%s %u: msc_tensor.size is %u, that of %s 0 is %u",
                        kind, i, tensor.size, kind, stride);
    if (!isKnownStruct(&tensor, stride, sizeof(msc_tensor)))
      return error.fail(MSC_INVALID_ARGUMENT,
                        "%s %u uses fields of a newer msc.h than this "
                        "runtime (" MSC_VERSION_STRING ")",
                        kind, i);
  }
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// Checking a descriptor
//===----------------------------------------------------------------------===//

static msc_status checkTensorDesc(const msc_model_desc &model,
                                  const msc_tensor_desc &tensor,
                                  const char *kind, uint32_t index,
                                  Array<bool> *bound, Error &error) {
  auto fail = [&](const char *what) {
    return error.fail(MSC_INCOMPATIBLE, "invalid descriptor: %s %u: %s", kind,
                      index, what);
  };
  if (!tensor.name)
    return fail("no name");
  if (!bitsOf(tensor.dtype))
    return fail("unknown dtype");
  if (tensor.rank > MSC_MAX_RANK)
    return fail("rank too large");
  if (tensor.rank && !tensor.dims)
    return fail("no dims");
  int64_t staticDims[MSC_MAX_RANK];
  for (uint32_t axis = 0; axis < tensor.rank; ++axis) {
    const msc_dim_desc &dim = tensor.dims[axis];
    staticDims[axis] = dim.extent >= 0 ? dim.extent : 1;
    if (dim.extent >= 0)
      continue;
    if (dim.extent != -1 || dim.id < 0 ||
        static_cast<uint32_t>(dim.id) >= model.num_dims)
      return fail("bad dim");
    if (bound)
      (*bound)[dim.id] = true;
  }
  int64_t elements;
  uint64_t bytes;
  if (!countElements(staticDims, tensor.rank, elements) ||
      !countBytes(tensor.dtype, elements, bytes))
    return fail("size overflows");
  return MSC_OK;
}

/// An output that is in an input's buffer is a tensor like it, and alone there.
static msc_status checkDonors(const msc_model_desc &model, Error &error) {
  for (uint32_t i = 0; model.donors && i < model.num_outputs; ++i) {
    int32_t donor = model.donors[i];
    auto fail = [&](const char *what) {
      return error.fail(MSC_INCOMPATIBLE, "invalid descriptor: output %u: %s",
                        i, what);
    };
    if (donor == -1)
      continue;
    if (donor < 0 || static_cast<uint32_t>(donor) >= model.num_inputs)
      return fail("bad donor");
    for (uint32_t j = 0; j < i; ++j)
      if (model.donors[j] == donor)
        return fail("its donor has another output");
    const msc_tensor_desc &output = model.outputs[i];
    const msc_tensor_desc &input = model.inputs[donor];
    bool fits = output.dtype == input.dtype && output.rank == input.rank;
    for (uint32_t axis = 0; fits && axis < output.rank; ++axis)
      fits = output.dims[axis].extent == input.dims[axis].extent &&
             (output.dims[axis].extent >= 0 ||
              output.dims[axis].id == input.dims[axis].id);
    if (!fits)
      return fail("its donor has another type");
  }
  return MSC_OK;
}

msc_status checkDescriptor(const msc_model_desc &model, Error &error) {
  if (model.abi_version != MSC_MODEL_ABI_VERSION)
    return error.fail(MSC_INCOMPATIBLE,
                      "the model has ABI version %u, this runtime "
                      "(" MSC_VERSION_STRING ") needs %u; compile the model "
                      "again with the msc of this runtime",
                      model.abi_version, MSC_MODEL_ABI_VERSION);
  if (model.struct_size != sizeof(msc_model_desc))
    return error.fail(MSC_INCOMPATIBLE,
                      "the model's descriptor has %u bytes, expected %zu; "
                      "compile the model again with the msc of this runtime",
                      model.struct_size, sizeof(msc_model_desc));
  auto fail = [&](const char *what) {
    return error.fail(MSC_INCOMPATIBLE, "invalid descriptor: %s", what);
  };
  if (!model.name || !model.producer || !model.cpu)
    return fail("no name, producer or cpu");
  if (!model.entry || !model.arena_bytes)
    return fail("no entry or arena_bytes");
  if ((model.num_inputs && !model.inputs) ||
      (model.num_outputs && !model.outputs) ||
      (model.num_dims && !model.dims) || (model.num_regions && !model.regions))
    return fail("a table is missing");
  if (model.num_intermediates > model.num_outputs)
    return fail("it has more intermediates than outputs");
  if (model.weights_bytes &&
      (!model.weights ||
       reinterpret_cast<uintptr_t>(model.weights) % MSC_WEIGHTS_ALIGNMENT))
    return fail("weights are missing or unaligned");
  for (uint32_t i = 0; i < model.num_regions; ++i) {
    const msc_region_desc &region = model.regions[i];
    if (!region.name || !region.ops || !region.schedule)
      return fail("a region has no name, ops or schedule");
  }
  for (uint32_t i = 0; i < model.num_dims; ++i) {
    const msc_dim_range &dim = model.dims[i];
    if (!dim.name || dim.min < 0 || dim.max < dim.min)
      return fail("a dim has no name or an empty range");
    if (dim.decided && !model.derive_dims)
      return fail("a dim that the data decide has no bound");
  }

  Array<bool> bound;
  if (!bound.resize(model.num_dims))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  for (uint32_t i = 0; i < model.num_inputs; ++i)
    if (msc_status status =
            checkTensorDesc(model, model.inputs[i], "input", i, &bound, error))
      return status;
  for (uint32_t i = 0; i < model.num_outputs; ++i)
    if (msc_status status = checkTensorDesc(model, model.outputs[i], "output",
                                            i, nullptr, error))
      return status;
  for (uint32_t i = 0; i < model.num_dims; ++i)
    if (!bound[i] && model.dims[i].min != model.dims[i].max &&
        !model.derive_dims)
      return error.fail(MSC_INCOMPATIBLE,
                        "invalid descriptor: no input determines dim '%s'",
                        model.dims[i].name);
  return checkDonors(model, error);
}

//===----------------------------------------------------------------------===//
// Tensors against the signature
//===----------------------------------------------------------------------===//

void describe(TextBuffer &text, const msc_model_desc &model,
              const msc_tensor_desc &desc) {
  text.add("%s[", nameOf(desc.dtype));
  for (uint32_t axis = 0; axis < desc.rank; ++axis) {
    const msc_dim_desc &dim = desc.dims[axis];
    text.add(axis ? ", " : "");
    if (dim.extent >= 0)
      text.add("%" PRId64, dim.extent);
    else if (*model.dims[dim.id].name)
      text.add("%s", model.dims[dim.id].name);
    else
      text.add("d%d", dim.id);
  }
  text.add("]");
}

void describe(TextBuffer &text, uint32_t dtype, uint32_t rank,
              const int64_t *dims) {
  text.add("%s[", nameOf(dtype));
  for (uint32_t axis = 0; axis < rank; ++axis)
    text.add("%s%" PRId64, axis ? ", " : "", dims[axis]);
  text.add("]");
}

msc_status checkTensor(const msc_model_desc &model, const msc_tensor_desc &desc,
                       const char *kind, uint32_t dtype, uint32_t rank,
                       const int64_t *dims, Error &error) {
  bool fits = dtype == desc.dtype && rank == desc.rank;
  for (uint32_t axis = 0; fits && axis < rank; ++axis)
    fits = dims[axis] >= 0 &&
           (desc.dims[axis].extent < 0 || dims[axis] == desc.dims[axis].extent);
  if (!fits) {
    char expected[512], got[512];
    TextBuffer expectedText(expected, sizeof expected);
    TextBuffer gotText(got, sizeof got);
    describe(expectedText, model, desc);
    // A rank beyond ours may be garbage: show no dims of it.
    if (rank <= MSC_MAX_RANK)
      describe(gotText, dtype, rank, dims);
    else
      gotText.add("rank %u", rank);
    return error.fail(MSC_INVALID_ARGUMENT, "%s '%s': expected %s, got %s",
                      kind, desc.name, expected, got);
  }
  for (uint32_t axis = 0; axis < rank; ++axis) {
    if (desc.dims[axis].extent >= 0)
      continue;
    const msc_dim_range &range = model.dims[desc.dims[axis].id];
    if (dims[axis] < range.min || dims[axis] > range.max)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "%s '%s': expected dim %u ('%s') in [%" PRId64
                        ", %" PRId64 "], got %" PRId64,
                        kind, desc.name, axis, range.name, range.min, range.max,
                        dims[axis]);
  }
  return MSC_OK;
}

/// The dims that no input has.
static msc_status deriveDims(const msc_model_desc &model, int64_t *extents,
                             Error &error) {
  if (const char *reason = model.derive_dims(extents))
    return error.fail(MSC_INVALID_ARGUMENT, "the inputs' shapes do not fit: %s",
                      reason);
  for (uint32_t i = 0; i < model.num_dims; ++i)
    if (extents[i] < 0)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "the inputs' shapes do not fit: dim '%s' of the "
                        "outputs would be %" PRId64,
                        model.dims[i].name, extents[i]);
  return MSC_OK;
}

msc_status bindDims(const msc_model_desc &model, const TensorArray &inputs,
                    int64_t *extents, Error &error) {
  // A dim that no input has is pinned by its range (checkDescriptor).
  for (uint32_t i = 0; i < model.num_dims; ++i)
    extents[i] =
        model.dims[i].min == model.dims[i].max ? model.dims[i].min : -1;
  for (uint32_t i = 0; i < model.num_inputs; ++i) {
    const msc_tensor_desc &desc = model.inputs[i];
    const msc_tensor &tensor = inputs[i];
    if (tensor.rank && !tensor.dims)
      return error.fail(MSC_INVALID_ARGUMENT, "input '%s': dims is NULL",
                        desc.name);
    if (msc_status status = checkTensor(model, desc, "input", tensor.dtype,
                                        tensor.rank, tensor.dims, error))
      return status;
    for (uint32_t axis = 0; axis < desc.rank; ++axis) {
      if (desc.dims[axis].extent >= 0)
        continue;
      int64_t &extent = extents[desc.dims[axis].id];
      if (extent >= 0 && extent != tensor.dims[axis])
        return error.fail(MSC_INVALID_ARGUMENT,
                          "input '%s': expected dim %u ('%s') to be %" PRId64
                          " as elsewhere, got %" PRId64,
                          desc.name, axis, model.dims[desc.dims[axis].id].name,
                          extent, tensor.dims[axis]);
      extent = tensor.dims[axis];
    }
  }
  return model.derive_dims ? deriveDims(model, extents, error) : MSC_OK;
}

bool sizeOf(const msc_tensor_desc &desc, const int64_t *extents,
            int64_t &elements, uint64_t &bytes) {
  int64_t dims[MSC_MAX_RANK];
  for (uint32_t axis = 0; axis < desc.rank; ++axis)
    dims[axis] = extentOf(desc.dims[axis], extents);
  return countElements(dims, desc.rank, elements) &&
         countBytes(desc.dtype, elements, bytes);
}

} // namespace msc::rt
