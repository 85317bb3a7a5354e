//===- ImportModel.cpp - Read an ONNX model into an empty module ----------===//
//
// The front end as a pass, so that the first stage of a compilation is replayed
// by msc-opt like all others.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/ImportOnnx.h"
#include "frontends/onnx/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/ADT/StringSet.h"

namespace msc::onnx {
#define GEN_PASS_DEF_IMPORTMODEL
#include "frontends/onnx/Passes.h.inc"
} // namespace msc::onnx

using namespace mlir;
using namespace msc::onnx;
using msc::graph::GraphDialect;

static constexpr StringLiteral kIntermediateAttr = "graph.intermediate";

/// Takes back the intermediate values but for those of `names`.
static LogicalResult keepOnly(ModuleOp module, ArrayRef<std::string> names) {
  auto main = cast<func::FuncOp>(module.lookupSymbol("main"));
  llvm::StringSet<> missing;
  for (const std::string &name : names)
    missing.insert(name);
  llvm::BitVector others(main.getNumResults());
  for (unsigned i = 0; i < main.getNumResults(); ++i) {
    auto name =
        main.getResultAttrOfType<StringAttr>(i, GraphDialect::kNameAttr);
    if (main.getResultAttr(i, kIntermediateAttr) &&
        !missing.erase(name.getValue()))
      others.set(i);
  }
  if (!missing.empty())
    return main.emitError("no node makes '")
           << missing.begin()->getKey()
           << "' or the program has no value for it";
  Operation *ret = main.front().getTerminator();
  ret->eraseOperands(others);
  return main.eraseResults(others);
}

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
    options.keepsIntermediates = keepIntermediates || !keep.empty();
    auto imported = importOnnx(model, options, &getContext());
    if (failed(imported) ||
        (!keep.empty() && failed(keepOnly(**imported, keep))))
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
  import.keepIntermediates = options.keepIntermediates;
  import.keep.assign(options.keep.begin(), options.keep.end());
  pm.addPass(createImportModel(import));
}

void msc::onnx::registerImportPipeline() {
  PassPipelineRegistration<ImportPipelineOptions>(
      "msc-import", "Read an ONNX model into an empty module",
      buildImportPipeline);
}
