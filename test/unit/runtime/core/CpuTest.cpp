#include "runtime/core/Cpu.h"

#include <gtest/gtest.h>

#include <string>

using msc::rt::findMissingCpuFeature;

namespace {

/// The first feature that is missing, "" if all are there.
std::string missing(const std::string &required) {
  char name[64] = "";
  return findMissingCpuFeature(required.c_str(), name, sizeof name) ? name : "";
}

#if defined(__x86_64__)

TEST(Cpu, NothingIsRequired) {
  EXPECT_EQ(missing(""), "");
  EXPECT_EQ(missing("-avx512f"), "");
}

TEST(Cpu, EveryX86_64HasSse2) {
  EXPECT_EQ(missing("+sse,+sse2,+cx8,+fxsr,+mmx,+64bit,+x87,+cmov"), "");
}

TEST(Cpu, UnknownFeaturesAreMissing) {
  EXPECT_EQ(missing("+sse2,+warp-drive,+sse"), "warp-drive");
  EXPECT_EQ(missing("+avx512"), "avx512");
}

TEST(Cpu, TuningFlagsAskForNothing) {
  EXPECT_EQ(missing("+prefer-256-bit,+fast-gather,+slow-3ops-lea"), "");
}

TEST(Cpu, LongNamesAreCut) {
  std::string name(200, 'x');
  EXPECT_EQ(missing("+" + name), std::string(63, 'x'));
}

// The compiler's own run-time check is the reference.
#define EXPECT_SAME(feature, llvm)                                             \
  EXPECT_EQ(missing("+" llvm).empty(), __builtin_cpu_supports(feature) != 0)   \
      << llvm

TEST(Cpu, AgreesWithTheCompilersCheck) {
  EXPECT_SAME("sse3", "sse3");
  EXPECT_SAME("ssse3", "ssse3");
  EXPECT_SAME("sse4.1", "sse4.1");
  EXPECT_SAME("sse4.2", "sse4.2");
  EXPECT_SAME("popcnt", "popcnt");
  EXPECT_SAME("aes", "aes");
  EXPECT_SAME("pclmul", "pclmul");
  EXPECT_SAME("avx", "avx");
  EXPECT_SAME("avx2", "avx2");
  EXPECT_SAME("fma", "fma");
  EXPECT_SAME("bmi", "bmi");
  EXPECT_SAME("bmi2", "bmi2");
  EXPECT_SAME("sse4a", "sse4a");
  EXPECT_SAME("fma4", "fma4");
  EXPECT_SAME("xop", "xop");
  EXPECT_SAME("gfni", "gfni");
  EXPECT_SAME("vpclmulqdq", "vpclmulqdq");
  EXPECT_SAME("avx512f", "avx512f");
  EXPECT_SAME("avx512vl", "avx512vl");
  EXPECT_SAME("avx512bw", "avx512bw");
  EXPECT_SAME("avx512dq", "avx512dq");
  EXPECT_SAME("avx512cd", "avx512cd");
  EXPECT_SAME("avx512vbmi", "avx512vbmi");
  EXPECT_SAME("avx512ifma", "avx512ifma");
  EXPECT_SAME("avx512vnni", "avx512vnni");
  EXPECT_SAME("avx512vbmi2", "avx512vbmi2");
  EXPECT_SAME("avx512bitalg", "avx512bitalg");
  EXPECT_SAME("avx512vpopcntdq", "avx512vpopcntdq");
  EXPECT_SAME("avx512bf16", "avx512bf16");
  EXPECT_SAME("avx512vp2intersect", "avx512vp2intersect");
}

#endif

} // namespace
