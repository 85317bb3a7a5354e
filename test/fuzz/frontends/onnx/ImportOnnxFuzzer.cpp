//===- ImportOnnxFuzzer.cpp - Whatever a file holds, it is imported or refused
//-----------------------------------------------------------------------===//
//
// The outcome of an import is a verified module or one diagnostic. Anything
// else is a finding, and so is what the sanitizers of --config=fuzz see.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/ImportOnnx.h"
#include "mlir/IR/MLIRContext.h"
#include "test/fuzz/frontends/onnx/OnnxWire.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace msc::onnx;

// libFuzzer's own.
extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

namespace {

// A context keeps what it has uniqued, so it does not live for ever.
constexpr unsigned kRunsOfContext = 200;

/// A file of its own for each process, which models are written to.
class ModelFile {
public:
  ModelFile() {
    if (llvm::sys::fs::createTemporaryFile("fuzz", "onnx", path))
      abort();
  }
  ~ModelFile() { llvm::sys::fs::remove(path); }

  llvm::StringRef write(const uint8_t *data, size_t size) {
    std::error_code error;
    llvm::raw_fd_ostream out(path, error);
    out.write(reinterpret_cast<const char *>(data), size);
    out.close();
    if (error || out.has_error())
      abort();
    return path;
  }

private:
  llvm::SmallString<128> path;
};

[[noreturn]] void report(llvm::StringRef finding) {
  llvm::errs() << "finding: " << finding << '\n';
  abort();
}

size_t replace(const std::string &made, uint8_t *data, size_t size,
               size_t maxSize) {
  if (made.empty() || made.size() > maxSize)
    return LLVMFuzzerMutate(data, size, maxSize);
  std::copy(made.begin(), made.end(), data);
  return made.size();
}

std::string_view textOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static ModelFile file;
  static std::unique_ptr<mlir::MLIRContext> context;
  static unsigned runs = 0;
  if (runs++ % kRunsOfContext == 0)
    context = std::make_unique<mlir::MLIRContext>(
        mlir::MLIRContext::Threading::DISABLED);

  unsigned errors = 0;
  mlir::ScopedDiagnosticHandler handler(
      context.get(), [&](mlir::Diagnostic &diagnostic) {
        errors += diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
        return mlir::success();
      });
  OnnxImportOptions options;
  auto module = importOnnx(file.write(data, size), options, context.get());
  if (mlir::succeeded(module) && errors)
    report("a module in spite of an error");
  if (mlir::failed(module) && errors != 1)
    report(errors ? "more than one error" : "no module and no error");
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned seed) {
  std::mt19937 random(seed);
  auto model = test::parse(test::Message::Model, textOf(data, size));
  if (!model || random() % 16 == 0)
    return LLVMFuzzerMutate(data, size, maxSize);
  do
    test::mutate(*model, random);
  while (random() % 3 == 0);
  return replace(test::serialize(*model), data, size, maxSize);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
                                            const uint8_t *data2, size_t size2,
                                            uint8_t *out, size_t maxOut,
                                            unsigned seed) {
  std::mt19937 random(seed);
  auto model = test::parse(test::Message::Model, textOf(data1, size1));
  auto other = test::parse(test::Message::Model, textOf(data2, size2));
  if (!model || !other)
    return 0;
  test::cross(*model, *other, random);
  std::string made = test::serialize(*model);
  if (made.size() > maxOut)
    return 0;
  std::copy(made.begin(), made.end(), out);
  return made.size();
}
