// A code object in memory: 32 bytes of header, 32 for each kernel, 16 for each
// instruction, the kernels' names; nothing else, and nothing in between.
#ifndef MSC_RUNTIME_NPU_CODEOBJECT_H
#define MSC_RUNTIME_NPU_CODEOBJECT_H

#include "runtime/npu/Isa.h"

#include <cstddef>

namespace msc::npu {

constexpr uint32_t kMagic = 0x55504e4d; // "MNPU"
constexpr uint16_t kMajor = 1, kMinor = 0;
constexpr uint32_t kMaxInstructions = 1 << 20; // of one code object
constexpr uint32_t kMaxKernels = 1 << 12;

struct FileHeader {
  uint32_t magic;
  uint16_t major, minor; // another major is refused, and so is a later minor
  uint32_t bytes;        // of the file
  uint32_t kernels, instructions;
  uint32_t nameBytes;
  uint32_t reserved[2]; // 0
};
static_assert(sizeof(FileHeader) == 32);

/// Instructions and names of the kernels follow each other in their order.
struct FileKernel {
  uint32_t nameBytes;
  uint32_t instructions;
  uint32_t buffers, scalars;
  uint32_t localBytes, accumulatorBytes; // that the kernel may touch
  uint32_t reserved[2];                  // 0
};
static_assert(sizeof(FileKernel) == 32);

struct KernelView {
  const char *name; // not terminated
  uint32_t nameBytes;
  uint32_t instructions, buffers, scalars, localBytes, accumulatorBytes;
  const uint8_t *code;

  Instruction instruction(uint32_t index) const {
    Instruction result;
    std::memcpy(static_cast<void *>(&result),
                code + size_t(index) * sizeof result, sizeof result);
    return result;
  }
};

/// What is wrong with a code object, in one line.
struct Complaint {
  char text[320] = "";
  __attribute__((format(printf, 2, 3))) bool say(const char *format, ...);
};

/// A code object that has been verified wholly; the bytes are the caller's.
class CodeObject {
public:
  /// False: `complaint` says why the bytes are none.
  bool open(const void *bytes, uint64_t size, Complaint &complaint);

  uint32_t numKernels() const { return kernels; }
  /// O(index).
  KernelView kernel(uint32_t index) const;
  /// -1: no such kernel.
  int64_t find(const char *name, size_t nameBytes) const;

private:
  const uint8_t *bytes = nullptr;
  uint32_t kernels = 0, instructions = 0;
};

/// Checks one kernel's instructions. What is found here can never happen while
/// it runs: unknown opcodes, registers, arguments, targets; bits that mean
/// nothing; loops and branches that are not properly nested; a semaphore with
/// more than one unit at either end; an end without halt.
bool verifyKernel(const KernelView &kernel, Complaint &complaint);

} // namespace msc::npu

#endif
