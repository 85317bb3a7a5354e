//===- GraphDialect.cpp - Registration, attributes, constants -------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/attention/Attention.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/convolution/Convolution.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/pooling/Pooling.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/resampling/Resampling.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "dialects/graph/ops/sorting/Sorting.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

#include "dialects/graph/GraphDialect.cpp.inc"
#include "dialects/graph/GraphEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/graph/GraphAttrs.cpp.inc"

/// On results, after all others: a value inside of the model that is given out
/// so that it can be looked at.
static constexpr StringLiteral kIntermediateAttr = "graph.intermediate";

namespace {

struct GraphInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
};

struct GraphCotangentInterface : CotangentDialectInterface {
  using CotangentDialectInterface::CotangentDialectInterface;

  Value buildZero(OpBuilder &builder, Location loc, Value like) const final {
    return GraphBuilder(builder, loc).splatLike(0.0, like);
  }
  Value buildAdd(OpBuilder &builder, Location loc, Value lhs,
                 Value rhs) const final {
    return GraphBuilder(builder, loc).add(lhs, rhs);
  }
  Value buildScatteredSlice(OpBuilder &builder, Location loc, Value like,
                            Value slice, ArrayRef<OpFoldResult> offsets,
                            ArrayRef<OpFoldResult> sizes,
                            ArrayRef<OpFoldResult> strides) const final {
    return GraphBuilder(builder, loc)
        .scatteredSlice(like, slice, offsets, sizes, strides);
  }
};

} // namespace

void GraphDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/graph/GraphOps.cpp.inc"
      >();
  addInterfaces<GraphInlinerInterface, GraphCotangentInterface>();
}

void GraphDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/graph/GraphAttrs.cpp.inc"
      >();
}

Operation *GraphDialect::materializeConstant(OpBuilder &builder,
                                             Attribute value, Type type,
                                             Location loc) {
  if (auto elements = dyn_cast<ElementsAttr>(value))
    if (elements.getType() == type)
      return ConstantOp::create(builder, loc, type, elements);
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

/// The attributes on arguments (and, but for parameters, on results).
static LogicalResult
verifySignatureAttribute(Operation *op, NamedAttribute attribute, Type type) {
  // Tensors, and the buffers that they become.
  auto shaped = dyn_cast<ShapedType>(type);
  StringRef name = attribute.getName();
  if (name == GraphDialect::kNameAttr) {
    if (!isa<StringAttr>(attribute.getValue()))
      return op->emitError() << "expected a string for '" << name << "'";
  } else if (name == GraphDialect::kDimsAttr) {
    auto dims = dyn_cast<ArrayAttr>(attribute.getValue());
    if (!dims || !llvm::all_of(dims, llvm::IsaPred<StringAttr>))
      return op->emitError()
             << "expected an array of names for '" << name << "'";
    if (!shaped || !shaped.hasRank() ||
        shaped.getRank() != static_cast<int64_t>(dims.size()))
      return op->emitError() << "expected one name per dim in '" << name
                             << "', got " << dims.size();
  } else if (name == GraphDialect::kElementTypeAttr) {
    if (!isa<TypeAttr>(attribute.getValue()))
      return op->emitError() << "expected a type for '" << name << "'";
  } else if (name == kIntermediateAttr) {
    if (!isa<UnitAttr>(attribute.getValue()))
      return op->emitError() << "expected no value for '" << name << "'";
  } else if (name == GraphDialect::kParameterAttr) {
    if (!isa<FileBlobAttr>(attribute.getValue()))
      return op->emitError() << "expected a #graph.blob for '" << name << "'";
    if (!shaped || !shaped.hasStaticShape())
      return op->emitError()
             << "expected a static shape for a parameter, got " << type;
  } else {
    return op->emitError() << "unknown attribute '" << name << "'";
  }
  return success();
}

LogicalResult GraphDialect::verifyRegionArgAttribute(Operation *op,
                                                     unsigned regionIndex,
                                                     unsigned argIndex,
                                                     NamedAttribute attribute) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return op->emitError() << "attribute '" << attribute.getName().strref()
                           << "' is for arguments of functions only";
  return verifySignatureAttribute(op, attribute,
                                  function.getArgumentTypes()[argIndex]);
}

LogicalResult GraphDialect::verifyRegionResultAttribute(
    Operation *op, unsigned regionIndex, unsigned resultIndex,
    NamedAttribute attribute) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function || attribute.getName() == kParameterAttr)
    return op->emitError() << "attribute '" << attribute.getName().strref()
                           << "' is for arguments of functions only";
  return verifySignatureAttribute(op, attribute,
                                  function.getResultTypes()[resultIndex]);
}

LogicalResult graph::reifyAsOperand(Operation *op, unsigned operand,
                                    OpBuilder &builder,
                                    ReifiedRankedShapedTypeDims &shapes) {
  for (unsigned i = 0; i < op->getNumResults(); ++i)
    shapes.push_back(
        tensor::getMixedSizes(builder, op->getLoc(), op->getOperand(operand)));
  return success();
}
