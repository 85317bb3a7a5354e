//===- Contributed.cpp - Ops of the domain com.microsoft ------------------===//
//
// What ONNX Runtime's optimiser and the exporters built on it write for
// transformers.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "frontends/onnx/NodeImport.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

/// x + bias, if the node has one.
static FailureOr<Value> addBias(NodeImport &n, Value x, unsigned bias) {
  if (!n.has(bias))
    return x;
  auto spread = n.broadcastTo(n.in(bias), n.shape(0));
  if (failed(spread))
    return failure();
  return n.b.add(x, *spread);
}

/// gelu(x + bias)
static LogicalResult importBiasGelu(NodeImport &n) {
  auto x = addBias(n, n.value(0), 1);
  return failed(x) ? failure() : n.result(n.b.unary<GeluOp>(*x), n.shape(0));
}

/// The tanh form: y * sigmoid(2 sqrt(2 / pi) (y + 0.044715 y^3)), y = x + bias.
static LogicalResult importFastGelu(NodeImport &n) {
  auto x = addBias(n, n.value(0), 1);
  if (failed(x))
    return failure();
  Value cube = n.b.mul(*x, n.b.mul(*x, *x));
  Value inner = n.b.mulScalar(n.b.add(*x, n.b.mulScalar(cube, 0.044715)),
                              2 * std::sqrt(2.0 / M_PI));
  return n.result(n.b.mul(*x, n.b.unary<SigmoidOp>(inner)), n.shape(0));
}

/// x * sigmoid(alpha * x)
static LogicalResult importQuickGelu(NodeImport &n) {
  Value x = n.value(0);
  Value scaled = n.b.mulScalar(x, n.floatAttr("alpha", 1.702f));
  return n.result(n.b.mul(x, n.b.unary<SigmoidOp>(scaled)), n.shape(0));
}

/// A norm of input + skip + bias along the last dim. Output 3 is the sum.
template <bool isCentred> static LogicalResult importSkipNorm(NodeImport &n) {
  constexpr unsigned kBias = isCentred ? 4 : 3;
  if (n.rank(0) < 1)
    return n.error("expected a rank of at least 1, got 0");
  auto skip = n.broadcastTo(n.in(1), n.shape(0));
  if (failed(skip))
    return failure();
  auto sum = addBias(n, n.b.add(n.value(0), *skip), kBias);
  if (failed(sum))
    return failure();
  int64_t last = n.rank(0) - 1;
  auto vector = [&](unsigned i) -> FailureOr<Value> {
    if (!n.has(i))
      return Value();
    return n.broadcastTo(n.in(i), {n.shape(0)[last]});
  };
  auto scale = vector(2), offset = isCentred ? vector(3) : Value();
  if (failed(scale) || failed(offset))
    return failure();
  APFloat epsilon(n.floatAttr("epsilon", isCentred ? 1e-12f : 1e-6f));
  Operation *norm;
  if constexpr (isCentred)
    norm = LayerNormOp::create(n.builder(), n.loc(), *sum, *scale, *offset,
                               ArrayRef<int64_t>(last), epsilon);
  else
    norm = RmsNormOp::create(n.builder(), n.loc(), *sum, *scale,
                             ArrayRef<int64_t>(last), epsilon);
  if (failed(n.result(norm->getResult(0), n.shape(0))) ||
      failed(n.result(3, *sum, n.shape(0))))
    return failure();
  if (n.wants(1) || n.wants(2))
    return n.unsupported("statistics as outputs");
  return success();
}

static constexpr OpEntry kOps[] = {
    {"com.microsoft:BiasGelu", {1}, 2, 2, 1, kFloat | kSame, importBiasGelu},
    {"com.microsoft:FastGelu", {1}, 1, 2, 1, kFloat | kSame, importFastGelu},
    {"com.microsoft:Gelu", {1}, 1, 1, 1, kFloat, importBiasGelu},
    {"com.microsoft:QuickGelu", {1}, 1, 1, 1, kFloat, importQuickGelu},
    {"com.microsoft:SkipLayerNormalization",
     {1},
     3,
     5,
     4,
     kFloat | kSame,
     importSkipNorm<true>},
    {"com.microsoft:SkipSimplifiedLayerNormalization",
     {1},
     3,
     4,
     4,
     kFloat | kSame,
     importSkipNorm<false>},
};

void msc::onnx::addContributedOps(OpTable &table) { table.add(kOps); }
