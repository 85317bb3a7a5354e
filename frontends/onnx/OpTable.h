//===- OpTable.h - Which ONNX ops are known ---------------------*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_OPTABLE_H
#define MSC_FRONTENDS_ONNX_OPTABLE_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"

namespace msc::onnx {

class NodeImport;

/// Opsets of ONNX's own domain that are imported. Ops are known as they are
/// from opset 7 on, and in older models if they were much the same there.
inline constexpr int64_t kOldestOpset = 1, kNewestOpset = 28;

/// Element types that an op's first input may have.
enum OpTypes : uint8_t {
  kFloat = 1,
  kInt = 2,
  kBool = 4,
  kNumber = kFloat | kInt,
  kAny = kNumber | kBool,
  /// All inputs have the first one's.
  kSame = 8,
  /// Inputs may be missing, sequences or of any type: the handler looks.
  kSpecial = 16,
};

inline constexpr uint8_t kVariadic = 255;

struct OpEntry {
  llvm::StringLiteral name;
  /// The opsets in which the op was defined anew, from the oldest that is
  /// imported on; increasing, zeros at the end.
  int16_t versions[12];
  uint8_t minInputs, maxInputs;
  uint8_t maxOutputs;
  uint8_t types;
  /// Creates graph ops and gives the node's results, or says what is wrong.
  llvm::LogicalResult (*handler)(NodeImport &);
};

/// All ops of the families, collected explicitly.
class OpTable {
public:
  OpTable();
  void add(llvm::ArrayRef<OpEntry> entries);
  const OpEntry *find(llvm::StringRef name) const;

private:
  llvm::StringMap<const OpEntry *> entries;
};

/// The version of an op in an opset; 0 if it has none there.
int64_t versionIn(const OpEntry &entry, int64_t opset);

// One a file.
void addActivationOps(OpTable &table);
void addAttentionOps(OpTable &table);
void addConstantOps(OpTable &table);
void addContractionOps(OpTable &table);
void addContributedOps(OpTable &table);
void addControlFlowOps(OpTable &table);
void addConvolutionOps(OpTable &table);
void addElementwiseOps(OpTable &table);
void addIndexingOps(OpTable &table);
void addLossOps(OpTable &table);
void addMovementOps(OpTable &table);
void addNormalizationOps(OpTable &table);
void addPaddingOps(OpTable &table);
void addPoolingOps(OpTable &table);
void addQuantizationOps(OpTable &table);
void addRecurrentOps(OpTable &table);
void addReductionOps(OpTable &table);
void addResizeOps(OpTable &table);
void addRoiAlignOps(OpTable &table);
void addSamplingOps(OpTable &table);
void addSelectionOps(OpTable &table);
void addSequenceOps(OpTable &table);
void addShapeOps(OpTable &table);
void addSignalOps(OpTable &table);
void addSlicingOps(OpTable &table);
void addSortingOps(OpTable &table);
void addTermFrequencyOps(OpTable &table);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_OPTABLE_H
