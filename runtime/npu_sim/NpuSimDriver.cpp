// The simulated accelerator as a device.
#include "runtime/device/host/HostDevice.h"
#include "runtime/npu_sim/Simulator.h"

#include <cstdio>

using namespace msc;
using namespace msc::rt;

namespace {

/// One core: dispatches of several queues take turns.
struct Core {
  Core() { pthread_mutex_init(&lock, nullptr); }
  ~Core() { pthread_mutex_destroy(&lock); }

  pthread_mutex_t lock;
  npu::Simulator simulator;
  npu::Counters total = {};
  uint64_t dispatches = 0;
};

struct SimKernel {
  SimKernel *next;
  npu::KernelView view;
};

struct SimModule {
  Block code;
  npu::CodeObject object;
  SimKernel *kernels = nullptr; // freed with the module
};

msc_status count(uint32_t *count, msc_driver_error *) {
  *count = 1;
  return MSC_OK;
}

msc_status query(uint32_t, msc_device_info *info, msc_driver_error *) {
  info->kind = MSC_DEVICE_NPU;
  info->capabilities = MSC_DEVICE_SIMULATED;
  info->memory_bytes = uint64_t(4) << 30;
  info->local_bytes = npu::kLocalBytes + npu::kAccumulatorBytes;
  info->alignment = 64;
  info->max_queues = MSC_DEVICE_MAX_QUEUES;
  for (uint32_t &most : info->max_grid)
    most = 1;
  std::snprintf(info->name, sizeof info->name, "reference accelerator");
  std::snprintf(info->code_format, sizeof info->code_format, "npu-%u",
                npu::kMajor);
  return MSC_OK;
}

msc_status run(void *state, const msc_command &dispatch,
               msc_driver_error &error) {
  auto &core = *static_cast<Core *>(state);
  npu::BufferArgument buffers[MSC_DEVICE_MAX_BUFFERS];
  for (uint32_t i = 0; i < dispatch.num_buffers; ++i)
    buffers[i] = {bytesOf(dispatch.buffers[i]), dispatch.buffers[i].bytes};
  const npu::KernelView &view = static_cast<SimKernel *>(dispatch.object)->view;
  pthread_mutex_lock(&core.lock);
  npu::Counters counters;
  bool good = core.simulator.run(view, buffers, dispatch.scalars, counters);
  if (good) {
    core.total.add(counters);
    ++core.dispatches;
  } else {
    fail(error, MSC_INTERNAL, "%s", core.simulator.error());
  }
  pthread_mutex_unlock(&core.lock);
  return good ? MSC_OK : MSC_INTERNAL;
}

msc_status open(uint32_t, void **device, msc_driver_error *error) {
  Core *core = create<Core>();
  if (!core || !core->simulator.allocate()) {
    destroy(core);
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for the simulator");
  }
  msc_status status = openHostDevice(run, core, device, *error);
  if (status)
    destroy(core);
  return status;
}

void close(void *device) {
  auto *core = static_cast<Core *>(static_cast<HostDevice *>(device)->state);
  closeHostDevice(device);
  destroy(core);
}

void counter(void *device, uint32_t index, const char **name, uint64_t *value) {
  auto &core = *static_cast<Core *>(static_cast<HostDevice *>(device)->state);
  static const char *const names[] = {
      "cycles",        "dispatches",    "instructions", "matrix_cycles",
      "vector_cycles", "dma0_cycles",   "dma1_cycles",  "dma2_cycles",
      "dma3_cycles",   "multiply_adds", "loaded_bytes", "stored_bytes"};
  pthread_mutex_lock(&core.lock);
  const npu::Counters &total = core.total;
  const uint64_t values[] = {
      total.cycles,  core.dispatches,    total.busy[0],     total.busy[1],
      total.busy[2], total.busy[3],      total.busy[4],     total.busy[5],
      total.busy[6], total.multiplyAdds, total.loadedBytes, total.storedBytes};
  constexpr uint32_t kCount = sizeof values / sizeof values[0];
  static_assert(kCount == sizeof names / sizeof names[0]);
  *name = index < kCount ? names[index] : nullptr;
  *value = index < kCount ? values[index] : 0;
  pthread_mutex_unlock(&core.lock);
}

msc_status load(void *, const void *code, uint64_t bytes, void **result,
                msc_driver_error *error) {
  auto *module = create<SimModule>();
  if (!module || !module->code.allocate(bytes)) {
    destroy(module);
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for a code object");
  }
  // Checked is what is run: the copy.
  std::memcpy(module->code.begin(), code, bytes);
  npu::Complaint complaint;
  if (!module->object.open(module->code.begin(), bytes, complaint)) {
    destroy(module);
    return fail(*error, MSC_INVALID_ARGUMENT, "%s", complaint.text);
  }
  *result = module;
  return MSC_OK;
}

void unload(void *, void *object) {
  auto *module = static_cast<SimModule *>(object);
  while (SimKernel *kernel = module->kernels) {
    module->kernels = kernel->next;
    destroy(kernel);
  }
  destroy(module);
}

msc_status findKernel(void *object, const char *name, void **result,
                      msc_kernel_info *info, msc_driver_error *error) {
  auto *module = static_cast<SimModule *>(object);
  int64_t index = module->object.find(name, std::strlen(name));
  if (index < 0)
    return fail(*error, MSC_INVALID_ARGUMENT,
                "the code object has no kernel '%.200s'", name);
  auto *kernel = create<SimKernel>();
  if (!kernel)
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for a kernel");
  *kernel = {module->kernels, module->object.kernel(uint32_t(index))};
  module->kernels = kernel;
  info->num_buffers = int32_t(kernel->view.buffers);
  info->num_scalars = int32_t(kernel->view.scalars);
  *result = kernel;
  return MSC_OK;
}

} // namespace

extern "C" MSC_API const msc_device_driver *msc_npu_sim_driver(void) {
  static constexpr msc_device_driver driver =
      makeHostDriver({"npu-sim", count, query, open, close, counter, load,
                      unload, findKernel});
  return &driver;
}
