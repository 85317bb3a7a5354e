//===- RegionOnChip.h - Runs a region on the simulated accelerator ------===//
#ifndef MSC_TEST_CODEGEN_NPU_REGIONONCHIP_H
#define MSC_TEST_CODEGEN_NPU_REGIONONCHIP_H

#include "runtime/npu_sim/Simulator.h"
#include <cstdint>
#include <string>
#include <vector>

namespace msc::test {

/// A dense tensor; elements as bytes, read and written as numbers.
struct Array {
  Array(std::string type, std::vector<int64_t> shape);
  /// Deterministic values between -1 and 1, or 0 and 1 for "i1".
  static Array random(std::string type, std::vector<int64_t> shape,
                      unsigned seed);

  int64_t count() const;
  double get(int64_t index) const;
  void set(int64_t index, double value);
  std::vector<double> values() const;
  /// "4x8xf32"
  std::string text() const;

  std::string type; // "f32", "f16", "bf16", "i64", "i32", "i8", "i1"
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes;
};

/// What became of a region.
struct Outcome {
  std::string error;    // empty: it ran
  std::string schedule; // npu.schedule
  npu::Counters counters = {};
};

/// Compiles a function on tensors through all levels and runs it; `arrays` are
/// its arguments.
Outcome runOnChip(const std::string &text, const std::vector<Array *> &arrays);

} // namespace msc::test

#endif // MSC_TEST_CODEGEN_NPU_REGIONONCHIP_H
