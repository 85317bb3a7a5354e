//===- ImportModel.cpp - Read an ONNX model into an empty module ----------===//
//
// The front end as a pass, so that the first stage of a compilation is replayed
// by msc-opt like all others.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/ImportOnnx.h"
#include "frontends/onnx/Passes.h"
#include "mlir/Pass/PassRegistry.h"

namespace msc::onnx {
#define GEN_PASS_DEF_IMPORTMODEL
#include "frontends/onnx/Passes.h.inc"
} // namespace msc::onnx

using namespace mlir;
using namespace msc::onnx;

namespace {

struct ImportModelPass : msc::onnx::impl::ImportModelBase<ImportModelPass> {
  using ImportModelBase::ImportModelBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (!module.getBody()->empty()) {
      module.emitError("expected an empty module to import into");
      return signalPassFailure();
    }
    OnnxImportOptions options;
    options.dims.assign(dims.begin(), dims.end());
    auto imported = importOnnx(model, options, &getContext());
    if (failed(imported))
      return signalPassFailure();
    ModuleOp source = **imported;
    module->setAttrs(source->getAttrDictionary());
    module->setLoc(source.getLoc());
    module.getBody()->getOperations().splice(module.getBody()->end(),
                                             source.getBody()->getOperations());
  }
};

} // namespace

void msc::onnx::buildImportPipeline(OpPassManager &pm,
                                    const ImportPipelineOptions &options) {
  ImportModelOptions import;
  import.model = options.model;
  import.dims.assign(options.dims.begin(), options.dims.end());
  pm.addPass(createImportModel(import));
}

void msc::onnx::registerImportPipeline() {
  PassPipelineRegistration<ImportPipelineOptions>(
      "msc-import", "Read an ONNX model into an empty module",
      buildImportPipeline);
}
