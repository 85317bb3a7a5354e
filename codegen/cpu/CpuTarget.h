//===- CpuTarget.h - What the scheduler knows of a CPU ---------*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_CPUTARGET_H
#define MSC_CODEGEN_CPU_CPUTARGET_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace msc::cpu {

/// A CPU as schedules see it. Nothing but these numbers decides a schedule, so
/// a new CPU needs no new code.
struct CpuTarget {
  /// As LLVM's TargetMachine takes them; `cpu` is never "native".
  std::string triple, cpu, features;
  /// Width of the widest fast vector register, in bits: 128, 256 or 512.
  unsigned vectorBits = 128;
  /// Number of vector registers.
  unsigned registers = 16;
  /// Fused multiply-add at full rate.
  bool fma = false;
  /// Masked loads and stores cost no more than plain ones, for any element
  /// width from 8 bits on.
  bool masks = false;
  /// Sizes of the data caches of one core, in bytes.
  int64_t l1Bytes = 32 << 10, l2Bytes = 512 << 10;

  /// Lanes of a vector register of elements of `bits`; at least 1.
  unsigned lanes(unsigned bits) const {
    return bits >= vectorBits ? 1 : vectorBits / (bits < 8 ? 8 : bits);
  }

  /// Describes a CPU. An empty `triple` is the host's; `march` is a name of
  /// LLVM's, empty or "native" for the host's own (of a foreign triple:
  /// "generic"). Fails for a triple that this LLVM has no back end for and for
  /// a name that the back end doesn't know.
  static llvm::Expected<CpuTarget> get(llvm::StringRef triple = "",
                                       llvm::StringRef march = "native",
                                       llvm::StringRef features = "");

  /// The back end for this CPU: position-independent code at LLVM's `-O<n>`.
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
  createTargetMachine(unsigned optLevel) const;
};

} // namespace msc::cpu

#endif
