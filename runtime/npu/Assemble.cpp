#include "runtime/npu/Text.h"

#include <cstdlib>
#include <map>
#include <sstream>

namespace msc::npu {

namespace {

/// "a, b c" -> {"a", "b", "c"}.
std::vector<std::string> wordsOf(std::string line) {
  line = line.substr(0, line.find('#'));
  for (char &c : line)
    if (c == ',')
      c = ' ';
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;)
    words.push_back(word);
  return words;
}

std::vector<std::string> split(const std::string &text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    parts.push_back(part);
  return parts;
}

bool parseNumber(const std::string &text, int64_t &value) {
  char *end = nullptr;
  value = std::strtoll(text.c_str(), &end, 0);
  return !text.empty() && *end == 0;
}

class Assembler {
public:
  Assembler(std::vector<Kernel> &kernels, std::string &error)
      : kernels(kernels), error(error) {}

  bool run(const std::string &text);

private:
  bool fail(const std::string &what) {
    error = "line " + std::to_string(line) + ": " + what;
    return false;
  }
  bool beginKernel(const std::vector<std::string> &words);
  bool endKernel();
  bool parseInstruction(const std::vector<std::string> &words);
  bool parseModes(const std::vector<std::string> &parts, Instruction &result);
  bool parseTypes(const std::vector<std::string> &parts, unsigned count,
                  Instruction &result);
  bool parseMatMul(const std::vector<std::string> &parts, Instruction &result);
  bool parseUnit(const std::string &word, Instruction &result);
  bool parseIndexed(const std::string &word, char prefix, int64_t &value);
  bool parseRegister(const std::string &word, unsigned index,
                     Instruction &result);
  bool parseTail(const std::vector<std::string> &words, size_t &next,
                 Instruction &result);

