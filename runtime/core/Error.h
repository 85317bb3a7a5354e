// Failures: a status and one line of text, in memory that is always there.
#ifndef MSC_RUNTIME_CORE_ERROR_H
#define MSC_RUNTIME_CORE_ERROR_H

#include "runtime/include/msc/msc.h"

#include <cstddef>

namespace msc::rt {

/// Text of bounded length; what does not fit is cut.
class TextBuffer {
public:
  TextBuffer(char *memory, size_t size) : memory(memory), size(size) {
    memory[0] = 0;
  }
  __attribute__((format(printf, 2, 3))) TextBuffer &add(const char *format,
                                                        ...);

private:
  char *memory;
  size_t size;
  size_t used = 0;
};

/// Replaces by '?' what is not printable UTF-8: text from files, names of a
/// model among it, may neither break a line nor steer a terminal.
void makePrintable(char *text);

class Error {
public:
  /// Replaces the text, which is made printable, and returns `code`, so that a
  /// function can fail in one statement.
  __attribute__((format(printf, 3, 4))) msc_status
  fail(msc_status code, const char *format, ...);
  /// "<what>: <text so far>": says which file or tensor a failure is about.
  __attribute__((format(printf, 2, 3))) void prefix(const char *format, ...);

  const char *text() const { return message; }

private:
  char message[1024] = "";
};

/// The error behind msc_error().
Error &threadError();

} // namespace msc::rt

#endif
