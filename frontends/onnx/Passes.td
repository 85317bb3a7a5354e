//===- Passes.td - Passes of the ONNX front end ------------*- tablegen -*-===//

#ifndef MSC_FRONTENDS_ONNX_PASSES
#define MSC_FRONTENDS_ONNX_PASSES

include "mlir/Pass/PassBase.td"

def ImportModel : Pass<"onnx-import-model", "::mlir::ModuleOp"> {
  let summary = "Read an ONNX model into an empty module";
  let description = [{
    Fills a module that has no ops with the `@main` of a model; its attributes
    and location become the model's too. A module that has ops is an error.
    Afterwards the module is what `importOnnx` gives: ops of graph, arith and
    tensor in one function, parameters as arguments with `graph.parameter`.

    Example: `msc-opt -onnx-import-model="model=digits.onnx dims=batch=8" /dev/null`
  }];
  let options = [
    Option<"model", "model", "std::string", "\"\"", "path of the model">,
    ListOption<"dims", "dims", "std::string",
               "what is known of dims: `batch=8`, `batch=1..64`, `x:0=8`, "
               "`n=batch`">,
    Option<"keepIntermediates", "keep-intermediates", "bool", "false",
           "give out what nodes make as results marked `graph.intermediate`">,
    ListOption<"keep", "keep", "std::string",
               "of what nodes make, give out these tensors only">,
  ];
  let dependentDialects = [
    "::msc::graph::GraphDialect", "::mlir::arith::ArithDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::func::FuncDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif
