//===- Graph.h - The graph dialect ------------------------------*- C++ -*-===//
//
// The dialect, its attributes and enums. The ops of a family are declared by
// ops/<family>/<Family>.h, so that a change of one family recompiles its users
// only.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_GRAPH_GRAPH_H
#define MSC_DIALECTS_GRAPH_GRAPH_H

#include "dialects/graph/ImageDims.h"
#include "dialects/interfaces/Cost.h"
#include "dialects/interfaces/Decomposition.h"
#include "dialects/interfaces/Gradient.h"
#include "dialects/interfaces/ShardingRule.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace msc::graph {

/// The type of a value of the dialect, which is a ranked tensor.
inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

/// Reifies the shape of every result as the shape of one operand.
llvm::LogicalResult reifyAsOperand(mlir::Operation *op, unsigned operand,
                                   mlir::OpBuilder &builder,
                                   mlir::ReifiedRankedShapedTypeDims &shapes);

} // namespace msc::graph

#include "dialects/graph/GraphDialect.h.inc"
#include "dialects/graph/GraphEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/graph/GraphAttrs.h.inc"

#endif // MSC_DIALECTS_GRAPH_GRAPH_H
