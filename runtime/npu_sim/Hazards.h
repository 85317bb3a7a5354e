// What has happened before what, and faults of kernels.
#ifndef MSC_RUNTIME_NPU_SIM_HAZARDS_H
#define MSC_RUNTIME_NPU_SIM_HAZARDS_H

#include "runtime/core/Memory.h"
#include "runtime/npu/CodeObject.h"

namespace msc::npu {

/// A vector clock: how many instructions of each unit have happened before.
struct Clock {
  uint32_t at[kUnits];

  void join(const Clock &other) {
    for (unsigned i = 0; i < kUnits; ++i)
      if (at[i] < other.at[i])
        at[i] = other.at[i];
  }
};

/// Who is accessing memory: an instruction that runs on a unit.
struct Actor {
  Unit unit;
  uint32_t pc;
  uint32_t issue; // place in the order of the program
  const Clock *clock;

  unsigned index() const { return unsigned(unit); }
  uint32_t now() const { return clock->at[index()]; }
  /// Whether the event of another unit happened before.
  bool knows(unsigned other, uint32_t when) const {
    return other == index() || clock->at[other] >= when;
  }
};

/// The first thing that went wrong, with the instruction that it did at.
class Fault {
public:
  void reset(const KernelView &view) {
    kernel = view;
    message[0] = 0;
  }
  /// Returns false.
  __attribute__((format(printf, 3, 4))) bool raise(uint32_t pc,
                                                   const char *format, ...);
  bool isRaised() const { return message[0] != 0; }
  const char *text() const { return message; }

  /// Two accesses of one place that nothing orders; at least one writes. The
  /// later one in the program is to blame. `place` is what it accesses.
  struct Side {
    uint32_t pc, issue;
    bool writes;
  };
  bool raiseConflict(const Side &one, const Side &other, const char *place);

  /// "instruction 12 (load, dma0)".
  void describe(uint32_t pc, char *text, size_t size) const;

private:
  KernelView kernel = {};
  char message[640] = "";
};

/// The memories on the chip. Every access is checked: range, values that were
/// never written, and order, which is kept by lines: units that touch one line
/// need a semaphore between them even if they touch different bytes of it.
class LocalMemory {
public:
  /// False: out of memory.
  bool allocate();
  /// Forgets everything.
  void reset(const KernelView &kernel);

  /// The bytes, or null and a fault.
  const uint8_t *read(const Actor &actor, int64_t address, uint64_t bytes,
                      Fault &fault);
  uint8_t *write(const Actor &actor, int64_t address, uint64_t bytes,
                 Fault &fault);
  /// A byte within range.
  uint8_t *at(int64_t address) { return memory.begin() + indexOf(address, 1); }

private:
  struct Touch {
    uint32_t when, pc, issue; // when: by its unit's clock; 0: never
  };
  struct Line {
    Touch written;
    Touch read[kUnits];
    uint32_t writer; // the unit
  };
  bool failOrder(const Actor &actor, bool actorWrites, const Touch &other,
                 bool otherWrites, int64_t address, uint64_t bytes,
                 Fault &fault) const;
  /// -1: out of range.
  int64_t indexOf(int64_t address, uint64_t bytes) const;
  bool failRange(const Actor &actor, int64_t address, uint64_t bytes,
                 bool writes, Fault &fault) const;

  rt::Block memory, initialized, lines;
  uint32_t localBytes = 0, accumulatorBytes = 0;
};

/// A strided box of device memory: n[3] x n[2] x n[1] rows of n[0] bytes.
struct DeviceBox {
  int64_t base; // an address of the host's, where device memory lies
  int64_t n[4];
  int64_t stride[4]; // [0] is 1

  int64_t low() const;
  int64_t high() const; // past the last byte
  bool isEmpty() const { return !n[0] || !n[1] || !n[2] || !n[3]; }
};

/// Whether two boxes have a byte in common; decided exactly unless that takes
/// millions of steps, then "yes".
bool overlap(const DeviceBox &a, const DeviceBox &b);

/// Remembers what the DMA queues did to device memory, as far as another queue
/// may not know of it yet.
class DeviceAccesses {
public:
  void reset();
  bool read(const Actor &actor, const DeviceBox &box, unsigned buffer,
            Fault &fault) {
    return check(actor, box, buffer, false, fault);
  }
  bool write(const Actor &actor, const DeviceBox &box, unsigned buffer,
             Fault &fault) {
    return check(actor, box, buffer, true, fault);
  }

private:
  struct Access {
    DeviceBox box;
    int64_t low, high;
    uint32_t when, pc, issue;
    unsigned buffer;
  };
  using Log = rt::Array<Access>;

  bool check(const Actor &actor, const DeviceBox &box, unsigned buffer,
             bool writes, Fault &fault);
  static const Access *findConflict(const Log &log, uint32_t known,
                                    const Access &access);

  Log reads[kUnits], writes[kUnits];
};

} // namespace msc::npu

#endif
