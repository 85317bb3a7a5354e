#include "runtime/device/host/HostDevice.h"

#include "runtime/device/host/HostObjects.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <ctime>

namespace msc::rt {

msc_status fail(msc_driver_error &error, msc_status status, const char *format,
                ...) {
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(error.text, sizeof error.text, format, arguments);
  va_end(arguments);
  return status;
}

HostDevice::HostDevice(Run run, void *state) : run(run), state(state) {
  pthread_mutex_init(&lock, nullptr);
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&changed, &attributes);
  pthread_condattr_destroy(&attributes);
}

HostDevice::~HostDevice() {
  pthread_cond_destroy(&changed);
  pthread_mutex_destroy(&lock);
}

msc_status openHostDevice(HostDevice::Run run, void *state, void **device,
                          msc_driver_error &error) {
  *device = create<HostDevice>(run, state);
  return *device ? MSC_OK
                 : fail(error, MSC_OUT_OF_MEMORY, "no memory for a device");
}

void closeHostDevice(void *device) {
  destroy(static_cast<HostDevice *>(device));
}

namespace host {

uint64_t triggers(void *device) {
  auto &host = *static_cast<HostDevice *>(device);
  HostLock lock(host);
  return host.triggers;
}

msc_status allocate(void *, uint64_t bytes, void **buffer,
                    msc_driver_error *error) {
  auto *host = create<HostBuffer>();
  if (!host || !host->memory.allocate(bytes)) {
    destroy(host);
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for %" PRIu64 " bytes",
                bytes);
  }
  *buffer = host;
  return MSC_OK;
}

void freeBuffer(void *, void *buffer) {
  destroy(static_cast<HostBuffer *>(buffer));
}

msc_status createQueue(void *device, void **result, msc_driver_error *error) {
  auto *queue = create<HostQueue>(*static_cast<HostDevice *>(device));
  msc_status status =
      queue ? queue->start(*error)
            : fail(*error, MSC_OUT_OF_MEMORY, "no memory for a queue");
  if (status) {
    destroy(queue);
    return status;
  }
  *result = queue;
  return MSC_OK;
}

void destroyQueue(void *queue) { destroy(static_cast<HostQueue *>(queue)); }

msc_status submit(void *queue, const msc_command *commands, uint32_t count,
                  msc_driver_error *error) {
  return static_cast<HostQueue *>(queue)->push(commands, count, nullptr, 1,
                                               *error);
}

uint64_t progress(void *queue) {
  return static_cast<HostQueue *>(queue)->progress();
}

msc_status finish(void *queue, msc_driver_error *error) {
  return static_cast<HostQueue *>(queue)->finish(*error);
}

msc_status createEvent(void *device, void **event, msc_driver_error *error) {
  *event = create<HostEvent>(*static_cast<HostDevice *>(device));
  return *event ? MSC_OK
                : fail(*error, MSC_OUT_OF_MEMORY, "no memory for an event");
}

void destroyEvent(void *event) { destroy(static_cast<HostEvent *>(event)); }

msc_status waitForEvent(void *object, uint64_t ticket, int wait,
                        msc_driver_error *error) {
  auto &event = *static_cast<HostEvent *>(object);
  HostLock lock(event.device);
  while (event.reached < ticket) {
    if (!wait)
      return MSC_BUSY;
    lock.wait();
  }
  if (event.failedTicket != ticket)
    return MSC_OK;
  *error = event.failure.error;
  return event.failure.status;
}

msc_status createList(void *, const msc_command *commands, uint32_t count,
                      void **result, msc_driver_error *error) {
  auto *list = create<HostList>();
  if (!list || !list->commands.assign(commands, count)) {
    destroy(list);
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for a launch list");
  }
  *result = list;
  return MSC_OK;
}

void destroyList(void *list) { destroy(static_cast<HostList *>(list)); }

msc_status launch(void *queue, void *list, uint64_t repeat,
                  msc_driver_error *error) {
  return static_cast<HostQueue *>(queue)->push(
      nullptr, 0, static_cast<HostList *>(list), repeat, *error);
}

msc_status createInfeed(void *device, uint64_t slotBytes, uint32_t slots,
                        void **result, msc_driver_error *error) {
  auto *infeed = create<HostInfeed>(*static_cast<HostDevice *>(device));
  if (!infeed || !infeed->ring.allocate(slotBytes * slots)) {
    destroy(infeed);
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for an infeed");
  }
  infeed->slotBytes = slotBytes;
  infeed->slots = slots;
  *result = infeed;
  return MSC_OK;
}

void destroyInfeed(void *infeed) { destroy(static_cast<HostInfeed *>(infeed)); }

/// The moment so many nanoseconds from now.
static timespec inNanoseconds(uint64_t duration) {
  constexpr uint64_t kSecond = 1000000000;
  timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  uint64_t nanoseconds =
      static_cast<uint64_t>(end.tv_nsec) + duration % kSecond;
  end.tv_sec += static_cast<time_t>(duration / kSecond + nanoseconds / kSecond);
  end.tv_nsec = static_cast<long>(nanoseconds % kSecond);
  return end;
}

msc_status push(void *object, const void *data, uint64_t timeoutNs,
                msc_driver_error *error) {
  auto &infeed = *static_cast<HostInfeed *>(object);
  bool forEver = timeoutNs == UINT64_MAX;
  timespec end = inNanoseconds(forEver ? 0 : timeoutNs);
  HostLock lock(infeed.device);
  bool inTime = timeoutNs > 0;
  while (!infeed.ended && infeed.pushed - infeed.taken == infeed.slots) {
    if (!inTime)
      return fail(*error, MSC_BUSY, "all %" PRIu64 " slots are full",
                  infeed.slots);
    if (forEver)
      lock.wait();
    else
      inTime = lock.waitUntil(end);
  }
  if (infeed.ended)
    return fail(*error, MSC_INVALID_ARGUMENT, "the infeed is ended");
  uint64_t slot = infeed.pushed % infeed.slots;
  std::memcpy(infeed.ring.begin() + slot * infeed.slotBytes, data,
              infeed.slotBytes);
  ++infeed.pushed;
  lock.notify();
  return MSC_OK;
}

void endInfeed(void *object) {
  auto &infeed = *static_cast<HostInfeed *>(object);
  HostLock lock(infeed.device);
  infeed.ended = true;
  lock.notify();
}

} // namespace host

} // namespace msc::rt
