//===- Passes.h - Passes of the ONNX front end ------------------*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_PASSES_H
#define MSC_FRONTENDS_ONNX_PASSES_H

#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace msc::onnx {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "frontends/onnx/Passes.h.inc"

struct ImportPipelineOptions
    : public mlir::PassPipelineOptions<ImportPipelineOptions> {
  Option<std::string> model{*this, "model",
                            llvm::cl::desc("path of the model")};
  ListOption<std::string> dims{*this, "dims",
                               llvm::cl::desc("what is known of dims")};
  Option<bool> keepIntermediates{
      *this, "keep-intermediates", llvm::cl::init(false),
      llvm::cl::desc("give out what nodes make as further results")};
  ListOption<std::string> keep{
      *this, "keep",
      llvm::cl::desc("of what nodes make, give out these tensors only")};
};

/// `-msc-import`.
void buildImportPipeline(mlir::OpPassManager &pm,
                         const ImportPipelineOptions &options);
void registerImportPipeline();

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_PASSES_H
