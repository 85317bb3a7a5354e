// Runs kernels that are given as text on the simulated chip.
#ifndef MSC_TEST_UNIT_RUNTIME_NPU_SIM_CHIP_H
#define MSC_TEST_UNIT_RUNTIME_NPU_SIM_CHIP_H

#include "runtime/npu/Text.h"
#include "runtime/npu_sim/Simulator.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace msc::test {

class Chip {
public:
  using Bytes = std::vector<uint8_t>;

  Chip() { EXPECT_TRUE(simulator.allocate()); }

  /// Runs the first kernel of a code object.
  bool run(const std::vector<uint8_t> &code, std::vector<Bytes> &buffers,
           const std::vector<int64_t> &scalars = {}) {
    npu::CodeObject object;
    npu::Complaint complaint;
    if (!object.open(code.data(), code.size(), complaint)) {
      error = complaint.text;
      return false;
    }
    npu::KernelView kernel = object.kernel(0);
    EXPECT_EQ(kernel.buffers, buffers.size());
    EXPECT_EQ(kernel.scalars, scalars.size());
    std::vector<npu::BufferArgument> arguments;
    for (Bytes &buffer : buffers)
      arguments.push_back({buffer.data(), buffer.size()});
    bool good = simulator.run(kernel, arguments.data(), scalars.data(),
                              counters, limits);
    error = good ? "" : simulator.error();
    return good;
  }
  bool run(const npu::Kernel &kernel, std::vector<Bytes> &buffers,
           const std::vector<int64_t> &scalars = {}) {
    return run(npu::serialize({kernel}), buffers, scalars);
  }
  /// `body` is a kernel without its first line and its halt.
  bool run(const std::string &body, std::vector<Bytes> &buffers,
           const std::vector<int64_t> &scalars = {}) {
    std::vector<npu::Kernel> kernels;
    std::string text = "kernel k buffers=" + std::to_string(buffers.size()) +
                       " scalars=" + std::to_string(scalars.size()) + "\n" +
                       body + "\nhalt\n";
    if (!npu::assemble(text, kernels, error)) {
      ADD_FAILURE() << error;
      return false;
    }
    return run(kernels[0], buffers, scalars);
  }
  bool run(const std::string &body) {
    std::vector<Bytes> none;
    return run(body, none);
  }

  std::string error;
  npu::Counters counters = {};
  npu::Limits limits;

private:
  npu::Simulator simulator;
};

#define EXPECT_RUNS(call) EXPECT_TRUE(call) << chip.error
#define ASSERT_RUNS(call) ASSERT_TRUE(call) << chip.error
#define EXPECT_FAULT(call, text)                                               \
  do {                                                                         \
    EXPECT_FALSE(call);                                                        \
    EXPECT_NE(chip.error.find(text), std::string::npos) << chip.error;         \
  } while (false)

template <typename T> Chip::Bytes bytesOf(const std::vector<T> &values) {
  Chip::Bytes bytes(values.size() * sizeof(T));
  if (!values.empty())
    std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}
template <typename T> std::vector<T> valuesOf(const Chip::Bytes &bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty())
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

} // namespace msc::test

#endif
