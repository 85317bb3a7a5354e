// Any bytes as a code object: refused, or its first kernel runs, with a fault
// at most. What is accepted has one encoding only.
#include "runtime/npu/Text.h"
#include "runtime/npu_sim/Simulator.h"

#include <cstdlib>
#include <vector>

using namespace msc::npu;

static void checkEncoding(const CodeObject &object, const uint8_t *data,
                          size_t size) {
  std::vector<Kernel> kernels;
  std::string error;
  if (!assemble(disassemble(object), kernels, error))
    std::abort();
  std::vector<uint8_t> again = serialize(kernels);
  if (again.size() != size || std::memcmp(again.data(), data, size) != 0)
    std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  CodeObject object;
  Complaint complaint;
  if (!object.open(data, size, complaint)) {
    if (!complaint.text[0])
      std::abort();
    return 0;
  }
  checkEncoding(object, data, size);

  static Simulator simulator;
  static bool ready = simulator.allocate();
  if (!ready)
    std::abort();
  KernelView kernel = object.kernel(0);
  std::vector<std::vector<uint8_t>> memory(kernel.buffers,
                                           std::vector<uint8_t>(4096, 1));
  std::vector<BufferArgument> buffers;
  for (std::vector<uint8_t> &bytes : memory)
    buffers.push_back({bytes.data(), bytes.size()});
  std::vector<int64_t> scalars(kernel.scalars, 64);
  Limits limits;
  limits.steps = 500;
  limits.cycles = 20000;
  Counters counters;
  if (!simulator.run(kernel, buffers.data(), scalars.data(), counters,
                     limits) &&
      !simulator.error()[0])
    std::abort();
  return 0;
}
