//===- RegisterFile.h - Which registers hold what ---------------*- C++ -*-===//
#ifndef MSC_CODEGEN_NPU_REGISTERFILE_H
#define MSC_CODEGEN_NPU_REGISTERFILE_H

#include "runtime/npu/Isa.h"
#include <cstdint>
#include <utility>

namespace msc::npu {

/// Registers of values, which are taken and given back, and of constants, which
/// stay until their register is needed: the one not used for longest goes
/// first.
class RegisterFile {
public:
  /// A register for a value.
  uint8_t take();
  void give(uint8_t reg) { states[reg] = State(); }
  /// A register that holds `value`, and whether it must be loaded first. It
  /// stays at least until releasePins(). 0 is in register 0.
  std::pair<uint8_t, bool> constant(int64_t value);
  void releasePins();
  void forgetConstants();
  /// More were needed than there are; what was handed out since is no use.
  bool overflowed() const { return full; }

private:
  enum Use : uint8_t { Free, Value, Constant };
  struct State {
    Use use = Free;
    bool pinned = false;
    int64_t value = 0;
    uint64_t time = 0;
  };
  uint8_t find();

  State states[kRegisters];
  uint64_t now = 0;
  bool full = false;
};

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_REGISTERFILE_H
