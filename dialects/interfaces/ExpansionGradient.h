//===- ExpansionGradient.h - Derivatives by decomposition -------*- C++ -*-===//
//
// What a composite op has for its gradient where it writes none: its expansion
// is built in the derived program and differentiated op by op. Exact, and of
// every order, at the price that the expansion is computed once more; ops that
// have a better formula implement it.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_INTERFACES_EXPANSIONGRADIENT_H
#define MSC_DIALECTS_INTERFACES_EXPANSIONGRADIENT_H

#include "dialects/interfaces/Decomposition.h"
#include "dialects/interfaces/Gradient.h"

namespace msc {

/// Accumulates the cotangents of the wanted operands. Asks the context for all
/// operands and for no result. Fails with a report where an op of the expansion
/// has no gradient.
llvm::LogicalResult vjpByExpansion(DecomposableOpInterface op,
                                   VjpContext &context);

/// Sets the tangents of the results.
llvm::LogicalResult jvpByExpansion(DecomposableOpInterface op,
                                   JvpContext &context);

} // namespace msc

#endif // MSC_DIALECTS_INTERFACES_EXPANSIONGRADIENT_H
