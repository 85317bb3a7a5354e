// What the checks in front of every driver know of a device.
#ifndef MSC_RUNTIME_DEVICE_DEVICE_H
#define MSC_RUNTIME_DEVICE_DEVICE_H

#include "runtime/core/Error.h"
#include "runtime/device/Handles.h"
#include "runtime/include/msc/driver.h"

#include <atomic>

namespace msc::rt {

/// Who uses an object: the last submission of each queue, and launch lists.
struct Uses {
  uint64_t last[MSC_DEVICE_MAX_QUEUES];
  uint32_t lists;
};

struct DeviceBuffer {
  void *object;
  uint64_t bytes;
  Uses uses;
};

/// Commands on their way to a launch list. Their arrays stand in `ranges` and
/// `scalars`, in their order.
struct Capture {
  Array<msc_command> commands;
  Array<msc_driver_range> ranges;
  Array<int64_t> scalars;
  Array<uint64_t> users; // handles of buffers and modules, infeeds' addresses
};

struct DeviceQueue {
  void *object;
  /// Submissions before this queue took over the slot, and up to now.
  uint64_t base, submitted;
  Capture *capture; // or null
};

struct DeviceModule {
  void *object;
  Uses uses;
};

struct DeviceKernel {
  void *object;
  uint64_t module;
  msc_kernel_info info;
};

struct DeviceEvent {
  void *object;
  uint64_t ticket; // 0: never recorded
  Uses uses;
};

struct DeviceList {
  void *object;
  Capture *capture; // for its users
  Uses uses;
};

} // namespace msc::rt

struct msc_infeed {
  msc_device *device;
  void *object;
  const msc_device_driver *driver;
  uint64_t slotBytes;
  msc::rt::Uses uses;
};

struct msc_device {
  explicit msc_device(const msc_device_driver *driver) : driver(driver) {}

  const msc_device_driver *const driver;
  void *object = nullptr;
  msc_device_info info{};
  msc::rt::Error error;
  std::atomic<bool> busy{false};

  uint64_t allocated = 0;
  /// Submissions by slot of a queue, kept when the queue is gone.
  uint64_t submissions[MSC_DEVICE_MAX_QUEUES] = {};

  msc::rt::HandleTable<msc::rt::DeviceBuffer> buffers{1};
  msc::rt::HandleTable<msc::rt::DeviceQueue> queues{2};
  msc::rt::HandleTable<msc::rt::DeviceModule> modules{3};
  msc::rt::HandleTable<msc::rt::DeviceKernel> kernels{4};
  msc::rt::HandleTable<msc::rt::DeviceEvent> events{5};
  msc::rt::HandleTable<msc::rt::DeviceList> lists{6};
  msc::rt::Array<msc_infeed *> infeeds;

  /// The object, or a text that says what is wrong with the handle.
  template <typename T>
  T *find(const msc::rt::HandleTable<T> &table, uint64_t handle,
          const char *what) {
    if (T *object = table.find(handle))
      return object;
    if (table.isStale(handle))
      error.fail(MSC_INVALID_ARGUMENT, "the %s is destroyed", what);
    else
      error.fail(MSC_INVALID_ARGUMENT, "0x%llx is no %s of this device",
                 static_cast<unsigned long long>(handle), what);
    return nullptr;
  }

  bool hasInfeed(const msc_infeed *infeed) const;

  /// What a driver's failure leaves.
  msc_status fail(msc_status status, const msc_driver_error &cause) {
    return error.fail(status, "%s", cause.text);
  }

  /// MSC_BUSY, with a text, if a queue or a list still uses the object.
  msc_status checkUnused(const msc::rt::Uses &uses, const char *what);

  /// Appends the command to the queue's capture, or submits it. `users` are the
  /// objects that it uses.
  msc_status enqueue(uint64_t queue, const msc_command &command,
                     const uint64_t *users, uint32_t numUsers);
  /// Notes a use by the queue's latest submission, or (`by` != 0) one more
  /// (fewer) list.
  void noteUse(uint64_t user, size_t queueIndex, int by);
  void releaseCapture(msc::rt::Capture *capture);

  /// Fills in `range` as the driver wants it, within the buffer.
  msc_status resolve(msc_buffer buffer, uint64_t offset, uint64_t bytes,
                     const char *what, msc_driver_range &range);
};

namespace msc::rt {

/// Holds a device for one call.
class DeviceCall {
public:
  explicit DeviceCall(msc_device *device) : device(device) {
    if (!device)
      state = threadError().fail(MSC_INVALID_ARGUMENT, "no device is given");
    else if (device->busy.exchange(true, std::memory_order_acquire))
      state = MSC_BUSY;
    else
      held = true;
  }
  ~DeviceCall() {
    if (held)
      device->busy.store(false, std::memory_order_release);
  }
  DeviceCall(const DeviceCall &) = delete;
  DeviceCall &operator=(const DeviceCall &) = delete;

  explicit operator bool() const { return held; }
  msc_status status() const { return state; }

private:
  msc_device *device;
  msc_status state = MSC_OK;
  bool held = false;
};

/// The table if it is one that can be used, or null and a text.
msc_status checkDriver(const msc_device_driver *driver, Error &error);

} // namespace msc::rt

#endif
