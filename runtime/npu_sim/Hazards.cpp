#include "runtime/npu_sim/Hazards.h"

#include <cstdarg>
#include <cstdio>

namespace msc::npu {

void Fault::describe(uint32_t pc, char *text, size_t size) const {
  Instruction instruction = kernel.instruction(pc);
  std::snprintf(text, size, "instruction %u (%s, %s)", pc,
                infoOf(instruction.opcode).name, nameOf(instruction.unit));
}

bool Fault::raise(uint32_t pc, const char *format, ...) {
  if (isRaised())
    return false;
  char where[80];
  describe(pc, where, sizeof where);
  int used = std::snprintf(
      message, sizeof message, "kernel '%.*s', %s: ",
      static_cast<int>(kernel.nameBytes < 120 ? kernel.nameBytes : 120),
      kernel.name, where);
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message + used, sizeof message - static_cast<size_t>(used),
                 format, arguments);
  va_end(arguments);
  return false;
}

bool Fault::raiseConflict(const Side &one, const Side &other,
                          const char *place) {
  const Side &late = one.issue > other.issue ? one : other;
  const Side &early = &late == &one ? other : one;
  char name[80];
  describe(early.pc, name, sizeof name);
  return raise(
      late.pc, "%s: %s %s, and nothing orders it after %s, which %s there",
      late.writes ? "race" : "missing wait", late.writes ? "writes" : "reads",
      place, name, early.writes ? "writes" : "reads");
}

bool LocalMemory::allocate() {
  constexpr uint64_t kBytes = kLocalBytes + kAccumulatorBytes;
  return memory.allocate(kBytes) && initialized.allocate(kBytes) &&
         lines.allocate(kBytes / kLine * sizeof(Line));
}

void LocalMemory::reset(const KernelView &kernel) {
  localBytes = kernel.localBytes;
  accumulatorBytes = kernel.accumulatorBytes;
  auto clear = [&](uint32_t first, uint32_t bytes) {
    std::memset(initialized.begin() + first, 0, bytes);
    std::memset(
        static_cast<void *>(lines.begin() + first / kLine * sizeof(Line)), 0,
        bytes / kLine * sizeof(Line));
  };
  clear(0, localBytes);
  clear(kLocalBytes, accumulatorBytes);
}

int64_t LocalMemory::indexOf(int64_t address, uint64_t bytes) const {
  if (address >= 0 && address <= localBytes &&
      bytes <= uint64_t(localBytes - address))
    return address;
  if (address < int64_t(kAccumulatorBase))
    return -1;
  int64_t offset = address - int64_t(kAccumulatorBase);
  if (offset > accumulatorBytes || bytes > uint64_t(accumulatorBytes - offset))
    return -1;
  return kLocalBytes + offset;
}

bool LocalMemory::failRange(const Actor &actor, int64_t address, uint64_t bytes,
                            bool writes, Fault &fault) const {
  return fault.raise(
      actor.pc,
      "%s %llu bytes at local 0x%llx, which is out of range: the "
      "kernel has 0x%x bytes at 0 and 0x%x at 0x%x",
      writes ? "writes" : "reads", static_cast<unsigned long long>(bytes),
      static_cast<unsigned long long>(address), localBytes, accumulatorBytes,
      kAccumulatorBase);
}

bool LocalMemory::failOrder(const Actor &actor, bool actorWrites,
                            const Touch &other, bool otherWrites,
                            int64_t address, uint64_t bytes,
                            Fault &fault) const {
  char place[80];
  std::snprintf(place, sizeof place, "%llu bytes at local 0x%llx",
                static_cast<unsigned long long>(bytes),
                static_cast<unsigned long long>(address));
  return fault.raiseConflict({actor.pc, actor.issue, actorWrites},
                             {other.pc, other.issue, otherWrites}, place);
}

const uint8_t *LocalMemory::read(const Actor &actor, int64_t address,
                                 uint64_t bytes, Fault &fault) {
  int64_t index = indexOf(address, bytes);
  if (index < 0) {
    failRange(actor, address, bytes, false, fault);
    return nullptr;
  }
  const uint8_t *begin = memory.begin() + index;
  if (bytes == 0)
    return begin;
  Line *table = reinterpret_cast<Line *>(lines.begin());
  uint64_t last = (uint64_t(index) + bytes - 1) / kLine;
  for (uint64_t i = uint64_t(index) / kLine; i <= last; ++i) {
    Line &line = table[i];
    if (line.written.when && !actor.knows(line.writer, line.written.when)) {
      failOrder(actor, false, line.written, true, address, bytes, fault);
      return nullptr;
    }
    line.read[actor.index()] = {actor.now(), actor.pc, actor.issue};
  }
  if (const void *hole = std::memchr(initialized.begin() + index, 0, bytes)) {
    int64_t at = static_cast<const uint8_t *>(hole) - initialized.begin();
    fault.raise(
        actor.pc,
        "reads local 0x%llx, which nothing has written yet (%llu bytes at "
        "0x%llx)",
        static_cast<unsigned long long>(address + at - index),
        static_cast<unsigned long long>(bytes),
        static_cast<unsigned long long>(address));
    return nullptr;
  }
  return begin;
}

