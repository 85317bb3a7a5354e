// ONNX's TensorProto (.pb), without protobuf.
#ifndef MSC_RUNTIME_IO_TENSORPROTO_H
#define MSC_RUNTIME_IO_TENSORPROTO_H

#include "runtime/io/File.h"
#include "runtime/io/HostTensor.h"

namespace msc::rt {

/// Reads a tensor from raw_data or one of the typed fields. External data,
/// segments and strings are refused.
msc_status readTensorProto(Bytes file, const Expected &expected,
                           HostTensor &tensor, Error &error);

} // namespace msc::rt

#endif
