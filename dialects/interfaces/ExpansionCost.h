//===- ExpansionCost.h - Cost by decomposition ------------------*- C++ -*-===//

#ifndef MSC_DIALECTS_INTERFACES_EXPANSIONCOST_H
#define MSC_DIALECTS_INTERFACES_EXPANSIONCOST_H

#include "dialects/interfaces/Cost.h"
#include "dialects/interfaces/Decomposition.h"

namespace msc {

/// The work of an op's expansion, and the traffic of the op as a whole: what
/// lies between counts as kept in cache. The expansion is built at the extents
/// that `dimSize` gives, and thrown away.
OpCost costByExpansion(DecomposableOpInterface op, DimSizeFn dimSize);

} // namespace msc

#endif // MSC_DIALECTS_INTERFACES_EXPANSIONCOST_H
