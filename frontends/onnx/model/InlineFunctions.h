//===- InlineFunctions.h - Calls become nodes -------------------*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_MODEL_INLINEFUNCTIONS_H
#define MSC_FRONTENDS_ONNX_MODEL_INLINEFUNCTIONS_H

#include "frontends/onnx/model/Model.h"

namespace msc::onnx {

/// Replaces each node of the graph that calls a function of the model by the
/// function's nodes, with tensors and attributes put in. A function takes the
/// place of an op of the same name. Fails where functions call each other in a
/// circle, or where what comes out is larger than any sane model.
llvm::Error inlineFunctions(Model &model);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_MODEL_INLINEFUNCTIONS_H
