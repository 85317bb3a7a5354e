#include "runtime/device/Device.h"

#include <cinttypes>
#include <cstdio>

using namespace msc::rt;

msc_status msc::rt::checkDriver(const msc_device_driver *driver, Error &error) {
  if (!driver)
    return error.fail(MSC_INVALID_ARGUMENT, "no driver is given");
  if (driver->struct_size < 2 * sizeof(uint32_t) ||
      driver->version != MSC_DEVICE_DRIVER_VERSION)
    return error.fail(MSC_INCOMPATIBLE,
                      "expected a driver table of version %u, got %u",
                      MSC_DEVICE_DRIVER_VERSION, driver->version);
  if (driver->struct_size < sizeof(msc_device_driver))
    return error.fail(MSC_INCOMPATIBLE,
                      "expected a driver table of %zu bytes, got %u",
                      sizeof(msc_device_driver), driver->struct_size);
  if (!driver->name ||
      std::strlen(driver->name) >= sizeof(msc_device_info{}.driver))
    return error.fail(MSC_INCOMPATIBLE,
                      "expected a driver's name of at most 15 characters");
  const struct {
    bool there;
    const char *name;
  } functions[] = {
#define FUNCTION(name) {driver->name != nullptr, #name}
      FUNCTION(count),          FUNCTION(query),
      FUNCTION(open),           FUNCTION(close),
      FUNCTION(triggers),       FUNCTION(allocate),
      FUNCTION(free),           FUNCTION(queue_create),
      FUNCTION(queue_destroy),  FUNCTION(submit),
      FUNCTION(progress),       FUNCTION(finish),
      FUNCTION(load),           FUNCTION(unload),
      FUNCTION(kernel),         FUNCTION(event_create),
      FUNCTION(event_destroy),  FUNCTION(event_wait),
      FUNCTION(list_create),    FUNCTION(list_destroy),
      FUNCTION(list_launch),    FUNCTION(infeed_create),
      FUNCTION(infeed_destroy), FUNCTION(infeed_push),
      FUNCTION(infeed_end),
#undef FUNCTION
  };
  for (const auto &function : functions)
    if (!function.there)
      return error.fail(MSC_INCOMPATIBLE, "driver '%s' lacks '%s'",
                        driver->name, function.name);
  return MSC_OK;
}

bool msc_device::hasInfeed(const msc_infeed *infeed) const {
  for (const msc_infeed *one : infeeds)
    if (one == infeed)
      return true;
  return false;
}

msc_status msc_device::checkUnused(const Uses &uses, const char *what) {
  if (uses.lists)
    return error.fail(MSC_BUSY, "%u commands of launch lists use the %s",
                      uses.lists, what);
  msc_status status = MSC_OK;
  queues.each([&](uint64_t handle, const DeviceQueue &queue) {
    size_t index = queues.indexOf(handle);
    if (uses.last[index] > queue.base + driver->progress(queue.object))
      status = error.fail(MSC_BUSY, "queue %zu is not done with the %s", index,
                          what);
  });
  return status;
}

msc_status msc_device::resolve(msc_buffer handle, uint64_t offset,
                               uint64_t bytes, const char *what,
                               msc_driver_range &range) {
  DeviceBuffer *buffer = find(buffers, handle.id, "buffer");
  if (!buffer)
    return MSC_INVALID_ARGUMENT;
  if (offset <= buffer->bytes && bytes == MSC_TO_THE_END)
    bytes = buffer->bytes - offset;
  if (offset > buffer->bytes || bytes > buffer->bytes - offset)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "%s: bytes %" PRIu64 " to %" PRIu64 " + %" PRIu64
                      " of a buffer of %" PRIu64,
                      what, offset, offset, bytes, buffer->bytes);
  range = {buffer->object, offset, bytes};
  return MSC_OK;
}

extern "C" {

MSC_API msc_status msc_device_count(const msc_device_driver *driver,
                                    uint32_t *count) {
  Error &error = threadError();
  if (msc_status status = checkDriver(driver, error))
    return status;
  if (!count)
    return error.fail(MSC_INVALID_ARGUMENT, "no room for the result is given");
  msc_driver_error cause = {};
  msc_status status = driver->count(count, &cause);
  return status ? error.fail(status, "%s", cause.text) : MSC_OK;
}

static msc_status query(const msc_device_driver *driver, uint32_t ordinal,
                        msc_device_info &info, Error &error) {
  msc_driver_error cause = {};
  uint32_t count = 0;
  if (msc_status status = driver->count(&count, &cause))
    return error.fail(status, "%s", cause.text);
  if (ordinal >= count)
    return error.fail(MSC_INVALID_ARGUMENT, "driver '%s' has no device %u",
                      driver->name, ordinal);
  info = {};
  info.size = sizeof info;
  if (msc_status status = driver->query(ordinal, &info, &cause))
    return error.fail(status, "%s", cause.text);
  std::snprintf(info.driver, sizeof info.driver, "%s", driver->name);
  if (info.alignment == 0 || info.max_queues == 0 ||
      info.max_queues > MSC_DEVICE_MAX_QUEUES)
    return error.fail(MSC_INCOMPATIBLE,
                      "driver '%s' tells no alignment or number of queues",
                      driver->name);
  return MSC_OK;
}

MSC_API msc_status msc_device_query(const msc_device_driver *driver,
                                    uint32_t ordinal, msc_device_info *info) {
  Error &error = threadError();
  if (msc_status status = checkDriver(driver, error))
    return status;
  if (!info || info->size < sizeof *info)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "expected a msc_device_info of %zu bytes, got %u",
                      sizeof *info, info ? info->size : 0);
  uint32_t size = info->size;
  msc_device_info found;
  if (msc_status status = query(driver, ordinal, found, error))
    return status;
  *info = found;
  info->size = size;
  return MSC_OK;
}

