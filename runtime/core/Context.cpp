#include "runtime/core/Context.h"

#include "runtime/core/Clock.h"
#include "runtime/core/CpuQuota.h"
#include "runtime/core/DType.h"

#include <cinttypes>
#include <cstring>

using namespace msc::rt;

namespace {

/// What a pointer to a tensor without elements points to.
alignas(MSC_BUFFER_ALIGNMENT) unsigned char emptyTensor[MSC_BUFFER_ALIGNMENT];

bool isAligned(const void *pointer) {
  return reinterpret_cast<uintptr_t>(pointer) % MSC_BUFFER_ALIGNMENT == 0;
}

bool overlap(const void *a, uint64_t aBytes, const void *b, uint64_t bBytes) {
  auto first = reinterpret_cast<uintptr_t>(a);
  auto second = reinterpret_cast<uintptr_t>(b);
  return aBytes && bBytes && first < second + bBytes && second < first + aBytes;
}

} // namespace

struct msc_context::Loop {
  msc_context *context;
  msc_rt_body body;
  void *closure;
};

msc_context::msc_context(msc_model &model, const msc_context_options &options,
                         unsigned threads)
    : model(model), threads(threads), pinThreads(options.pin_threads != 0),
      arena(options.arena), arenaSize(options.arena ? options.arena_bytes : 0),
      callersArena(options.arena != nullptr) {
  parallel_for = parallelFor;
  mark = markRegion;
  model.retain();
}

msc_context::~msc_context() {
  pool.stop();
  model.release();
}

msc_status msc_context::prepare() {
  const msc_model_desc &desc = model.desc;
  // One more of each, so that no array is a null pointer.
  if (!extents.resize(desc.num_dims + size_t(1)) ||
      !sizes.resize(size_t(desc.num_inputs) + desc.num_outputs + 1) ||
      !inputPointers.resize(desc.num_inputs + size_t(1)) ||
      !outputPointers.resize(desc.num_outputs + size_t(1)) ||
      !staging.make(size_t(desc.num_inputs) + desc.num_outputs))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  // The arena of a static model is known: a context that cannot run fails now.
  return desc.num_dims == 0 ? reserveArena() : MSC_OK;
}

msc_status msc_context::reserveArena() {
  uint64_t needed = model.desc.arena_bytes(extents.data());
  if (arena && needed <= arenaSize)
    return MSC_OK;
  if (needed == UINT64_MAX)
    return error.fail(MSC_OUT_OF_MEMORY,
                      "out of memory: the arena needs 2^62 bytes or more");
  // The sum of what no tensor can have.
  if (needed > INT64_MAX)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the inputs' extents make an extent inside of the model "
                      "negative");
  if (callersArena)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the arena has %" PRIu64 " bytes, this call needs "
                      "%" PRIu64,
                      arenaSize, needed);
  bool allocated = ownArena.allocate(needed);
  arena = ownArena.data();
  arenaSize = ownArena.size();
  if (!allocated)
    return error.fail(MSC_OUT_OF_MEMORY,
                      "out of memory: the arena needs %" PRIu64 " bytes",
                      needed);
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// A run
//===----------------------------------------------------------------------===//

