//===- import_many.cpp - Imports model after model in one process ---------===//
//
// Reads paths, one a line, and answers each with `ok N` or `error N` and N bytes
// of text: the module in generic form, or the diagnostics. Starting a process
// takes longer than importing a small model.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/ImportOnnx.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <iostream>

using namespace mlir;

/// The answer to one path.
static bool import(const std::string &path, MLIRContext &context,
                   std::string &text) {
  llvm::raw_string_ostream stream(text);
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    errors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
    stream << "error: " << diagnostic << "\n";
    for (Diagnostic &note : diagnostic.getNotes())
      stream << "note: " << note << "\n";
    return success();
  });
  auto module = msc::onnx::importOnnx(path, {}, &context);
  if (failed(module)) {
    if (errors != 1)
      stream << "expected one error for one cause, got " << errors << "\n";
    return false;
  }
  if (failed(verify(**module)))
    return false;
  OpPrintingFlags flags;
  flags.printGenericOpForm();
  (*module)->print(stream, flags);
  stream << "\n";
  return true;
}

int main() {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  std::string path;
  while (std::getline(std::cin, path)) {
    std::string text;
    bool isOk = import(path, context, text);
    std::printf("%s %zu\n", isOk ? "ok" : "error", text.size());
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
  return 0;
}
