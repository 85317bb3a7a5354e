#include "codegen/emit/CpuFeatures.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace msc;

/// The instruction sets that LLVM makes use of by itself when they are there;
/// names as the runtime knows them too.
static constexpr StringLiteral kX86Features[] = {
    "sse3",         "ssse3",          "sse4.1",     "sse4.2",
    "sse4a",        "popcnt",         "lzcnt",      "bmi",
    "bmi2",         "movbe",          "adx",        "f16c",
    "avx",          "avx2",           "fma",        "gfni",
    "avxvnni",      "avx512f",        "avx512cd",   "avx512bw",
    "avx512dq",     "avx512vl",       "avx512vnni", "avx512bf16",
    "avx512fp16",   "avx512ifma",     "avx512vbmi", "avx512vbmi2",
    "avx512bitalg", "avx512vpopcntdq"};

std::string msc::emit::getNeededFeatures(const cpu::CpuTarget &target) {
  llvm::Triple triple(target.triple);
  if (!triple.isX86())
    return "";
  std::string error;
  const llvm::Target *backEnd =
      llvm::TargetRegistry::lookupTarget(triple, error);
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      backEnd->createMCSubtargetInfo(triple, target.cpu, target.features));
  std::string features;
  for (StringRef name : kX86Features)
    if (info->checkFeatures(("+" + name).str()))
      features += (features.empty() ? "+" : ",+") + name.str();
  return features;
}
