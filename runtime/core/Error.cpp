#include "runtime/core/Error.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace msc::rt {

TextBuffer &TextBuffer::add(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int wanted = std::vsnprintf(memory + used, size - used, format, arguments);
  va_end(arguments);
  if (wanted > 0) {
    size_t room = size - used - 1;
    used += static_cast<size_t>(wanted) < room ? wanted : room;
  }
  return *this;
}

/// Bytes of the printable UTF-8 character at `text`; 0 if it is none.
static int characterSize(const unsigned char *text) {
  unsigned char first = *text;
  if (first < 0x80)
    return first >= 0x20 && first != 0x7f;
  int size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4)
    return 0;
  for (int i = 1; i < size; ++i)
    if ((text[i] & 0xc0) != 0x80)
      return 0;
  // Control characters U+0080 to U+009F, overlong forms, surrogates, and what
  // lies beyond U+10FFFF.
  unsigned char second = text[1];
  if ((first == 0xc2 && second < 0xa0) || (first == 0xe0 && second < 0xa0) ||
      (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) ||
      (first == 0xf4 && second > 0x8f))
    return 0;
  return size;
}

void makePrintable(char *text) {
  while (*text) {
    int size = characterSize(reinterpret_cast<unsigned char *>(text));
    if (size == 0)
      *text = '?';
    text += size ? size : 1;
  }
}

msc_status Error::fail(msc_status code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  makePrintable(message);
  return code;
}

void Error::prefix(const char *format, ...) {
  char previous[sizeof message];
  std::memcpy(previous, message, sizeof message);
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  size_t length = std::strlen(message);
  std::snprintf(message + length, sizeof message - length, ": %s", previous);
  makePrintable(message);
}

Error &threadError() {
  // Constant and trivially destroyed: needs no C++ runtime library.
  static __thread Error error;
  return error;
}

} // namespace msc::rt

extern "C" MSC_API const char *msc_error(void) {
  return msc::rt::threadError().text();
}
