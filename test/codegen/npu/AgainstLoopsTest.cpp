//===- AgainstLoopsTest.cpp - The accelerator against loops on the CPU ----===//
// Regions of every class run on the chip and, as plain loops, on the CPU.
//===----------------------------------------------------------------------===//
#include "test/codegen/cpu/RegionRunner.h"
#include "test/codegen/cpu/RegionTexts.h"
#include "test/codegen/npu/RegionOnChip.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace msc::test;

namespace {

/// Of the largest result. Products of f32 are those of f16.
double toleranceOf(const std::string &type, bool product) {
  if (type == "f32")
    return product ? 2e-3 : 3e-5;
  if (type == "f16")
    return 2e-2;
  return type == "bf16" ? 1e-1 : 0;
}

/// `scheduled` begins the schedule's text.
void check(const RegionCase &region, const std::string &scheduled) {
  CompiledRegion oracle(region.text, {"native", "loops", "strict", false});
  ASSERT_EQ(oracle.error(), "") << region.text;
  std::vector<Array> arrays;
  std::vector<Tensor> tensors;
  for (const Argument &argument : region.arguments) {
    unsigned seed = arrays.size();
    arrays.push_back(Array::random(argument.type, argument.shape, seed));
    tensors.emplace_back(argument.type, argument.shape);
    std::memcpy(tensors.back().data(), arrays.back().bytes.data(),
                arrays.back().bytes.size());
  }
  std::vector<Tensor *> onCpu;
  for (Tensor &tensor : tensors)
    onCpu.push_back(&tensor);
  oracle.run(onCpu);
  std::vector<Array *> onChip;
  for (Array &array : arrays)
    onChip.push_back(&array);
  Outcome outcome = runOnChip(region.text, onChip);
  ASSERT_EQ(outcome.error, "") << region.text;
  EXPECT_EQ(outcome.schedule.rfind(scheduled, 0), 0u) << outcome.schedule;

  const Tensor &expected = tensors.back();
  double scale = 1;
  for (int64_t i = 0; i < expected.count(); ++i)
    scale = std::max(scale, std::fabs(expected.get(i)));
  double tolerance = scale * toleranceOf(expected.type, scheduled == "product");
  for (int64_t i = 0; i < expected.count(); ++i)
    ASSERT_NEAR(arrays.back().get(i), expected.get(i), tolerance)
        << "element " << i << ", schedule " << outcome.schedule << "\n"
        << region.text;
}

TEST(AgainstLoopsTest, Products) {
  for (auto [m, n, k] : {std::tuple<int, int, int>{6, 64, 32},
                         {7, 10, 33},
                         {37, 70, 50},
                         {1, 100, 64},
                         {64, 3, 20},
                         {200, 150, 300}})
    check(matmul(m, n, k, {}), "product");
  for (const char *type : {"f16", "bf16"}) {
    MatmulOptions options;
    options.type = type;
    check(matmul(7, 20, 9, options), "product");
  }
  for (bool transposeA : {false, true})
    for (bool transposeB : {false, true})
      for (int64_t batch : {0, 3}) {
        MatmulOptions options;
        options.batch = batch;
        options.transposeA = transposeA;
        options.transposeB = transposeB;
        options.bias = batch == 0;
        check(matmul(9, 21, 35, options), "product");
      }
}

// Their frames are made by other regions.
TEST(AgainstLoopsTest, Convolutions) {
  for (bool channelsLast : {true, false})
    for (int64_t stride : {1, 2})
      for (int64_t kernel : {1, 3}) {
        ConvolutionOptions options;
        options.channelsLast = channelsLast;
        options.stride = stride;
        options.kernel = kernel;
        options.pad = 0;
        check(convolution(2, 8, 9, 5, 10, options), "product");
      }
  ConvolutionOptions dilated;
  dilated.dilation = 2;
  dilated.pad = 0;
  check(convolution(2, 7, 7, 3, 8, dilated), "product");
}

TEST(AgainstLoopsTest, Poolings) {
  for (bool channelsLast : {true, false})
    for (int64_t channels : {1, 3, 21}) {
      check(maxPool(8, 9, channels, 2, 2, channelsLast), "tiles");
      check(maxPool(8, 9, channels, 3, 1, channelsLast), "tiles");
    }
}

TEST(AgainstLoopsTest, Elementwise) {
  for (unsigned broadcast = 0; broadcast < 8; ++broadcast)
    for (const Shape &shape : {Shape{3, 5, 7}, {2, 1, 16}, {4, 3, 33}})
      check(elementwise(shape, broadcast, "f32", "f32",
                        "    %r = arith.addf %x, %y : f32", false),
            "tiles");
  check(elementwise({}, 0, "f32", "f32", "    %r = arith.addf %x, %y : f32",
                    false),
        "tiles 1x1");
  for (const char *type : {"f16", "bf16"})
    check(elementwise({3, 37}, 1, type, type,
                      std::string("    %r = arith.mulf %x, %y : ") + type,
                      false),
          "tiles");
  for (const char *type : {"i8", "i32"})
    for (const char *op : {"addi", "muli", "maxsi", "xori"})
      check(
          elementwise({3, 37}, 1, type, type,
                      std::string("    %r = arith.") + op + " %x, %y : " + type,
                      false),
          "tiles");
  check(elementwise({5, 19}, 0, "f32", "i1",
                    "    %r = arith.cmpf olt, %x, %y : f32", false),
        "tiles");
  check(elementwise({5, 19}, 0, "f32", "i1",
                    "    %r = arith.cmpf uge, %x, %y : f32", false),
        "tiles");
  check(elementwise({5, 19}, 0, "i1", "f32",
                    "    %n = arith.xori %x, %y : i1\n"
                    "    %r = arith.uitofp %n : i1 to f32",
                    false),
        "tiles");
  for (const char *op : {"exp", "tanh", "erf", "log", "sqrt", "floor"})
    check(elementwise({3, 37}, 1, "f32", "f32",
                      std::string("    %a = math.absf %x : f32\n"
                                  "    %b = math.absf %y : f32\n"
                                  "    %t = arith.addf %a, %b : f32\n"
                                  "    %r = math.") +
                          op + " %t : f32",
                      false),
          "tiles");
}

TEST(AgainstLoopsTest, Reductions) {
  for (unsigned reduced = 1; reduced < 4; ++reduced)
    for (const Shape &shape : {Shape{9, 37}, {1, 8}, {19, 1}, {60, 500}})
      check(reduction(shape, reduced, "f32", "arith.addf", "0.0", false),
            "tiles");
  for (unsigned reduced : {2, 4, 6, 7})
    check(reduction({3, 5, 37}, reduced, "f32", "arith.addf", "0.0", false),
          "tiles");
  for (unsigned reduced : {1, 2, 3}) {
    check(reduction({9, 41}, reduced, "f32", "arith.maximumf", "0xFF800000",
                    false),
          "tiles");
    check(reduction({9, 41}, reduced, "i32", "arith.addi", "5", false),
          "tiles");
    check(reduction({9, 41}, reduced, "i8", "arith.minsi", "100", false),
          "tiles");
  }
}

TEST(AgainstLoopsTest, Rows) {
  for (bool mixed : {false, true})
    for (const Shape &shape :
         {Shape{5, 50}, {3, 16}, {1, 1}, {4, 10}, {2, 3000}})
      check(softmax(shape, 1, false, mixed), "tiles");
  for (unsigned axis : {1, 2})
    check(softmax({3, 7, 21}, axis, false, /*mixed=*/true), "tiles");
  for (int64_t width : {1, 16, 100, 768})
    check(layerNorm(5, width), "tiles");
}

TEST(AgainstLoopsTest, Transposes) {
  for (const char *type : {"f32", "i8", "i1"})
    for (const Shape &shape : {Shape{3, 5, 7}, {16, 16, 16}, {2, 33, 20}})
      for (const std::vector<unsigned> &order :
           {std::vector<unsigned>{0, 2, 1}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}})
        check(transpose(shape, order, type), "tiles");
}

} // namespace
