#include "runtime/npu/Text.h"

#include <set>

namespace msc::npu {

static std::string nameWithModes(const Instruction &instruction) {
  std::string name = infoOf(instruction.opcode).name;
  uint16_t mode = instruction.mode;
  unsigned types = 0;
  switch (infoOf(instruction.opcode).form) {
  case Form::Peek:
  case Form::Iota:
    types = 1;
    break;
  case Form::Vector1:
  case Form::Reduce:
  case Form::Transpose:
    types = 2;
    break;
  case Form::Vector2:
    types = 3;
    break;
  case Form::Vector3:
    types = 4;
    break;
  case Form::Fill:
    return name + "." + std::to_string(mode);
  case Form::MatMul: {
    static const char *const kinds[] = {".f16", ".bf16", ".i8"};
    name += kinds[mode & kMatMulKindMask];
    if (mode & kMatMulAccumulate)
      name += ".acc";
    if (mode & kMatMulTransposeA)
      name += ".ta";
    if (mode & kMatMulTransposeB)
      name += ".tb";
    if (mode & kMatMulUnsignedA)
      name += ".ua";
    if (mode & kMatMulUnsignedB)
      name += ".ub";
    return name;
  }
  default:
    return name;
  }
  for (unsigned i = 0; i < types; ++i)
    name += std::string(".") + nameOf(instruction.type(i));
  Form form = infoOf(instruction.opcode).form;
  if (form == Form::Iota)
    name += instruction.r[11] & 1 ? ".cols" : ".rows";
  if (form == Form::Reduce) {
    name += instruction.r[11] & kReduceColumns ? ".cols" : ".rows";
    if (instruction.r[11] & kReduceInto)
      name += ".into";
  }
  return name;
}

static bool isElementwise(Form form) {
  return form == Form::Vector1 || form == Form::Vector2 ||
         form == Form::Vector3;
}

std::string disassemble(const Instruction &instruction) {
  const OpInfo &info = infoOf(instruction.opcode);
  std::string text = nameWithModes(instruction);
  const char *separator = " ";
  auto add = [&](const std::string &operand) {
    text += separator + operand;
    separator = ", ";
  };
  if (info.form == Form::Sync || isDma(instruction.unit))
    add(nameOf(instruction.unit));
  if (info.form == Form::Transfer)
    add("b" + std::to_string(instruction.mode));
  if (info.form == Form::Sync)
    add("s" + std::to_string(instruction.r[0]));
  for (unsigned i = 0; i < info.registers; ++i) {
    std::string operand = "r" + std::to_string(instruction.r[i]);
    unsigned sources = info.form == Form::Vector1   ? 1
                       : info.form == Form::Vector2 ? 2
                                                    : 3;
    if (isElementwise(info.form) && i >= 1 && i <= sources) {
      static const char *const suffixes[] = {"", ":row", ":column", ":value"};
      operand += suffixes[unsigned(instruction.broadcast(i - 1))];
    }
    add(operand);
  }
  switch (info.form) {
  case Form::Immediate:
  case Form::Index:
  case Form::ScalarImm:
    add(std::to_string(instruction.immediate()));
    break;
  case Form::Jump:
  case Form::Branch:
    add("@" + std::to_string(instruction.immediate()));
    break;
  default: // A loop's end shows.
    break;
  }
  return text;
}

static void append(std::string &text, const KernelView &kernel) {
  text += "kernel " + std::string(kernel.name, kernel.nameBytes) +
          " buffers=" + std::to_string(kernel.buffers) +
          " scalars=" + std::to_string(kernel.scalars) +
          " local=" + std::to_string(kernel.localBytes) +
          " accumulators=" + std::to_string(kernel.accumulatorBytes) + "\n";
  std::set<int64_t> targets;
  for (uint32_t i = 0; i < kernel.instructions; ++i) {
    Instruction instruction = kernel.instruction(i);
    Form form = infoOf(instruction.opcode).form;
    if (form == Form::Jump || form == Form::Branch)
      targets.insert(instruction.immediate());
  }
  unsigned depth = 1;
  for (uint32_t i = 0; i < kernel.instructions; ++i) {
    Instruction instruction = kernel.instruction(i);
    if (targets.count(i))
      text += std::to_string(i) + ":\n";
    if (instruction.opcode == Opcode::End)
      --depth;
    text += std::string(2 * depth, ' ') + disassemble(instruction) + "\n";
    if (instruction.opcode == Opcode::Loop)
      ++depth;
  }
}

std::string disassemble(const CodeObject &object) {
  std::string text;
  for (uint32_t i = 0; i < object.numKernels(); ++i)
    append(text, object.kernel(i));
  return text;
}

} // namespace msc::npu
