// XXH64, which finds damaged bytes at the speed of memory. It keeps nobody from
// changing a package on purpose.
#ifndef MSC_RUNTIME_PACKAGE_HASH_H
#define MSC_RUNTIME_PACKAGE_HASH_H

#include <cstdint>

namespace msc::rt {

/// Of `size` bytes, seed 0, as https://github.com/Cyan4973/xxHash/blob/dev/doc/
/// xxhash_spec.md defines it.
uint64_t hashBytes(const void *bytes, uint64_t size);

} // namespace msc::rt

#endif
