// Element types: names, sizes, text of single values.
#ifndef MSC_RUNTIME_CORE_DTYPE_H
#define MSC_RUNTIME_CORE_DTYPE_H

#include "runtime/include/msc/msc.h"

#include <cstddef>

namespace msc::rt {

/// Bits of one element, 0 for an unknown number.
uint32_t bitsOf(uint32_t dtype);
/// "f32"; "?" for an unknown number.
const char *nameOf(uint32_t dtype);
bool isFloat(uint32_t dtype);
bool isSigned(uint32_t dtype);

/// Elements of a shape; false if a dim is negative or the product overflows.
bool countElements(const int64_t *dims, uint32_t rank, int64_t &count);
/// Bytes of `count` elements; false if they exceed an int64.
bool countBytes(uint32_t dtype, int64_t count, uint64_t &bytes);

/// The value of an element as a double; exact for all but large 64-bit ints.
double loadAsDouble(uint32_t dtype, const void *data, int64_t index);
/// Writes an element as text for people: floats in six digits or so.
void printElement(uint32_t dtype, const void *data, int64_t index, char *text,
                  size_t size);

} // namespace msc::rt

#endif
