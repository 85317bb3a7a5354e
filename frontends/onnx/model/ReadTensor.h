//===- ReadTensor.h - Contents of tensors -----------------------*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_MODEL_READTENSOR_H
#define MSC_FRONTENDS_ONNX_MODEL_READTENSOR_H

#include "frontends/onnx/model/Model.h"

namespace onnx {
class TensorProto;
}

namespace msc::onnx {

/// Maps a regular file of at most `maxBytes`.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
mapFile(const std::string &path, uint64_t maxBytes);

/// The tensor, with its bytes in place where they are in a file: in the model's
/// own, whose references the skeleton holds, or in one beside it.
llvm::Expected<TensorData> readTensor(const ::onnx::TensorProto &proto,
                                      Model &model, uint64_t maxBytes);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_MODEL_READTENSOR_H