  std::vector<Kernel> &kernels;
  std::string &error;
  unsigned line = 0;
  std::map<std::string, int64_t> labels;
  struct Use {
    uint32_t instruction;
    std::string label;
    unsigned line;
  };
  std::vector<Use> uses;
  std::vector<uint32_t> loops;
};

bool Assembler::beginKernel(const std::vector<std::string> &words) {
  if (words.size() < 2)
    return fail("expected a name");
  kernels.emplace_back();
  Kernel &kernel = kernels.back();
  kernel.name = words[1];
  for (size_t i = 2; i < words.size(); ++i) {
    std::vector<std::string> parts = split(words[i], '=');
    int64_t value;
    if (parts.size() != 2 || !parseNumber(parts[1], value))
      return fail("expected key=value, got '" + words[i] + "'");
    if (parts[0] == "buffers")
      kernel.buffers = uint32_t(value);
    else if (parts[0] == "scalars")
      kernel.scalars = uint32_t(value);
    else if (parts[0] == "local")
      kernel.localBytes = uint32_t(value);
    else if (parts[0] == "accumulators")
      kernel.accumulatorBytes = uint32_t(value);
    else
      return fail("unknown key '" + parts[0] + "'");
  }
  return true;
}

bool Assembler::endKernel() {
  if (kernels.empty())
    return true;
  if (!loops.empty())
    return fail("a loop has no end");
  for (const Use &use : uses) {
    auto found = labels.find(use.label);
    line = use.line;
    if (found == labels.end())
      return fail("unknown label '" + use.label + "'");
    kernels.back().instructions[use.instruction].setImmediate(found->second);
  }
  labels.clear();
  uses.clear();
  return true;
}

bool Assembler::parseTypes(const std::vector<std::string> &parts,
                           unsigned count, Instruction &result) {
  if (parts.size() < count + 1)
    return fail("expected " + std::to_string(count) + " types");
  for (unsigned i = 0; i < count; ++i) {
    unsigned type = 0;
    while (type < kTypes && parts[i + 1] != nameOf(Type(type)))
      ++type;
    if (type == kTypes)
      return fail("unknown type '" + parts[i + 1] + "'");
    result.mode |= uint16_t(type << (4 * i));
  }
  for (size_t i = count + 1; i < parts.size(); ++i) {
    Form form = infoOf(result.opcode).form;
    bool reduces = form == Form::Reduce;
    if ((reduces || form == Form::Iota) && parts[i] == "cols")
      result.r[11] |= reduces ? kReduceColumns : 1;
    else if (reduces && parts[i] == "into")
      result.r[11] |= kReduceInto;
    else if (!(reduces || form == Form::Iota) || parts[i] != "rows")
      return fail("unknown suffix '" + parts[i] + "'");
  }
  return true;
}

bool Assembler::parseMatMul(const std::vector<std::string> &parts,
                            Instruction &result) {
  static const std::map<std::string, uint16_t> flags = {
      {"f16", kMatMulF16},       {"bf16", kMatMulBF16},
      {"i8", kMatMulI8},         {"acc", kMatMulAccumulate},
      {"ta", kMatMulTransposeA}, {"tb", kMatMulTransposeB},
      {"ua", kMatMulUnsignedA},  {"ub", kMatMulUnsignedB}};
  for (size_t i = 1; i < parts.size(); ++i) {
    auto found = flags.find(parts[i]);
    if (found == flags.end())
      return fail("unknown suffix '" + parts[i] + "'");
    result.mode |= found->second;
  }
  return true;
}

bool Assembler::parseModes(const std::vector<std::string> &parts,
                           Instruction &result) {
  switch (infoOf(result.opcode).form) {
  case Form::Peek:
  case Form::Iota:
    return parseTypes(parts, 1, result);
  case Form::Vector1:
  case Form::Reduce:
  case Form::Transpose:
    return parseTypes(parts, 2, result);
  case Form::Vector2:
    return parseTypes(parts, 3, result);
  case Form::Vector3:
    return parseTypes(parts, 4, result);
  case Form::MatMul:
    return parseMatMul(parts, result);
  case Form::Fill: {
    int64_t bytes;
    if (parts.size() != 2 || !parseNumber(parts[1], bytes))
      return fail("expected the bytes of an element");
    result.mode = uint16_t(bytes);
    return true;
  }
  default:
    return parts.size() == 1 || fail("'" + parts[0] + "' has no modes");
  }
}

bool Assembler::parseUnit(const std::string &word, Instruction &result) {
  for (unsigned i = 0; i < kUnits; ++i)
    if (word == nameOf(Unit(i))) {
      result.unit = Unit(i);
      return true;
    }
  return fail("unknown unit '" + word + "'");
}

bool Assembler::parseIndexed(const std::string &word, char prefix,
                             int64_t &value) {
  if (word.size() < 2 || word[0] != prefix ||
      !parseNumber(word.substr(1), value) || value < 0 || value > 255)
    return fail(std::string("expected ") + prefix + "<number>, got '" + word +
                "'");
  return true;
}

bool Assembler::parseRegister(const std::string &word, unsigned index,
                              Instruction &result) {
  size_t colon = word.find(':');
  int64_t value;
  if (!parseIndexed(word.substr(0, colon), 'r', value))
    return false;
  result.r[index] = uint8_t(value);
  if (colon == std::string::npos)
    return true;
  std::string suffix = word.substr(colon + 1);
  unsigned kind = suffix == "row"      ? 1
                  : suffix == "column" ? 2
                  : suffix == "value"  ? 3
                                       : 0;
  Form form = infoOf(result.opcode).form;
  bool elementwise =
      form == Form::Vector1 || form == Form::Vector2 || form == Form::Vector3;
  if (!kind || !elementwise || index == 0 || index > 3)
    return fail("'" + word + "' cannot be broadcast so");
  result.r[11] |= uint8_t(kind << (2 * (index - 1)));
  return true;
}

/// Immediates and targets.
bool Assembler::parseTail(const std::vector<std::string> &words, size_t &next,
                          Instruction &result) {
  switch (infoOf(result.opcode).form) {
  case Form::Immediate:
  case Form::Index:
  case Form::ScalarImm: {
    int64_t value;
    if (next == words.size() || !parseNumber(words[next], value))
      return fail("expected a number");
    result.setImmediate(value);
    ++next;
    return true;
  }
  case Form::Jump:
  case Form::Branch:
    if (next == words.size() || words[next][0] != '@')
      return fail("expected a label");
    uses.push_back({uint32_t(kernels.back().instructions.size()),
                    words[next].substr(1), line});
    ++next;
    return true;
  default:
    return true;
  }
}

bool Assembler::parseInstruction(const std::vector<std::string> &words) {
  Instruction result;
  std::vector<std::string> parts = split(words[0], '.');
  for (unsigned i = 1; i < unsigned(Opcode::Count); ++i)
    if (parts[0] == infoOf(Opcode(i)).name)
      result.opcode = Opcode(i);
  if (result.opcode == Opcode::Invalid)
    return fail("unknown instruction '" + parts[0] + "'");
  const OpInfo &info = infoOf(result.opcode);
  if (!parseModes(parts, result))
    return false;
  size_t next = 1;
  bool dma = info.form == Form::Transfer || info.form == Form::Fill ||
             info.form == Form::Move;
  size_t named = (dma || info.form == Form::Sync) +
                 (info.form == Form::Transfer || info.form == Form::Sync);
  if (words.size() < 1 + named + info.registers)
    return fail("'" + parts[0] + "' has more operands");
  if ((dma || info.form == Form::Sync) && !parseUnit(words[next++], result))
    return false;
  if (info.form == Form::MatMul)
    result.unit = Unit::Matrix;
  if (info.form >= Form::Vector1)
    result.unit = Unit::Vector;
  int64_t number = 0;
  if (info.form == Form::Transfer) {
    if (!parseIndexed(words[next++], 'b', number))
      return false;
    result.mode = uint16_t(number);
  }
  if (info.form == Form::Sync) {
    if (!parseIndexed(words[next++], 's', number))
      return false;
    result.r[0] = uint8_t(number);
  }
  for (unsigned i = 0; i < info.registers; ++i)
    if (!parseRegister(words[next++], i, result))
      return false;
  if (!parseTail(words, next, result))
    return false;
  if (next != words.size())
    return fail("'" + words[next] + "' is one operand too many");

  std::vector<Instruction> &code = kernels.back().instructions;
  if (result.opcode == Opcode::Loop)
    loops.push_back(uint32_t(code.size()));
  if (result.opcode == Opcode::End) {
    if (loops.empty())
      return fail("'end' belongs to no loop");
    code[loops.back()].setImmediate(int64_t(code.size()));
    loops.pop_back();
  }
  code.push_back(result);
  return true;
}

bool Assembler::run(const std::string &text) {
  std::istringstream stream(text);
  for (std::string content; std::getline(stream, content);) {
    ++line;
    std::vector<std::string> words = wordsOf(content);
    if (words.empty())
      continue;
    if (words[0] == "kernel") {
      if (!endKernel() || !beginKernel(words))
        return false;
    } else if (kernels.empty()) {
      return fail("expected 'kernel'");
    } else if (words.size() == 1 && words[0].back() == ':') {
      std::string name = words[0].substr(0, words[0].size() - 1);
      if (!labels.emplace(name, int64_t(kernels.back().instructions.size()))
               .second)
        return fail("label '" + name + "' is there twice");
    } else if (!parseInstruction(words)) {
      return false;
    }
  }
  return endKernel();
}

} // namespace

bool assemble(const std::string &text, std::vector<Kernel> &kernels,
              std::string &error) {
  kernels.clear();
  return Assembler(kernels, error).run(text);
}

} // namespace msc::npu
