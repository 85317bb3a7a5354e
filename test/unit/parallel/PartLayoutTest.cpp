#include "parallel/PartLayout.h"
#include <gtest/gtest.h>

using namespace msc;

using Coordinates = std::vector<int64_t>;

namespace {

/// Where the elements of a part lie in the whole dim.
Coordinates coordinates(const PartDim &dim) {
  Coordinates result;
  for (int64_t local = 0; local < dim.localExtent(); ++local)
    result.push_back(dim.globalOf(local));
  return result;
}

TEST(PartLayout, AFactorIsCutIntoEqualRuns) {
  ShardingRule rule;
  ShardingDim dim{{rule.addFactor(6)}, std::nullopt};
  int64_t parts[] = {3}, index[] = {1};
  EXPECT_EQ(coordinates(PartDim(rule, dim, 6, parts, index)),
            (Coordinates{2, 3}));
}

TEST(PartLayout, ADimOfNoFactorIsWhole) {
  ShardingRule rule;
  rule.addFactor(6);
  int64_t parts[] = {3}, index[] = {1};
  EXPECT_EQ(coordinates(PartDim(rule, ShardingDim(), 2, parts, index)),
            (Coordinates{0, 1}));
}

TEST(PartLayout, AMinorFactorIsCutInEachRowOfTheMajorOne) {
  ShardingRule rule;
  ShardingDim dim{{rule.addFactor(2), rule.addFactor(4)}, std::nullopt};
  int64_t parts[] = {1, 2}, index[] = {0, 1};
  EXPECT_EQ(coordinates(PartDim(rule, dim, 8, parts, index)),
            (Coordinates{2, 3, 6, 7}));
  int64_t both[] = {2, 2}, last[] = {1, 0};
  EXPECT_EQ(coordinates(PartDim(rule, dim, 8, both, last)),
            (Coordinates{4, 5}));
}

TEST(PartLayout, AWindowNeedsAHalo) {
  ShardingRule rule;
  ShardingWindow window;
  window.size = 3;
  window.padLow = window.padHigh = 1;
  ShardingDim dim{{rule.addFactor(8)}, window};
  int64_t parts[] = {2}, first[] = {0}, second[] = {1};
  EXPECT_EQ(coordinates(PartDim(rule, dim, 8, parts, first)),
            (Coordinates{-1, 0, 1, 2, 3, 4}));
  EXPECT_EQ(coordinates(PartDim(rule, dim, 8, parts, second)),
            (Coordinates{3, 4, 5, 6, 7, 8}));
  int64_t whole[] = {1};
  EXPECT_EQ(PartDim(rule, dim, 8, whole, first).localExtent(), 8);
}

TEST(PartLayout, AStridedWindowSkips) {
  ShardingRule rule;
  ShardingWindow window;
  window.size = 2;
  window.stride = 2;
  window.dilation = 2;
  ShardingDim dim{{rule.addFactor(4)}, window};
  int64_t parts[] = {2}, index[] = {1};
  EXPECT_EQ(coordinates(PartDim(rule, dim, 9, parts, index)),
            (Coordinates{4, 5, 6, 7, 8}));
}

} // namespace
