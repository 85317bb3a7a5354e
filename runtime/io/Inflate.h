// Decompression of deflate streams (RFC 1951), as in .npz files that
// numpy.savez_compressed wrote.
#ifndef MSC_RUNTIME_IO_INFLATE_H
#define MSC_RUNTIME_IO_INFLATE_H

#include "runtime/io/File.h"

namespace msc::rt {

/// Decompresses `input` into exactly `size` bytes at `output`. False for any
/// stream that is malformed, is cut short or has another size; reads and
/// writes stay inside the buffers whatever the input is.
bool inflate(Bytes input, uint8_t *output, uint64_t size);

} // namespace msc::rt

#endif
