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

void Error::clean() {
  for (char *c = message; *c; ++c)
    if (static_cast<unsigned char>(*c) < 0x20 || *c == 0x7f)
      *c = '?';
}

msc_status Error::fail(msc_status code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  clean();
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
  clean();
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
