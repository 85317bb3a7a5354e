//===- RegionRunner.h - Runs a region as loops and as scheduled -*- C++ -*-===//
#ifndef MSC_TEST_CODEGEN_CPU_REGIONRUNNER_H
#define MSC_TEST_CODEGEN_CPU_REGIONRUNNER_H

#include "codegen/cpu/Jit.h"
#include "mlir/IR/MLIRContext.h"
#include <cstdint>
#include <string>
#include <vector>

namespace msc::test {

/// A dense tensor of any element type; bools are bytes.
struct Tensor {
  std::string type; // "f32", "i1", ...
  std::vector<int64_t> shape;
  /// As the runtime aligns what crosses the boundary.
  struct alignas(64) Line {
    char bytes[64];
  };
  std::vector<Line> lines;

  Tensor(std::string type, std::vector<int64_t> shape);
  int64_t count() const;
  char *data() { return lines.data()->bytes; }
  const char *data() const { return lines.data()->bytes; }
  unsigned elementBytes() const;
  double get(int64_t index) const;
  void set(int64_t index, double value);
};

/// How a module of regions is compiled.
struct Mode {
  std::string march = "native";
  std::string schedule = "auto";
  std::string fp = "fast";
  bool threads = false;
};

/// One function of a module of regions, compiled and loaded.
class CompiledRegion {
public:
  /// `text` holds one function @f on tensors, in the form of a region.
  CompiledRegion(const std::string &text, const Mode &mode);
  /// Empty if everything went well.
  const std::string &error() const { return failure; }
  const std::string &schedule() const { return scheduleText; }
  /// Fixes inputs and destinations, which must outlive all calls.
  void bind(const std::vector<Tensor *> &arguments);
  /// Calls the function on what is bound.
  void call() const;
  /// Both.
  void run(const std::vector<Tensor *> &arguments) {
    bind(arguments);
    call();
  }

private:
  std::string failure, scheduleText;
  std::unique_ptr<cpu::Jit> jit;
  void *entry = nullptr;
  // allocated, aligned, offset, sizes, strides
  std::vector<std::vector<int64_t>> descriptors;
  std::vector<void *> pointers;
};

} // namespace msc::test

#endif
