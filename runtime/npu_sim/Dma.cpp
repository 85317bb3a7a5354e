// The DMA queues.
#include "runtime/npu_sim/Machine.h"

namespace msc::npu {

/// Boxes of at most so many rows, and rows of so many bytes.
static constexpr int64_t kMostRows = int64_t(1) << 22;
static constexpr int64_t kMostBytes = int64_t(1) << 31;

/// Cycles in which the rows of a box pass through a port.
static uint64_t beatsOf(int64_t rowBytes, int64_t rows) {
  return uint64_t(rows) * ((uint64_t(rowBytes) + kBeatBytes - 1) / kBeatBytes);
}

bool Machine::checkBox(const Job &job, const int64_t *n, int64_t &rows) {
  rows = 1;
  for (int i = 0; i < 4; ++i) {
    if (n[i] < 0 || n[i] > (i ? kMostRows : kMostBytes))
      return fault.raise(job.pc, "%lld is no extent of a box",
                         static_cast<long long>(n[i]));
    if (i && (rows *= n[i]) > kMostRows)
      return fault.raise(job.pc, "a box of more than %lld rows",
                         static_cast<long long>(kMostRows));
  }
  return true;
}

/// Calls visit(i1, i2, i3) for each row until it returns false.
template <typename F> static bool eachRow(const int64_t *n, F visit) {
  for (int64_t i3 = 0; i3 < n[3]; ++i3)
    for (int64_t i2 = 0; i2 < n[2]; ++i2)
      for (int64_t i1 = 0; i1 < n[1]; ++i1)
        if (!visit(i1, i2, i3))
          return false;
  return true;
}

/// base + i1 s1 + i2 s2 + i3 s3, wrapping: an address that does not exist is
/// found out when it is used.
static int64_t rowAt(int64_t base, const int64_t *strides, int64_t i1,
                     int64_t i2, int64_t i3) {
  return static_cast<int64_t>(uint64_t(base) +
                              uint64_t(i1) * uint64_t(strides[0]) +
                              uint64_t(i2) * uint64_t(strides[1]) +
                              uint64_t(i3) * uint64_t(strides[2]));
}

/// Whether all rows of a box lie within `bytes` bytes from offset 0.
static bool isWithin(int64_t offset, const int64_t *n, const int64_t *strides,
                     uint64_t bytes) {
  __int128 low = offset, high = __int128(offset) + n[0];
  for (int i = 0; i < 3; ++i) {
    __int128 span = __int128(n[i + 1] - 1) * strides[i];
    (span < 0 ? low : high) += span;
  }
  return low >= 0 && high <= __int128(bytes);
}

bool Machine::runTransfer(const Job &job, const Actor &actor, uint64_t time,
                          uint64_t &end, Counters &counters) {
  bool isLoad = job.instruction.opcode == Opcode::Load;
  unsigned number = job.instruction.mode;
  const BufferArgument &buffer = buffers[number];
  int64_t offset = job.value[0], address = job.value[1];
  const int64_t *n = job.value + 2, *global = job.value + 6,
                *strides = job.value + 9;
  int64_t rows;
  if (!checkBox(job, n, rows))
    return false;
  end = time + kDmaSetup;
  if (rows == 0 || n[0] == 0)
    return true;
  uint64_t beats = beatsOf(n[0], rows);
  if (end + beats > limits.cycles)
    return failEndless(job.pc);
  if (!isWithin(offset, n, global, buffer.bytes))
    return fault.raise(
        job.pc,
        "out of range: bytes from %lld of buffer %u, which has "
        "%llu (rows of %lld, %lld x %lld x %lld of them)",
        static_cast<long long>(offset), number,
        static_cast<unsigned long long>(buffer.bytes),
        static_cast<long long>(n[0]), static_cast<long long>(n[1]),
        static_cast<long long>(n[2]), static_cast<long long>(n[3]));
  DeviceBox box = {int64_t(reinterpret_cast<uintptr_t>(buffer.data)) + offset,
                   {n[0], n[1], n[2], n[3]},
                   {1, global[0], global[1], global[2]}};
  if (!(isLoad ? device.read(actor, box, number, fault)
               : device.write(actor, box, number, fault)))
    return false;
  bool good = eachRow(n, [&](int64_t i1, int64_t i2, int64_t i3) {
    uint8_t *outside = buffer.data + rowAt(offset, global, i1, i2, i3);
    int64_t inside = rowAt(address, strides, i1, i2, i3);
    if (isLoad) {
      uint8_t *to = local.write(actor, inside, uint64_t(n[0]), fault);
      return to && std::memcpy(to, outside, size_t(n[0]));
    }
    const uint8_t *from = local.read(actor, inside, uint64_t(n[0]), fault);
    return from && std::memcpy(outside, from, size_t(n[0]));
  });
  // One port for all queues: first come, first served.
  uint64_t begin = end + kMemoryLatency;
  if (begin < portFree)
    begin = portFree;
  end = portFree = begin + beats;
  (isLoad ? counters.loadedBytes : counters.storedBytes) +=
      uint64_t(n[0]) * uint64_t(rows);
  return good;
}

bool Machine::runFill(const Job &job, const Actor &actor) {
  int64_t address = job.value[0];
  uint64_t value = uint64_t(job.value[1]);
  const int64_t *n = job.value + 2, *strides = job.value + 6;
  unsigned element = job.instruction.mode;
  if (n[0] % element)
    return fault.raise(job.pc, "rows of %lld bytes are no whole elements of %u",
                       static_cast<long long>(n[0]), element);
  return eachRow(n, [&](int64_t i1, int64_t i2, int64_t i3) {
    uint8_t *to = local.write(actor, rowAt(address, strides, i1, i2, i3),
                              uint64_t(n[0]), fault);
    if (!to)
      return false;
    for (int64_t i = 0; i < n[0]; i += element)
      std::memcpy(to + i, &value, element);
    return true;
  });
}

bool Machine::runMove(const Job &job, const Actor &actor) {
  int64_t target = job.value[0], source = job.value[1];
  const int64_t *n = job.value + 2, *targetStrides = job.value + 6,
                *sourceStrides = job.value + 9;
  return eachRow(n, [&](int64_t i1, int64_t i2, int64_t i3) {
    const uint8_t *from = local.read(
        actor, rowAt(source, sourceStrides, i1, i2, i3), uint64_t(n[0]), fault);
    uint8_t *to =
        from ? local.write(actor, rowAt(target, targetStrides, i1, i2, i3),
                           uint64_t(n[0]), fault)
             : nullptr;
    return to && std::memmove(to, from, size_t(n[0]));
  });
}

bool Machine::runDma(const Job &job, uint64_t time, uint64_t &end,
                     Counters &counters) {
  Actor actor = {job.instruction.unit, job.pc, job.issue,
                 &units[unsigned(job.instruction.unit)].clock};
  Form form = infoOf(job.instruction.opcode).form;
  if (form == Form::Transfer)
    return runTransfer(job, actor, time, end, counters);
  int64_t rows;
  if (!checkBox(job, job.value + 2, rows))
    return false;
  end = time + kDmaSetup + beatsOf(job.value[2], rows);
  if (rows == 0 || job.value[2] == 0)
    return true;
  if (end > limits.cycles)
    return failEndless(job.pc);
  return form == Form::Fill ? runFill(job, actor) : runMove(job, actor);
}

} // namespace msc::npu
