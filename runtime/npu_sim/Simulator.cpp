#include "runtime/npu_sim/Simulator.h"

#include "runtime/npu_sim/Machine.h"

#include <cstdio>

namespace msc::npu {

void Counters::add(const Counters &other) {
  cycles += other.cycles;
  for (unsigned i = 0; i < kUnits; ++i)
    busy[i] += other.busy[i];
  multiplyAdds += other.multiplyAdds;
  loadedBytes += other.loadedBytes;
  storedBytes += other.storedBytes;
}

double Counters::utilization() const {
  constexpr double kPeak = double(kTile * kTile * kTile) / kTileCycles;
  return cycles ? double(multiplyAdds) / (kPeak * double(cycles)) : 0;
}

Simulator::~Simulator() { rt::destroy(machine); }

bool Simulator::allocate() {
  machine = rt::create<Machine>();
  return machine && machine->allocate();
}

bool Simulator::run(const KernelView &kernel, const BufferArgument *buffers,
                    const int64_t *scalars, Counters &counters,
                    const Limits &limits) {
  return machine->run(kernel, buffers, scalars, limits, counters);
}

const char *Simulator::error() const { return machine->error(); }

bool Machine::allocate() {
  // Each operand has at most as many elements as local memory has bytes.
  return local.allocate() &&
         scratch.allocate(2 * uint64_t(kLocalBytes) * sizeof(float));
}

void Machine::reset(const KernelView &view, const BufferArgument *arguments,
                    const int64_t *values, const Limits &bounds) {
  kernel = view;
  buffers = arguments;
  scalars = values;
  limits = bounds;
  fault.reset(view);
  local.reset(view);
  device.reset();
  std::memset(registers, 0, sizeof registers);
  pc = 0;
  steps = 0;
  halted = false;
  blockedOn = -1;
  numLoops = 0;
  portFree = 0;
  for (UnitState &unit : units) {
    unit.first = unit.count = 0;
    unit.free = 0;
    unit.clock = {};
  }
  for (Semaphore &semaphore : semaphores)
    semaphore.first = semaphore.count = 0;
}

/// When the control unit can run its next instruction; false: not as things
/// are.
bool Machine::controlReady(uint64_t &time) {
  if (halted)
    return false;
  time = units[0].free;
  Instruction next = kernel.instruction(pc);
  if (next.opcode == Opcode::Fence) {
    for (const UnitState &unit : units) {
      if (unit.count)
        return false;
      if (time < unit.free)
        time = unit.free;
    }
    return true;
  }
  if (next.unit != Unit::Control) {
    if (units[unsigned(next.unit)].count < kQueueDepth)
      return true;
    blockedOn = int(next.unit);
    return false;
  }
  if (next.opcode != Opcode::Wait)
    return true;
  const Semaphore &semaphore = semaphores[next.r[0]];
  if (!semaphore.count)
    return false;
  uint64_t arrival = semaphore.tokens[semaphore.first].time;
  if (time < arrival)
    time = arrival;
  return true;
}

bool Machine::unitReady(unsigned index, uint64_t &time) {
  UnitState &unit = units[index];
  if (!unit.count)
    return false;
  const Job &job = unit.head();
  time = unit.free > job.issued ? unit.free : job.issued;
  if (job.instruction.opcode != Opcode::Wait)
    return true;
  const Semaphore &semaphore = semaphores[job.instruction.r[0]];
  if (!semaphore.count)
    return false;
  uint64_t arrival = semaphore.tokens[semaphore.first].time;
  if (time < arrival)
    time = arrival;
  return true;
}

bool Machine::signal(unsigned unit, unsigned number, uint64_t time,
                     uint32_t at) {
  Semaphore &semaphore = semaphores[number];
  if (semaphore.count == kMaxTokens)
    return fault.raise(at,
                       "semaphore %u is signalled more than %u times "
                       "without a wait",
                       number, kMaxTokens);
  ++units[unit].clock.at[unit];
  semaphore.tokens[(semaphore.first + semaphore.count) % kMaxTokens] = {
      time, units[unit].clock};
  ++semaphore.count;
  return true;
}

void Machine::await(unsigned unit, unsigned number) {
  Semaphore &semaphore = semaphores[number];
  units[unit].clock.join(semaphore.tokens[semaphore.first].clock);
  semaphore.first = (semaphore.first + 1) % kMaxTokens;
  --semaphore.count;
}

/// Takes the first job of a unit's queue and runs it.
bool Machine::stepUnit(unsigned index, uint64_t time, Counters &counters) {
  UnitState &unit = units[index];
  const Job &job = unit.head();
  unit.clock.join(job.seen);
  uint64_t end = time + 1;
  bool good;
  if (job.instruction.opcode == Opcode::Signal) {
    good = signal(index, job.instruction.r[0], end, job.pc);
  } else if (job.instruction.opcode == Opcode::Wait) {
    await(index, job.instruction.r[0]);
    good = true;
  } else {
    ++unit.clock.at[index];
    good = isDma(Unit(index))            ? runDma(job, time, end, counters)
           : Unit(index) == Unit::Matrix ? runMatrix(job, time, end, counters)
                                         : runVector(job, time, end, counters);
    counters.busy[index] += end - time;
  }
  unit.free = end;
  unit.first = (unit.first + 1) % kQueueDepth;
  --unit.count;
  // The control unit may have been waiting for this place.
  if (blockedOn == int(index)) {
    blockedOn = -1;
    if (units[0].free < time)
      units[0].free = time;
  }
  return good;
}

bool Machine::isDone() const {
  for (const UnitState &unit : units)
    if (unit.count)
      return false;
  return halted;
}

/// Names what every unit waits for.
bool Machine::failDeadlock() {
  char text[400];
  int used = 0;
  uint32_t at = halted ? 0 : pc;
  bool named = !halted;
  for (unsigned i = 0; i < kUnits; ++i) {
    uint32_t where = i ? units[i].head().pc : pc;
    if (i ? !units[i].count : halted)
      continue;
    if (!named) {
      at = where;
      named = true;
    }
    Instruction instruction = kernel.instruction(where);
    int more =
        instruction.opcode == Opcode::Wait && instruction.unit == Unit(i)
            ? std::snprintf(text + used, sizeof text - size_t(used),
                            "; %s waits for semaphore %u at instruction %u",
                            nameOf(Unit(i)), instruction.r[0], where)
            : std::snprintf(text + used, sizeof text - size_t(used),
                            "; %s waits for the others at instruction %u",
                            nameOf(Unit(i)), where);
    used += more;
    if (used >= int(sizeof text))
      break;
  }
  return fault.raise(at, "deadlock%s", text);
}

bool Machine::failEndless(uint32_t at) {
  return fault.raise(at, "endless: more than %llu cycles",
                     static_cast<unsigned long long>(limits.cycles));
}

bool Machine::run(const KernelView &view, const BufferArgument *arguments,
                  const int64_t *values, const Limits &bounds,
                  Counters &counters) {
  reset(view, arguments, values, bounds);
  counters = {};
  while (!isDone()) {
    // The earliest goes first; of several, the control unit, then the lowest.
    unsigned chosen = kUnits;
    uint64_t earliest = 0, time;
    for (unsigned i = 0; i < kUnits; ++i)
      if ((i ? unitReady(i, time) : controlReady(time)) &&
          (chosen == kUnits || time < earliest)) {
        chosen = i;
        earliest = time;
      }
    if (chosen == kUnits)
      return failDeadlock();
    if (earliest > limits.cycles)
      return failEndless(pc);
    if (!(chosen ? stepUnit(chosen, earliest, counters)
                 : stepControl(earliest, counters)))
      return false;
  }
  for (const UnitState &unit : units)
    if (counters.cycles < unit.free)
      counters.cycles = unit.free;
  return true;
}

} // namespace msc::npu
