#include "runtime/package/Verify.h"

#include "runtime/core/DType.h"
#include "runtime/core/Memory.h"
#include "runtime/schema/format.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

namespace msc::rt {
namespace {

using Steps = flatbuffers::Vector<flatbuffers::Offset<package::Step>>;

template <typename T> uint32_t sizeOf(const flatbuffers::Vector<T> *vector) {
  return vector ? vector->size() : 0;
}

bool isHost(package::Space space) { return space <= package::Space::HostArena; }

class StepsVerification {
public:
  StepsVerification(const package::Package &package,
                    const package::Target &target, Error &error)
      : package(package), target(target), plan(*target.plan_as_StepsPlan()),
        error(error) {}

  msc_status run();

private:
  __attribute__((format(printf, 2, 3))) msc_status invalid(const char *format,
                                                           ...);

  using Tensors = flatbuffers::Vector<flatbuffers::Offset<package::Tensor>>;

  bool findSizes(const Tensors &tensors, Array<uint64_t> &sizes);
  msc_status checkSteps(const Steps *steps, unsigned nesting);
  msc_status checkDispatch(const package::Dispatch &dispatch);
  msc_status checkCopy(const package::Copy &copy);
  msc_status checkBranch(const package::Branch &branch, unsigned nesting);
  msc_status checkWait(const package::Wait &wait);
  msc_status checkQueue(uint32_t queue);
  /// `writes`: whether the buffer may be changed.
  msc_status checkBuffer(const package::Buffer &buffer, bool writes);
  bool isWritable(const package::Buffer &buffer) const;
  /// Bytes of what a buffer is a part of; false if there is no such thing.
  bool findSize(const package::Buffer &buffer, uint64_t &bytes) const;

  const package::Package &package;
  const package::Target &target;
  const package::StepsPlan &plan;
  Error &error;
  Array<uint64_t> inputs, outputs; // bytes
  bool inSetup = false;
  uint64_t number = 0; // of the step, as they stand in the plan
};

} // namespace

msc_status StepsVerification::invalid(const char *format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return error.fail(MSC_INVALID_ARGUMENT,
                    "the package is invalid: target '%.64s', step %" PRIu64
                    ": %s",
                    target.name()->c_str(), number, text);
}

/// False: not all extents are static, or memory is out.
bool StepsVerification::findSizes(const Tensors &tensors,
                                  Array<uint64_t> &sizes) {
  for (const package::Tensor *tensor : tensors) {
    int64_t extents[MSC_MAX_RANK], elements;
    for (uint32_t axis = 0; axis < tensor->dims()->size(); ++axis) {
      extents[axis] = tensor->dims()->Get(axis)->extent();
      if (extents[axis] < 0)
        return false;
    }
    uint64_t bytes;
    if (!countElements(extents, tensor->dims()->size(), elements) ||
        !countBytes(tensor->dtype(), elements, bytes) || !sizes.push(bytes))
      return false;
  }
  return true;
}

msc_status StepsVerification::run() {
  if (!findSizes(*package.signature()->inputs(), inputs) ||
      !findSizes(*package.signature()->outputs(), outputs))
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the package is invalid: target '%s' is a list of steps, "
                      "whose tensors have static extents only",
                      target.name()->c_str());
  if (plan.queues() == 0 || plan.queues() > MSC_PACKAGE_MAX_QUEUES ||
      plan.host_arena_bytes() > MSC_PACKAGE_MAX_ARENA ||
      plan.device_arena_bytes() > MSC_PACKAGE_MAX_ARENA ||
      plan.device_weights_bytes() > MSC_PACKAGE_MAX_ARENA)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the package is invalid: target '%s' wants queues or "
                      "memory out of range",
                      target.name()->c_str());
  inSetup = true;
  if (msc_status status = checkSteps(plan.setup(), 0))
    return status;
  inSetup = false;
  return checkSteps(plan.steps(), 0);
}

msc_status StepsVerification::checkSteps(const Steps *steps, unsigned nesting) {
  if (nesting > MSC_PACKAGE_MAX_NESTING)
    return invalid("loops and branches are nested too deeply");
  for (uint32_t i = 0; i < sizeOf(steps); ++i) {
    const package::Step &step = *steps->Get(i);
    msc_status status;
    switch (step.command_type()) {
    case package::Command::Dispatch:
      status = checkDispatch(*step.command_as_Dispatch());
      break;
    case package::Command::Copy:
      status = checkCopy(*step.command_as_Copy());
      break;
    case package::Command::Loop:
      status = checkSteps(step.command_as_Loop()->body(), nesting + 1);
      break;
    case package::Command::Branch:
      status = checkBranch(*step.command_as_Branch(), nesting);
      break;
    case package::Command::Wait:
      status = checkWait(*step.command_as_Wait());
      break;
    default:
      status = invalid("a command of unknown kind %u",
                       static_cast<unsigned>(step.command_type()));
    }
    if (status)
      return status;
    ++number;
  }
  return MSC_OK;
}

msc_status StepsVerification::checkQueue(uint32_t queue) {
  if (queue < plan.queues())
    return MSC_OK;
  return invalid("queue %u of %u", queue, plan.queues());
}