msc_status msc_context::checkBuffers(const TensorArray &inputs,
                                     const TensorArray &outputs) {
  const msc_model_desc &desc = model.desc;
  uint32_t count = desc.num_inputs + desc.num_outputs;
  auto tensorAt = [&](uint32_t i) -> const msc_tensor & {
    return i < desc.num_inputs ? inputs[i] : outputs[i - desc.num_inputs];
  };
  auto descAt = [&](uint32_t i) -> const msc_tensor_desc & {
    return i < desc.num_inputs ? desc.inputs[i]
                               : desc.outputs[i - desc.num_inputs];
  };
  for (uint32_t i = 0; i < count; ++i) {
    bool isInput = i < desc.num_inputs;
    const char *kind = isInput ? "input" : "output";
    const msc_tensor &tensor = tensorAt(i);
    const msc_tensor_desc &expected = descAt(i);
    int64_t elements;
    if (!sizeOf(expected, extents.data(), elements, sizes[i]))
      return error.fail(MSC_INVALID_ARGUMENT, "%s '%s': size overflows", kind,
                        expected.name);
    if (!isInput &&
        (tensor.dtype != expected.dtype || tensor.rank != expected.rank))
      return error.fail(MSC_INVALID_ARGUMENT,
                        "output '%s': expected %s of rank %u, got %s of rank "
                        "%u",
                        expected.name, nameOf(expected.dtype), expected.rank,
                        nameOf(tensor.dtype), tensor.rank);
    int32_t donor = isInput ? -1 : donorOf(desc, i - desc.num_inputs);
    if (isInput ? tensor.bytes != sizes[i]
                : donor < 0 && tensor.bytes < sizes[i])
      return error.fail(MSC_INVALID_ARGUMENT,
                        "%s '%s': expected %s%" PRIu64 " bytes, got %" PRIu64,
                        kind, expected.name, isInput ? "" : "at least ",
                        sizes[i], tensor.bytes);
    for (uint32_t axis = 0; !isInput && !tensor.dims && axis < expected.rank;
         ++axis)
      if (expected.dims[axis].extent < 0 &&
          desc.dims[expected.dims[axis].id].decided)
        return error.fail(MSC_INVALID_ARGUMENT,
                          "output '%s': dims is NULL, and the data decide its "
                          "extents",
                          expected.name);
    if (donor >= 0) {
      if (tensor.data && tensor.data != inputs[donor].data)
        return error.fail(
            MSC_INVALID_ARGUMENT,
            "output '%s' is in the buffer of input '%s': expected "
            "its data, or NULL",
            expected.name, desc.inputs[donor].name);
    } else if (sizes[i] && !tensor.data) {
      return error.fail(MSC_INVALID_ARGUMENT, "%s '%s': data is NULL", kind,
                        expected.name);
    }
  }
  // Compiled code may write an output before it has read an input. A donated
  // input stands for its output.
  auto donorAt = [&](uint32_t i) {
    return i < desc.num_inputs ? -1 : donorOf(desc, i - desc.num_inputs);
  };
  auto dataAt = [&](uint32_t i) {
    return donorAt(i) < 0 ? tensorAt(i).data : inputs[donorAt(i)].data;
  };
  for (uint32_t i = desc.num_inputs; i < count; ++i)
    for (uint32_t j = 0; j < i; ++j)
      if (static_cast<int64_t>(j) != donorAt(i) &&
          overlap(dataAt(i), sizes[i], dataAt(j), sizes[j]))
        return error.fail(MSC_INVALID_ARGUMENT, "output '%s' overlaps '%s'",
                          descAt(i).name, descAt(j).name);
  return MSC_OK;
}

msc_status msc_context::stage(const TensorArray &inputs,
                              const TensorArray &outputs) {
  const msc_model_desc &desc = model.desc;
  uint32_t count = desc.num_inputs + desc.num_outputs;
  for (uint32_t i = 0; i < count; ++i) {
    bool isInput = i < desc.num_inputs;
    void *data = isInput ? inputs[i].data : outputs[i - desc.num_inputs].data;
    int32_t donor = isInput ? -1 : donorOf(desc, i - desc.num_inputs);
    if (donor >= 0) {
      // Also where that is a staging buffer, from which it is copied back.
      outputPointers[i - desc.num_inputs] =
          const_cast<void *>(inputPointers[donor]);
      continue;
    }
    if (sizes[i] == 0) {
      data = emptyTensor;
    } else if (!isAligned(data)) {
      Block &block = staging[i];
      if (block.size() < sizes[i] && !block.allocate(sizes[i]))
        return error.fail(MSC_OUT_OF_MEMORY,
                          "out of memory: staging '%s' needs %" PRIu64 " bytes",
                          isInput ? desc.inputs[i].name
                                  : desc.outputs[i - desc.num_inputs].name,
                          sizes[i]);
      if (isInput)
        std::memcpy(block.data(), data, sizes[i]);
      data = block.data();
    }
    if (isInput)
      inputPointers[i] = data;
    else
      outputPointers[i - desc.num_inputs] = data;
  }
  return MSC_OK;
}

