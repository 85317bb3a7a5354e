// Queues and what is enqueued in them.
#include "runtime/device/Device.h"

using namespace msc::rt;

void msc_device::noteUse(uint64_t user, size_t queueIndex, int by) {
  Uses *uses = nullptr;
  if (DeviceBuffer *buffer = buffers.find(user))
    uses = &buffer->uses;
  else if (DeviceModule *module = modules.find(user))
    uses = &module->uses;
  else if (DeviceEvent *event = events.find(user))
    uses = &event->uses;
  else if (DeviceList *list = lists.find(user))
    uses = &list->uses;
  else
    for (msc_infeed *infeed : infeeds)
      if (reinterpret_cast<uintptr_t>(infeed) == user)
        uses = &infeed->uses;
  if (!uses)
    return;
  if (by)
    uses->lists += static_cast<uint32_t>(by);
  else
    uses->last[queueIndex] = submissions[queueIndex];
}

void msc_device::releaseCapture(Capture *capture) {
  if (!capture)
    return;
  for (uint64_t user : capture->users)
    noteUse(user, 0, -1);
  destroy(capture);
}

/// False: out of memory, and the capture is as before.
static bool append(Capture &capture, const msc_command &command,
                   const uint64_t *users, uint32_t numUsers) {
  size_t ranges = capture.ranges.size(), scalars = capture.scalars.size();
  if (!capture.ranges.resize(ranges + command.num_buffers) ||
      !capture.scalars.resize(scalars + command.num_scalars) ||
      !capture.users.reserve(capture.users.size() + numUsers + 1) ||
      !capture.commands.push(command)) {
    capture.ranges.resize(ranges);
    capture.scalars.resize(scalars);
    return false;
  }
  for (uint32_t i = 0; i < command.num_buffers; ++i)
    capture.ranges[ranges + i] = command.buffers[i];
  for (uint32_t i = 0; i < command.num_scalars; ++i)
    capture.scalars[scalars + i] = command.scalars[i];
  for (uint32_t i = 0; i < numUsers; ++i)
    capture.users.push(users[i]);
  return true;
}

msc_status msc_device::enqueue(uint64_t handle, const msc_command &command,
                               const uint64_t *users, uint32_t numUsers) {
  DeviceQueue *queue = find(queues, handle, "queue");
  if (!queue)
    return MSC_INVALID_ARGUMENT;
  if (queue->capture) {
    if (command.kind == MSC_COMMAND_RECORD || command.kind == MSC_COMMAND_AWAIT)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "a launch list holds no events, and the queue is "
                        "capturing one");
    if (!append(*queue->capture, command, users, numUsers))
      return error.fail(MSC_OUT_OF_MEMORY, "no memory for a launch list");
    for (uint32_t i = 0; i < numUsers; ++i)
      noteUse(users[i], 0, +1);
    return MSC_OK;
  }
  msc_driver_error cause = {};
  if (msc_status status = driver->submit(queue->object, &command, 1, &cause))
    return fail(status, cause);
  size_t index = queues.indexOf(handle);
  queue->submitted = ++submissions[index];
  for (uint32_t i = 0; i < numUsers; ++i)
    noteUse(users[i], index, 0);
  return MSC_OK;
}

extern "C" {

MSC_API msc_status msc_device_queue_create(msc_device *device,
                                           msc_queue *result) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!result)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "no room for the result is given");
  uint32_t count = 0;
  device->queues.each([&](uint64_t, DeviceQueue &) { ++count; });
  if (count >= device->info.max_queues)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "the device has %u queues and no more", count);
  DeviceQueue queue = {};
  msc_driver_error cause = {};
  if (msc_status status =
          device->driver->queue_create(device->object, &queue.object, &cause))
    return device->fail(status, cause);
  uint64_t id = device->queues.add(queue);
  if (!id) {
    device->driver->queue_destroy(queue.object);
    return device->error.fail(MSC_OUT_OF_MEMORY, "no memory for a handle");
  }
  DeviceQueue *added = device->queues.find(id);
  added->base = added->submitted =
      device->submissions[device->queues.indexOf(id)];
  result->id = id;
  return MSC_OK;
}

MSC_API msc_status msc_device_queue_destroy(msc_device *device,
                                            msc_queue handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceQueue *queue = device->find(device->queues, handle.id, "queue");
  if (!queue)
    return MSC_INVALID_ARGUMENT;
  if (queue->submitted > queue->base + device->driver->progress(queue->object))
    return device->error.fail(MSC_BUSY, "the queue is not done");
  device->driver->queue_destroy(queue->object);
  Capture *capture = queue->capture;
  device->queues.remove(handle.id);
  device->releaseCapture(capture);
  return MSC_OK;
}

MSC_API msc_status msc_device_finish(msc_device *device, msc_queue handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceQueue *queue = device->find(device->queues, handle.id, "queue");
  if (!queue)
    return MSC_INVALID_ARGUMENT;
  msc_driver_error cause = {};
  msc_status status = device->driver->finish(queue->object, &cause);
  return status ? device->fail(status, cause) : MSC_OK;
}

static msc_status transfer(msc_device *device, msc_queue queue, uint32_t kind,
                           msc_buffer buffer, uint64_t offset, uint64_t bytes,
                           void *host) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  bool up = kind == MSC_COMMAND_UPLOAD;
  if (!host && bytes)
    return device->error.fail(MSC_INVALID_ARGUMENT, "no host memory is given");
  if (bytes == MSC_TO_THE_END)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "expected the number of bytes");
  msc_command command = {};
  command.kind = kind;
  command.host = host;
  if (msc_status status =
          device->resolve(buffer, offset, bytes, up ? "upload" : "download",
                          up ? command.to : command.from))
    return status;
  return device->enqueue(queue.id, command, &buffer.id, 1);
}

MSC_API msc_status msc_device_upload(msc_device *device, msc_queue queue,
                                     msc_buffer to, uint64_t offset,
                                     const void *from, uint64_t bytes) {
  return transfer(device, queue, MSC_COMMAND_UPLOAD, to, offset, bytes,
                  const_cast<void *>(from));
}

MSC_API msc_status msc_device_download(msc_device *device, msc_queue queue,
                                       void *to, msc_buffer from,
                                       uint64_t offset, uint64_t bytes) {
  return transfer(device, queue, MSC_COMMAND_DOWNLOAD, from, offset, bytes, to);
}

MSC_API msc_status msc_device_copy(msc_device *device, msc_queue queue,
                                   msc_buffer to, uint64_t toOffset,
                                   msc_buffer from, uint64_t fromOffset,
                                   uint64_t bytes) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (bytes == MSC_TO_THE_END)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "expected the number of bytes");
  msc_command command = {};
  command.kind = MSC_COMMAND_COPY;
  msc_status status =
      device->resolve(to, toOffset, bytes, "copy to", command.to);
  if (!status)
    status =
        device->resolve(from, fromOffset, bytes, "copy from", command.from);
  if (status)
    return status;
  if (to.id == from.id && bytes && toOffset < fromOffset + bytes &&
      fromOffset < toOffset + bytes)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "a copy within a buffer overlaps itself");
  uint64_t users[] = {to.id, from.id};
  return device->enqueue(queue.id, command, users, 2);
}

} // extern "C"
