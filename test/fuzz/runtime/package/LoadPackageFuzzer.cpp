// Whatever a file holds, it is a package that can be described and listed, or
// is refused with a text. Code is not executed.
#include "runtime/cli/Print.h"
#include "runtime/core/Signature.h"
#include "runtime/package/PackageModel.h"
#include "runtime/run/List.h"
#include "test/fuzz/runtime/package/MutatePackage.h"

#include <cstdlib>

using namespace msc;
using namespace msc::rt;

// libFuzzer's own.
extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

namespace {

[[noreturn]] void report(const char *finding, const char *text) {
  std::fprintf(stderr, "finding: %s: %s\n", finding, text);
  std::abort();
}

/// Bytes at the begin of a page, as mmap gives them, and not one more.
class Mapped {
public:
  Mapped(const uint8_t *data, size_t size) : size(size) {
    if (posix_memalign(&memory, 4096, size ? size : 1))
      std::abort();
    if (size)
      std::memcpy(memory, data, size);
  }
  ~Mapped() { std::free(memory); }

  Bytes bytes() const { return {static_cast<uint8_t *>(memory), size}; }

private:
  void *memory = nullptr;
  size_t size;
};

void checkTarget(const Package &package, const package::Target &target,
                 FILE *nowhere) {
  Error error;
  PackageModel model;
  if (model.describe(package, target, error))
    report("a verified package is not described", error.text());
  if (checkDescriptor(model.descriptor(), error))
    report("a verified package's descriptor is refused", error.text());
  printHelp(nowhere, model.descriptor(), "msc-run");
  for (const package::CodeObject *code : *target.code()) {
    (void)package.checkHash(*code->section(), "its code's bytes", error);
    (void)checkElf(package.section(*code->section()), error);
  }
}

size_t replace(const std::string &made, uint8_t *data, size_t size,
               size_t maxSize) {
  if (made.size() > maxSize)
    return LLVMFuzzerMutate(data, size, maxSize);
  std::memcpy(data, made.data(), made.size());
  return made.size();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static FILE *nowhere = std::fopen("/dev/null", "w");
  Mapped file(data, size);
  Package package;
  Error error;
  if (package.adopt(file.bytes(), error)) {
    if (!error.text()[0])
      report("refused without a text", "");
    return 0;
  }
  printPackage(nowhere, "fuzz", package);
  if (const package::Section *weights = package.description().weights())
    (void)package.checkHash(*weights, "its weights", error);
  for (const package::Target *target : *package.description().targets())
    checkTarget(package, *target, nowhere);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned seed) {
  std::mt19937 random(seed);
  auto description = test::descriptionOf(data, size);
  if (!description || random() % 16 == 0)
    return LLVMFuzzerMutate(data, size, maxSize);
  // What the description says, or its bytes.
  if (random() % 3) {
    unsigned changes = 0;
    while (auto mutated = test::mutateDescription(*description, size, random)) {
      description = std::move(*mutated);
      if (++changes > 3 || random() % 2)
        break;
    }
    if (changes)
      return replace(test::replaceDescription(data, size, *description), data,
                     size, maxSize);
  }
  size_t room = description->size() + 64;
  size_t used = description->size();
  description->resize(room);
  used = LLVMFuzzerMutate(reinterpret_cast<uint8_t *>(description->data()) + 4,
                          used - 4, room - 4) +
         4;
  description->resize(used);
  return replace(test::replaceDescription(data, size, *description), data, size,
                 maxSize);
}