msc_status StepsVerification::checkDispatch(const package::Dispatch &dispatch) {
  if (dispatch.code() >= target.code()->size())
    return invalid("code object %u of %u", dispatch.code(),
                   target.code()->size());
  const package::CodeObject &code = *target.code()->Get(dispatch.code());
  if (dispatch.kernel() >= sizeOf(code.kernels()))
    return invalid("kernel %u of %u", dispatch.kernel(),
                   sizeOf(code.kernels()));
  const package::Kernel &kernel = *code.kernels()->Get(dispatch.kernel());
  if (sizeOf(dispatch.buffers()) != kernel.buffers() ||
      sizeOf(dispatch.scalars()) != kernel.scalars())
    return invalid("kernel '%s' takes %u buffers and %u scalars, got %u and %u",
                   kernel.name()->c_str(), kernel.buffers(), kernel.scalars(),
                   sizeOf(dispatch.buffers()), sizeOf(dispatch.scalars()));
  if (msc_status status = checkQueue(dispatch.queue()))
    return status;
  if (sizeOf(dispatch.grid()) > 3)
    return invalid("a grid of %u dims", sizeOf(dispatch.grid()));
  for (uint32_t i = 0; i < sizeOf(dispatch.grid()); ++i)
    if (dispatch.grid()->Get(i) == 0)
      return invalid("a grid without points");
  if (dispatch.region() < -1 ||
      dispatch.region() >= static_cast<int64_t>(target.regions()->size()))
    return invalid("region %d of %u", dispatch.region(),
                   target.regions()->size());
  bool onTarget =
      std::strcmp(code.device()->c_str(), target.name()->c_str()) == 0;
  if (!onTarget && std::strcmp(code.device()->c_str(), "cpu") != 0)
    return invalid("code for '%s'", code.device()->c_str());
  for (uint32_t i = 0; i < kernel.buffers(); ++i) {
    const package::Buffer &buffer = *dispatch.buffers()->Get(i);
    if (buffer.access() > package::Access::ReadWrite)
      return invalid("buffer %u has an unknown access", i);
    if (msc_status status =
            checkBuffer(buffer, buffer.access() != package::Access::Read))
      return status;
    if (isHost(buffer.space()) == onTarget)
      return invalid("kernel '%s' can't reach the memory of buffer %u",
                     kernel.name()->c_str(), i);
  }
  return MSC_OK;
}

msc_status StepsVerification::checkCopy(const package::Copy &copy) {
  const package::Buffer &from = *copy.from(), &to = *copy.to();
  if (msc_status status = checkQueue(copy.queue()))
    return status;
  if (msc_status status = checkBuffer(from, false))
    return status;
  if (msc_status status = checkBuffer(to, true))
    return status;
  if (from.bytes() != to.bytes())
    return invalid("a copy of %" PRIu64 " bytes to %" PRIu64, from.bytes(),
                   to.bytes());
  bool sameMemory = from.space() == to.space() && from.index() == to.index();
  if (sameMemory && from.offset() < to.offset() + to.bytes() &&
      to.offset() < from.offset() + from.bytes())
    return invalid("a copy onto itself");
  return MSC_OK;
}

msc_status StepsVerification::checkBranch(const package::Branch &branch,
                                          unsigned nesting) {
  const package::Buffer &condition = *branch.condition();
  if (msc_status status = checkBuffer(condition, false))
    return status;
  if (!isHost(condition.space()) || condition.bytes() != 1)
    return invalid("a condition is one byte of the host's memory");
  if (msc_status status = checkSteps(branch.then(), nesting + 1))
    return status;
  return checkSteps(branch.otherwise(), nesting + 1);
}

msc_status StepsVerification::checkWait(const package::Wait &wait) {
  if (msc_status status = checkQueue(wait.on()))
    return status;
  if (wait.queue() == -1)
    return MSC_OK;
  if (wait.queue() < -1 || wait.queue() == static_cast<int64_t>(wait.on()))
    return invalid("queue %d can't wait for queue %u", wait.queue(), wait.on());
  return checkQueue(static_cast<uint32_t>(wait.queue()));
}

bool StepsVerification::findSize(const package::Buffer &buffer,
                                 uint64_t &bytes) const {
  switch (buffer.space()) {
  case package::Space::Input:
  case package::Space::Output: {
    const Array<uint64_t> &sizes =
        buffer.space() == package::Space::Input ? inputs : outputs;
    // There are none while a model is set up.
    if (inSetup || buffer.index() >= sizes.size())
      return false;
    bytes = sizes[buffer.index()];
    return true;
  }
  case package::Space::Weights:
    bytes = package.weights() ? package.weights()->bytes() : 0;
    break;
  case package::Space::HostArena:
    bytes = plan.host_arena_bytes();
    break;
  case package::Space::DeviceArena:
    bytes = plan.device_arena_bytes();
    break;
  case package::Space::DeviceWeights:
    bytes = plan.device_weights_bytes();
    break;
  default:
    return false;
  }
  return buffer.index() == 0;
}

bool StepsVerification::isWritable(const package::Buffer &buffer) const {
  switch (buffer.space()) {
  case package::Space::Input:
    return false; // an output in its buffer is named as the output
  case package::Space::Weights:
    return false;
  case package::Space::DeviceWeights:
    return inSetup;
  default:
    return true;
  }
}

msc_status StepsVerification::checkBuffer(const package::Buffer &buffer,
                                          bool writes) {
  uint64_t size;
  if (!findSize(buffer, size))
    return invalid("no buffer %u in space %u", buffer.index(),
                   static_cast<unsigned>(buffer.space()));
  if (buffer.offset() > size || buffer.bytes() > size - buffer.offset())
    return invalid("%" PRIu64 " bytes at %" PRIu64 " of a buffer of %" PRIu64,
                   buffer.bytes(), buffer.offset(), size);
  if (writes && !isWritable(buffer))
    return invalid("space %u is read only",
                   static_cast<unsigned>(buffer.space()));
  return MSC_OK;
}

msc_status verifySteps(const package::Package &package,
                       const package::Target &target, Error &error) {
  return StepsVerification(package, target, error).run();
}

} // namespace msc::rt
