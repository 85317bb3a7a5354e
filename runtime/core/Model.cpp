#include "runtime/core/Model.h"

#include "runtime/core/Cpu.h"
#include "runtime/core/Error.h"
#include "runtime/core/Signature.h"

#include <cstring>

using namespace msc::rt;

void msc_model::release() {
  if (references.fetch_sub(1, std::memory_order_acq_rel) == 1)
    destroy(this);
}

extern "C" {

MSC_API const char *msc_version(void) { return MSC_VERSION_STRING; }

MSC_API const char *msc_status_name(msc_status status) {
  switch (status) {
  case MSC_OK:
    return "ok";
  case MSC_INVALID_ARGUMENT:
    return "invalid argument";
  case MSC_INCOMPATIBLE:
    return "incompatible";
  case MSC_OUT_OF_MEMORY:
    return "out of memory";
  case MSC_BUSY:
    return "busy";
  case MSC_IO_ERROR:
    return "input or output error";
  case MSC_INTERNAL:
    return "internal error";
  }
  return "unknown status";
}

MSC_API msc_status msc_model_load(const msc_model_desc *desc,
                                  const msc_model_options *options,
                                  msc_model **model) {
  Error &error = threadError();
  if (!desc || !model)
    return error.fail(MSC_INVALID_ARGUMENT, "%s is NULL",
                      desc ? "model" : "desc");
  *model = nullptr;
  if (options &&
      (options->size < sizeof(msc_model_options) || options->reserved != 0 ||
       !isKnownStruct(options, options->size, sizeof(msc_model_options))))
    return error.fail(MSC_INVALID_ARGUMENT,
                      "msc_model_options: size is wrong or a field is unknown "
                      "to this runtime (" MSC_VERSION_STRING ")");
  if (msc_status status = checkDescriptor(*desc, error))
    return status;
  char feature[64];
  if (findMissingCpuFeature(desc->cpu, feature, sizeof feature))
    return error.fail(MSC_INCOMPATIBLE,
                      "model '%s' needs the CPU feature '%s', which this "
                      "machine lacks; compile it for this CPU (--march)",
                      desc->name, feature);
  *model = create<msc_model>(*desc);
  if (!*model)
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  return MSC_OK;
}

MSC_API void msc_model_free(msc_model *model) {
  if (model)
    model->release();
}

MSC_API const char *msc_model_name(const msc_model *model) {
  return model->desc.name;
}
MSC_API const char *msc_model_producer(const msc_model *model) {
  return model->desc.producer;
}
MSC_API uint64_t msc_model_weights_bytes(const msc_model *model) {
  return model->desc.weights_bytes;
}
MSC_API uint32_t msc_model_num_inputs(const msc_model *model) {
  return model->desc.num_inputs;
}
MSC_API uint32_t msc_model_num_outputs(const msc_model *model) {
  return model->desc.num_outputs;
}

} // extern "C"

/// Fills the fields that the caller's version of the struct has.
template <typename T> static msc_status fillInfo(T *info, T value) {
  if (!info || info->size < sizeof(uint32_t))
    return threadError().fail(MSC_INVALID_ARGUMENT,
                              "info is NULL or its size is not set");
  value.size = info->size;
  std::memcpy(static_cast<void *>(info), &value,
              info->size < sizeof(T) ? info->size : sizeof(T));
  return MSC_OK;
}

static const msc_tensor_desc *findTensor(const msc_tensor_desc *tensors,
                                         uint32_t count, uint32_t index,
                                         const char *kind) {
  if (index < count)
    return &tensors[index];
  threadError().fail(MSC_INVALID_ARGUMENT, "no %s %u: the model has %u", kind,
                     index, count);
  return nullptr;
}

static msc_status tensorInfo(const msc_tensor_desc *tensor,
                             msc_tensor_info *info) {
  if (!tensor)
    return MSC_INVALID_ARGUMENT;
  msc_tensor_info value = {};
  value.dtype = tensor->dtype;
  value.rank = tensor->rank;
  value.name = tensor->name;
  return fillInfo(info, value);
}