MSC_API msc_status msc_device_open(const msc_device_driver *driver,
                                   uint32_t ordinal, msc_device **result) {
  Error &error = threadError();
  if (msc_status status = checkDriver(driver, error))
    return status;
  if (!result)
    return error.fail(MSC_INVALID_ARGUMENT, "no room for the result is given");
  auto *device = create<msc_device>(driver);
  if (!device)
    return error.fail(MSC_OUT_OF_MEMORY, "no memory for a device");
  msc_status status = query(driver, ordinal, device->info, error);
  msc_driver_error cause = {};
  if (!status && (status = driver->open(ordinal, &device->object, &cause)))
    error.fail(status, "%s", cause.text);
  if (status) {
    destroy(device);
    return status;
  }
  *result = device;
  return MSC_OK;
}

MSC_API msc_status msc_device_close(msc_device *device) {
  if (!device)
    return MSC_OK;
  if (device->busy.exchange(true, std::memory_order_acquire))
    return MSC_BUSY;
  const msc_device_driver *driver = device->driver;
  // A queue may be waiting for an infeed.
  for (msc_infeed *infeed : device->infeeds)
    driver->infeed_end(infeed->object);
  device->queues.each([&](uint64_t, DeviceQueue &queue) {
    driver->queue_destroy(queue.object);
    destroy(queue.capture);
  });
  device->lists.each([&](uint64_t, DeviceList &list) {
    driver->list_destroy(list.object);
    destroy(list.capture);
  });
  for (msc_infeed *infeed : device->infeeds) {
    driver->infeed_destroy(infeed->object);
    destroy(infeed);
  }
  device->events.each([&](uint64_t, DeviceEvent &event) {
    driver->event_destroy(event.object);
  });
  device->modules.each([&](uint64_t, DeviceModule &module) {
    driver->unload(device->object, module.object);
  });
  device->buffers.each([&](uint64_t, DeviceBuffer &buffer) {
    driver->free(device->object, buffer.object);
  });
  driver->close(device->object);
  destroy(device);
  return MSC_OK;
}

MSC_API const char *msc_device_error(const msc_device *device) {
  return device ? device->error.text() : "no device is given";
}

MSC_API uint64_t msc_device_triggers(const msc_device *device) {
  return device ? device->driver->triggers(device->object) : 0;
}

MSC_API msc_status msc_device_counter(msc_device *device, uint32_t index,
                                      const char **name, uint64_t *value) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!name || !value)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "no room for the result is given");
  *name = nullptr;
  *value = 0;
  if (device->driver->counter)
    device->driver->counter(device->object, index, name, value);
  return MSC_OK;
}

MSC_API msc_status msc_device_allocate(msc_device *device, uint64_t bytes,
                                       msc_buffer *result) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!result)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "no room for the result is given");
  if (bytes == 0)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "expected a buffer of at least one byte");
  uint64_t memory = device->info.memory_bytes;
  if (bytes > memory || device->allocated > memory - bytes)
    return device->error.fail(MSC_OUT_OF_MEMORY,
                              "%" PRIu64 " bytes wanted, %" PRIu64
                              " of %" PRIu64 " free",
                              bytes, memory - device->allocated, memory);
  DeviceBuffer buffer = {};
  buffer.bytes = bytes;
  msc_driver_error cause = {};
  if (msc_status status = device->driver->allocate(device->object, bytes,
                                                   &buffer.object, &cause))
    return device->fail(status, cause);
  result->id = device->buffers.add(buffer);
  if (!result->id) {
    device->driver->free(device->object, buffer.object);
    return device->error.fail(MSC_OUT_OF_MEMORY, "no memory for a handle");
  }
  device->allocated += bytes;
  return MSC_OK;
}

MSC_API msc_status msc_device_free(msc_device *device, msc_buffer handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceBuffer *buffer = device->find(device->buffers, handle.id, "buffer");
  if (!buffer)
    return MSC_INVALID_ARGUMENT;
  if (msc_status status = device->checkUnused(buffer->uses, "buffer"))
    return status;
  device->driver->free(device->object, buffer->object);
  device->allocated -= buffer->bytes;
  device->buffers.remove(handle.id);
  return MSC_OK;
}

} // extern "C"
