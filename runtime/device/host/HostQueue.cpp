#include "runtime/device/host/HostObjects.h"

#include <cinttypes>
#include <csignal>

namespace msc::rt {

bool CommandCopy::assign(const msc_command *from, uint32_t count) {
  size_t numRanges = 0, numScalars = 0;
  for (uint32_t i = 0; i < count; ++i) {
    numRanges += from[i].num_buffers;
    numScalars += from[i].num_scalars;
  }
  if (!commands.resize(count) || !ranges.resize(numRanges) ||
      !scalars.resize(numScalars))
    return false;
  numRanges = numScalars = 0;
  for (uint32_t i = 0; i < count; ++i) {
    msc_command &command = commands[i];
    command = from[i];
    for (uint32_t j = 0; j < command.num_buffers; ++j)
      ranges[numRanges + j] = from[i].buffers[j];
    for (uint32_t j = 0; j < command.num_scalars; ++j)
      scalars[numScalars + j] = from[i].scalars[j];
    command.buffers = ranges.begin() + numRanges;
    command.scalars = scalars.begin() + numScalars;
    numRanges += command.num_buffers;
    numScalars += command.num_scalars;
  }
  return true;
}

msc_status HostQueue::start(msc_driver_error &error) {
  // Signals are for the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int code = pthread_create(&thread, nullptr, threadMain, this);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (code)
    return fail(error, MSC_OUT_OF_MEMORY, "cannot start a thread for a queue");
  started = true;
  return MSC_OK;
}

HostQueue::~HostQueue() {
  if (!started)
    return;
  {
    HostLock lock(device);
    stopping = true;
    lock.notify();
  }
  pthread_join(thread, nullptr);
}

msc_status HostQueue::push(const msc_command *commands, uint32_t count,
                           HostList *list, uint64_t repeat,
                           msc_driver_error &error) {
  Work *work = create<Work>();
  if (!work || !work->commands.assign(commands, count)) {
    destroy(work);
    return fail(error, MSC_OUT_OF_MEMORY, "no memory for a command");
  }
  work->list = list;
  work->repeat = repeat;
  HostLock lock(device);
  ++device.triggers;
  ++submitted;
  (last ? last->next : first) = work;
  last = work;
  lock.notify();
  return MSC_OK;
}

uint64_t HostQueue::progress() {
  HostLock lock(device);
  return done;
}

msc_status HostQueue::finish(msc_driver_error &error) {
  HostLock lock(device);
  uint64_t wanted = submitted;
  while (done < wanted)
    lock.wait();
  msc_status status = outcome.status;
  error = outcome.error;
  outcome = HostOutcome();
  return status;
}

void *HostQueue::threadMain(void *queue) {
  static_cast<HostQueue *>(queue)->work();
  return nullptr;
}

void HostQueue::work() {
  for (;;) {
    Work *next;
    {
      HostLock lock(device);
      while (!first && !stopping)
        lock.wait();
      if (!first)
        return;
      next = first;
      first = next->next;
      if (!first)
        last = nullptr;
    }
    run(*next);
    destroy(next);
    HostLock lock(device);
    ++done;
    lock.notify();
  }
}

bool HostQueue::isStopping() {
  HostLock lock(device);
  return stopping;
}

void HostQueue::run(const Work &work) {
  if (!work.list) {
    runCommands(work.commands);
    return;
  }
  for (uint64_t i = 0; i < work.repeat && !outcome.status; ++i) {
    runCommands(work.list->commands);
    if (outcome.status && work.repeat > 1) {
      msc_driver_error cause = outcome.error;
      fail(outcome.error, outcome.status,
           "iteration %" PRIu64 " of %" PRIu64 ": %.700s", i + 1, work.repeat,
           cause.text);
    }
  }
}

/// Once a command has failed, the others but records are skipped.
void HostQueue::runCommands(const CommandCopy &commands) {
  for (const msc_command &command : commands) {
    if (!outcome.status && isStopping())
      outcome.status = fail(outcome.error, MSC_INTERNAL, "the queue is gone");
    if (command.kind == MSC_COMMAND_RECORD)
      record(command);
    else if (!outcome.status)
      outcome.status = runCommand(command, outcome.error);
  }
}

msc_status HostQueue::runCommand(const msc_command &command,
                                 msc_driver_error &error) {
  switch (command.kind) {
  case MSC_COMMAND_UPLOAD:
    if (command.to.bytes)
      std::memcpy(bytesOf(command.to), command.host, command.to.bytes);
    return MSC_OK;
  case MSC_COMMAND_DOWNLOAD:
    if (command.from.bytes)
      std::memcpy(command.host, bytesOf(command.from), command.from.bytes);
    return MSC_OK;
  case MSC_COMMAND_COPY:
    if (command.to.bytes)
      std::memcpy(bytesOf(command.to), bytesOf(command.from), command.to.bytes);
    return MSC_OK;
  case MSC_COMMAND_DISPATCH:
    return device.run(device.state, command, error);
  case MSC_COMMAND_AWAIT:
    return await(command, error);
  case MSC_COMMAND_INFEED:
    return take(command, error);
  }
  return fail(error, MSC_INVALID_ARGUMENT, "unknown command %u", command.kind);
}

void HostQueue::record(const msc_command &command) {
  auto &event = *static_cast<HostEvent *>(command.object);
  HostLock lock(device);
  // Records in other queues may have come first.
  if (event.reached < command.ticket)
    event.reached = command.ticket;
  if (outcome.status) {
    event.failedTicket = command.ticket;
    event.failure = outcome;
  }
  lock.notify();
}

msc_status HostQueue::await(const msc_command &command,
                            msc_driver_error &error) {
  auto &event = *static_cast<HostEvent *>(command.object);
  HostLock lock(device);
  while (event.reached < command.ticket) {
    if (stopping)
      return fail(error, MSC_INTERNAL, "the queue is gone");
    lock.wait();
  }
  if (event.failedTicket != command.ticket)
    return MSC_OK;
  return fail(error, event.failure.status, "before the event: %.740s",
              event.failure.error.text);
}

msc_status HostQueue::take(const msc_command &command,
                           msc_driver_error &error) {
  auto &infeed = *static_cast<HostInfeed *>(command.object);
  HostLock lock(device);
  while (infeed.taken == infeed.pushed) {
    if (infeed.ended)
      return fail(error, MSC_INVALID_ARGUMENT,
                  "the infeed is exhausted after %" PRIu64 " slots",
                  infeed.taken);
    if (stopping)
      return fail(error, MSC_INTERNAL, "the queue is gone");
    lock.wait();
  }
  uint64_t slot = infeed.taken % infeed.slots;
  std::memcpy(bytesOf(command.to),
              infeed.ring.begin() + slot * infeed.slotBytes, infeed.slotBytes);
  ++infeed.taken;
  lock.notify();
  return MSC_OK;
}

} // namespace msc::rt
