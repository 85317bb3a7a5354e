// Writes the code object that the fuzzer starts from.
#include "test/unit/runtime/npu/EveryInstruction.h"

#include <cstdio>

int main(int, char **argv) {
  std::vector<msc::npu::Kernel> kernels;
  std::string error;
  if (!msc::npu::assemble(msc::test::everyInstruction(), kernels, error)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 1;
  }
  std::vector<uint8_t> bytes = msc::npu::serialize(kernels);
  std::FILE *file = std::fopen(argv[1], "wb");
  bool good =
      file && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return file && std::fclose(file) == 0 && good ? 0 : 1;
}
