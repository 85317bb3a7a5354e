//===- OpTable.cpp - Which ONNX ops are known -----------------------------===//

#include "frontends/onnx/OpTable.h"

using namespace msc::onnx;

OpTable::OpTable() {
  addActivationOps(*this);
  addConstantOps(*this);
  addContractionOps(*this);
  addControlFlowOps(*this);
  addConvolutionOps(*this);
  addElementwiseOps(*this);
  addIndexingOps(*this);
  addMovementOps(*this);
  addNormalizationOps(*this);
  addPaddingOps(*this);
  addPoolingOps(*this);
  addRecurrentOps(*this);
  addReductionOps(*this);
  addResizeOps(*this);
  addSamplingOps(*this);
  addSequenceOps(*this);
  addShapeOps(*this);
  addSlicingOps(*this);
  addSortingOps(*this);
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
