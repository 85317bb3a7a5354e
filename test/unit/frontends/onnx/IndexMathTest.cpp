#include "test/unit/frontends/onnx/IndexFixture.h"

using namespace mlir;
using namespace msc::onnx;

namespace {

class IndexMathTest : public IndexFixture {};

TEST_F(IndexMathTest, QuotientOfAProductByItsFactor) {
  Index n = dim("n"), m = dim("m");
  Index product = math.mul(n, m);
  EXPECT_EQ(math.floorDiv(product, n), m);
  EXPECT_EQ(math.floorDiv(math.mul(product, 6), math.mul(m, 2)),
            math.mul(n, 3));
  EXPECT_EQ(math.floorDiv(n, n), c(1));
}

TEST_F(IndexMathTest, QuotientOfASumTakesWholePartsOut) {
  Index n = dim("n"), m = dim("m"), k = dim("k", 0, 5);
  Index sum = math.add(math.mul(n, m), k);
  EXPECT_EQ(math.floorDiv(sum, n), math.add(m, math.floorDiv(k, n)));
  EXPECT_NE(math.floorDiv(sum, n), m);
}

TEST_F(IndexMathTest, QuotientOfLessThanTheDivisorIsZero) {
  Index n = dim("n"), k = dim("k", 0, 5);
  EXPECT_EQ(math.floorDiv(k, math.add(n, 5)), c(0));
  EXPECT_EQ(math.floorDiv(math.sub(n, c(1)), n), c(0));
  EXPECT_NE(math.floorDiv(k, math.add(n, 4)), c(0));
  EXPECT_EQ(math.floorDiv(c(-1), n), c(-1));
}

TEST_F(IndexMathTest, QuotientsOfQuotients) {
  Index n = dim("n"), m = dim("m"), k = dim("k");
  EXPECT_EQ(math.floorDiv(math.floorDiv(n, 2), 3), math.floorDiv(n, 6));
  EXPECT_EQ(math.floorDiv(math.floorDiv(n, m), k),
            math.floorDiv(n, math.mul(m, k)));
}

// A divisor that may be 0 cancels nothing.
TEST_F(IndexMathTest, QuotientByWhatMayBeZeroStays) {
  Index n = dim("n"), zero = dim("zero", 0, 5);
  EXPECT_NE(math.floorDiv(math.mul(n, zero), zero), n);
}

TEST_F(IndexMathTest, WhatAnInputHoldsIsNoExtent) {
  Index n = dim("n"), position = math.content({}, "position", {-100, 100});
  Index end = math.add(position, n);
  EXPECT_TRUE(math.dependsOnContents(end));
  EXPECT_TRUE(math.dependsOnContents(math.min(end, c(7))));
  EXPECT_EQ(math.sub(end, position), n);
  EXPECT_FALSE(math.dependsOnContents(math.sub(end, position)));
  EXPECT_EQ(math.toString(end), "(n + position)");
  EXPECT_EQ(math.nameOf(position), "");
}

TEST_F(IndexMathTest, EqualityThatIsRequiredIsTransitive) {
  Index n = dim("n"), m = dim("m"), k = dim("k");
  EXPECT_FALSE(math.areEqual(n, m));
  math.setEqual(n, m);
  math.setEqual(m, k);
  math.setEqual(k, c(8));
  EXPECT_TRUE(math.areEqual(n, k));
  EXPECT_TRUE(math.areEqual(c(8), n));
  EXPECT_FALSE(math.areEqual(n, c(9)));
}

// That 1024 positions are enough decides how many of them are new.
TEST_F(IndexMathTest, EqualityHasConsequences) {
  Index past = dim("past", 0), n = dim("n");
  Index all = math.add(past, n), clamped = math.min(all, c(1024));
  Index before = math.sub(clamped, math.min(past, c(1024)));
  EXPECT_FALSE(math.areEqual(before, n));
  EXPECT_FALSE(math.isAtMost(past, c(1024)));
  math.setEqual(clamped, all);
  EXPECT_TRUE(math.isAtMost(past, c(1023)));
  EXPECT_FALSE(math.isAtMost(past, c(1022)));
  EXPECT_EQ(math.min(all, c(1024)), all);
  EXPECT_TRUE(math.areEqual(before, n));
  EXPECT_EQ(math.resolve(before), n);
  EXPECT_EQ(math.add(clamped, 1), math.add(all, 1));
  // No extent turns into a constant after the fact.
  EXPECT_FALSE(constantOf(math.sub(clamped, all)).has_value());
}

} // namespace
