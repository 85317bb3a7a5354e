#include "runtime/npu/CodeObject.h"

#include <cstdarg>
#include <cstdio>

namespace msc::npu {

bool Complaint::say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return false;
}

static bool checkHeader(const FileHeader &header, uint64_t size,
                        Complaint &complaint) {
  if (header.magic != kMagic)
    return complaint.say("expected a code object of the npu, got magic 0x%08x",
                         header.magic);
  if (header.major != kMajor || header.minor > kMinor)
    return complaint.say("expected version %u.0 to %u.%u, got %u.%u", kMajor,
                         kMajor, kMinor, header.major, header.minor);
  if (header.kernels == 0 || header.kernels > kMaxKernels ||
      header.instructions > kMaxInstructions)
    return complaint.say(
        "expected 1 to %u kernels and at most %u instructions, "
        "got %u, %u",
        kMaxKernels, kMaxInstructions, header.kernels, header.instructions);
  uint64_t wanted =
      sizeof header + uint64_t(header.kernels) * sizeof(FileKernel) +
      uint64_t(header.instructions) * kInstructionBytes + header.nameBytes;
  if (header.bytes != size || wanted != size)
    return complaint.say("the header tells %llu bytes, got %llu",
                         static_cast<unsigned long long>(wanted),
                         static_cast<unsigned long long>(size));
  if (header.reserved[0] || header.reserved[1])
    return complaint.say("reserved fields of the header are not 0");
  return true;
}

static bool checkKernel(const FileKernel &kernel, uint32_t index,
                        uint64_t instructionsLeft, uint64_t nameBytesLeft,
                        Complaint &complaint) {
  if (kernel.instructions > instructionsLeft ||
      kernel.nameBytes > nameBytesLeft || kernel.nameBytes == 0)
    return complaint.say(
        "kernel %u has %u instructions and a name of %u bytes, "
        "which the file has not",
        index, kernel.instructions, kernel.nameBytes);
  if (kernel.buffers > kMaxBuffers || kernel.scalars > kMaxScalars)
    return complaint.say(
        "kernel %u expects %u buffers and %u scalars, the most "
        "are %u and %u",
        index, kernel.buffers, kernel.scalars, kMaxBuffers, kMaxScalars);
  if (kernel.localBytes > kLocalBytes ||
      kernel.accumulatorBytes > kAccumulatorBytes ||
      kernel.localBytes % kLine || kernel.accumulatorBytes % kLine)
    return complaint.say("kernel %u wants %u bytes of local memory and %u of "
                         "accumulators, expected multiples of %u up to %u, %u",
                         index, kernel.localBytes, kernel.accumulatorBytes,
                         kLine, kLocalBytes, kAccumulatorBytes);
  if (kernel.reserved[0] || kernel.reserved[1])
    return complaint.say("reserved fields of kernel %u are not 0", index);
  return true;
}

static bool isNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '$';
}

static bool checkName(const KernelView &kernel, uint32_t index,
                      Complaint &complaint) {
  for (uint32_t i = 0; i < kernel.nameBytes; ++i)
    if (!isNameCharacter(kernel.name[i]))
      return complaint.say(
          "the name of kernel %u has another character than [A-Za-z0-9_.$-]",
          index);
  return true;
}

bool CodeObject::open(const void *data, uint64_t size, Complaint &complaint) {
  FileHeader header;
  if (size < sizeof header)
    return complaint.say("the code object is truncated: %llu bytes",
                         static_cast<unsigned long long>(size));
  std::memcpy(&header, data, sizeof header);
  if (!checkHeader(header, size, complaint))
    return false;
  bytes = static_cast<const uint8_t *>(data);
  kernels = header.kernels;
  instructions = header.instructions;

  uint64_t instructionsLeft = header.instructions;
  uint64_t nameBytesLeft = header.nameBytes;
  for (uint32_t i = 0; i < kernels; ++i) {
    FileKernel kernel;
    std::memcpy(&kernel, bytes + sizeof header + i * sizeof kernel,
                sizeof kernel);
    if (!checkKernel(kernel, i, instructionsLeft, nameBytesLeft, complaint))
      return false;
    instructionsLeft -= kernel.instructions;
    nameBytesLeft -= kernel.nameBytes;
  }
  if (instructionsLeft || nameBytesLeft)
    return complaint.say("instructions or names belong to no kernel");

  KernelView view = kernel(0);
  for (uint32_t i = 0; i < kernels; ++i) {
    // As kernel(i), but without beginning anew.
    if (i) {
      view.code += size_t(view.instructions) * kInstructionBytes;
      view.name += view.nameBytes;
      FileKernel next;
      std::memcpy(&next, bytes + sizeof header + i * sizeof next, sizeof next);
      view = {
          view.name,    next.nameBytes,  next.instructions,     next.buffers,
          next.scalars, next.localBytes, next.accumulatorBytes, view.code};
    }
    if (!checkName(view, i, complaint) || !verifyKernel(view, complaint))
      return false;
    if (find(view.name, view.nameBytes) != i)
      return complaint.say("two kernels are called '%.*s'",
                           static_cast<int>(view.nameBytes), view.name);
  }
  return true;
}

KernelView CodeObject::kernel(uint32_t index) const {
  const uint8_t *table = bytes + sizeof(FileHeader);
  const uint8_t *code = table + size_t(kernels) * sizeof(FileKernel);
  const char *name = reinterpret_cast<const char *>(
      code + size_t(instructions) * kInstructionBytes);
  FileKernel entry;
  for (uint32_t i = 0;; ++i) {
    std::memcpy(&entry, table + size_t(i) * sizeof entry, sizeof entry);
    if (i == index)
      break;
    code += size_t(entry.instructions) * kInstructionBytes;
    name += entry.nameBytes;
  }
  return {
      name,          entry.nameBytes,  entry.instructions,     entry.buffers,
      entry.scalars, entry.localBytes, entry.accumulatorBytes, code};
}

int64_t CodeObject::find(const char *name, size_t nameBytes) const {
  const uint8_t *table = bytes + sizeof(FileHeader);
  const char *next = reinterpret_cast<const char *>(
      table + size_t(kernels) * sizeof(FileKernel) +
      size_t(instructions) * kInstructionBytes);
  for (uint32_t i = 0; i < kernels; ++i) {
    FileKernel entry;
    std::memcpy(&entry, table + size_t(i) * sizeof entry, sizeof entry);
    if (entry.nameBytes == nameBytes && !std::memcmp(next, name, nameBytes))
      return i;
    next += entry.nameBytes;
  }
  return -1;
}

} // namespace msc::npu
