// Code objects, kernels and dispatches.
#include "runtime/device/Device.h"

#include <cinttypes>

using namespace msc::rt;

/// Grid, counts and scalars of a dispatch.
static msc_status checkShape(msc_device *device, const msc_dispatch &dispatch,
                             const msc_kernel_info &kernel,
                             msc_command &command) {
  Error &error = device->error;
  if (dispatch.num_buffers > MSC_DEVICE_MAX_BUFFERS ||
      dispatch.num_scalars > MSC_DEVICE_MAX_SCALARS)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "expected at most %u buffers and %u scalars, got %u, %u",
                      MSC_DEVICE_MAX_BUFFERS, MSC_DEVICE_MAX_SCALARS,
                      dispatch.num_buffers, dispatch.num_scalars);
  if ((kernel.num_buffers >= 0 &&
       dispatch.num_buffers != static_cast<uint32_t>(kernel.num_buffers)) ||
      (kernel.num_scalars >= 0 &&
       dispatch.num_scalars != static_cast<uint32_t>(kernel.num_scalars)))
    return error.fail(
        MSC_INVALID_ARGUMENT,
        "the kernel expects %d buffers and %d scalars, got %u, %u",
        kernel.num_buffers, kernel.num_scalars, dispatch.num_buffers,
        dispatch.num_scalars);
  if ((dispatch.num_buffers && !dispatch.buffers) ||
      (dispatch.num_scalars && !dispatch.scalars))
    return error.fail(MSC_INVALID_ARGUMENT, "no buffers or scalars are given");
  const uint32_t *grid = dispatch.grid;
  bool none = !grid[0] && !grid[1] && !grid[2];
  for (int i = 0; i < 3; ++i) {
    uint32_t most = device->info.capabilities & MSC_DEVICE_GRID
                        ? device->info.max_grid[i]
                        : 1;
    command.grid[i] = none ? 1 : grid[i];
    if (command.grid[i] == 0 || command.grid[i] > most)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "expected a grid of 1 to %u along axis %d, got %u",
                        most, i, command.grid[i]);
  }
  return MSC_OK;
}

extern "C" {

MSC_API msc_status msc_device_load(msc_device *device, const void *code,
                                   uint64_t bytes, msc_module *result) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!result || !code || bytes == 0)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "no code object, or no room for the result");
  DeviceModule module = {};
  msc_driver_error cause = {};
  if (msc_status status = device->driver->load(device->object, code, bytes,
                                               &module.object, &cause))
    return device->fail(status, cause);
  result->id = device->modules.add(module);
  if (!result->id) {
    device->driver->unload(device->object, module.object);
    return device->error.fail(MSC_OUT_OF_MEMORY, "no memory for a handle");
  }
  return MSC_OK;
}

MSC_API msc_status msc_device_unload(msc_device *device, msc_module handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceModule *module = device->find(device->modules, handle.id, "module");
  if (!module)
    return MSC_INVALID_ARGUMENT;
  if (msc_status status = device->checkUnused(module->uses, "module"))
    return status;
  device->kernels.each([&](uint64_t kernel, const DeviceKernel &entry) {
    if (entry.module == handle.id)
      device->kernels.remove(kernel);
  });
  device->driver->unload(device->object, module->object);
  device->modules.remove(handle.id);
  return MSC_OK;
}

MSC_API msc_status msc_device_kernel(msc_device *device, msc_module handle,
                                     const char *name, msc_kernel *result,
                                     msc_kernel_info *info) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceModule *module = device->find(device->modules, handle.id, "module");
  if (!module)
    return MSC_INVALID_ARGUMENT;
  if (!name || !result || (info && info->size < sizeof *info))
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "no name, or no room for the result");
  DeviceKernel kernel = {};
  kernel.module = handle.id;
  kernel.info = {sizeof(msc_kernel_info), -1, -1, 0};
  msc_driver_error cause = {};
  if (msc_status status = device->driver->kernel(
          module->object, name, &kernel.object, &kernel.info, &cause))
    return device->fail(status, cause);
  result->id = device->kernels.add(kernel);
  if (!result->id)
    return device->error.fail(MSC_OUT_OF_MEMORY, "no memory for a handle");
  if (info) {
    info->num_buffers = kernel.info.num_buffers;
    info->num_scalars = kernel.info.num_scalars;
  }
  return MSC_OK;
}

MSC_API msc_status msc_device_dispatch(msc_device *device, msc_queue queue,
                                       const msc_dispatch *dispatch) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!dispatch || dispatch->size < sizeof *dispatch)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "expected a msc_dispatch of %zu bytes, got %u",
                              sizeof *dispatch, dispatch ? dispatch->size : 0);
  DeviceKernel *kernel =
      device->find(device->kernels, dispatch->kernel.id, "kernel");
  if (!kernel)
    return MSC_INVALID_ARGUMENT;
  msc_command command = {};
  command.kind = MSC_COMMAND_DISPATCH;
  command.object = kernel->object;
  if (msc_status status = checkShape(device, *dispatch, kernel->info, command))
    return status;

  msc_driver_range ranges[MSC_DEVICE_MAX_BUFFERS];
  uint64_t users[MSC_DEVICE_MAX_BUFFERS + 1];
  for (uint32_t i = 0; i < dispatch->num_buffers; ++i) {
    const msc_range &range = dispatch->buffers[i];
    if (msc_status status = device->resolve(range.buffer, range.offset,
                                            range.bytes, "dispatch", ranges[i]))
      return status;
    if (range.offset % device->info.alignment)
      return device->error.fail(
          MSC_INVALID_ARGUMENT,
          "expected offsets that are multiples of %" PRIu64 ", got %" PRIu64,
          device->info.alignment, range.offset);
    users[i] = range.buffer.id;
  }
  users[dispatch->num_buffers] = kernel->module;
  command.num_buffers = dispatch->num_buffers;
  command.buffers = ranges;
  command.num_scalars = dispatch->num_scalars;
  command.scalars = dispatch->scalars;
  return device->enqueue(queue.id, command, users, dispatch->num_buffers + 1);
}

} // extern "C"
