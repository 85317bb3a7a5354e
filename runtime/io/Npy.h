// NumPy's .npy arrays and .npz archives of them.
#ifndef MSC_RUNTIME_IO_NPY_H
#define MSC_RUNTIME_IO_NPY_H

#include "runtime/io/HostTensor.h"
#include "runtime/io/Zip.h"

namespace msc::rt {

/// Room for a .npy header besides the data, when sizes are bounded.
constexpr uint64_t kMaxNpyHeader = 65536;

/// Reads an array of format version 1 to 3. Fortran order is transposed, big
/// endian refused. bf16 and f8 come as raw bytes ("V2", "V1"), as ml_dtypes
/// saves them; 4-bit integers as int8 or uint8 of their range.
msc_status readNpy(Bytes file, const Expected &expected, HostTensor &tensor,
                   Error &error);

/// Finds the array `name` of an archive; null if there is none.
const ZipEntry *findArray(const Array<ZipEntry> &entries, const char *name);

/// A row-major tensor that is to be written; dims are those of the run.
struct TensorView {
  const char *name;
  uint32_t dtype;
  uint32_t rank;
  const int64_t *dims;
  const void *data;
};

/// Errors of writing itself are left to the stream.
msc_status writeNpy(FILE *out, const TensorView &tensor, Error &error);
msc_status addToNpz(ZipWriter &writer, const TensorView &tensor, Error &error);

} // namespace msc::rt

#endif
