#include "test/unit/frontends/onnx/IndexFixture.h"
#include <map>
#include <random>

using namespace mlir;
using namespace msc::onnx;

namespace {

class IndexOrderTest : public IndexFixture {};

// What a slice of a table of 512 positions broadcasts to.
TEST_F(IndexOrderTest, ClampedExtentsBroadcastToTheirDim) {
  Index n = dim("n");
  Index clamped = math.min(n, c(512));
  EXPECT_TRUE(math.isAtMost(clamped, n));
  EXPECT_FALSE(math.isAtMost(n, clamped));
  EXPECT_EQ(math.max(math.max(n, clamped), n), n);
  EXPECT_EQ(math.max(clamped, c(512)), c(512));
}

TEST_F(IndexOrderTest, OrderOfOperandsDoesNotCount) {
  Index n = dim("n"), m = dim("m"), k = dim("k");
  EXPECT_EQ(math.max(n, m), math.max(m, n));
  EXPECT_EQ(math.max(math.max(n, m), k), math.max(n, math.max(k, m)));
  EXPECT_NE(math.max(n, m), math.min(n, m));
}

TEST_F(IndexOrderTest, OperandsThatDoNotCountGo) {
  Index n = dim("n"), m = dim("m");
  EXPECT_EQ(math.min(math.min(n, c(512)), c(256)), math.min(n, c(256)));
  EXPECT_EQ(math.max(math.max(n, m), math.add(n, 1)),
            math.max(math.add(n, 1), m));
  EXPECT_EQ(math.min(n, math.max(n, m)), n);
  EXPECT_EQ(math.max(n, math.min(n, m)), n);
  EXPECT_EQ(math.min(math.max(n, m), math.max(m, n)), math.max(n, m));
}

TEST_F(IndexOrderTest, ConstantsMoveOutOfExtremes) {
  Index n = dim("n"), m = dim("m");
  EXPECT_EQ(math.min(math.add(n, 1), math.add(m, 1)),
            math.add(math.min(n, m), 1));
  EXPECT_EQ(math.min(math.add(n, 1), c(513)), math.add(math.min(n, c(512)), 1));
  EXPECT_EQ(math.max(math.add(math.max(n, m), 2), math.add(n, 1)),
            math.add(math.max(n, m), 2));
}

// past + n positions of 1024, less the past ones, are at most n.
TEST_F(IndexOrderTest, DifferencesOfClampedBounds) {
  Index past = dim("past", 0), n = dim("n");
  Index begin = math.min(past, c(1024));
  Index end = math.min(math.add(past, n), c(1024));
  Index size = math.sub(end, begin);
  EXPECT_TRUE(math.isAtMost(begin, end));
  EXPECT_TRUE(math.isAtMost(size, n));
  EXPECT_FALSE(math.isAtMost(n, size));
  EXPECT_EQ(math.max(size, c(0)), size);
}

TEST_F(IndexOrderTest, Quotients) {
  Index n = dim("n"), m = dim("m");
  Index half = math.floorDiv(n, 2);
  EXPECT_TRUE(math.isAtMost(half, n));
  EXPECT_TRUE(math.isAtMost(math.add(half, half), n));
  EXPECT_TRUE(math.isAtMost(n, math.add(math.mul(half, 2), 1)));
  EXPECT_FALSE(math.isAtMost(n, math.mul(half, 2)));
  EXPECT_TRUE(math.isAtMost(math.floorDiv(n, m), n));
  EXPECT_TRUE(math.isAtMost(half, math.ceilDiv(n, 2)));
  EXPECT_TRUE(math.isAtMost(half, math.floorDiv(math.max(n, m), 2)));
}

TEST_F(IndexOrderTest, ProductsOfDims) {
  Index n = dim("n"), m = dim("m"), zero = dim("zero", 0);
  EXPECT_TRUE(math.isAtMost(n, math.mul(n, m)));
  EXPECT_FALSE(math.isAtMost(n, math.mul(n, zero)));
  EXPECT_TRUE(math.isAtMost(math.mul(n, math.min(m, c(512))), math.mul(n, m)));
}

TEST_F(IndexOrderTest, NullIsProvenOfNothing) {
  Index huge = math.mul(dim("n"), int64_t(1) << 60);
  EXPECT_FALSE(huge);
  EXPECT_FALSE(math.isAtMost(huge, c(1)));
  EXPECT_FALSE(math.max(huge, c(1)));
}

// Hostile models nest what cannot be told apart; proofs give up in time.
TEST_F(IndexOrderTest, ProofsEnd) {
  Index value = dim("first");
  for (int i = 0; i < 300; ++i) {
    Index other = dim("other");
    value = i % 2 ? math.min(math.add(value, other), math.mul(other, 2))
                  : math.max(math.sub(value, other), other);
    ASSERT_TRUE(value);
  }
  EXPECT_FALSE(math.isAtMost(value, dim("last")));
}

// Random formulas beside their values for random extents: whatever is claimed
// of a formula has to hold for the values, and one formula has one value.
TEST_F(IndexOrderTest, ClaimsHoldForRandomFormulas) {
  constexpr int kSamples = 40;
  using Values = std::array<int64_t, kSamples>;
  struct Formula {
    Index index;
    Values values;
  };
  std::mt19937 random(20);
  auto below = [&](int64_t n) { return int64_t(random() % n); };
  auto floorOf = [](int64_t a, int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
  };
  for (int round = 0; round < 25; ++round) {
    IndexMath math(&context);
    std::vector<Formula> formulas;
    for (int i = 0; i < 4; ++i) {
      int64_t min = below(3), max = min + 1 + below(12);
      Formula formula;
      formula.index = math.dim({}, 0, "d" + std::to_string(i), {min, max});
      for (int64_t &value : formula.values)
        value = min + below(max - min + 1);
      formulas.push_back(formula);
    }
    for (int64_t value : {0, 1, 2, 5}) {
      Formula formula{math.constant(value), {}};
      formula.values.fill(value);
      formulas.push_back(formula);
    }
    for (int step = 0; step < 40; ++step) {
      const Formula a = formulas[below(formulas.size())];
      const Formula b = formulas[below(formulas.size())];
      int64_t op = below(7), k = 2 + below(4);
      bool divides = op == 5 && math.rangeOf(b.index).min > 0;
      Formula result;
      for (int i = 0; i < kSamples; ++i) {
        int64_t x = a.values[i], y = b.values[i];
        result.values[i] = op == 0   ? x + y
                           : op == 1 ? x - y
                           : op == 2 ? std::min(x, y)
                           : op == 3 ? std::max(x, y)
                           : op == 4 ? floorOf(x, k)
                           : divides ? floorOf(x, y)
                                     : x * y;
      }
      result.index = op == 0   ? math.add(a.index, b.index)
                     : op == 1 ? math.sub(a.index, b.index)
                     : op == 2 ? math.min(a.index, b.index)
                     : op == 3 ? math.max(a.index, b.index)
                     : op == 4 ? math.floorDiv(a.index, k)
                     : divides ? math.floorDiv(a.index, b.index)
                               : math.mul(a.index, b.index);
      if (!result.index)
        continue;
      formulas.push_back(result);
    }
    for (const Formula &a : formulas) {
      IndexRange range = math.rangeOf(a.index);
      for (int64_t value : a.values) {
        ASSERT_LE(range.min, value) << math.toString(a.index);
        ASSERT_GE(range.max, value) << math.toString(a.index);
      }
      for (const Formula &b : formulas) {
        if (a.index == b.index) {
          ASSERT_EQ(a.values, b.values) << math.toString(a.index);
        } else if (math.isAtMost(a.index, b.index)) {
          for (int i = 0; i < kSamples; ++i)
            ASSERT_LE(a.values[i], b.values[i])
                << math.toString(a.index) << " <= " << math.toString(b.index);
        }
      }
    }
  }
}

} // namespace
