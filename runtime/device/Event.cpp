// Events: marks in queues that other queues and the host wait for.
#include "runtime/device/Device.h"

using namespace msc::rt;

extern "C" {

MSC_API msc_status msc_device_event_create(msc_device *device,
                                           msc_event *result) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  if (!result)
    return device->error.fail(MSC_INVALID_ARGUMENT,
                              "no room for the result is given");
  DeviceEvent event = {};
  msc_driver_error cause = {};
  if (msc_status status =
          device->driver->event_create(device->object, &event.object, &cause))
    return device->fail(status, cause);
  result->id = device->events.add(event);
  if (!result->id) {
    device->driver->event_destroy(event.object);
    return device->error.fail(MSC_OUT_OF_MEMORY, "no memory for a handle");
  }
  return MSC_OK;
}

MSC_API msc_status msc_device_event_destroy(msc_device *device,
                                            msc_event handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceEvent *event = device->find(device->events, handle.id, "event");
  if (!event)
    return MSC_INVALID_ARGUMENT;
  if (msc_status status = device->checkUnused(event->uses, "event"))
    return status;
  device->driver->event_destroy(event->object);
  device->events.remove(handle.id);
  return MSC_OK;
}

MSC_API msc_status msc_device_event_record(msc_device *device, msc_queue queue,
                                           msc_event handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceEvent *event = device->find(device->events, handle.id, "event");
  if (!event)
    return MSC_INVALID_ARGUMENT;
  msc_command command = {};
  command.kind = MSC_COMMAND_RECORD;
  command.object = event->object;
  command.ticket = event->ticket + 1;
  if (msc_status status = device->enqueue(queue.id, command, &handle.id, 1))
    return status;
  ++event->ticket;
  return MSC_OK;
}

/// The event if it has been recorded.
static DeviceEvent *findRecorded(msc_device *device, msc_event handle) {
  DeviceEvent *event = device->find(device->events, handle.id, "event");
  if (event && event->ticket == 0) {
    device->error.fail(MSC_INVALID_ARGUMENT,
                       "nothing was recorded with the event");
    return nullptr;
  }
  return event;
}

MSC_API msc_status msc_device_event_await(msc_device *device, msc_queue queue,
                                          msc_event handle) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceEvent *event = findRecorded(device, handle);
  if (!event)
    return MSC_INVALID_ARGUMENT;
  msc_command command = {};
  command.kind = MSC_COMMAND_AWAIT;
  command.object = event->object;
  command.ticket = event->ticket;
  return device->enqueue(queue.id, command, &handle.id, 1);
}

static msc_status wait(msc_device *device, msc_event handle, bool blocks) {
  DeviceCall call(device);
  if (!call)
    return call.status();
  DeviceEvent *event = findRecorded(device, handle);
  if (!event)
    return MSC_INVALID_ARGUMENT;
  msc_driver_error cause = {};
  msc_status status =
      device->driver->event_wait(event->object, event->ticket, blocks, &cause);
  if (status == MSC_BUSY)
    return device->error.fail(MSC_BUSY, "the event is not reached");
  return status ? device->fail(status, cause) : MSC_OK;
}

MSC_API msc_status msc_device_event_wait(msc_device *device, msc_event event) {
  return wait(device, event, true);
}

MSC_API msc_status msc_device_event_poll(msc_device *device, msc_event event) {
  return wait(device, event, false);
}

} // extern "C"
