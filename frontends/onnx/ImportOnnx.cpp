//===- ImportOnnx.cpp - From an ONNX file to the graph dialect ------------===//

#include "frontends/onnx/ImportOnnx.h"
#include "frontends/onnx/ModelImport.h"
#include "frontends/onnx/OpTable.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace msc::onnx;

FailureOr<OwningOpRef<ModuleOp>>
msc::onnx::importOnnx(StringRef path, const OnnxImportOptions &options,
                      MLIRContext *context) {
  DialectRegistry registry;
  registerOnnxDialects(registry);
  context->appendDialectRegistry(registry);
  context->loadAllAvailableDialects();

  Location loc = UnknownLoc::get(context);
  auto dims = DimOptions::parse(options.dims);
  if (!dims)
    return emitError(loc) << toString(dims.takeError());
  auto model = readModel(path, options.maxFileBytes);
  if (!model)
    return emitError(loc) << toString(model.takeError());
  OpTable table;
  ModelImport import(**model, table, *dims, context);
  OwningOpRef<ModuleOp> module = import.run(options.keepsIntermediates);
  if (!module)
    return failure();
  return module;
}

void msc::onnx::registerOnnxDialects(DialectRegistry &registry) {
  registry.insert<graph::GraphDialect, arith::ArithDialect,
                  cf::ControlFlowDialect, func::FuncDialect, scf::SCFDialect,
                  tensor::TensorDialect>();
}
