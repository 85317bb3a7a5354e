// One run of a kernel on the simulated chip.
#ifndef MSC_RUNTIME_NPU_SIM_MACHINE_H
#define MSC_RUNTIME_NPU_SIM_MACHINE_H

#include "runtime/npu_sim/Hazards.h"
#include "runtime/npu_sim/Simulator.h"

namespace msc::npu {

/// An instruction with the values of its registers when it was issued.
struct Job {
  Instruction instruction;
  uint32_t pc, issue; // place in the code, and in what was issued
  uint64_t issued;    // the cycle
  Clock seen;         // by the control unit
  int64_t value[12];
};

struct Token {
  uint64_t time;
  Clock clock;
};

class Machine {
public:
  bool allocate();
  bool run(const KernelView &kernel, const BufferArgument *buffers,
           const int64_t *scalars, const Limits &limits, Counters &counters);
  const char *error() const { return fault.text(); }

private:
  struct UnitState {
    Job queue[kQueueDepth];
    unsigned first, count;
    uint64_t free; // when it is done with what has started
    Clock clock;

    Job &head() { return queue[first]; }
  };
  struct Semaphore {
    Token tokens[kMaxTokens];
    unsigned first, count;
  };
  struct LoopState {
    uint32_t begin;
    uint8_t index; // the register
    int64_t count, done;
  };

  // Simulator.cpp: who runs next.
  void reset(const KernelView &view, const BufferArgument *arguments,
             const int64_t *values, const Limits &bounds);
  bool controlReady(uint64_t &time);
  bool unitReady(unsigned unit, uint64_t &time);
  bool stepUnit(unsigned unit, uint64_t time, Counters &counters);
  bool isDone() const;
  bool failDeadlock();
  bool failEndless(uint32_t at);
  bool signal(unsigned unit, unsigned semaphore, uint64_t time, uint32_t at);
  void await(unsigned unit, unsigned semaphore);

  // Control.cpp: each returns false after a fault.
  bool stepControl(uint64_t time, Counters &counters);
  bool runScalar(const Instruction &instruction);
  bool runBranch(const Instruction &instruction);
  bool compute(Opcode opcode, int64_t a, int64_t b, int64_t &result);
  void beginLoop(const Instruction &instruction);
  void endLoop();
  bool runPeek(const Instruction &instruction);
  void issue(const Instruction &instruction, uint64_t time);

  // Dma.cpp, Matrix.cpp, Vector.cpp: run a job, which has started at `time`,
  // and tell when it ends.
  bool runDma(const Job &job, uint64_t time, uint64_t &end, Counters &counters);
  bool runTransfer(const Job &job, const Actor &actor, uint64_t time,
                   uint64_t &end, Counters &counters);
  bool runFill(const Job &job, const Actor &actor);
  bool runMove(const Job &job, const Actor &actor);
  bool checkBox(const Job &job, const int64_t *n, int64_t &rows);
  bool runMatrix(const Job &job, uint64_t time, uint64_t &end,
                 Counters &counters);
  bool runVector(const Job &job, uint64_t time, uint64_t &end,
                 Counters &counters);

  /// Checks extents, alignment and stride of a tile in local memory, and each
  /// of its rows; `name` is that of the operand.
  bool checkTile(const Actor &actor, const char *name, int64_t base,
                 int64_t stride, int64_t rows, int64_t cols,
                 unsigned elementBytes, bool writes);
  /// A byte of a tile that has been checked.
  uint8_t *at(int64_t address);

  friend class VectorJob;

  KernelView kernel = {};
  const BufferArgument *buffers = nullptr;
  const int64_t *scalars = nullptr;
  Limits limits;
  Fault fault;
  LocalMemory local;
  DeviceAccesses device;
  rt::Block scratch; // of the matrix unit: both operands as f32 or i32

  int64_t registers[kRegisters];
  uint32_t pc;
  uint64_t steps;
  bool halted;
  int blockedOn; // the unit whose queue is full, or -1
  LoopState loops[kMaxLoops];
  unsigned numLoops;
  uint64_t portFree; // the port to device memory
  UnitState units[kUnits];
  Semaphore semaphores[kSemaphores];
};

} // namespace msc::npu

#endif
