// The checks of instructions that are made before any of them is used.
#include "runtime/npu/CodeObject.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace msc::npu {

namespace {

class KernelVerifier {
public:
  KernelVerifier(const KernelView &kernel, Complaint &complaint)
      : kernel(kernel), complaint(complaint) {}
  ~KernelVerifier() { std::free(nests); }
  KernelVerifier(const KernelVerifier &) = delete;
  KernelVerifier &operator=(const KernelVerifier &) = delete;

  bool run();

private:
  __attribute__((format(printf, 3, 4))) bool fail(uint32_t index,
                                                  const char *format, ...) {
    char what[200];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return complaint.say(
        "kernel '%.*s', instruction %u: %s",
        static_cast<int>(kernel.nameBytes < 80 ? kernel.nameBytes : 80),
        kernel.name, index, what);
  }

  bool checkUnit(uint32_t index, const Instruction &instruction);
  bool checkRegisters(uint32_t index, const Instruction &instruction);
  bool checkMode(uint32_t index, const Instruction &instruction);
  bool checkTypes(uint32_t index, const Instruction &instruction);
  bool checkSource(uint32_t index, const Instruction &instruction,
                   unsigned source);
  bool checkSemaphore(uint32_t index, const Instruction &instruction);
  bool checkLoops();
  bool checkTargets();

