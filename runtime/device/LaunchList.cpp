// Commands that are captured once and launched many times.
#include "runtime/device/Device.h"

using namespace msc::rt;

extern "C" {

MSC_API msc_status msc_device_capture_begin(msc_device *device,
                                            msc_queue handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceQueue *queue = device->find(device->queues, handle.id, "queue");
  if (!queue)
    return MSC_INVALID_ARGUMENT;
  if (queue->capture)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "the queue is capturing a list already");
  queue->capture = create<Capture>();
  if (!queue->capture)
    return device->error.fail(MSC_OUT_OF_MEMORY, "no memory for a launch list");
  return MSC_OK;
}

/// Makes the driver's list; the commands find their arrays first.
static msc_status makeList(msc_device *device, Capture &capture,
                           void **object) {
  size_t ranges = 0, scalars = 0;
  for (msc_command &command : capture.commands) {
    command.buffers = capture.ranges.begin() + ranges;
    command.scalars = capture.scalars.begin() + scalars;
    ranges += command.num_buffers;
    scalars += command.num_scalars;
  }
  if (capture.commands.empty() || capture.commands.size() > UINT32_MAX)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "nothing was captured, or too much");
  msc_driver_error cause = {};
  msc_status status = device->driver->list_create(
      device->object, capture.commands.begin(),
      static_cast<uint32_t>(capture.commands.size()), object, &cause);
  return status ? device->fail(status, cause) : MSC_OK;
}

MSC_API msc_status msc_device_capture_end(msc_device *device, msc_queue handle,
                                          msc_launch_list *result) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceQueue *queue = device->find(device->queues, handle.id, "queue");
  if (!queue)
    return MSC_INVALID_ARGUMENT;
  if (!queue->capture)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "the queue is capturing no list");
  DeviceList list = {};
  list.capture = queue->capture;
  queue->capture = nullptr;
  if (!result) {
    device->releaseCapture(list.capture);
    return MSC_OK;
  }
  msc_status status = makeList(device, *list.capture, &list.object);
  if (!status) {
    result->id = device->lists.add(list);
    if (result->id)
      return MSC_OK;
    device->driver->list_destroy(list.object);
    status = device->error.fail(MSC_OUT_OF_MEMORY, "no memory for a handle");
  }
  device->releaseCapture(list.capture);
  return status;
}

MSC_API msc_status msc_device_launch(msc_device *device, msc_queue queueHandle,
                                     msc_launch_list handle, uint64_t repeat) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceQueue *queue = device->find(device->queues, queueHandle.id, "queue");
  if (!queue)
    return MSC_INVALID_ARGUMENT;
  DeviceList *list = device->find(device->lists, handle.id, "launch list");
  if (!list)
    return MSC_INVALID_ARGUMENT;
  if (repeat == 0)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "expected a repeat count of at least 1");
  if (queue->capture)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "a list within a list is not supported, and the "
                              "queue is capturing one");
  msc_driver_error cause = {};
  if (msc_status status = device->driver->list_launch(
          queue->object, list->object, repeat, &cause))
    return device->fail(status, cause);
  size_t index = device->queues.indexOf(queueHandle.id);
  queue->submitted = ++device->submissions[index];
  device->noteUse(handle.id, index, 0);
  return MSC_OK;
}

MSC_API msc_status msc_device_list_destroy(msc_device *device,
                                           msc_launch_list handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceList *list = device->find(device->lists, handle.id, "launch list");
  if (!list)
    return MSC_INVALID_ARGUMENT;
  if (msc_status status = device->checkUnused(list->uses, "launch list"))
    return status;
  device->driver->list_destroy(list->object);
  Capture *capture = list->capture;
  device->lists.remove(handle.id);
  device->releaseCapture(capture);
  return MSC_OK;
}

} // extern "C"
