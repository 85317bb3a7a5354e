//===- TiedValues.h - which tensors are the new contents of which
//-----------===//

#ifndef MSC_CODEGEN_PLAN_TIEDVALUES_H
#define MSC_CODEGEN_PLAN_TIEDVALUES_H

#include "mlir/IR/Value.h"

namespace msc::codegen {

/// Whether the tensor `value` is made in `dest`: through destinations of ops,
/// and through loops that carry it. Bufferisation then puts the two into one
/// buffer unless something in between still reads the old contents.
bool isMadeIn(mlir::Value value, mlir::Value dest);

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_TIEDVALUES_H
