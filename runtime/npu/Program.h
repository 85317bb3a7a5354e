// Writes code objects: what a compiler's serialiser and the tests call.
//
//     KernelBuilder kernel("scale", /*buffers=*/2, /*scalars=*/1);
//     kernel.li(1, 64);
//     ...
//     kernel.halt();
//     std::vector<uint8_t> bytes = serialize({kernel.finish()});
//
// Registers are the caller's to choose; register 0 is 0. Nothing is checked
// here: CodeObject::open does.
#ifndef MSC_RUNTIME_NPU_PROGRAM_H
#define MSC_RUNTIME_NPU_PROGRAM_H

#include "runtime/npu/CodeObject.h"

#include <string>
#include <utility>
#include <vector>

namespace msc::npu {

struct Kernel {
  std::string name;
  uint32_t buffers = 0, scalars = 0;
  uint32_t localBytes = kLocalBytes, accumulatorBytes = kAccumulatorBytes;
  std::vector<Instruction> instructions;
};

/// The bytes of a code object, the same for the same kernels.
std::vector<uint8_t> serialize(const std::vector<Kernel> &kernels);

using Register = uint8_t;

/// A strided box of up to four dims: rows of n[0] bytes, then n[1], n[2], n[3]
/// of them, `stride` bytes apart. Registers.
struct Box {
  Register n[4];
};
struct Strides {
  Register s[3]; // of dims 1 to 3
};

/// An operand of the vector unit.
struct Tile {
  Register base;
  Type type = Type::F32;
  Register stride = 0; // bytes from row to row
  Broadcast broadcast = Broadcast::Tile;
};

class KernelBuilder {
public:
  struct Label {
    unsigned index;
  };

  explicit KernelBuilder(std::string name, uint32_t buffers = 0,
                         uint32_t scalars = 0) {
    kernel.name = std::move(name);
    kernel.buffers = buffers;
    kernel.scalars = scalars;
  }
  void setMemory(uint32_t localBytes, uint32_t accumulatorBytes) {
    kernel.localBytes = localBytes;
    kernel.accumulatorBytes = accumulatorBytes;
  }
  /// The kernel, with labels resolved.
  Kernel finish();

  uint32_t size() const { return uint32_t(kernel.instructions.size()); }
  void emit(const Instruction &instruction) {
    kernel.instructions.push_back(instruction);
  }

  // Control.
  void halt() { emit(Opcode::Halt); }
  void fence() { emit(Opcode::Fence); }
  void li(Register d, int64_t value) { emit(Opcode::Li, {d}, value); }
  void arg(Register d, unsigned scalar) { emit(Opcode::Arg, {d}, scalar); }
  void size(Register d, unsigned buffer) { emit(Opcode::Size, {d}, buffer); }
  /// add to sne.
  void scalar(Opcode opcode, Register d, Register a, Register b) {
    emit(opcode, {d, a, b});
  }
  void addi(Register d, Register a, int64_t value) {
    emit(Opcode::AddI, {d, a}, value);
  }
  void muli(Register d, Register a, int64_t value) {
    emit(Opcode::MulI, {d, a}, value);
  }
  void select(Register d, Register condition, Register a, Register b) {
    emit(Opcode::Select, {d, condition, a, b});
  }
  void peek(Register d, Register local, Type type);
  Label label();
  void bind(Label label) { targets[label.index] = size(); }
  void jump(Label label) { branch(Opcode::Jump, 0, 0, label); }
  /// beq, bne, blt, bge.
  void branch(Opcode opcode, Register a, Register b, Label label);
  /// The body runs `count` times, with 0, 1, ... in `index`.
  void loop(Register index, Register count);
  void end();

  void signal(Unit unit, unsigned semaphore) {
    sync(Opcode::Signal, unit, semaphore);
  }
  void wait(Unit unit, unsigned semaphore) {
    sync(Opcode::Wait, unit, semaphore);
  }

  // DMA. Offsets and local addresses are of the first byte.
  void load(Unit dma, unsigned buffer, Register offset, Register local, Box box,
            Strides global, Strides localStrides) {
    transfer(Opcode::Load, dma, buffer, offset, local, box, global,
             localStrides);
  }
  void store(Unit dma, unsigned buffer, Register offset, Register local,
             Box box, Strides global, Strides localStrides) {
    transfer(Opcode::Store, dma, buffer, offset, local, box, global,
             localStrides);
  }
  void fill(Unit dma, unsigned elementBytes, Register local, Register value,
            Box box, Strides strides);
  void move(Unit dma, Register to, Register from, Box box, Strides toStrides,
            Strides fromStrides);

  // Matrix: c (m x n) = a (m x k) b (k x n).
  struct MatMul {
    Register a, b, c, m, n, k, strideA, strideB, strideC;
  };
  void matmul(uint16_t mode, const MatMul &operands);

  // Vector.
  void vector(Opcode opcode, Register rows, Register cols, Tile d, Tile a);
  void vector(Opcode opcode, Register rows, Register cols, Tile d, Tile a,
              Tile b);
  void vector(Opcode opcode, Register rows, Register cols, Tile d, Tile a,
              Tile b, Tile c);
  /// `flags`: kReduceColumns, kReduceInto.
  void reduce(Opcode opcode, uint8_t flags, Register rows, Register cols,
              Tile d, Tile a);
  /// d (cols x rows) = a (rows x cols) transposed.
  void transpose(Register rows, Register cols, Tile d, Tile a);
  /// d[i][j] = first + (alongColumns ? j : i).
  void iota(bool alongColumns, Register rows, Register cols, Tile d,
            Register first);

private:
  void emit(Opcode opcode) { emit(opcode, {}); }
  void emit(Opcode opcode, std::initializer_list<Register> registers,
            int64_t immediate);
  void emit(Opcode opcode, std::initializer_list<Register> registers,
            Unit unit = Unit::Control, uint16_t mode = 0, uint8_t last = 0);
  void sync(Opcode opcode, Unit unit, unsigned semaphore);
  void transfer(Opcode opcode, Unit dma, unsigned buffer, Register offset,
                Register local, Box box, Strides global, Strides localStrides);

  Kernel kernel;
  std::vector<uint32_t> targets;                       // of labels
  std::vector<std::pair<uint32_t, unsigned>> branches; // instruction, label
  std::vector<uint32_t> loops;                         // that are open
};

} // namespace msc::npu

#endif
