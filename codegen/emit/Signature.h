//===- Signature.h - What a planned model takes and gives -------*- C++ -*-===//

#ifndef MSC_CODEGEN_EMIT_SIGNATURE_H
#define MSC_CODEGEN_EMIT_SIGNATURE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "runtime/abi/model.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace msc::emit {

struct DimSpec {
  int64_t extent; // -1: dynamic
  int32_t id;     // into Signature::dims, or -1
};

struct TensorSpec {
  std::string name;
  msc_dtype dtype;
  llvm::SmallVector<DimSpec> dims;
  /// Number of the argument of @main.
  unsigned argument;
  /// Of an output: the input in whose buffer it is, or -1.
  int32_t donor = -1;
  /// An output that is given out to be looked at only; these come last.
  bool isIntermediate = false;
};

/// A dynamic dim. Those that no input has are derived and have the range of
/// all extents.
struct DimRange {
  std::string name;
  int64_t min, max;
  /// Known after a run only: the data decide it, @main returns it.
  bool isDecided = false;
};

/// A parameter or a prepared tensor, in the weights section.
struct WeightSpec {
  unsigned argument;
  uint64_t offset, bytes;
};

struct Signature {
  llvm::SmallVector<TensorSpec> inputs, outputs;
  llvm::SmallVector<DimRange> dims;
  llvm::SmallVector<WeightSpec> weights;
  uint64_t weightsBytes = 0;
  /// Number of the arena's argument.
  unsigned arena = 0;
  unsigned numIntermediates = 0;

  /// The number of a dynamic dim.
  std::optional<int32_t> findDim(llvm::StringRef name) const;
};

/// Reads the signature of a planned @main from the attributes of its
/// arguments; a diagnostic where they don't add up.
llvm::FailureOr<Signature> readSignature(mlir::func::FuncOp main);

/// Who makes artefacts, as they say themselves.
inline constexpr llvm::StringLiteral kProducer = "msc 0.1";

/// A fused region of the program, by its number: struct msc_region_desc.
struct RegionSpec {
  std::string name, ops, schedule;
  int64_t flops = 0, bytes = 0;
};

/// Reads the regions from the marked functions of a module that is lowered to
/// calls.
std::vector<RegionSpec> readRegions(mlir::ModuleOp module);

/// -emit-entry leaves them as an attribute of the module, since the functions
/// do not stay what they are; and reads them from there.
void attachRegions(mlir::ModuleOp module, llvm::ArrayRef<RegionSpec> regions);
std::vector<RegionSpec> readAttachedRegions(mlir::ModuleOp module);

/// The name of the dim that an argument of a function of extents is, or an
/// argument or result of @main or of the function of extents.
inline constexpr llvm::StringLiteral kExtentAttr = "plan.extent";

/// "f32", as the runtime prints it.
llvm::StringRef getDtypeName(msc_dtype dtype);

/// The runtime's number for an element type; nullopt if it has none.
std::optional<msc_dtype> getDtype(mlir::Type elementType);

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_SIGNATURE_H
