//===- Loss.cpp - Cross-entropy -------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/NodeImport.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

namespace {

/// The loss of log-probabilities [N, C, d1, ...] for classes [N, d1, ...]. The
/// class of each is picked by comparing with all, which fuses into one pass and
/// whose gradient does too.
class LikelihoodLoss {
public:
  LikelihoodLoss(NodeImport &n, Value logProb) : n(n), logProb(logProb) {}

  LogicalResult run() {
    if (failed(check()))
      return failure();
    std::string reduction = n.stringAttr("reduction", "mean");
    if (reduction != "none" && reduction != "sum" && reduction != "mean")
      return n.error("expected none, sum or mean as reduction, got " +
                     quoted(reduction));
    comparePicks();
    Value loss = n.b.neg(pick(logProb));
    Value weight = weights();
    if (weight)
      loss = n.b.mul(loss, weight);
    const Shape &shape = n.shape(1);
    if (reduction == "none")
      return n.result(loss, shape);
    SmallVector<int64_t> all;
    for (int64_t dim = 0; dim < n.rank(1); ++dim)
      all.push_back(dim);
    if (reduction == "mean" && !weight)
      return n.result(n.reduceMean({loss, shape}, all, /*keep=*/false));
    Shaped sum = n.reduceSum({loss, shape}, all, /*keep=*/false);
    if (reduction == "sum")
      return n.result(sum);
    Shaped total = n.reduceSum({weight, shape}, all, /*keep=*/false);
    return n.result(n.b.div(sum.value, total.value), {});
  }

private:
  LogicalResult check() {
    if (n.rank(0) < 2 || n.rank(1) != n.rank(0) - 1)
      return n.error("expected scores of rank 2 or more and classes of one "
                     "rank less, got ranks " +
                     Twine(n.rank(0)) + " and " + Twine(n.rank(1)));
    if (!isa<IntegerType>(n.elementType(1)))
      return n.error("expected integers as classes");
    Shape expected = n.shape(0);
    expected.erase(expected.begin() + 1);
    if (expected != n.shape(1))
      return n.error("expected classes of shape " + n.toString(expected) +
                     ", got " + n.toString(n.shape(1)));
    if (n.has(2) && (n.rank(2) != 1 || n.shape(2)[0] != n.shape(0)[1]))
      return n.error("expected " + n.math.toString(n.shape(0)[1]) +
                     " weights, got " + n.toString(n.shape(2)));
    return success();
  }

  void comparePicks() {
    const Shape &shape = n.shape(0);
    auto [extents, sizes] = splitSizes(n.sizes(shape[1]));
    auto type = RankedTensorType::get(extents, n.elementType(1));
    Value classes =
        IotaOp::create(n.builder(), n.loc(), type, sizes, /*dimension=*/0);
    SmallVector<int64_t> others;
    for (int64_t dim = 0; dim < n.rank(0); ++dim)
      if (dim != 1)
        others.push_back(dim);
    isPick = n.b.compare(Predicate::eq, n.broadcastVector(classes, shape, 1),
                         n.b.broadcast(n.value(1), n.sizes(shape), others));
  }

  /// The element of each sample's class; zero for a class that is none.
  Value pick(Value values) {
    Value picked = n.b.select(isPick, values, n.b.splatLike(0.0, values));
    return n.reduceSum({picked, n.shape(0)}, {1}, /*keep=*/false).value;
  }

  /// The weight of each sample; null if all are 1.
  Value weights() {
    Value weight;
    if (n.has(2))
      weight = pick(n.broadcastVector(n.b.convert(n.value(2), n.elementType(0)),
                                      n.shape(0), 1));
    if (!n.hasAttr("ignore_index"))
      return weight;
    Value classes = n.value(1);
    Value ignored = n.b.compare(
        Predicate::eq, classes,
        n.b.splatLike(static_cast<double>(n.intAttr("ignore_index", 0)),
                      classes));
    Type type = n.elementType(0);
    if (!weight)
      weight = n.splat(1.0, n.shape(1), type);
    return n.b.select(ignored, n.splat(0.0, n.shape(1), type), weight);
  }

  NodeImport &n;
  Value logProb, isPick;
};

} // namespace

static LogicalResult importNegativeLogLikelihoodLoss(NodeImport &n) {
  return LikelihoodLoss(n, n.value(0)).run();
}

static LogicalResult importSoftmaxCrossEntropyLoss(NodeImport &n) {
  if (n.rank(0) < 2)
    return n.error("expected a rank of at least 2, got " + Twine(n.rank(0)));
  Value x = n.value(0);
  Value logProb = LogSoftmaxOp::create(n.builder(), n.loc(), x.getType(), x,
                                       /*axis=*/1);
  if (failed(n.result(1, logProb, n.shape(0))))
    return failure();
  return LikelihoodLoss(n, logProb).run();
}

static constexpr OpEntry kOps[] = {
    {"NegativeLogLikelihoodLoss",
     {12, 13, 22},
     2,
     3,
     1,
     kFloat,
     importNegativeLogLikelihoodLoss},
    {"SoftmaxCrossEntropyLoss",
     {12, 13},
     2,
     3,
     2,
     kFloat,
     importSoftmaxCrossEntropyLoss},
};

void msc::onnx::addLossOps(OpTable &table) { table.add(kOps); }
