#include "runtime/core/Cpu.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace msc::rt {

#if defined(__x86_64__)
namespace {

/// The registers of cpuid that carry features.
enum Word : uint8_t {
  kLeaf1Ecx,
  kLeaf1Edx,
  kLeaf7Ebx,
  kLeaf7Ecx,
  kLeaf7Edx,
  kLeaf71Eax,
  kLeaf71Edx,
  kLeafDEax,
  kLeaf14Ebx,
  kLeaf19Ebx,
  kExtended1Ecx,
  kExtended1Edx,
  kExtended8Ebx,
  kNumWords
};

/// Register state that the operating system must save for a feature to work.
enum State : uint8_t { kNone, kAvx, kAvx512, kAmx };

struct Feature {
  const char *name;
  Word word;
  uint8_t bit;
  State state;
};

// Intel SDM vol. 2A "CPUID" and AMD APM vol. 3 appendix E; names as in LLVM.
constexpr Feature kFeatures[] = {
    {"64bit", kExtended1Edx, 29, kNone},
    {"adx", kLeaf7Ebx, 19, kNone},
    {"aes", kLeaf1Ecx, 25, kNone},
    {"amx-bf16", kLeaf7Edx, 22, kAmx},
    {"amx-complex", kLeaf71Edx, 8, kAmx},
    {"amx-fp16", kLeaf71Eax, 21, kAmx},
    {"amx-int8", kLeaf7Edx, 25, kAmx},
    {"amx-tile", kLeaf7Edx, 24, kAmx},
    {"avx", kLeaf1Ecx, 28, kAvx},
    {"avx2", kLeaf7Ebx, 5, kAvx},
    {"avx512bf16", kLeaf71Eax, 5, kAvx512},
    {"avx512bitalg", kLeaf7Ecx, 12, kAvx512},
    {"avx512bw", kLeaf7Ebx, 30, kAvx512},
    {"avx512cd", kLeaf7Ebx, 28, kAvx512},
    {"avx512dq", kLeaf7Ebx, 17, kAvx512},
    {"avx512f", kLeaf7Ebx, 16, kAvx512},
    {"avx512fp16", kLeaf7Edx, 23, kAvx512},
    {"avx512ifma", kLeaf7Ebx, 21, kAvx512},
    {"avx512vbmi", kLeaf7Ecx, 1, kAvx512},
    {"avx512vbmi2", kLeaf7Ecx, 6, kAvx512},
    {"avx512vl", kLeaf7Ebx, 31, kAvx512},
    {"avx512vnni", kLeaf7Ecx, 11, kAvx512},
    {"avx512vp2intersect", kLeaf7Edx, 8, kAvx512},
    {"avx512vpopcntdq", kLeaf7Ecx, 14, kAvx512},
    {"avxifma", kLeaf71Eax, 23, kAvx},
    {"avxneconvert", kLeaf71Edx, 5, kAvx},
    {"avxvnni", kLeaf71Eax, 4, kAvx},
    {"avxvnniint16", kLeaf71Edx, 10, kAvx},
    {"avxvnniint8", kLeaf71Edx, 4, kAvx},
    {"bmi", kLeaf7Ebx, 3, kNone},
    {"bmi2", kLeaf7Ebx, 8, kNone},
    {"cldemote", kLeaf7Ecx, 25, kNone},
    {"clflushopt", kLeaf7Ebx, 23, kNone},
    {"clwb", kLeaf7Ebx, 24, kNone},
    {"clzero", kExtended8Ebx, 0, kNone},
    {"cmov", kLeaf1Edx, 15, kNone},
    {"cmpccxadd", kLeaf71Eax, 7, kNone},
    {"crc32", kLeaf1Ecx, 20, kNone},
    {"cx16", kLeaf1Ecx, 13, kNone},
    {"cx8", kLeaf1Edx, 8, kNone},
    {"enqcmd", kLeaf7Ecx, 29, kNone},
    {"evex512", kLeaf7Ebx, 16, kAvx512},
    {"f16c", kLeaf1Ecx, 29, kAvx},
    {"fma", kLeaf1Ecx, 12, kAvx},
    {"fma4", kExtended1Ecx, 16, kAvx},
    {"fsgsbase", kLeaf7Ebx, 0, kNone},
    {"fxsr", kLeaf1Edx, 24, kNone},
    {"gfni", kLeaf7Ecx, 8, kNone},
    {"hreset", kLeaf71Eax, 22, kNone},
    {"invpcid", kLeaf7Ebx, 10, kNone},
    {"kl", kLeaf7Ecx, 23, kNone},
    {"lwp", kExtended1Ecx, 15, kNone},
    {"lzcnt", kExtended1Ecx, 5, kNone},
    {"mmx", kLeaf1Edx, 23, kNone},
    {"movbe", kLeaf1Ecx, 22, kNone},
    {"movdir64b", kLeaf7Ecx, 28, kNone},
    {"movdiri", kLeaf7Ecx, 27, kNone},
    {"mwaitx", kExtended1Ecx, 29, kNone},
    {"pclmul", kLeaf1Ecx, 1, kNone},
    {"pconfig", kLeaf7Edx, 18, kNone},
    {"pku", kLeaf7Ecx, 4, kNone},
    {"popcnt", kLeaf1Ecx, 23, kNone},
    {"prefetchi", kLeaf71Edx, 14, kNone},
    {"prfchw", kExtended1Ecx, 8, kNone},
    {"ptwrite", kLeaf14Ebx, 4, kNone},
    {"rdpid", kLeaf7Ecx, 22, kNone},
    {"rdpru", kExtended8Ebx, 4, kNone},
    {"rdrnd", kLeaf1Ecx, 30, kNone},
    {"rdseed", kLeaf7Ebx, 18, kNone},
    {"rtm", kLeaf7Ebx, 11, kNone},
    {"sahf", kExtended1Ecx, 0, kNone},
    {"serialize", kLeaf7Edx, 14, kNone},
    {"sgx", kLeaf7Ebx, 2, kNone},
    {"sha", kLeaf7Ebx, 29, kNone},
    {"sha512", kLeaf71Eax, 0, kAvx},
    {"shstk", kLeaf7Ecx, 7, kNone},
    {"sm3", kLeaf71Eax, 1, kAvx},
    {"sm4", kLeaf71Eax, 2, kAvx},
    {"sse", kLeaf1Edx, 25, kNone},
    {"sse2", kLeaf1Edx, 26, kNone},
    {"sse3", kLeaf1Ecx, 0, kNone},
    {"sse4.1", kLeaf1Ecx, 19, kNone},
    {"sse4.2", kLeaf1Ecx, 20, kNone},
    {"sse4a", kExtended1Ecx, 6, kNone},
    {"ssse3", kLeaf1Ecx, 9, kNone},
    {"tbm", kExtended1Ecx, 21, kNone},
    {"tsxldtrk", kLeaf7Edx, 16, kNone},
    {"uintr", kLeaf7Edx, 5, kNone},
    {"vaes", kLeaf7Ecx, 9, kAvx},
    {"vpclmulqdq", kLeaf7Ecx, 10, kAvx},
    {"waitpkg", kLeaf7Ecx, 5, kNone},
    {"wbnoinvd", kExtended8Ebx, 9, kNone},
    {"widekl", kLeaf19Ebx, 2, kNone},
    {"x87", kLeaf1Edx, 0, kNone},
    {"xop", kExtended1Ecx, 11, kAvx},
    {"xsave", kLeaf1Ecx, 27, kAvx},
    {"xsavec", kLeafDEax, 1, kAvx},
    {"xsaveopt", kLeafDEax, 0, kAvx},
    {"xsaves", kLeafDEax, 3, kAvx},
};

// Tell the compiler what is fast, not what exists.
constexpr const char *kTuningPrefixes[] = {
    "fast-",  "slow-",      "prefer-", "tuning-",     "false-deps-",
    "allow-", "branch",     "sbb-",    "macrofusion", "idivl-",
    "idivq-", "vzeroupper", "ermsb",   "fsrm",        "nopl"};

struct Machine {
  uint32_t words[kNumWords] = {};
  bool states[4] = {true, false, false, false};

