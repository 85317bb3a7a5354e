#include "analysis/RegionCost.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace msc::analysis;

namespace {

class RegionCostTest : public testing::Test {
public:
  RegionCostTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        linalg::LinalgDialect, math::MathDialect,
                        tensor::TensorDialect>();
  }

  /// y = exp(x) * x where that is not NaN, for each of some elements.
  func::FuncOp parse(const std::string &type) {
    std::string text = R"(
      func.func @region(%x: TYPE, %y: TYPE) -> TYPE {
        %0 = linalg.generic {
            indexing_maps = [affine_map<(i, j) -> (i, j)>,
                             affine_map<(i, j) -> (i, j)>],
            iterator_types = ["parallel", "parallel"]}
            ins(%x : TYPE) outs(%y : TYPE) {
        ^bb0(%a: f32, %b: f32):
          %e = math.exp %a : f32
          %m = arith.mulf %e, %a : f32
          %u = arith.cmpf uno, %m, %m : f32
          %s = arith.select %u, %a, %m : f32
          linalg.yield %s : f32
        } -> TYPE
        return %0 : TYPE
      })";
    for (size_t at; (at = text.find("TYPE")) != std::string::npos;)
      text.replace(at, 4, type);
    module = parseSourceString<ModuleOp>(text, &context);
    return module ? *module->getOps<func::FuncOp>().begin() : func::FuncOp();
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(RegionCostTest, CountsWhatComputes) {
  func::FuncOp region = parse("tensor<3x5xf32>");
  ASSERT_TRUE(region);
  auto cost = computeRegionCost(region, [](int64_t) { return false; });
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->flops, 2 * 15);
  EXPECT_EQ(cost->bytes, 2 * 60);
}

TEST_F(RegionCostTest, ADestinationMayBeReadToo) {
  func::FuncOp region = parse("tensor<3x5xf32>");
  ASSERT_TRUE(region);
  auto cost = computeRegionCost(region, [](int64_t) { return true; });
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->bytes, 3 * 60);
}

TEST_F(RegionCostTest, OfUnknownExtentsNothingIsKnown) {
  func::FuncOp region = parse("tensor<?x5xf32>");
  ASSERT_TRUE(region);
  EXPECT_FALSE(computeRegionCost(region, [](int64_t) { return false; }));
}

TEST_F(RegionCostTest, NothingWraps) {
  func::FuncOp region = parse("tensor<4294967296x4294967296xf32>");
  ASSERT_TRUE(region);
  EXPECT_FALSE(computeRegionCost(region, [](int64_t) { return false; }));
}

TEST_F(RegionCostTest, BytesByType) {
  auto bytesOf = [&](Type element) {
    return countBytes(RankedTensorType::get({3, 3}, element));
  };
  EXPECT_EQ(bytesOf(Float64Type::get(&context)), 72);
  EXPECT_EQ(bytesOf(IntegerType::get(&context, 1)), 9);
  EXPECT_EQ(bytesOf(IntegerType::get(&context, 4)), 5);
  EXPECT_EQ(bytesOf(IndexType::get(&context)), 72);
}

} // namespace
