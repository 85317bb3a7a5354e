//===- OpTable.cpp - Which ONNX ops are known -----------------------------===//

#include "frontends/onnx/OpTable.h"

using namespace msc::onnx;

OpTable::OpTable() {
  addActivationOps(*this);
  addAttentionOps(*this);
  addConstantOps(*this);
  addContractionOps(*this);
  addContributedOps(*this);
  addControlFlowOps(*this);
  addConvolutionOps(*this);
  addElementwiseOps(*this);
  addIndexingOps(*this);
  addLossOps(*this);
  addMovementOps(*this);
  addNormalizationOps(*this);
  addPaddingOps(*this);
  addPoolingOps(*this);
  addQuantizationOps(*this);
  addRecurrentOps(*this);
  addReductionOps(*this);
  addResizeOps(*this);
  addRoiAlignOps(*this);
  addSamplingOps(*this);
  addSelectionOps(*this);
  addSequenceOps(*this);
  addShapeOps(*this);
  addSignalOps(*this);
  addSlicingOps(*this);
  addSortingOps(*this);
  addTermFrequencyOps(*this);
}

void OpTable::add(llvm::ArrayRef<OpEntry> list) {
  for (const OpEntry &entry : list)
    entries[entry.name] = &entry;
}

const OpEntry *OpTable::find(llvm::StringRef name) const {
  return entries.lookup(name);
}

int64_t msc::onnx::versionIn(const OpEntry &entry, int64_t opset) {
  int64_t version = 0;
  for (int16_t since : entry.versions)
    if (since != 0 && since <= opset)
      version = since;
  return version;
}