static msc_status dimInfo(const msc_model_desc &model,
                          const msc_tensor_desc *tensor, uint32_t axis,
                          msc_dim_info *info) {
  if (!tensor)
    return MSC_INVALID_ARGUMENT;
  if (axis >= tensor->rank)
    return threadError().fail(MSC_INVALID_ARGUMENT,
                              "no axis %u: '%s' has rank %u", axis,
                              tensor->name, tensor->rank);
  const msc_dim_desc &dim = tensor->dims[axis];
  msc_dim_info value = {};
  value.id = dim.extent >= 0 ? -1 : dim.id;
  value.min = value.max = dim.extent;
  if (dim.extent < 0) {
    const msc_dim_range &range = model.dims[dim.id];
    value.min = range.min;
    value.max = range.max;
    value.name = *range.name ? range.name : nullptr;
    value.decided = range.decided != 0;
  }
  return fillInfo(info, value);
}

/// Dims of inputs that the caller describes, for the two queries below.
static msc_status bindForQuery(const msc_model_desc &desc,
                               const msc_tensor *inputs, uint32_t numInputs,
                               Array<int64_t> &extents) {
  Error &error = threadError();
  TensorArray tensors;
  if (msc_status status =
          tensors.adopt(inputs, numInputs, desc.num_inputs, "input", error))
    return status;
  if (!extents.resize(desc.num_dims + 1))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  return bindDims(desc, tensors, extents.data(), error);
}

extern "C" {

MSC_API msc_status msc_model_input(const msc_model *model, uint32_t index,
                                   msc_tensor_info *info) {
  return tensorInfo(
      findTensor(model->desc.inputs, model->desc.num_inputs, index, "input"),
      info);
}

MSC_API msc_status msc_model_output(const msc_model *model, uint32_t index,
                                    msc_tensor_info *info) {
  return tensorInfo(
      findTensor(model->desc.outputs, model->desc.num_outputs, index, "output"),
      info);
}

MSC_API msc_status msc_model_input_dim(const msc_model *model, uint32_t index,
                                       uint32_t axis, msc_dim_info *info) {
  return dimInfo(
      model->desc,
      findTensor(model->desc.inputs, model->desc.num_inputs, index, "input"),
      axis, info);
}

MSC_API msc_status msc_model_output_dim(const msc_model *model, uint32_t index,
                                        uint32_t axis, msc_dim_info *info) {
  return dimInfo(
      model->desc,
      findTensor(model->desc.outputs, model->desc.num_outputs, index, "output"),
      axis, info);
}

MSC_API int32_t msc_model_donor(const msc_model *model, uint32_t index) {
  return index < model->desc.num_outputs ? donorOf(model->desc, index) : -1;
}

MSC_API msc_status msc_model_output_dims(const msc_model *model,
                                         const msc_tensor *inputs,
                                         uint32_t num_inputs, uint32_t index,
                                         int64_t *dims, uint32_t rank) {
  const msc_model_desc &desc = model->desc;
  const msc_tensor_desc *output =
      findTensor(desc.outputs, desc.num_outputs, index, "output");
  if (!output)
    return MSC_INVALID_ARGUMENT;
  if (rank < output->rank || (output->rank && !dims))
    return threadError().fail(MSC_INVALID_ARGUMENT,
                              "output '%s' has rank %u, room is for %u",
                              output->name, output->rank, dims ? rank : 0);
  Array<int64_t> extents;
  if (msc_status status = bindForQuery(desc, inputs, num_inputs, extents))
    return status;
  for (uint32_t axis = 0; axis < output->rank; ++axis)
    dims[axis] = extentOf(output->dims[axis], extents.data());
  return MSC_OK;
}

MSC_API msc_status msc_model_arena_bytes(const msc_model *model,
                                         const msc_tensor *inputs,
                                         uint32_t num_inputs, uint64_t *bytes) {
  if (!bytes)
    return threadError().fail(MSC_INVALID_ARGUMENT, "bytes is NULL");
  Array<int64_t> extents;
  if (msc_status status =
          bindForQuery(model->desc, inputs, num_inputs, extents))
    return status;
  *bytes = model->desc.arena_bytes(extents.data());
  return MSC_OK;
}

} // extern "C"
