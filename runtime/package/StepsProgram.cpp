#include "runtime/package/StepsProgram.h"

#include "runtime/core/Cpu.h"
#include "runtime/schema/format.h"

namespace msc::rt {

StepsProgram::~StepsProgram() {
  if (device)
    msc_device_close(device);
}

msc_status StepsProgram::check(msc_status status) {
  return status ? error.fail(status, "%s", msc_device_error(device)) : MSC_OK;
}

static bool isHost(const package::Buffer &buffer) {
  return buffer.space() <= package::Space::HostArena;
}

/// Whether code runs on the host although the plan is for another device.
static bool isFallback(const package::CodeObject &code,
                       const package::Target &target) {
  return std::strcmp(code.device()->c_str(), target.name()->c_str()) != 0;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

msc_status StepsProgram::load(const Package &source,
                              const package::Target &program,
                              const msc_device_driver &driver, Error &outer) {
  package = &source;
  target = &program;
  plan = program.plan_as_StepsPlan();
  msc_status status = openDevice(driver);
  if (!status && !libraries.make(program.code()->size()))
    status = error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  for (uint32_t i = 0; !status && i < program.code()->size(); ++i)
    status = loadCode(*program.code()->Get(i), libraries[i]);
  if (!status)
    status = runSteps(plan->setup());
  msc_status finished = device ? finish() : MSC_OK;
  if (!status)
    status = finished;
  return status ? outer.fail(status, "%s", error.text()) : MSC_OK;
}

/// Devices give no empty buffers, plans have empty arenas.
msc_status StepsProgram::allocate(uint64_t bytes, msc_buffer &buffer) {
  return check(msc_device_allocate(device, bytes ? bytes : 64, &buffer));
}

msc_status StepsProgram::openDevice(const msc_device_driver &driver) {
  if (msc_status status = msc_device_open(&driver, 0, &device))
    return error.fail(status, "%s", msc_error());
  for (uint32_t i = 0; i < plan->queues(); ++i) {
    msc_queue queue;
    msc_event event;
    if (msc_status status = check(msc_device_queue_create(device, &queue)))
      return status;
    if (msc_status status = check(msc_device_event_create(device, &event)))
      return status;
    if (!queues.push(queue) || !events.push(event))
      return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  }
  if (!hostArena.allocate(plan->host_arena_bytes()))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  if (msc_status status = allocate(plan->device_arena_bytes(), arena))
    return status;
  return allocate(plan->device_weights_bytes(), weights);
}

msc_status StepsProgram::loadCode(const package::CodeObject &code,
                                  Library &library) {
  if (msc_status status =
          package->checkHash(*code.section(), "its code's bytes", error))
    return status;
  if (!firstKernel.push(static_cast<uint32_t>(deviceKernels.size())))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  return isFallback(code, *target) ? loadHostCode(code, library)
                                   : loadDeviceCode(code);
}

msc_status StepsProgram::loadHostCode(const package::CodeObject &code,
                                      Library &library) {
  char feature[64];
  if (std::strcmp(code.format()->c_str(), codeFormatOfHost()) != 0)
    return error.fail(MSC_INCOMPATIBLE,
                      "the package's code has the format '%s', this machine "
                      "runs '%s'",
                      code.format()->c_str(), codeFormatOfHost());
  if (code.features() &&
      findMissingCpuFeature(code.features()->c_str(), feature, sizeof feature))
    return error.fail(MSC_INCOMPATIBLE,
                      "the package needs the CPU feature '%s', which this "
                      "machine lacks",
                      feature);
  if (msc_status status =
          library.load(package->section(*code.section()), error))
    return status;
  for (uint32_t i = 0; code.kernels() && i < code.kernels()->size(); ++i) {
    const char *name = code.kernels()->Get(i)->name()->c_str();
    auto kernel = reinterpret_cast<msc_cpu_kernel>(library.symbol(name));
    if (!kernel)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "the package's code has no kernel '%s'", name);
    if (!hostKernels.push(kernel) || !deviceKernels.push({}))
      return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  }
  return MSC_OK;
}

msc_status StepsProgram::loadDeviceCode(const package::CodeObject &code) {
  Bytes bytes = package->section(*code.section());
  msc_module module;
  if (msc_status status =
          check(msc_device_load(device, bytes.data, bytes.size, &module)))
    return status;
  for (uint32_t i = 0; code.kernels() && i < code.kernels()->size(); ++i) {
    const package::Kernel &entry = *code.kernels()->Get(i);
    msc_kernel kernel;
    msc_kernel_info info = {};
    info.size = sizeof info;
    if (msc_status status = check(msc_device_kernel(
            device, module, entry.name()->c_str(), &kernel, &info)))
      return status;
    auto differs = [](int32_t known, uint32_t said) {
      return known >= 0 && static_cast<uint32_t>(known) != said;
    };
    if (differs(info.num_buffers, entry.buffers()) ||
        differs(info.num_scalars, entry.scalars()))
      return error.fail(MSC_INVALID_ARGUMENT,
                        "kernel '%s' takes other arguments than the package "
                        "says",
                        entry.name()->c_str());
    if (!hostKernels.push(nullptr) || !deviceKernels.push(kernel))
      return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  }
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

msc_status StepsProgram::run(const void *const *in, void *const *out) {
  inputs = in;
  outputs = out;
  msc_status status = runSteps(plan->steps());
  // Nothing may use the caller's buffers afterwards, whatever happened. The
  // failure that came first tells more.
  if (!status)
    return finish();
  for (msc_queue queue : queues)
    (void)msc_device_finish(device, queue);
  return status;
}

msc_status StepsProgram::finish() {
  msc_status first = MSC_OK;
  for (msc_queue queue : queues)
    if (msc_status status = msc_device_finish(device, queue); status && !first)
      first = check(status);
  return first;
}

msc_status StepsProgram::runSteps(const Steps *steps) {
  for (uint32_t i = 0; steps && i < steps->size(); ++i) {
    const package::Step &step = *steps->Get(i);
    msc_status status = MSC_OK;
    if (const auto *command = step.command_as_Dispatch())
      status = dispatch(*command);
    else if (const auto *command = step.command_as_Copy())
      status = copy(*command);
    else if (const auto *command = step.command_as_Wait())
      status = wait(*command);
    else if (const auto *command = step.command_as_Branch())
      status =
          runSteps(*hostBytes(*command->condition()) ? command->then()
                                                     : command->otherwise());
    else if (const auto *command = step.command_as_Loop())
      for (uint64_t trip = 0; !status && trip < command->trips(); ++trip)
        status = runSteps(command->body());
    if (status)
      return status;
  }
  return MSC_OK;
}

uint8_t *StepsProgram::hostBytes(const package::Buffer &buffer) const {
  const void *base = nullptr;
  switch (buffer.space()) {
  case package::Space::Input:
    base = inputs[buffer.index()];
    break;
  case package::Space::Output:
    base = outputs[buffer.index()];
    break;
  case package::Space::Weights:
    if (const package::Section *section = package->description().weights())
      base = package->section(*section).data;
    break;
  default:
    base = hostArena.data();
  }
  // Read only where verifySteps says so.
  return static_cast<uint8_t *>(const_cast<void *>(base)) + buffer.offset();
}

msc_range StepsProgram::deviceRange(const package::Buffer &buffer) const {
  bool isWeights = buffer.space() == package::Space::DeviceWeights;
  return {isWeights ? weights : arena, buffer.offset(), buffer.bytes()};
}

uint32_t StepsProgram::kernelNumber(const package::Dispatch &dispatch) const {
  return firstKernel[dispatch.code()] + dispatch.kernel();
}

msc_status StepsProgram::dispatch(const package::Dispatch &dispatch) {
  int64_t scalars[MSC_PACKAGE_MAX_SCALARS];
  for (uint32_t i = 0; dispatch.scalars() && i < dispatch.scalars()->size();
       ++i)
    scalars[i] = dispatch.scalars()->Get(i)->value();
  uint32_t grid[3] = {1, 1, 1};
  for (uint32_t i = 0; dispatch.grid() && i < dispatch.grid()->size(); ++i)
    grid[i] = dispatch.grid()->Get(i);
  return isFallback(*target->code()->Get(dispatch.code()), *target)
             ? dispatchOnHost(dispatch, scalars, grid)
             : dispatchOnDevice(dispatch, scalars, grid);
}

msc_status StepsProgram::dispatchOnHost(const package::Dispatch &dispatch,
                                        const int64_t *scalars,
                                        const uint32_t *grid) {
  void *buffers[MSC_PACKAGE_MAX_BUFFERS];
  for (uint32_t i = 0; dispatch.buffers() && i < dispatch.buffers()->size();
       ++i)
    buffers[i] = hostBytes(*dispatch.buffers()->Get(i));
  msc_cpu_kernel kernel = hostKernels[kernelNumber(dispatch)];
  uint32_t point[3];
  for (point[2] = 0; point[2] < grid[2]; ++point[2])
    for (point[1] = 0; point[1] < grid[1]; ++point[1])
      for (point[0] = 0; point[0] < grid[0]; ++point[0])
        if (int32_t code = kernel(buffers, scalars, point))
          return error.fail(MSC_INTERNAL, "a kernel of the host failed with %d",
                            code);
  return MSC_OK;
}

msc_status StepsProgram::dispatchOnDevice(const package::Dispatch &dispatch,
                                          const int64_t *scalars,
                                          const uint32_t *grid) {
  msc_range ranges[MSC_PACKAGE_MAX_BUFFERS];
  msc_dispatch command = {};
  command.size = sizeof command;
  if (dispatch.buffers())
    for (const package::Buffer *buffer : *dispatch.buffers())
      ranges[command.num_buffers++] = deviceRange(*buffer);
  command.num_scalars = dispatch.scalars() ? dispatch.scalars()->size() : 0;
  std::memcpy(command.grid, grid, sizeof command.grid);
  command.kernel = deviceKernels[kernelNumber(dispatch)];
  command.buffers = ranges;
  command.scalars = scalars;
  return check(msc_device_dispatch(device, queues[dispatch.queue()], &command));
}

/// Between places of the host at once, else in the queue.
msc_status StepsProgram::copy(const package::Copy &copy) {
  const package::Buffer &from = *copy.from(), &to = *copy.to();
  msc_queue queue = queues[copy.queue()];
  uint64_t bytes = from.bytes();
  if (bytes == 0)
    return MSC_OK;
  if (isHost(from) && isHost(to)) {
    std::memcpy(hostBytes(to), hostBytes(from), bytes);
    return MSC_OK;
  }
  if (isHost(from))
    return check(msc_device_upload(device, queue, deviceRange(to).buffer,
                                   to.offset(), hostBytes(from), bytes));
  if (isHost(to))
    return check(msc_device_download(device, queue, hostBytes(to),
                                     deviceRange(from).buffer, from.offset(),
                                     bytes));
  return check(msc_device_copy(device, queue, deviceRange(to).buffer,
                               to.offset(), deviceRange(from).buffer,
                               from.offset(), bytes));
}

msc_status StepsProgram::wait(const package::Wait &wait) {
  if (wait.queue() < 0)
    return check(msc_device_finish(device, queues[wait.on()]));
  msc_event event = events[wait.on()];
  if (msc_status status =
          check(msc_device_event_record(device, queues[wait.on()], event)))
    return status;
  return check(msc_device_event_await(
      device, queues[static_cast<uint32_t>(wait.queue())], event));
}

} // namespace msc::rt
