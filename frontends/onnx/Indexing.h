//===- Indexing.h - Gathers and scatters by letters -------------*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_INDEXING_H
#define MSC_FRONTENDS_ONNX_INDEXING_H

#include "dialects/graph/ops/indexing/Indexing.h"
#include "frontends/onnx/NodeImport.h"

namespace msc::onnx {

/// `count` letters from `first` on, for the dims of a specification.
std::string dimLetters(char first, int64_t count);

/// Positions along a dim of a shape.
mlir::Value iota(NodeImport &n, llvm::ArrayRef<Index> shape, int64_t dim,
                 mlir::Type type);

mlir::Value gather(NodeImport &n, llvm::StringRef spec, mlir::Value operand,
                   mlir::Value indices);
mlir::Value scatter(NodeImport &n, graph::ScatterCombiner combiner,
                    llvm::StringRef spec, mlir::Value operand,
                    mlir::Value indices, mlir::Value updates);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_INDEXING_H
