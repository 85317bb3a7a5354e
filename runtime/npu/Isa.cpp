#include "runtime/npu/Isa.h"

namespace msc::npu {

static const OpInfo kOps[] = {
    {nullptr, Form::None, 0, false, 0},
    {"halt", Form::None, 0, false, 0},
    {"fence", Form::None, 0, false, 0},
    {"end", Form::None, 0, false, 0},
    {"li", Form::Immediate, 1, true, 0},
    {"arg", Form::Index, 1, true, 0},
    {"size", Form::Index, 1, true, 0},
    {"add", Form::Scalar, 3, true, 0},
    {"sub", Form::Scalar, 3, true, 0},
    {"mul", Form::Scalar, 3, true, 0},
    {"div", Form::Scalar, 3, true, 0},
    {"rem", Form::Scalar, 3, true, 0},
    {"min", Form::Scalar, 3, true, 0},
    {"max", Form::Scalar, 3, true, 0},
    {"and", Form::Scalar, 3, true, 0},
    {"or", Form::Scalar, 3, true, 0},
    {"shl", Form::Scalar, 3, true, 0},
    {"shr", Form::Scalar, 3, true, 0},
    {"slt", Form::Scalar, 3, true, 0},
    {"sle", Form::Scalar, 3, true, 0},
    {"seq", Form::Scalar, 3, true, 0},
    {"sne", Form::Scalar, 3, true, 0},
    {"addi", Form::ScalarImm, 2, true, 0},
    {"muli", Form::ScalarImm, 2, true, 0},
    {"select", Form::Select, 4, true, 0},
    {"jump", Form::Jump, 0, false, 0},
    {"beq", Form::Branch, 2, false, 0},
    {"bne", Form::Branch, 2, false, 0},
    {"blt", Form::Branch, 2, false, 0},
    {"bge", Form::Branch, 2, false, 0},
    {"loop", Form::Loop, 2, true, 0},
    {"peek", Form::Peek, 2, true, 0},
    {"signal", Form::Sync, 0, false, 0},
    {"wait", Form::Sync, 0, false, 0},
    {"load", Form::Transfer, 12, false, 0},
    {"store", Form::Transfer, 12, false, 0},
    {"fill", Form::Fill, 9, false, 0},
    {"move", Form::Move, 12, false, 0},
    {"mm", Form::MatMul, 9, false, 0},
    {"vmov", Form::Vector1, 6, false, 1},
    {"vneg", Form::Vector1, 6, false, 1},
    {"vabs", Form::Vector1, 6, false, 1},
    {"vsqrt", Form::Vector1, 6, false, 4},
    {"vrsqrt", Form::Vector1, 6, false, 4},
    {"vrecip", Form::Vector1, 6, false, 4},
    {"vexp", Form::Vector1, 6, false, 8},
    {"vlog", Form::Vector1, 6, false, 8},
    {"vtanh", Form::Vector1, 6, false, 8},
    {"verf", Form::Vector1, 6, false, 8},
    {"vsigmoid", Form::Vector1, 6, false, 8},
    {"vsin", Form::Vector1, 6, false, 8},
    {"vcos", Form::Vector1, 6, false, 8},
    {"vfloor", Form::Vector1, 6, false, 1},
    {"vceil", Form::Vector1, 6, false, 1},
    {"vrint", Form::Vector1, 6, false, 1},
    {"vnot", Form::Vector1, 6, false, 1},
    {"vadd", Form::Vector2, 8, false, 1},
    {"vsub", Form::Vector2, 8, false, 1},
    {"vmul", Form::Vector2, 8, false, 1},
    {"vdiv", Form::Vector2, 8, false, 4},
    {"vmin", Form::Vector2, 8, false, 1},
    {"vmax", Form::Vector2, 8, false, 1},
    {"vpow", Form::Vector2, 8, false, 8},
    {"veq", Form::Vector2, 8, false, 1},
    {"vne", Form::Vector2, 8, false, 1},
    {"vlt", Form::Vector2, 8, false, 1},
    {"vle", Form::Vector2, 8, false, 1},
    {"vgt", Form::Vector2, 8, false, 1},
    {"vge", Form::Vector2, 8, false, 1},
    {"vand", Form::Vector2, 8, false, 1},
    {"vor", Form::Vector2, 8, false, 1},
    {"vxor", Form::Vector2, 8, false, 1},
    {"vselect", Form::Vector3, 10, false, 1},
    {"vfma", Form::Vector3, 10, false, 1},
    {"rsum", Form::Reduce, 6, false, 1},
    {"rmax", Form::Reduce, 6, false, 1},
    {"rmin", Form::Reduce, 6, false, 1},
    {"rprod", Form::Reduce, 6, false, 1},
    {"transpose", Form::Transpose, 6, false, 1},
    {"iota", Form::Iota, 5, false, 1},
};
static_assert(sizeof kOps / sizeof kOps[0] == unsigned(Opcode::Count));

const OpInfo *infoOf(uint8_t opcode) {
  return opcode == 0 || opcode >= uint8_t(Opcode::Count) ? nullptr
                                                         : &kOps[opcode];
}

const char *nameOf(Type type) {
  static const char *const names[] = {"f32", "f16", "bf16", "i32",
                                      "i8",  "u8",  "i64"};
  return names[unsigned(type)];
}

const char *nameOf(Unit unit) {
  static const char *const names[] = {"control", "matrix", "vector", "dma0",
                                      "dma1",    "dma2",   "dma3"};
  return names[unsigned(unit)];
}

} // namespace msc::npu
