// Devices that live in this process: memory is the host's, each queue is a
// thread. A driver on top of it provides code objects and runs dispatches.
#ifndef MSC_RUNTIME_DEVICE_HOST_HOSTDEVICE_H
#define MSC_RUNTIME_DEVICE_HOST_HOSTDEVICE_H

#include "runtime/core/Memory.h"
#include "runtime/include/msc/driver.h"

#include <pthread.h>

namespace msc::rt {

/// Writes a driver's failure and returns its status.
__attribute__((format(printf, 3, 4))) msc_status
fail(msc_driver_error &error, msc_status status, const char *format, ...);

struct HostBuffer {
  Block memory;
};

/// The bytes that a range of a command stands for.
inline uint8_t *bytesOf(const msc_driver_range &range) {
  return static_cast<HostBuffer *>(range.buffer)->memory.begin() + range.offset;
}

struct HostDevice {
  /// Runs one dispatch, on the thread of its queue.
  using Run = msc_status (*)(void *state, const msc_command &dispatch,
                             msc_driver_error &error);

  HostDevice(Run run, void *state);
  ~HostDevice();

  const Run run;
  void *const state; // the driver's
  /// Guards everything that queues, events and infeeds share; `changed` tells
  /// of each change.
  pthread_mutex_t lock;
  pthread_cond_t changed;
  uint64_t triggers = 0;
};

/// MSC_OUT_OF_MEMORY or a device.
msc_status openHostDevice(HostDevice::Run run, void *state, void **device,
                          msc_driver_error &error);
void closeHostDevice(void *device);

/// What a driver adds to a HostDevice.
struct HostDriverParts {
  const char *name;
  decltype(msc_device_driver::count) count;
  decltype(msc_device_driver::query) query;
  decltype(msc_device_driver::open) open;
  decltype(msc_device_driver::close) close;
  decltype(msc_device_driver::counter) counter; // or null
  decltype(msc_device_driver::load) load;
  decltype(msc_device_driver::unload) unload;
  decltype(msc_device_driver::kernel) kernel;
};

/// The functions that all host drivers share.
namespace host {
uint64_t triggers(void *device);
msc_status allocate(void *device, uint64_t bytes, void **buffer,
                    msc_driver_error *error);
void freeBuffer(void *device, void *buffer);
msc_status createQueue(void *device, void **queue, msc_driver_error *error);
void destroyQueue(void *queue);
msc_status submit(void *queue, const msc_command *commands, uint32_t count,
                  msc_driver_error *error);
uint64_t progress(void *queue);
msc_status finish(void *queue, msc_driver_error *error);
msc_status createEvent(void *device, void **event, msc_driver_error *error);
void destroyEvent(void *event);
msc_status waitForEvent(void *event, uint64_t ticket, int wait,
                        msc_driver_error *error);
msc_status createList(void *device, const msc_command *commands, uint32_t count,
                      void **list, msc_driver_error *error);
void destroyList(void *list);
msc_status launch(void *queue, void *list, uint64_t repeat,
                  msc_driver_error *error);
msc_status createInfeed(void *device, uint64_t slotBytes, uint32_t slots,
                        void **infeed, msc_driver_error *error);
void destroyInfeed(void *infeed);
msc_status push(void *infeed, const void *data, uint64_t timeoutNs,
                msc_driver_error *error);
void endInfeed(void *infeed);
} // namespace host

/// The driver's table.
constexpr msc_device_driver makeHostDriver(const HostDriverParts &parts) {
  msc_device_driver driver = {};
  driver.struct_size = sizeof driver;
  driver.version = MSC_DEVICE_DRIVER_VERSION;
  driver.name = parts.name;
  driver.count = parts.count;
  driver.query = parts.query;
  driver.open = parts.open;
  driver.close = parts.close;
  driver.counter = parts.counter;
  driver.load = parts.load;
  driver.unload = parts.unload;
  driver.kernel = parts.kernel;
  driver.triggers = host::triggers;
  driver.allocate = host::allocate;
  driver.free = host::freeBuffer;
  driver.queue_create = host::createQueue;
  driver.queue_destroy = host::destroyQueue;
  driver.submit = host::submit;
  driver.progress = host::progress;
  driver.finish = host::finish;
  driver.event_create = host::createEvent;
  driver.event_destroy = host::destroyEvent;
  driver.event_wait = host::waitForEvent;
  driver.list_create = host::createList;
  driver.list_destroy = host::destroyList;
  driver.list_launch = host::launch;
  driver.infeed_create = host::createInfeed;
  driver.infeed_destroy = host::destroyInfeed;
  driver.infeed_push = host::push;
  driver.infeed_end = host::endInfeed;
  return driver;
}

/// Holds a device's lock.
class HostLock {
public:
  explicit HostLock(HostDevice &device) : device(device) {
    pthread_mutex_lock(&device.lock);
  }
  ~HostLock() { pthread_mutex_unlock(&device.lock); }
  HostLock(const HostLock &) = delete;
  HostLock &operator=(const HostLock &) = delete;

  void wait() { pthread_cond_wait(&device.changed, &device.lock); }
  /// False: the time has come.
  bool waitUntil(const timespec &end) {
    return pthread_cond_timedwait(&device.changed, &device.lock, &end) == 0;
  }
  void notify() { pthread_cond_broadcast(&device.changed); }

private:
  HostDevice &device;
};

} // namespace msc::rt

#endif
