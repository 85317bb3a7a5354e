// The reference accelerator: runs kernels as docs/npu.md says, counts their
// cycles and finds their mistakes.
#ifndef MSC_RUNTIME_NPU_SIM_SIMULATOR_H
#define MSC_RUNTIME_NPU_SIM_SIMULATOR_H

#include "runtime/npu/CodeObject.h"

namespace msc::npu {

struct BufferArgument {
  uint8_t *data;
  uint64_t bytes;
};

/// What a kernel may use before it counts as endless.
struct Limits {
  uint64_t steps = uint64_t(1) << 28; // of the control unit
  uint64_t cycles = uint64_t(1) << 32;
};

/// By the cycle model. All but `cycles` may be summed over kernels that run at
/// the same time.
struct Counters {
  uint64_t cycles;
  uint64_t busy[kUnits]; // control: instructions
  uint64_t multiplyAdds; // that results needed
  uint64_t loadedBytes, storedBytes;

  void add(const Counters &other);
  /// Multiply-adds for each that the matrix unit could have done.
  double utilization() const;
};

class Machine;

/// Runs one kernel at a time. The same kernel on the same data takes the same
/// cycles and gives the same bits, always.
class Simulator {
public:
  Simulator() = default;
  Simulator(const Simulator &) = delete;
  Simulator &operator=(const Simulator &) = delete;
  ~Simulator();

  /// False: out of memory.
  bool allocate();
  /// `buffers` and `scalars` are as many as the kernel of the (verified) code
  /// object wants. False: error() tells the fault; buffers hold what was
  /// written until then.
  bool run(const KernelView &kernel, const BufferArgument *buffers,
           const int64_t *scalars, Counters &counters,
           const Limits &limits = Limits());
  const char *error() const;

private:
  Machine *machine = nullptr;
};

} // namespace msc::npu

#endif
