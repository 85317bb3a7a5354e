// Hostile variants of valid files, the same in every run.
#ifndef MSC_TEST_UNIT_RUNTIME_IO_MUTANTS_H
#define MSC_TEST_UNIT_RUNTIME_IO_MUTANTS_H

#include "runtime/io/File.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace msc::rt::test {

using Content = std::vector<uint8_t>;

inline Content load(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return Content(std::istreambuf_iterator<char>(file), {});
}

/// A copy that ends where its allocation ends, so that the address sanitizer
/// sees every byte read past the end.
class Exact {
public:
  explicit Exact(const Content &content)
      : size(content.size()), memory(new uint8_t[content.size()]) {
    std::copy(content.begin(), content.end(), memory.get());
  }
  Bytes bytes() const { return {memory.get(), size}; }

private:
  size_t size;
  std::unique_ptr<uint8_t[]> memory;
};

/// One to four edits: bytes, extreme integers, cuts, copies of parts.
inline Content mutate(Content content, std::mt19937 &random) {
  auto below = [&](size_t n) { return n ? random() % n : 0; };
  static constexpr uint32_t kExtremes[] = {
      0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
  for (unsigned edits = 1 + below(4); edits && !content.empty(); --edits) {
    size_t at = below(content.size());
    switch (below(6)) {
    case 0:
      content[at] ^= 1u << below(8);
      break;
    case 1:
      content[at] = static_cast<uint8_t>(random());
      break;
    case 2: {
      uint32_t value = kExtremes[below(9)];
      size_t width = size_t(1) << below(3);
      for (size_t i = 0; i < width && at + i < content.size(); ++i)
        content[at + i] = static_cast<uint8_t>(value >> (8 * i));
      break;
    }
    case 3:
      content.resize(at);
      break;
    case 4:
      content.erase(content.begin() + at,
                    content.begin() + at + below(content.size() - at));
      break;
    case 5: {
      Content part(content.begin() + at,
                   content.begin() + at + below(content.size() - at));
      content.insert(content.begin() + below(content.size()), part.begin(),
                     part.end());
      break;
    }
    }
  }
  return content;
}

} // namespace msc::rt::test

#endif
