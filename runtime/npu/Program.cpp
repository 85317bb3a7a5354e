#include "runtime/npu/Program.h"

namespace msc::npu {

std::vector<uint8_t> serialize(const std::vector<Kernel> &kernels) {
  FileHeader header = {};
  header.magic = kMagic;
  header.major = kMajor;
  header.minor = kMinor;
  header.kernels = static_cast<uint32_t>(kernels.size());
  for (const Kernel &kernel : kernels) {
    header.instructions += static_cast<uint32_t>(kernel.instructions.size());
    header.nameBytes += static_cast<uint32_t>(kernel.name.size());
  }
  header.bytes = static_cast<uint32_t>(
      sizeof header + kernels.size() * sizeof(FileKernel) +
      header.instructions * kInstructionBytes + header.nameBytes);

  std::vector<uint8_t> bytes;
  bytes.reserve(header.bytes);
  auto append = [&](const void *data, size_t size) {
    const uint8_t *begin = static_cast<const uint8_t *>(data);
    bytes.insert(bytes.end(), begin, begin + size);
  };
  append(&header, sizeof header);
  for (const Kernel &kernel : kernels) {
    FileKernel entry = {};
    entry.nameBytes = static_cast<uint32_t>(kernel.name.size());
    entry.instructions = static_cast<uint32_t>(kernel.instructions.size());
    entry.buffers = kernel.buffers;
    entry.scalars = kernel.scalars;
    entry.localBytes = kernel.localBytes;
    entry.accumulatorBytes = kernel.accumulatorBytes;
    append(&entry, sizeof entry);
  }
  for (const Kernel &kernel : kernels)
    append(kernel.instructions.data(),
           kernel.instructions.size() * kInstructionBytes);
  for (const Kernel &kernel : kernels)
    append(kernel.name.data(), kernel.name.size());
  return bytes;
}

Kernel KernelBuilder::finish() {
  for (auto [instruction, label] : branches)
    kernel.instructions[instruction].setImmediate(targets[label]);
  branches.clear();
  return kernel;
}

void KernelBuilder::emit(Opcode opcode,
                         std::initializer_list<Register> registers,
                         int64_t immediate) {
  emit(opcode, registers);
  kernel.instructions.back().setImmediate(immediate);
}

void KernelBuilder::emit(Opcode opcode,
                         std::initializer_list<Register> registers, Unit unit,
                         uint16_t mode, uint8_t last) {
  Instruction instruction;
  instruction.opcode = opcode;
  instruction.unit = unit;
  instruction.mode = mode;
  unsigned i = 0;
  for (Register number : registers)
    instruction.r[i++] = number;
  if (last)
    instruction.r[11] = last;
  emit(instruction);
}

void KernelBuilder::peek(Register d, Register local, Type type) {
  emit(Opcode::Peek, {d, local}, Unit::Control, uint16_t(type));
}

KernelBuilder::Label KernelBuilder::label() {
  targets.push_back(0);
  return {unsigned(targets.size() - 1)};
}

void KernelBuilder::branch(Opcode opcode, Register a, Register b, Label label) {
  branches.push_back({size(), label.index});
  if (opcode == Opcode::Jump)
    emit(opcode, {}, int64_t(0));
  else
    emit(opcode, {a, b}, int64_t(0));
}

void KernelBuilder::loop(Register index, Register count) {
  loops.push_back(size());
  emit(Opcode::Loop, {index, count}, int64_t(0));
}

void KernelBuilder::end() {
  kernel.instructions[loops.back()].setImmediate(size());
  loops.pop_back();
  emit(Opcode::End);
}

void KernelBuilder::sync(Opcode opcode, Unit unit, unsigned semaphore) {
  emit(opcode, {Register(semaphore)}, unit);
}

void KernelBuilder::transfer(Opcode opcode, Unit dma, unsigned buffer,
                             Register offset, Register local, Box box,
                             Strides global, Strides localStrides) {
  emit(opcode,
       {offset, local, box.n[0], box.n[1], box.n[2], box.n[3], global.s[0],
        global.s[1], global.s[2], localStrides.s[0], localStrides.s[1],
        localStrides.s[2]},
       dma, uint16_t(buffer));
}

void KernelBuilder::fill(Unit dma, unsigned elementBytes, Register local,
                         Register value, Box box, Strides strides) {
  emit(Opcode::Fill,
       {local, value, box.n[0], box.n[1], box.n[2], box.n[3], strides.s[0],
        strides.s[1], strides.s[2]},
       dma, uint16_t(elementBytes));
}

void KernelBuilder::move(Unit dma, Register to, Register from, Box box,
                         Strides toStrides, Strides fromStrides) {
  emit(Opcode::Move,
       {to, from, box.n[0], box.n[1], box.n[2], box.n[3], toStrides.s[0],
        toStrides.s[1], toStrides.s[2], fromStrides.s[0], fromStrides.s[1],
        fromStrides.s[2]},
       dma);
}

void KernelBuilder::matmul(uint16_t mode, const MatMul &operands) {
  emit(Opcode::MatMul,
       {operands.a, operands.b, operands.c, operands.m, operands.n, operands.k,
        operands.strideA, operands.strideB, operands.strideC},
       Unit::Matrix, mode);
}

static uint8_t broadcasts(const Tile &a, const Tile &b = Tile(),
                          const Tile &c = Tile()) {
  return uint8_t(unsigned(a.broadcast) | unsigned(b.broadcast) << 2 |
                 unsigned(c.broadcast) << 4);
}

void KernelBuilder::vector(Opcode opcode, Register rows, Register cols, Tile d,
                           Tile a) {
  emit(opcode, {d.base, a.base, rows, cols, d.stride, a.stride}, Unit::Vector,
       typesOf(d.type, a.type), broadcasts(a));
}

void KernelBuilder::vector(Opcode opcode, Register rows, Register cols, Tile d,
                           Tile a, Tile b) {
  emit(opcode,
       {d.base, a.base, b.base, rows, cols, d.stride, a.stride, b.stride},
       Unit::Vector, typesOf(d.type, a.type, b.type), broadcasts(a, b));
}

void KernelBuilder::vector(Opcode opcode, Register rows, Register cols, Tile d,
                           Tile a, Tile b, Tile c) {
  emit(opcode,
       {d.base, a.base, b.base, c.base, rows, cols, d.stride, a.stride,
        b.stride, c.stride},
       Unit::Vector, typesOf(d.type, a.type, b.type, c.type),
       broadcasts(a, b, c));
}

void KernelBuilder::reduce(Opcode opcode, uint8_t flags, Register rows,
                           Register cols, Tile d, Tile a) {
  emit(opcode, {d.base, a.base, rows, cols, d.stride, a.stride}, Unit::Vector,
       typesOf(d.type, a.type), flags);
}

void KernelBuilder::transpose(Register rows, Register cols, Tile d, Tile a) {
  emit(Opcode::Transpose, {d.base, a.base, rows, cols, d.stride, a.stride},
       Unit::Vector, typesOf(d.type, a.type));
}

void KernelBuilder::iota(bool alongColumns, Register rows, Register cols,
                         Tile d, Register first) {
  emit(Opcode::Iota, {d.base, first, rows, cols, d.stride}, Unit::Vector,
       typesOf(d.type), alongColumns ? 1 : 0);
}

} // namespace msc::npu
