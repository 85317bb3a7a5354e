//===- RegisterFile.cpp - Which registers hold what -----------------------===//
#include "codegen/npu/RegisterFile.h"

using namespace msc::npu;

/// A free register, else that of the oldest constant.
uint8_t RegisterFile::find() {
  unsigned best = 0;
  for (unsigned reg = 1; reg < kRegisters; ++reg) {
    const State &state = states[reg];
    if (state.use == Free)
      return reg;
    if (state.use == Constant && !state.pinned &&
        (!best || state.time < states[best].time))
      best = reg;
  }
  full |= !best;
  return best ? best : 1;
}

uint8_t RegisterFile::take() {
  uint8_t reg = find();
  states[reg] = State();
  states[reg].use = Value;
  return reg;
}

std::pair<uint8_t, bool> RegisterFile::constant(int64_t value) {
  if (value == 0)
    return {0, false};
  for (unsigned reg = 1; reg < kRegisters; ++reg) {
    State &state = states[reg];
    if (state.use != Constant || state.value != value)
      continue;
    state.pinned = true;
    state.time = ++now;
    return {uint8_t(reg), false};
  }
  uint8_t reg = find();
  states[reg] = {Constant, true, value, ++now};
  return {reg, true};
}

void RegisterFile::releasePins() {
  for (State &state : states)
    state.pinned = false;
}

void RegisterFile::forgetConstants() {
  for (State &state : states)
    if (state.use == Constant)
      state = State();
}
