//===- ApproximateMathTest.cpp - Largest errors of the polynomials --------===//
// One f32 in 257, over all bit patterns, and the special values, against libm's
// double precision. The bounds are those that Passes.td states.
//===----------------------------------------------------------------------===//
#include "test/codegen/cpu/RegionRunner.h"
#include "test/codegen/cpu/RegionTexts.h"
#include "llvm/TargetParser/Host.h"
#include "gtest/gtest.h"
#include <cfloat>
#include <cmath>
#include <cstring>
#include <limits>

using namespace msc::test;

namespace {

constexpr int64_t kBlock = 1 << 16;

float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// The distance in units in the last place of the correctly rounded result.
double errorInUlps(float got, double want) {
  float rounded = float(want);
  if (std::isnan(want) || std::isnan(got))
    return std::isnan(want) && std::isnan(got) ? 0 : HUGE_VAL;
  if (std::isinf(rounded) || std::isinf(got))
    return rounded == got ? 0 : HUGE_VAL;
  float size = std::max(std::fabs(rounded), std::numeric_limits<float>::min());
  double unit = double(std::nextafter(size, HUGE_VALF)) - size;
  return std::fabs(got - want) / unit;
}

void measure(const std::string &op, double (*reference)(double), double bound) {
  std::string body = "    %r = math." + op + " %x : f32";
  RegionCase text = elementwise({kBlock}, 0, "f32", "f32", body, false);
  std::vector<std::string> marches{"x86-64-v2", "native"};
  for (const std::string &march : marches) {
    CompiledRegion compiled(text.text, {march, "auto", "fast", false});
    ASSERT_EQ(compiled.error(), "");
    Tensor x("f32", {kBlock}), y("f32", {kBlock}), out("f32", {kBlock});
    auto *input = reinterpret_cast<float *>(x.data());
    auto *output = reinterpret_cast<float *>(out.data());
    const float special[] = {0.0f,      -0.0f,     1.0f,       -1.0f,
                             INFINITY,  -INFINITY, NAN,        88.72283f,
                             88.8f,     -103.97f,  -87.33654f, 1.0e-45f,
                             -1.0e-45f, FLT_MIN,   FLT_MAX,    -FLT_MAX};
    double worst = 0;
    float worstAt = 0;
    uint64_t bits = 0;
    for (bool first = true; bits < (uint64_t(1) << 32); first = false) {
      for (int64_t i = 0; i < kBlock; ++i, bits += 257)
        input[i] = fromBits(uint32_t(bits));
      if (first)
        std::memcpy(input, special, sizeof(special));
      compiled.run({&x, &y, &out});
      for (int64_t i = 0; i < kBlock; ++i) {
        double error = errorInUlps(output[i], reference(input[i]));
        if (error > worst) {
          worst = error;
          worstAt = input[i];
        }
      }
    }
    std::printf("%s, %s: %.2f ulp at %.9g\n", op.c_str(), march.c_str(), worst,
                worstAt);
    EXPECT_LE(worst, bound) << op << " of " << worstAt << " on " << march;
  }
}

TEST(ApproximateMath, Exp) { measure("exp", std::exp, 1.2); }
TEST(ApproximateMath, Log) { measure("log", std::log, 0.8); }
TEST(ApproximateMath, Tanh) { measure("tanh", std::tanh, 1.4); }
TEST(ApproximateMath, Erf) { measure("erf", std::erf, 1.2); }

TEST(ApproximateMath, StrictIsLibm) {
  RegionCase text = elementwise({kBlock}, 0, "f32", "f32",
                                "    %r = math.exp %x : f32", false);
  CompiledRegion compiled(text.text, {"native", "auto", "strict", false});
  ASSERT_EQ(compiled.error(), "");
  Tensor x("f32", {kBlock}), y("f32", {kBlock}), out("f32", {kBlock});
  auto *input = reinterpret_cast<float *>(x.data());
  auto *output = reinterpret_cast<float *>(out.data());
  for (int64_t i = 0; i < kBlock; ++i)
    input[i] = float(i - kBlock / 2) / 400;
  compiled.run({&x, &y, &out});
  for (int64_t i = 0; i < kBlock; ++i)
    ASSERT_EQ(output[i], expf(input[i])) << input[i];
}

} // namespace