  const KernelView &kernel;
  Complaint &complaint;
  uint32_t *nests = nullptr; // of each instruction: its innermost loop + 1
  // Unit + 1 that signals, that waits for each semaphore.
  uint8_t signals[kSemaphores] = {}, waits[kSemaphores] = {};
};

bool hasImmediate(Form form) {
  return form == Form::Immediate || form == Form::Index ||
         form == Form::ScalarImm || form == Form::Jump ||
         form == Form::Branch || form == Form::Loop;
}

bool KernelVerifier::checkUnit(uint32_t index, const Instruction &instruction) {
  Unit unit = instruction.unit;
  bool right;
  switch (infoOf(instruction.opcode).form) {
  case Form::Sync:
    right = unsigned(unit) < kUnits;
    break;
  case Form::Transfer:
  case Form::Fill:
  case Form::Move:
    right = isDma(unit);
    break;
  case Form::MatMul:
    right = unit == Unit::Matrix;
    break;
  case Form::Vector1:
  case Form::Vector2:
  case Form::Vector3:
  case Form::Reduce:
  case Form::Transpose:
  case Form::Iota:
    right = unit == Unit::Vector;
    break;
  default:
    right = unit == Unit::Control;
  }
  return right || fail(index, "unit %u cannot run '%s'", unsigned(unit),
                       infoOf(instruction.opcode).name);
}

/// Numbers of registers, and zeros where there is no operand.
bool KernelVerifier::checkRegisters(uint32_t index,
                                    const Instruction &instruction) {
  const OpInfo &info = infoOf(instruction.opcode);
  for (unsigned i = 0; i < info.registers; ++i)
    if (instruction.r[i] >= kRegisters)
      return fail(index, "there is no register %u", instruction.r[i]);
  if (info.writes && instruction.r[0] == 0)
    return fail(index, "'%s' writes register 0", info.name);
  unsigned end = hasImmediate(info.form) ? 4 : 12;
  for (unsigned i = info.registers; i < end; ++i) {
    bool used =
        (i == 11 && (info.form == Form::Vector1 || info.form == Form::Vector2 ||
                     info.form == Form::Vector3 || info.form == Form::Reduce ||
                     info.form == Form::Iota)) ||
        (i == 0 && info.form == Form::Sync);
    if (!used && instruction.r[i])
      return fail(index, "byte %u of '%s' is not 0", i + 4, info.name);
  }
  return true;
}

bool KernelVerifier::checkMode(uint32_t index, const Instruction &instruction) {
  uint16_t mode = instruction.mode;
  const OpInfo &info = infoOf(instruction.opcode);
  switch (info.form) {
  case Form::Transfer:
    return mode < kernel.buffers || fail(index, "there is no buffer %u", mode);
  case Form::Fill:
    return mode == 1 || mode == 2 || mode == 4 ||
           fail(index, "expected elements of 1, 2 or 4 bytes, got %u", mode);
  case Form::MatMul: {
    bool unsignedBits = mode & (kMatMulUnsignedA | kMatMulUnsignedB);
    unsigned kind = mode & kMatMulKindMask;
    return (!(mode & ~kMatMulMask) && kind <= kMatMulI8 &&
            (!unsignedBits || kind == kMatMulI8)) ||
           fail(index, "0x%x is no mode of 'mm'", mode);
  }
  case Form::Peek: {
    Type type = instruction.type(0);
    return (mode == uint16_t(type) && (type == Type::I32 || type == Type::I64 ||
                                       type == Type::I8 || type == Type::U8)) ||
           fail(index, "0x%x is no mode of 'peek'", mode);
  }
  case Form::Vector1:
  case Form::Vector2:
  case Form::Vector3:
  case Form::Reduce:
  case Form::Transpose:
  case Form::Iota:
    return checkTypes(index, instruction);
  default:
    return mode == 0 || fail(index, "'%s' has no mode", info.name);
  }
}

bool isComparison(Opcode opcode) {
  return opcode >= Opcode::VEq && opcode <= Opcode::VGe;
}

bool KernelVerifier::checkSource(uint32_t index, const Instruction &instruction,
                                 unsigned source) {
  Type type = instruction.type(source + 1);
  bool isValue = infoOf(instruction.opcode).form != Form::Reduce &&
                 infoOf(instruction.opcode).form != Form::Transpose &&
                 instruction.broadcast(source) == Broadcast::Value;
  if (type >= Type::I64 || (isValue && type != Type::F32 && type != Type::I32))
    return fail(index, "source %u has a type that it cannot have", source);
  return true;
}

/// Types of the vector unit: all float or all integer, but for conversions, the
/// results of comparisons and the condition of a select.
bool KernelVerifier::checkTypes(uint32_t index,
                                const Instruction &instruction) {
  const OpInfo &info = infoOf(instruction.opcode);
  Opcode opcode = instruction.opcode;
  unsigned sources = info.form == Form::Iota      ? 0
                     : info.form == Form::Vector2 ? 2
                     : info.form == Form::Vector3 ? 3
                                                  : 1;
  if (instruction.type(0) >= Type::I64)
    return fail(index, "the result has a type that it cannot have");
  if (instruction.mode >> (4 * (sources + 1)) && sources < 3)
    return fail(index, "'%s' has types for operands that it has not",
                info.name);
  for (unsigned i = 0; i < sources; ++i)
    if (!checkSource(index, instruction, i))
      return false;
  bool elementwise = info.form == Form::Vector1 || info.form == Form::Vector2 ||
                     info.form == Form::Vector3;
  unsigned bits = elementwise                 ? 2 * sources
                  : info.form == Form::Reduce ? 2
                  : info.form == Form::Iota   ? 1
                                              : 0;
  if (instruction.r[11] >> bits)
    return fail(index, "byte 15 of '%s' has bits that mean nothing", info.name);
  if (info.form == Form::Transpose)
    return instruction.type(0) == instruction.type(1) ||
           fail(index, "'transpose' does not convert");
  if (opcode == Opcode::VMov || info.form == Form::Iota)
    return true;

  unsigned first = opcode == Opcode::VSelect ? 1 : 0;
  bool floats = isFloat(instruction.type(first + 1));
  for (unsigned i = first; i < sources; ++i)
    if (isFloat(instruction.type(i + 1)) != floats)
      return fail(index, "'%s' mixes float and integer", info.name);
  if (!isComparison(opcode) && isFloat(instruction.type(0)) != floats)
    return fail(index, "'%s' mixes float and integer", info.name);
  bool onlyFloats = (opcode >= Opcode::VSqrt && opcode <= Opcode::VRint) ||
                    opcode == Opcode::VPow;
  bool onlyIntegers = opcode == Opcode::VNot || opcode == Opcode::VAnd ||
                      opcode == Opcode::VOr || opcode == Opcode::VXor;
  if ((onlyFloats && !floats) || (onlyIntegers && floats))
    return fail(index, "'%s' is not for such a type", info.name);
  return true;
}

bool KernelVerifier::checkSemaphore(uint32_t index,
                                    const Instruction &instruction) {
  if (infoOf(instruction.opcode).form != Form::Sync)
    return true;
  unsigned number = instruction.r[0];
  if (number >= kSemaphores)
    return fail(index, "there is no semaphore %u", number);
  bool isSignal = instruction.opcode == Opcode::Signal;
  uint8_t unit = uint8_t(instruction.unit) + 1;
  uint8_t &mine = (isSignal ? signals : waits)[number];
  uint8_t other = (isSignal ? waits : signals)[number];
  if ((mine && mine != unit) || other == unit)
    return fail(
        index, "semaphore %u is signalled by one unit and awaited by one other",
        number);
  mine = unit;
  return true;
}

/// Pairs loops with their ends and notes which loop each instruction is in.
bool KernelVerifier::checkLoops() {
  uint32_t open[kMaxLoops];
  unsigned depth = 0;
  for (uint32_t i = 0; i < kernel.instructions; ++i) {
    Instruction instruction = kernel.instruction(i);
    nests[i] = depth ? open[depth - 1] + 1 : 0;
    if (instruction.opcode == Opcode::Loop) {
      if (depth == kMaxLoops)
        return fail(i, "more than %u loops are within each other", kMaxLoops);
      open[depth++] = i;
    } else if (instruction.opcode == Opcode::End) {
      if (depth == 0)
        return fail(i, "'end' belongs to no loop");
      uint32_t loop = open[--depth];
      if (kernel.instruction(loop).immediate() != int64_t(i))
        return fail(
            loop, "the loop's end is instruction %u, not %lld", i,
            static_cast<long long>(kernel.instruction(loop).immediate()));
    }
  }
  return depth == 0 || fail(open[depth - 1], "the loop has no end");
}

bool KernelVerifier::checkTargets() {
  for (uint32_t i = 0; i < kernel.instructions; ++i) {
    Instruction instruction = kernel.instruction(i);
    Form form = infoOf(instruction.opcode).form;
    if (form == Form::Jump || form == Form::Branch) {
      int64_t target = instruction.immediate();
      if (target < 0 || target >= int64_t(kernel.instructions))
        return fail(i, "there is no instruction %lld",
                    static_cast<long long>(target));
      if (nests[target] != nests[i])
        return fail(i, "a branch leaves or enters a loop");
    }
    if (form == Form::Index) {
      uint32_t most =
          instruction.opcode == Opcode::Arg ? kernel.scalars : kernel.buffers;
      if (instruction.immediate() < 0 ||
          instruction.immediate() >= int64_t(most))
        return fail(i, "there is no argument %lld",
                    static_cast<long long>(instruction.immediate()));
    }
  }
  return true;
}

bool KernelVerifier::run() {
  if (kernel.instructions == 0)
    return fail(0, "the kernel is empty");
  for (uint32_t i = 0; i < kernel.instructions; ++i) {
    Instruction instruction = kernel.instruction(i);
    if (!infoOf(uint8_t(instruction.opcode)))
      return fail(i, "there is no opcode %u", unsigned(instruction.opcode));
    if (!checkUnit(i, instruction) || !checkRegisters(i, instruction) ||
        !checkMode(i, instruction) || !checkSemaphore(i, instruction))
      return false;
  }
  nests = static_cast<uint32_t *>(
      std::malloc(size_t(kernel.instructions) * sizeof(uint32_t)));
  if (!nests)
    return complaint.say("no memory to check a kernel");
  if (!checkLoops() || !checkTargets())
    return false;
  Opcode last = kernel.instruction(kernel.instructions - 1).opcode;
  return last == Opcode::Halt || last == Opcode::Jump ||
         fail(kernel.instructions - 1, "expected 'halt' at the end");
}

} // namespace

bool verifyKernel(const KernelView &kernel, Complaint &complaint) {
  return KernelVerifier(kernel, complaint).run();
}

} // namespace msc::npu
