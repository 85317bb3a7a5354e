#include "dialects/interfaces/Gradient.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

#include "dialects/interfaces/Gradient.cpp.inc"

msc::VjpContext::~VjpContext() = default;
msc::JvpContext::~JvpContext() = default;

bool msc::isDifferentiableType(Type type) {
  return isa<FloatType>(getElementTypeOrSelf(type));
}
