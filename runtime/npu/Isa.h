// The instruction set of the reference accelerator: docs/npu.md as code.
#ifndef MSC_RUNTIME_NPU_ISA_H
#define MSC_RUNTIME_NPU_ISA_H

#include <cstdint>
#include <cstring>

namespace msc::npu {

// The chip. Local addresses are one space with two memories in it.
constexpr uint32_t kLocalBytes = 512 << 10;       // from address 0
constexpr uint32_t kAccumulatorBase = 0x00100000; // the matrix unit's results
constexpr uint32_t kAccumulatorBytes = 256 << 10;
constexpr uint32_t kLine = 32; // rows of tiles begin at a multiple
constexpr unsigned kRegisters = 64;
constexpr unsigned kSemaphores = 32;
constexpr unsigned kMaxTokens = 255; // of one semaphore, signalled, not awaited
constexpr unsigned kMaxLoops = 8;    // within each other
constexpr unsigned kMaxBuffers = 64;
constexpr unsigned kMaxScalars = 256;
constexpr unsigned kDmaQueues = 4;
constexpr unsigned kQueueDepth =
    16; // instructions that wait in front of a unit

// The cycle model.
constexpr uint64_t kTile = 16;      // the matrix unit's, in each direction
constexpr uint64_t kTileCycles = 4; // of 16 x 16 x 16 multiply-adds
constexpr uint64_t kMatrixSetup = 16;
constexpr uint64_t kLanes = 64; // of the vector unit
constexpr uint64_t kVectorSetup = 8;
constexpr uint64_t kTreeCycles = 6; // to add up the lanes
constexpr uint64_t kDmaSetup = 16;
constexpr uint64_t kMemoryLatency = 64;
constexpr uint64_t kBeatBytes = 64; // that the memory port moves in a cycle
constexpr uint64_t kPeekCycles = 4;

enum class Unit : uint8_t { Control, Matrix, Vector, Dma0, Dma1, Dma2, Dma3 };
constexpr unsigned kUnits = 7;
constexpr Unit dmaUnit(unsigned queue) {
  return Unit(unsigned(Unit::Dma0) + queue);
}
constexpr bool isDma(Unit unit) {
  return unit >= Unit::Dma0 && unit <= Unit::Dma3;
}

/// Element types of local memory; numbers of 4 bits.
enum class Type : uint8_t { F32, F16, BF16, I32, I8, U8, I64 };
constexpr unsigned kTypes = 7;
constexpr unsigned bytesOf(Type type) {
  return type == Type::I64                         ? 8
         : type == Type::F32 || type == Type::I32  ? 4
         : type == Type::F16 || type == Type::BF16 ? 2
                                                   : 1;
}
constexpr bool isFloat(Type type) { return type <= Type::BF16; }
const char *nameOf(Type type);
const char *nameOf(Unit unit);

enum class Opcode : uint8_t {
  Invalid,
  // Control.
  Halt,
  Fence,
  End,
  Li,
  Arg,
  Size,
  Add,
  Sub,
  Mul,
  Div,
  Rem,
  Min,
  Max,
  And,
  Or,
  Shl,
  Shr,
  Slt,
  Sle,
  Seq,
  Sne,
  AddI,
  MulI,
  Select,
  Jump,
  Beq,
  Bne,
  Blt,
  Bge,
  Loop,
  Peek,
  // In the queue of a unit that the instruction names.
  Signal,
  Wait,
  // DMA.
  Load,
  Store,
  Fill,
  Move,
  // Matrix.
  MatMul,
  // Vector, of one source.
  VMov,
  VNeg,
  VAbs,
  VSqrt,
  VRsqrt,
  VRecip,
  VExp,
  VLog,
  VTanh,
  VErf,
  VSigmoid,
  VSin,
  VCos,
  VFloor,
  VCeil,
  VRint,
  VNot,
  // Of two.
  VAdd,
  VSub,
  VMul,
  VDiv,
  VMin,
  VMax,
  VPow,
  VEq,
  VNe,
  VLt,
  VLe,
  VGt,
  VGe,
  VAnd,
  VOr,
  VXor,
  // Of three.
  VSelect,
  VFma,
  // Others.
  RSum,
  RMax,
  RMin,
  RProd,
  Transpose,
  Iota,
  Count
};

/// Which operands an instruction has. r[0] is what it writes, if anything.
enum class Form : uint8_t {
  None,
  Immediate, // rd, imm
  Index,     // rd, number of an argument
  Scalar,    // rd, ra, rb
  ScalarImm, // rd, ra, imm
  Select,    // rd, ra, rb, rc
  Jump,      // target
  Branch,    // ra, rb, target
  Loop,      // rd, ra, target: its End
  Peek,      // rd, ra; mode: type
  Sync,      // semaphore
  Transfer,  // mode: buffer; offset, local, n0-n3, gs1-gs3, ls1-ls3
  Fill,      // mode: element bytes; local, value, n0-n3, ls1-ls3
  Move,      // to, from, n0-n3, ts1-ts3, fs1-fs3
  MatMul,    // mode: see below; a, b, c, m, n, k, sa, sb, sc
  Vector1,   // mode: types; d, a, rows, cols, sd, sa
  Vector2,   // d, a, b, rows, cols, sd, sa, sb
  Vector3,   // d, a, b, c, rows, cols, sd, sa, sb, sc
  Reduce,    // mode: types; d, a, rows, cols, sd, sa; r[11]: kReduce...
  Transpose, // mode: types; d, a, rows, cols, sd, sa
  Iota       // mode: type; d, first, rows, cols, sd; r[11]: along columns
};

struct OpInfo {
  const char *name;
  Form form;
  uint8_t registers; // how many of r[] are registers
  bool writes;       // r[0]
  uint8_t cost;      // cycles of a vector, for the vector unit
};
/// Null: no such opcode.
const OpInfo *infoOf(uint8_t opcode);
inline const OpInfo &infoOf(Opcode opcode) { return *infoOf(uint8_t(opcode)); }

// mode of MatMul: two bits of the kind, then flags.
enum MatMulKind : uint16_t { kMatMulF16, kMatMulBF16, kMatMulI8 };
constexpr uint16_t kMatMulKindMask = 3;
constexpr uint16_t kMatMulAccumulate = 1 << 2; // c += a b
constexpr uint16_t kMatMulTransposeA = 1 << 3; // a is k x m in memory
constexpr uint16_t kMatMulTransposeB = 1 << 4; // b is n x k in memory
constexpr uint16_t kMatMulUnsignedA = 1 << 5;  // i8 only
constexpr uint16_t kMatMulUnsignedB = 1 << 6;
constexpr uint16_t kMatMulMask = 0x7f;

/// How an operand of the vector unit fills a tile of rows x cols. r[11] of an
/// elementwise instruction has two bits for each source.
enum class Broadcast : uint8_t {
  Tile,   // rows x cols
  Row,    // 1 x cols, for each row; its stride is not looked at
  Column, // rows x 1; with stride 0 one element for all
  Value   // the register itself: bits of an f32 or an i32
};
// r[11] of a reduction.
constexpr uint8_t kReduceColumns = 1; // to rows x 1; else to 1 x cols
constexpr uint8_t kReduceInto = 2;    // starts from what the result holds

/// 16 bytes in a code object: opcode, unit, mode (little endian), r. Forms with
/// an immediate keep it in r[4..11].
struct Instruction {
  Opcode opcode = Opcode::Invalid;
  Unit unit = Unit::Control;
  uint16_t mode = 0;
  uint8_t r[12] = {};

  int64_t immediate() const {
    int64_t value;
    std::memcpy(&value, r + 4, sizeof value);
    return value;
  }
  void setImmediate(int64_t value) { std::memcpy(r + 4, &value, sizeof value); }
  /// 0: the destination, 1 to 3: sources.
  Type type(unsigned operand) const { return Type(mode >> (4 * operand) & 15); }
  Broadcast broadcast(unsigned source) const {
    return Broadcast(r[11] >> (2 * source) & 3);
  }
};
constexpr unsigned kInstructionBytes = 16;
static_assert(sizeof(Instruction) == kInstructionBytes);

constexpr uint16_t typesOf(Type d, Type a = Type::F32, Type b = Type::F32,
                           Type c = Type::F32) {
  return uint16_t(unsigned(d) | unsigned(a) << 4 | unsigned(b) << 8 |
                  unsigned(c) << 12);
}

} // namespace msc::npu

#endif