  Machine() {
    unsigned a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d)) {
      words[kLeaf1Ecx] = c;
      words[kLeaf1Edx] = d;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
      words[kLeaf7Ebx] = b;
      words[kLeaf7Ecx] = c;
      words[kLeaf7Edx] = d;
      if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
        words[kLeaf71Eax] = a;
        words[kLeaf71Edx] = d;
      }
    }
    if (__get_cpuid_count(0xd, 1, &a, &b, &c, &d))
      words[kLeafDEax] = a;
    if (__get_cpuid_count(0x14, 0, &a, &b, &c, &d))
      words[kLeaf14Ebx] = b;
    if (__get_cpuid_count(0x19, 0, &a, &b, &c, &d))
      words[kLeaf19Ebx] = b;
    if (__get_cpuid(0x80000001, &a, &b, &c, &d)) {
      words[kExtended1Ecx] = c;
      words[kExtended1Edx] = d;
    }
    if (__get_cpuid(0x80000008, &a, &b, &c, &d))
      words[kExtended8Ebx] = b;
    // What the operating system saves on a context switch (XCR0).
    if (words[kLeaf1Ecx] >> 27 & 1) {
      uint32_t low, high;
      __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
      states[kAvx] = (low & 0x6) == 0x6;
      states[kAvx512] = (low & 0xe6) == 0xe6;
      states[kAmx] = (low >> 17 & 3) == 3;
    }
  }

  bool has(const char *name, size_t length) const {
    for (const Feature &feature : kFeatures)
      if (std::strlen(feature.name) == length &&
          std::memcmp(feature.name, name, length) == 0)
        return (words[feature.word] >> feature.bit & 1) &&
               states[feature.state];
    for (const char *prefix : kTuningPrefixes)
      if (std::strncmp(prefix, name, std::strlen(prefix)) == 0)
        return true;
    return false;
  }
};

} // namespace

bool findMissingCpuFeature(const char *required, char *missing, size_t size) {
  Machine machine;
  for (const char *name = required; *name;) {
    size_t length = std::strcspn(name, ",");
    if (*name == '+' && !machine.has(name + 1, length - 1)) {
      size_t copied = length - 1 < size - 1 ? length - 1 : size - 1;
      std::memcpy(missing, name + 1, copied);
      missing[copied] = 0;
      return true;
    }
    name += length + (name[length] == ',');
  }
  return false;
}

#else

bool findMissingCpuFeature(const char *, char *, size_t) { return false; }

#endif

} // namespace msc::rt
