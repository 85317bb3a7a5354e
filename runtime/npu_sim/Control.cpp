// The control unit: scalars, branches, loops, and issuing to the other units.
#include "runtime/npu_sim/Machine.h"

namespace msc::npu {

/// Two's complement, wrapping.
static int64_t wrap(uint64_t value) { return static_cast<int64_t>(value); }

bool Machine::compute(Opcode opcode, int64_t a, int64_t b, int64_t &result) {
  uint64_t x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (opcode) {
  case Opcode::Add:
  case Opcode::AddI:
    result = wrap(x + y);
    return true;
  case Opcode::Sub:
    result = wrap(x - y);
    return true;
  case Opcode::Mul:
  case Opcode::MulI:
    result = wrap(x * y);
    return true;
  case Opcode::Div:
  case Opcode::Rem: {
    if (b == 0)
      return fault.raise(pc, "division by zero");
    int64_t quotient = b == -1 ? wrap(0 - x) : a / b;
    int64_t remainder = b == -1 ? 0 : a % b;
    if (remainder && (remainder < 0) != (b < 0)) {
      --quotient;
      remainder += b;
    }
    result = opcode == Opcode::Div ? quotient : remainder;
    return true;
  }
  case Opcode::Min:
    result = a < b ? a : b;
    return true;
  case Opcode::Max:
    result = a > b ? a : b;
    return true;
  case Opcode::And:
    result = a & b;
    return true;
  case Opcode::Or:
    result = a | b;
    return true;
  case Opcode::Shl:
    result = wrap(x << (y & 63));
    return true;
  case Opcode::Shr:
    result = a >> (y & 63);
    return true;
  case Opcode::Slt:
    result = a < b;
    return true;
  case Opcode::Sle:
    result = a <= b;
    return true;
  case Opcode::Seq:
    result = a == b;
    return true;
  default:
    result = a != b;
    return true;
  }
}

bool Machine::runPeek(const Instruction &instruction) {
  UnitState &unit = units[0];
  ++unit.clock.at[0];
  Type type = instruction.type(0);
  Actor actor = {Unit::Control, pc, uint32_t(steps), &unit.clock};
  int64_t address = registers[instruction.r[1]];
  if (address % int64_t(bytesOf(type)))
    return fault.raise(pc, "misaligned: a %s at local 0x%llx", nameOf(type),
                       static_cast<unsigned long long>(address));
  const uint8_t *bytes = local.read(actor, address, bytesOf(type), fault);
  if (!bytes)
    return false;
  int64_t value = 0;
  if (type == Type::I32) {
    int32_t narrow;
    std::memcpy(&narrow, bytes, sizeof narrow);
    value = narrow;
  } else if (type == Type::I64) {
    std::memcpy(&value, bytes, sizeof value);
  } else {
    value = type == Type::I8 ? int64_t(int8_t(*bytes)) : int64_t(*bytes);
  }
  registers[instruction.r[0]] = value;
  unit.free += kPeekCycles - 1;
  return true;
}

/// What writes a register and does nothing else.
bool Machine::runScalar(const Instruction &instruction) {
  const uint8_t *r = instruction.r;
  int64_t &result = registers[r[0]];
  switch (infoOf(instruction.opcode).form) {
  case Form::Immediate:
    result = instruction.immediate();
    return true;
  case Form::Index:
    result = instruction.opcode == Opcode::Arg
                 ? scalars[instruction.immediate()]
                 : int64_t(buffers[instruction.immediate()].bytes);
    return true;
  case Form::Scalar:
    return compute(instruction.opcode, registers[r[1]], registers[r[2]],
                   result);
  case Form::ScalarImm:
    return compute(instruction.opcode, registers[r[1]], instruction.immediate(),
                   result);
  case Form::Select:
    result = registers[registers[r[1]] ? r[2] : r[3]];
    return true;
  default:
    return runPeek(instruction);
  }
}

bool Machine::runBranch(const Instruction &instruction) {
  int64_t a = registers[instruction.r[0]], b = registers[instruction.r[1]];
  switch (instruction.opcode) {
  case Opcode::Beq:
    return a == b;
  case Opcode::Bne:
    return a != b;
  case Opcode::Blt:
    return a < b;
  case Opcode::Bge:
    return a >= b;
  default:
    return true;
  }
}

void Machine::beginLoop(const Instruction &instruction) {
  int64_t count = registers[instruction.r[1]];
  if (count <= 0) {
    pc = static_cast<uint32_t>(instruction.immediate()) + 1;
    return;
  }
  registers[instruction.r[0]] = 0;
  ++pc;
  loops[numLoops++] = {pc, instruction.r[0], count, 0};
}

void Machine::endLoop() {
  LoopState &loop = loops[numLoops - 1];
  if (++loop.done < loop.count) {
    registers[loop.index] = loop.done;
    pc = loop.begin;
    return;
  }
  --numLoops;
  ++pc;
}

void Machine::issue(const Instruction &instruction, uint64_t time) {
  UnitState &unit = units[unsigned(instruction.unit)];
  Job &job = unit.queue[(unit.first + unit.count++) % kQueueDepth];
  job.instruction = instruction;
  job.pc = pc;
  job.issue = uint32_t(steps);
  job.issued = time;
  job.seen = units[0].clock;
  for (unsigned i = 0; i < infoOf(instruction.opcode).registers; ++i)
    job.value[i] = registers[instruction.r[i]];
}

bool Machine::stepControl(uint64_t time, Counters &counters) {
  if (++steps > limits.steps)
    return fault.raise(pc, "endless: more than %llu instructions",
                       static_cast<unsigned long long>(limits.steps));
  Instruction instruction = kernel.instruction(pc);
  units[0].free = time + 1;
  ++counters.busy[0];
  if (instruction.unit != Unit::Control) {
    issue(instruction, time + 1);
    ++pc;
    return true;
  }
  switch (instruction.opcode) {
  case Opcode::Halt:
    halted = true;
    return true;
  case Opcode::Fence:
    for (const UnitState &unit : units)
      units[0].clock.join(unit.clock);
    break;
  case Opcode::Signal:
    if (!signal(0, instruction.r[0], time + 1, pc))
      return false;
    break;
  case Opcode::Wait:
    await(0, instruction.r[0]);
    break;
  case Opcode::Loop:
    beginLoop(instruction);
    return true;
  case Opcode::End:
    endLoop();
    return true;
  case Opcode::Jump:
  case Opcode::Beq:
  case Opcode::Bne:
  case Opcode::Blt:
  case Opcode::Bge:
    pc = runBranch(instruction) ? uint32_t(instruction.immediate()) : pc + 1;
    return true;
  default:
    if (!runScalar(instruction))
      return false;
  }
  ++pc;
  return true;
}

} // namespace msc::npu
