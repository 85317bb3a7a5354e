//===- PlanDialect.cpp - registration of the plan dialect -----------------===//

#include "dialects/plan/Plan.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace msc::plan;

#include "dialects/plan/PlanDialect.cpp.inc"
#include "dialects/plan/PlanEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/plan/PlanTypes.cpp.inc"

void PlanDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/plan/PlanTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/plan/PlanOps.cpp.inc"
      >();
}

/// A buffer is given up to one result, which fits into it. Once memory is
/// planned such results are no longer returned, and there is nothing to compare
/// with.
static LogicalResult verifyDonation(FunctionOpInterface function,
                                    unsigned argument, Attribute value) {
  auto number = dyn_cast<IntegerAttr>(value);
  if (!number || number.getInt() < 0)
    return function.emitError() << "expected the number of a result as '"
                                << kDonatedAttr << "', got " << value;
  for (unsigned other = 0; other < argument; ++other)
    if (function.getArgAttr(other, kDonatedAttr) == value)
      return function.emitError()
             << "expected one argument donated to result " << number.getInt()
             << ", got " << other << " and " << argument;
  if (llvm::none_of(function.getResultTypes(), llvm::IsaPred<ShapedType>))
    return success();
  if (number.getInt() >= int64_t(function.getNumResults()))
    return function.emitError()
           << "expected a donation to one of " << function.getNumResults()
           << " results, got number " << number.getInt();
  Type type = function.getResultTypes()[number.getInt()];
  Type given = function.getArgumentTypes()[argument];
  if (given != type)
    return function.emitError()
           << "expected the argument donated to result " << number.getInt()
           << " to be " << type << ", got " << given;
  return success();
}

LogicalResult PlanDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                    unsigned argument,
                                                    NamedAttribute attribute) {
  if (attribute.getName() != kDonatedAttr)
    return success();
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return op->emitError() << "attribute '" << kDonatedAttr
                           << "' is for arguments of functions only";
  return verifyDonation(function, argument, attribute.getValue());
}

mlir::ModuleOp msc::plan::lookupRegions(mlir::ModuleOp module) {
  return module.lookupSymbol<mlir::ModuleOp>(kRegionsModule);
}
