//===- CpuTarget.cpp - What the scheduler knows of a CPU ------------------===//
#include "codegen/cpu/CpuTarget.h"

#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"
#include <mutex>

using namespace msc::cpu;

static void initializeBackEnds() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmParsers();
    llvm::InitializeAllAsmPrinters();
  });
}

static llvm::Expected<const llvm::Target *>
lookupBackEnd(const llvm::Triple &triple) {
  initializeBackEnds();
  std::string error;
  if (const auto *target = llvm::TargetRegistry::lookupTarget(triple, error))
    return target;
  return llvm::createStringError("no back end for triple \"" + triple.str() +
                                 "\"");
}

llvm::Expected<CpuTarget> CpuTarget::get(llvm::StringRef tripleName,
                                         llvm::StringRef march,
                                         llvm::StringRef features) {
  llvm::Triple host(llvm::sys::getProcessTriple());
  llvm::Triple triple(tripleName.empty() ? host.str()
                                         : llvm::Triple::normalize(tripleName));
  auto backEnd = lookupBackEnd(triple);
  if (!backEnd)
    return backEnd.takeError();

  CpuTarget result;
  result.triple = triple.str();
  llvm::SubtargetFeatures all;
  if (march.empty() || march == "native") {
    if (triple.getArch() == host.getArch()) {
      result.cpu = llvm::sys::getHostCPUName().str();
      for (const auto &feature : llvm::sys::getHostCPUFeatures())
        all.AddFeature(feature.getKey(), feature.getValue());
    } else {
      result.cpu = triple.getArch() == llvm::Triple::riscv64 ? "generic-rv64"
                                                             : "generic";
    }
  } else {
    result.cpu = march.str();
  }
  llvm::SmallVector<llvm::StringRef> extra;
  features.split(extra, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef feature : extra)
    all.AddFeature(feature);
  result.features = all.getString();

  // Asked of a neutral CPU: LLVM prints a warning for one that it doesn't know.
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      (*backEnd)->createMCSubtargetInfo(triple, "", ""));
  if (info && info->isCPUStringValid(result.cpu))
    info.reset((*backEnd)->createMCSubtargetInfo(triple, result.cpu,
                                                 result.features));
  else
    info.reset();
  // LLVM ends the program when asked for 64-bit code for one of 32 bits.
  if (!info || (triple.getArch() == llvm::Triple::x86_64 &&
                !info->checkFeatures("+64bit")))
    return llvm::createStringError("unknown CPU \"" + result.cpu +
                                   "\" for triple \"" + result.triple + "\"");
  if (triple.isX86()) {
    // Only AVX-512 with byte and word masks counts: its masked tails are free.
    if (info->checkFeatures("+avx512f,+avx512bw,+avx512vl,+avx512dq")) {
      result.vectorBits = 512;
      result.registers = 32;
      result.masks = true;
      result.l2Bytes = 1 << 20;
    } else if (info->checkFeatures("+avx2")) {
      result.vectorBits = 256;
    }
    result.fma = info->checkFeatures("+fma") || info->checkFeatures("+avx512f");
  } else {
    // AArch64's NEON; RISC-V and others are compiled with the same 128-bit
    // vectors, which LLVM maps to what the CPU has.
    result.registers = 32;
    result.fma = true;
  }
  return result;
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
CpuTarget::createTargetMachine(unsigned optLevel) const {
  llvm::Triple parsed(triple);
  auto backEnd = lookupBackEnd(parsed);
  if (!backEnd)
    return backEnd.takeError();
  auto level = static_cast<llvm::CodeGenOptLevel>(optLevel > 3 ? 3 : optLevel);
  llvm::TargetOptions options;
  std::unique_ptr<llvm::TargetMachine> machine((*backEnd)->createTargetMachine(
      parsed, cpu, features, options, llvm::Reloc::PIC_, std::nullopt, level));
  if (!machine)
    return llvm::createStringError("cannot make a target machine for \"" +
                                   triple + "\"");
  return machine;
}