uint8_t *LocalMemory::write(const Actor &actor, int64_t address, uint64_t bytes,
                            Fault &fault) {
  int64_t index = indexOf(address, bytes);
  if (index < 0) {
    failRange(actor, address, bytes, true, fault);
    return nullptr;
  }
  uint8_t *begin = memory.begin() + index;
  if (bytes == 0)
    return begin;
  Line *table = reinterpret_cast<Line *>(lines.begin());
  uint64_t last = (uint64_t(index) + bytes - 1) / kLine;
  for (uint64_t i = uint64_t(index) / kLine; i <= last; ++i) {
    Line &line = table[i];
    const Touch *other = nullptr;
    bool wrote =
        line.written.when && !actor.knows(line.writer, line.written.when);
    if (wrote)
      other = &line.written;
    for (unsigned unit = 0; unit < kUnits && !other; ++unit)
      if (line.read[unit].when && !actor.knows(unit, line.read[unit].when))
        other = &line.read[unit];
    if (other) {
      failOrder(actor, true, *other, wrote, address, bytes, fault);
      return nullptr;
    }
    line.written = {actor.now(), actor.pc, actor.issue};
    line.writer = actor.index();
  }
  std::memset(initialized.begin() + index, 1, bytes);
  return begin;
}

int64_t DeviceBox::low() const {
  int64_t result = base;
  for (int i = 1; i < 4; ++i)
    if (stride[i] < 0)
      result += (n[i] - 1) * stride[i];
  return result;
}

int64_t DeviceBox::high() const {
  int64_t result = base + n[0];
  for (int i = 1; i < 4; ++i)
    if (stride[i] > 0)
      result += (n[i] - 1) * stride[i];
  return result;
}

static int64_t floorDiv(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

/// Whether a row of box `b`, with the outer indices given, meets [low, high).
static bool meets(const DeviceBox &b, int64_t base, int64_t low, int64_t high) {
  int64_t stride = b.stride[1], count = b.n[1];
  if (stride < 0) {
    base += (count - 1) * stride;
    stride = -stride;
  }
  if (stride == 0 || count == 1)
    return base < high && low < base + b.n[0];
  // base + i stride < high and low < base + i stride + n0.
  int64_t last = floorDiv(high - 1 - base, stride);
  int64_t first = floorDiv(low - b.n[0] - base, stride) + 1;
  if (first < 0)
    first = 0;
  if (last > count - 1)
    last = count - 1;
  return first <= last;
}

bool overlap(const DeviceBox &a, const DeviceBox &b) {
  if (a.isEmpty() || b.isEmpty() || a.low() >= b.high() || b.low() >= a.high())
    return false;
  int64_t rowsA = a.n[1] * a.n[2] * a.n[3], rowsB = b.n[1] * b.n[2] * b.n[3];
  if (rowsA > rowsB)
    return overlap(b, a);
  constexpr int64_t kMostSteps = int64_t(1) << 24;
  if (rowsA > kMostSteps / (b.n[2] * b.n[3]))
    return true;
  for (int64_t i3 = 0; i3 < a.n[3]; ++i3)
    for (int64_t i2 = 0; i2 < a.n[2]; ++i2)
      for (int64_t i1 = 0; i1 < a.n[1]; ++i1) {
        int64_t low =
            a.base + i3 * a.stride[3] + i2 * a.stride[2] + i1 * a.stride[1];
        for (int64_t j3 = 0; j3 < b.n[3]; ++j3)
          for (int64_t j2 = 0; j2 < b.n[2]; ++j2)
            if (meets(b, b.base + j3 * b.stride[3] + j2 * b.stride[2], low,
                      low + a.n[0]))
              return true;
      }
  return false;
}

void DeviceAccesses::reset() {
  for (unsigned i = 0; i < kUnits; ++i) {
    reads[i].clear();
    writes[i].clear();
  }
}

/// Entries are in the order of their unit's clock: those that the actor knows
/// of come first.
const DeviceAccesses::Access *
DeviceAccesses::findConflict(const Log &log, uint32_t known,
                             const Access &access) {
  for (size_t i = log.size(); i-- > 0 && log[i].when > known;)
    if (log[i].low < access.high && access.low < log[i].high &&
        overlap(log[i].box, access.box))
      return &log[i];
  return nullptr;
}

bool DeviceAccesses::check(const Actor &actor, const DeviceBox &box,
                           unsigned buffer, bool isWrite, Fault &fault) {
  if (box.isEmpty())
    return true;
  Access access = {box,      box.low(),   box.high(), actor.now(),
                   actor.pc, actor.issue, buffer};
  for (unsigned unit = 0; unit < kUnits; ++unit) {
    if (unit == actor.index())
      continue;
    uint32_t known = actor.clock->at[unit];
    bool wrote = true;
    const Access *other = findConflict(writes[unit], known, access);
    if (!other && isWrite) {
      other = findConflict(reads[unit], known, access);
      wrote = false;
    }
    if (!other)
      continue;
    char place[32];
    std::snprintf(place, sizeof place, "buffer %u",
                  access.issue > other->issue ? buffer : other->buffer);
    return fault.raiseConflict({actor.pc, actor.issue, isWrite},
                               {other->pc, other->issue, wrote}, place);
  }
  // Of endless kernels only the latest accesses are remembered.
  constexpr size_t kMost = size_t(1) << 20;
  Log &log = (isWrite ? writes : reads)[actor.index()];
  if (log.size() == kMost) {
    std::memmove(static_cast<void *>(log.begin()), log.begin() + kMost / 2,
                 kMost / 2 * sizeof(Access));
    log.resize(kMost / 2);
  }
  return log.push(access) ||
         fault.raise(actor.pc, "the simulator has no memory");
}

} // namespace msc::npu
