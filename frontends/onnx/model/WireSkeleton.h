//===- WireSkeleton.h - A model without its weights -------------*- C++ -*-===//
//
// Weights make up nearly all of a model file. They are used where they lie, in
// the mapped file, so the file is not given to protobuf, which would copy them
// several times: a scanner that knows the few messages on the way to a tensor
// copies everything else and leaves a reference in the place of the bytes.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_FRONTENDS_ONNX_MODEL_WIRESKELETON_H
#define MSC_FRONTENDS_ONNX_MODEL_WIRESKELETON_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace msc::onnx {

/// The keys of `external_data` in which the skeleton says where in the model
/// file a tensor's bytes are, as decimal numbers. A file that has them already
/// gains nothing: the range is checked like any other.
inline constexpr llvm::StringLiteral kModelOffsetKey = "msc.model_offset";
inline constexpr llvm::StringLiteral kModelLengthKey = "msc.model_length";

/// Copies a serialised ModelProto without the contents of `raw_data`,
/// `float_data` and `double_data` of its tensors. What is encoded otherwise
/// (varints, repeated or unpacked fields) stays. Fails where the bytes are not
/// a sequence of protobuf fields, or nest deeper than protobuf allows.
llvm::Expected<std::string> copyWireSkeleton(llvm::StringRef model);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_MODEL_WIRESKELETON_H
