//===- ExecutionTest.cpp - Scheduled regions against plain loops ----------===//
// Every region is compiled twice, as loops and as scheduled, for each width of
// vectors that this machine has, and both run on the same random data.
//===----------------------------------------------------------------------===//
#include "test/codegen/cpu/RegionRunner.h"
#include "test/codegen/cpu/RegionTexts.h"
#include "llvm/TargetParser/Host.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace msc::test;

namespace {

std::vector<std::string> marches() {
  std::vector<std::string> names{"x86-64-v2"};
  auto features = llvm::sys::getHostCPUFeatures();
  if (features.lookup("avx2") && features.lookup("fma"))
    names.push_back("x86-64-v3");
  if (features.lookup("avx512bw") && features.lookup("avx512vl") &&
      features.lookup("avx512dq"))
    names.push_back("x86-64-v4");
  return names;
}

double toleranceOf(const std::string &type) {
  if (type == "f32")
    return 3e-5;
  if (type == "f64")
    return 1e-12;
  if (type == "f16")
    return 2e-2;
  return type == "bf16" ? 1e-1 : 0;
}

std::mt19937 generator(7);

void fillRandomly(Tensor &tensor) {
  bool isFloat = tensor.type[0] == 'f' || tensor.type[0] == 'b';
  for (int64_t i = 0; i < tensor.count(); ++i) {
    int value = int(generator() % 2001) - 1000;
    tensor.set(i, isFloat               ? value / 500.0
                  : tensor.type == "i1" ? (value & 1)
                                        : value % 100);
  }
}

/// Compiles and compares; `scheduled` must be part of the schedule's text.
void check(const RegionCase &region, const std::string &scheduled = "",
           const std::string &fp = "fast") {
  CompiledRegion oracle(region.text, {"native", "loops", "strict", false});
  ASSERT_EQ(oracle.error(), "") << region.text;
  std::vector<Tensor> inputs;
  for (const Argument &argument : region.arguments) {
    inputs.emplace_back(argument.type, argument.shape);
    fillRandomly(inputs.back());
  }
  auto call = [&](CompiledRegion &compiled) {
    std::vector<Tensor> tensors = inputs;
    std::vector<Tensor *> pointers;
    for (Tensor &tensor : tensors)
      pointers.push_back(&tensor);
    compiled.run(pointers);
    return tensors.back();
  };
  Tensor expected = call(oracle);
  double scale = 1;
  for (int64_t i = 0; i < expected.count(); ++i)
    if (std::isfinite(expected.get(i)))
      scale = std::max(scale, std::fabs(expected.get(i)));
  for (const std::string &march : marches()) {
    CompiledRegion compiled(region.text, {march, "auto", fp, /*threads=*/true});
    ASSERT_EQ(compiled.error(), "") << march << "\n" << region.text;
    EXPECT_EQ(compiled.schedule().find("loops"), std::string::npos)
        << compiled.schedule() << "\n"
        << region.text;
    EXPECT_NE(compiled.schedule().find(scheduled), std::string::npos)
        << compiled.schedule() << "\n"
        << region.text;
    Tensor actual = call(compiled);
    double tolerance = toleranceOf(expected.type) * scale;
    for (int64_t i = 0; i < expected.count(); ++i) {
      double want = expected.get(i), got = actual.get(i);
      bool equal = want == got || (std::isnan(want) && std::isnan(got)) ||
                   std::fabs(want - got) <= tolerance;
      ASSERT_TRUE(equal) << march << ": element " << i << " is " << got
                         << ", expected " << want
                         << "\nschedule: " << compiled.schedule() << "\n"
                         << region.text;
    }
  }
}

TEST(Contraction, Shapes) {
  for (auto [m, n, k] : {std::tuple<int, int, int>{1, 1, 1},
                         {6, 64, 32},
                         {7, 10, 33},
                         {37, 70, 50},
                         {5, 24, 16},
                         {1, 100, 64},
                         {13, 17, 1},
                         {64, 3, 20},
                         {0, 8, 4},
                         {3, 8, 0}})
    check(matmul(m, n, k, {}), "");
  check(matmul(12, 64, 16, {}), "contraction");
}

TEST(Contraction, Operands) {
  for (bool transposeA : {false, true})
    for (bool transposeB : {false, true})
      for (int64_t batch : {0, 3}) {
        MatmulOptions options;
        options.batch = batch;
        options.transposeA = transposeA;
        options.transposeB = transposeB;
        options.bias = batch == 0;
        check(matmul(9, 21, 35, options));
      }
}

TEST(Contraction, Packed) {
  for (int64_t width : {16, 32, 48, 64})
    for (int64_t n : {16, 50, 64, 100}) {
      MatmulOptions options;
      options.packed = width;
      check(matmul(11, n, 24, options), "contraction");
    }
}

TEST(Contraction, DynamicRows) {
  for (int64_t m : {0, 1, 2, 5, 8, 19}) {
    MatmulOptions options;
    options.dynamicRows = true;
    check(matmul(m, 40, 24, options), "contraction");
  }
}

TEST(Contraction, Types) {
  for (const char *type : {"f64", "i32", "i64", "i8", "i16", "f16", "bf16"}) {
    MatmulOptions options;
    options.type = type;
    check(matmul(7, 20, 9, options), "contraction");
  }
}

TEST(Contraction, Strict) {
  check(matmul(7, 37, 50, {}), "contraction", "strict");
  MatmulOptions options;
  options.transposeB = true;
  check(matmul(7, 37, 50, options), "contraction", "strict");
}

TEST(Convolution, ChannelsLast) {
  for (int64_t stride : {1, 2})
    for (int64_t kernel : {1, 3})
      for (int64_t out : {16, 10, 64}) {
        ConvolutionOptions options;
        options.stride = stride;
        options.kernel = kernel;
        options.pad = kernel / 2;
        check(convolution(1, 8, 9, 5, out, options), "contraction");
      }
  ConvolutionOptions dilated;
  dilated.dilation = 2;
  dilated.pad = 2;
  check(convolution(2, 7, 7, 3, 8, dilated), "contraction");
}

TEST(Convolution, ChannelsFirst) {
  for (int64_t stride : {1, 2}) {
    ConvolutionOptions options;
    options.channelsLast = false;
    options.stride = stride;
    check(convolution(2, 9, 17, 3, 4, options));
  }
}

TEST(Convolution, Depthwise) {
  for (int64_t channels : {1, 16, 20, 33})
    for (int64_t stride : {1, 2})
      check(depthwise(9, 11, channels, 3, stride));
}

TEST(Pooling, Max) {
  for (bool channelsLast : {true, false})
    for (int64_t channels : {1, 3, 16, 21}) {
      check(maxPool(8, 9, channels, 2, 2, channelsLast));
      check(maxPool(8, 9, channels, 3, 1, channelsLast));
    }
}

TEST(Elementwise, Broadcasts) {
  std::string add = "    %r = arith.addf %x, %y : f32";
  for (unsigned broadcast = 0; broadcast < 8; ++broadcast)
    for (bool dynamic : {false, true})
      for (const Shape &shape : {Shape{3, 5, 7}, {2, 1, 16}, {4, 3, 33}})
        check(elementwise(shape, broadcast, "f32", "f32", add, dynamic));
  check(elementwise({0, 4}, 0, "f32", "f32", add, false));
  check(elementwise({0, 4}, 0, "f32", "f32", add, true));
  check(elementwise({}, 0, "f32", "f32", add, false));
}

TEST(Elementwise, Types) {
  for (const char *type : {"f64", "f16", "bf16"})
    check(elementwise({3, 37}, 1, type, type,
                      std::string("    %r = arith.mulf %x, %y : ") + type,
                      false));
  for (const char *type : {"i8", "i16", "i32", "i64"})
    for (const char *op : {"addi", "muli", "maxsi", "xori"})
      check(elementwise(
          {3, 37}, 1, type, type,
          std::string("    %r = arith.") + op + " %x, %y : " + type, false));
}

TEST(Elementwise, Bools) {
  for (bool dynamic : {false, true}) {
    check(elementwise({5, 19}, 0, "f32", "i1",
                      "    %r = arith.cmpf olt, %x, %y : f32", dynamic));
    check(elementwise({5, 19}, 2, "i1", "i1", "    %r = arith.andi %x, %y : i1",
                      dynamic));
    check(elementwise({5, 19}, 0, "i1", "f32",
                      "    %n = arith.xori %x, %y : i1\n"
                      "    %r = arith.uitofp %n : i1 to f32",
                      dynamic));
  }
}

TEST(Elementwise, IntegerDivisionInTails) {
  for (bool dynamic : {false, true})
    check(elementwise({3, 21}, 0, "i32", "i32",
                      "    %k = arith.constant 3 : i32\n"
                      "    %o = arith.ori %y, %k : i32\n"
                      "    %r = arith.divsi %x, %o : i32",
                      dynamic));
}

TEST(Elementwise, Index) {
  check(elementwise({4, 21}, 0, "f32", "f32",
                    "    %i = linalg.index 0 : index\n"
                    "    %j = linalg.index 1 : index\n"
                    "    %k = arith.muli %i, %j : index\n"
                    "    %l = arith.index_cast %k : index to i32\n"
                    "    %m = arith.sitofp %l : i32 to f32\n"
                    "    %n = arith.addf %x, %m : f32\n"
                    "    %r = arith.mulf %n, %y : f32",
                    false));
}

TEST(Elementwise, Math) {
  for (const char *op : {"exp", "tanh", "erf", "log", "sqrt", "floor"})
    for (const char *fp : {"fast", "strict"})
      check(elementwise({3, 37}, 1, "f32", "f32",
                        std::string("    %a = math.absf %x : f32\n"
                                    "    %s = arith.addf %a, %y : f32\n"
                                    "    %t = math.absf %s : f32\n"
                                    "    %r = math.") +
                            op + " %t : f32",
                        false),
            "", fp);
}

TEST(Reduction, Dims) {
  for (unsigned reduced = 1; reduced < 8; ++reduced)
    for (bool dynamic : {false, true})
      for (const Shape &shape : {Shape{3, 5, 37}, {1, 4, 8}, {7, 19, 1}})
        for (const char *fp : {"fast", "strict"})
          check(reduction(shape, reduced, "f32", "arith.addf", "0.0", dynamic),
                "", fp);
}

TEST(Reduction, Kinds) {
  for (unsigned reduced : {1, 2, 3}) {
    check(reduction({9, 41}, reduced, "f32", "arith.maximumf", "0xFF800000",
                    false));
    check(
        reduction({9, 41}, reduced, "f64", "arith.minimumf", "1.0e30", false));
    check(reduction({9, 41}, reduced, "i32", "arith.addi", "5", false));
    check(reduction({9, 41}, reduced, "i64", "arith.maxsi", "-1000", true));
    check(reduction({9, 41}, reduced, "i8", "arith.minsi", "100", false));
    check(reduction({9, 41}, reduced, "i1", "arith.ori", "0", false));
    check(reduction({9, 41}, reduced, "i1", "arith.andi", "1", false));
  }
}

TEST(Rows, Softmax) {
  for (bool mixed : {false, true})
    for (bool dynamic : {false, true})
      for (const Shape &shape :
           {Shape{5, 50}, {3, 16}, {1, 1}, {4, 10}, {2, 3000}, {2, 20000}})
        check(softmax(shape, 1, dynamic, mixed), "rows");
  for (unsigned axis : {0, 1, 2})
    for (bool dynamic : {false, true})
      check(softmax({3, 7, 21}, axis, dynamic, /*mixed=*/true));
  check(softmax({5, 50}, 1, true, /*mixed=*/true), "rows", "strict");
  check(softmax({2, 7, 21}, 1, false), "rows");
  check(softmax({2, 7, 21}, 2, false), "rows");
  check(softmax({2, 7, 21}, 2, true), "rows");
}

TEST(Rows, LayerNorm) {
  for (int64_t width : {1, 16, 48, 100, 768})
    check(layerNorm(5, width), "rows");
}

TEST(Moves, Transpose) {
  for (const char *type : {"f32", "i8", "f64", "i1"})
    for (const Shape &shape : {Shape{3, 5, 7}, {16, 16, 16}, {2, 33, 20}})
      for (const std::vector<unsigned> &order :
           {std::vector<unsigned>{0, 2, 1}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}})
        check(transpose(shape, order, type));
}

TEST(Moves, ConcatenateAndPad) {
  check(concatenate(5, 7, 20));
  check(concatenate(3, 16, 1));
  check(pad({3, 5}, {1, 2}, {0, 3}, "f32"));
  check(pad({2, 3, 17}, {0, 1, 1}, {2, 0, 0}, "i8"));
}

// Large enough to be split over threads.
TEST(Parallel, Regions) {
  check(matmul(96, 200, 300, {}), "contraction");
  MatmulOptions dynamic;
  dynamic.dynamicRows = true;
  check(matmul(101, 128, 256, dynamic), "contraction");
  ConvolutionOptions options;
  check(convolution(1, 28, 30, 32, 40, options), "contraction");
  check(softmax({700, 190}, 1, false), "rows");
  check(softmax({700, 190}, 1, true), "rows");
  check(elementwise({700, 999}, 1, "f32", "f32",
                    "    %r = arith.subf %x, %y : f32", false));
  check(elementwise({700, 999}, 0, "f32", "f32",
                    "    %r = arith.subf %x, %y : f32", true));
  check(reduction({400, 3001}, 2, "f32", "arith.maximumf", "0.0", false));
  check(transpose({513, 700}, {1, 0}, "f32"), "transposition");
}

} // namespace
