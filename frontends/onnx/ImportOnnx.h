//===- ImportOnnx.h - From an ONNX file to the graph dialect ----*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_IMPORTONNX_H
#define MSC_FRONTENDS_ONNX_IMPORTONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace msc::onnx {

struct OnnxImportOptions {
  /// What is known of dims: `batch=8`, `batch=1..64`, `image:0=8` (a dim of an
  /// input by its position), `n=batch` (two dims are one); an entry may hold
  /// several, separated by commas.
  std::vector<std::string> dims;
  /// Gives out, as further results, what the nodes of the model make and the
  /// module computes.
  bool keepsIntermediates = false;
  /// Larger files are refused, the model's as well as those beside it.
  uint64_t maxFileBytes = uint64_t(1) << 40;
};

/// Reads a model into a module with one function `@main`, whose signature is
/// described in dialects/graph (names, named dims with ranges, parameters as
/// blobs in their files). Whatever the file holds, the outcome is a verified
/// module or one diagnostic with notes; nodes that are not supported are
/// reported all at once. The context needs the dialects of
/// `registerOnnxDialects`.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importOnnx(llvm::StringRef path, const OnnxImportOptions &options,
           mlir::MLIRContext *context);

/// The dialects that imported modules consist of.
void registerOnnxDialects(mlir::DialectRegistry &registry);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_IMPORTONNX_H