void msc_context::finish(const TensorArray &inputs,
                         const TensorArray &outputs) {
  const msc_model_desc &desc = model.desc;
  for (uint32_t i = 0; i < desc.num_outputs; ++i) {
    const msc_tensor &output = outputs[i];
    // Of what the data have decided there may be less than there is room for.
    uint64_t bytes = sizes[desc.num_inputs + i];
    int64_t elements;
    sizeOf(desc.outputs[i], extents.data(), elements, bytes);
    int32_t donor = donorOf(desc, i);
    void *data = donor < 0 ? output.data : inputs[donor].data;
    if (bytes && outputPointers[i] != data)
      std::memcpy(data, outputPointers[i], bytes);
    for (uint32_t axis = 0; output.dims && axis < output.rank; ++axis)
      output.dims[axis] = extentOf(desc.outputs[i].dims[axis], extents.data());
  }
}

msc_status msc_context::run(const msc_tensor *inputs, uint32_t numInputs,
                            const msc_tensor *outputs, uint32_t numOutputs) {
  const msc_model_desc &desc = model.desc;
  TensorArray ins, outs;
  msc_status status =
      ins.adopt(inputs, numInputs, desc.num_inputs, "input", error);
  if (!status)
    status = outs.adopt(outputs, numOutputs, desc.num_outputs, "output", error);
  if (!status)
    status = bindDims(desc, ins, extents.data(), error);
  if (!status)
    status = checkBuffers(ins, outs);
  if (!status)
    status = reserveArena();
  if (!status)
    status = stage(ins, outs);
  if (status)
    return status;

  msc_frame frame = {inputPointers.data(), outputPointers.data(),
                     extents.data(),       arena, desc.weights, nullptr};
  numOpen = 0;
  msc_rt_services *before = msc_rt_enter(this);
  int32_t code = desc.entry(&frame);
  msc_rt_enter(before);
  if (code == kFailedCode && frame.reason)
    return error.fail(MSC_INTERNAL, "model '%s' failed: %s", desc.name,
                      frame.reason);
  if (code != 0 && frame.reason)
    return error.fail(MSC_INVALID_ARGUMENT, "the inputs do not fit: %s",
                      frame.reason);
  if (code != 0)
    return error.fail(MSC_INTERNAL, "model '%s' failed with code %d", desc.name,
                      code);
  finish(ins, outs);
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// Services of compiled code
//===----------------------------------------------------------------------===//

void msc_context::parallelFor(msc_rt_services *self, int64_t n,
                              msc_rt_body body, void *closure) {
  auto *context = static_cast<msc_context *>(self);
  if (n <= 0)
    return;
  // Nested loops run where they are: their outer loop has the threads.
  if (n == 1 || context->threads == 1 || context->inLoop) {
    body(closure, 0, n);
    return;
  }
  if (!context->poolStarted) {
    context->poolStarted = true;
    context->pool.start(context->threads, context->pinThreads);
  }
  Loop loop = {context, body, closure};
  context->inLoop = true;
  context->pool.run(n, runChunk, &loop);
  context->inLoop = false;
}

void msc_context::runChunk(void *argument, unsigned thread, int64_t begin,
                           int64_t end) {
  const Loop &loop = *static_cast<Loop *>(argument);
  msc_context &context = *loop.context;
  // The calling thread's slice is that of the whole region.
  if (!context.profiling || thread == 0 || context.numOpen == 0) {
    loop.body(loop.closure, begin, end);
    return;
  }
  int64_t since = nowNanoseconds();
  loop.body(loop.closure, begin, end);
  context.profile.add(thread, context.open[context.numOpen - 1].region, since,
                      nowNanoseconds());
}

void msc_context::markRegion(msc_rt_services *self, int32_t region,
                             int32_t end) {
  auto *context = static_cast<msc_context *>(self);
  // Inside a loop the workers read `open`; they are in the region already.
  if (!context->profiling || context->inLoop || region < 0 ||
      static_cast<uint32_t>(region) >= context->model.desc.num_regions)
    return;
  if (!end) {
    if (context->numOpen < kMaxOpen)
      context->open[context->numOpen++] = {region, nowNanoseconds()};
    return;
  }
  if (context->numOpen && context->open[context->numOpen - 1].region == region)
    context->profile.add(0, region, context->open[--context->numOpen].since,
                         nowNanoseconds());
}

msc_status msc_context::beginProfile() {
  if (!profile.begin(threads))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  profiling = true;
  return MSC_OK;
}

msc_status msc_context::endProfile() {
  profiling = false;
  return MSC_OK;
}

msc_status msc_context::writeProfile(const char *path) {
  if (!path)
    return error.fail(MSC_INVALID_ARGUMENT, "path is NULL");
  if (profiling)
    return error.fail(MSC_INVALID_ARGUMENT, "the profile has not ended");
  return profile.write(model.desc, path, error);
}

//===----------------------------------------------------------------------===//
// C ABI
//===----------------------------------------------------------------------===//

extern "C" {

MSC_API msc_status msc_context_create(msc_model *model,
                                      const msc_context_options *options,
                                      msc_context **context) {
  Error &error = threadError();
  if (!model || !context)
    return error.fail(MSC_INVALID_ARGUMENT, "%s is NULL",
                      model ? "context" : "model");
  *context = nullptr;
  msc_context_options chosen = {};
  if (options) {
    if (options->size < sizeof chosen || options->reserved != 0 ||
        !isKnownStruct(options, options->size, sizeof chosen))
      return error.fail(MSC_INVALID_ARGUMENT,
                        "msc_context_options: size is wrong or a field is "
                        "unknown to this runtime (" MSC_VERSION_STRING ")");
    chosen = *options;
  }
  if (!isAligned(chosen.arena))
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the arena is not aligned to %u bytes",
                      MSC_BUFFER_ALIGNMENT);
  unsigned threads = chosen.threads;
  if (threads != 1) {
    unsigned granted = grantedThreads();
    threads = threads == 0 || threads > granted ? granted : threads;
  }
  auto *made = create<msc_context>(*model, chosen, threads);
  if (!made)
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  if (msc_status status = made->prepare()) {
    error.fail(status, "%s", made->error.text());
    destroy(made);
    return status;
  }
  *context = made;
  return MSC_OK;
}

MSC_API void msc_context_free(msc_context *context) { destroy(context); }

MSC_API const char *msc_context_error(const msc_context *context) {
  return context->error.text();
}
MSC_API uint32_t msc_context_threads(const msc_context *context) {
  return context->threads;
}
MSC_API uint64_t msc_context_arena_bytes(const msc_context *context) {
  return context->arenaBytes();
}

MSC_API msc_status msc_run(msc_context *context, const msc_tensor *inputs,
                           uint32_t num_inputs, const msc_tensor *outputs,
                           uint32_t num_outputs) {
  if (!context->enter())
    return MSC_BUSY;
  msc_status status = context->run(inputs, num_inputs, outputs, num_outputs);
  context->leave();
  return status;
}

MSC_API msc_status msc_profile_begin(msc_context *context) {
  if (!context->enter())
    return MSC_BUSY;
  msc_status status = context->beginProfile();
  context->leave();
  return status;
}

MSC_API msc_status msc_profile_end(msc_context *context) {
  if (!context->enter())
    return MSC_BUSY;
  msc_status status = context->endProfile();
  context->leave();
  return status;
}

MSC_API msc_status msc_profile_write(msc_context *context, const char *path) {
  if (!context->enter())
    return MSC_BUSY;
  msc_status status = context->writeProfile(path);
  context->leave();
  return status;
}

} // extern "C"
