// Queues, events, launch lists and infeeds of a HostDevice.
#ifndef MSC_RUNTIME_DEVICE_HOST_HOSTOBJECTS_H
#define MSC_RUNTIME_DEVICE_HOST_HOSTOBJECTS_H

#include "runtime/device/host/HostDevice.h"

namespace msc::rt {

/// Commands with arrays of their own.
class CommandCopy {
public:
  /// To be called once. False: out of memory.
  bool assign(const msc_command *commands, uint32_t count);

  const msc_command *begin() const { return commands.begin(); }
  const msc_command *end() const { return commands.end(); }

private:
  Array<msc_command> commands;
  Array<msc_driver_range> ranges;
  Array<int64_t> scalars;
};

/// How a piece of work ended.
struct HostOutcome {
  msc_status status = MSC_OK;
  msc_driver_error error = {};
};

struct HostEvent {
  explicit HostEvent(HostDevice &device) : device(device) {}

  HostDevice &device;
  uint64_t reached = 0;
  /// Of the latest ticket that was reached after a failure.
  uint64_t failedTicket = 0;
  HostOutcome failure;
};

struct HostList {
  CommandCopy commands;
};

struct HostInfeed {
  explicit HostInfeed(HostDevice &device) : device(device) {}

  HostDevice &device;
  uint64_t slotBytes = 0, slots = 0;
  Block ring;
  uint64_t pushed = 0, taken = 0; // slot i is at i modulo `slots`
  bool ended = false;
};

/// A thread that does its work in order.
class HostQueue {
public:
  explicit HostQueue(HostDevice &device) : device(device) {}
  ~HostQueue();

  msc_status start(msc_driver_error &error);
  /// A null list: the commands.
  msc_status push(const msc_command *commands, uint32_t count, HostList *list,
                  uint64_t repeat, msc_driver_error &error);
  uint64_t progress();
  msc_status finish(msc_driver_error &error);

private:
  struct Work {
    Work *next = nullptr;
    CommandCopy commands;
    HostList *list = nullptr;
    uint64_t repeat = 1;
  };

  static void *threadMain(void *queue);
  void work();
  void run(const Work &work);
  bool isStopping();
  void runCommands(const CommandCopy &commands);
  msc_status runCommand(const msc_command &command, msc_driver_error &error);
  void record(const msc_command &command);
  msc_status await(const msc_command &command, msc_driver_error &error);
  msc_status take(const msc_command &command, msc_driver_error &error);

  HostDevice &device;
  pthread_t thread;
  bool started = false;
  // Guarded by the device's lock.
  Work *first = nullptr, *last = nullptr;
  uint64_t submitted = 0, done = 0;
  bool stopping = false;
  // The thread's, and finish()'s when everything is done.
  HostOutcome outcome;
};

} // namespace msc::rt

#endif
