// Rings of host buffers that repeated lists take their input from.
#include "runtime/device/Device.h"

#include <cinttypes>

using namespace msc::rt;

extern "C" {

MSC_API msc_status msc_device_infeed_create(msc_device *device,
                                            uint64_t slotBytes, uint32_t slots,
                                            msc_infeed **result) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!result || slotBytes == 0 || slots == 0 ||
      slotBytes > uint64_t(INT64_MAX) / slots)
    return device->error.fail(
        MSC_INVALID_ARGUMENT,
        "expected at least one slot of at least one byte");
  auto *infeed = create<msc_infeed>();
  if (!infeed || !device->infeeds.reserve(device->infeeds.size() + 1)) {
    destroy(infeed);
    return device->error.fail(MSC_OUT_OF_MEMORY, "no memory for an infeed");
  }
  *infeed = {device, nullptr, device->driver, slotBytes, {}};
  msc_driver_error cause = {};
  if (msc_status status = device->driver->infeed_create(
          device->object, slotBytes, slots, &infeed->object, &cause)) {
    destroy(infeed);
    return device->fail(status, cause);
  }
  device->infeeds.push(infeed);
  *result = infeed;
  return MSC_OK;
}

MSC_API msc_status msc_device_infeed_destroy(msc_device *device,
                                             msc_infeed *infeed) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!device->hasInfeed(infeed))
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "the infeed is none of this device");
  if (msc_status status = device->checkUnused(infeed->uses, "infeed"))
    return status;
  Array<msc_infeed *> &all = device->infeeds;
  size_t kept = 0;
  for (msc_infeed *one : all)
    if (one != infeed)
      all[kept++] = one;
  all.resize(kept);
  device->driver->infeed_destroy(infeed->object);
  destroy(infeed);
  return MSC_OK;
}

MSC_API msc_status msc_device_infeed_take(msc_device *device, msc_queue queue,
                                          msc_infeed *infeed, msc_buffer to,
                                          uint64_t offset) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!device->hasInfeed(infeed))
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "the infeed is none of this device");
  msc_command command = {};
  command.kind = MSC_COMMAND_INFEED;
  command.object = infeed->object;
  if (msc_status status =
          device->resolve(to, offset, infeed->slotBytes, "infeed", command.to))
    return status;
  uint64_t users[] = {to.id, reinterpret_cast<uintptr_t>(infeed)};
  return device->enqueue(queue.id, command, users, 2);
}

MSC_API msc_status msc_infeed_push(msc_infeed *infeed, const void *data,
                                   uint64_t bytes, uint64_t timeoutNs) {
  Error &error = threadError();
  if (!infeed || !data || bytes != infeed->slotBytes)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "expected a slot of %" PRIu64 " bytes, got %" PRIu64,
                      infeed ? infeed->slotBytes : 0, bytes);
  msc_driver_error cause = {};
  msc_status status =
      infeed->driver->infeed_push(infeed->object, data, timeoutNs, &cause);
  return status ? error.fail(status, "%s", cause.text) : MSC_OK;
}

MSC_API msc_status msc_infeed_end(msc_infeed *infeed) {
  if (!infeed)
    return threadError().fail(MSC_INVALID_ARGUMENT, "no infeed is given");
  infeed->driver->infeed_end(infeed->object);
  return MSC_OK;
}

} // extern "C"
