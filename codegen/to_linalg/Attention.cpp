//===- Attention.cpp - Attention to linalg --------------------------------===//
//
// By the expansions: contractions, a softmax and another contraction, with the
// scores in memory between them.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/attention/Attention.h"
#include "codegen/to_linalg/ToLinalg.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {

void populateAttentionToLinalgPatterns(const TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns
      .add<LowerByExpansion<AttentionGradOp>, LowerByExpansion<AttentionOp>>(
          converter, patterns.getContext());
}

} // namespace msc
