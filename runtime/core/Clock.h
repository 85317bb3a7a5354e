// Monotonic time.
#ifndef MSC_RUNTIME_CORE_CLOCK_H
#define MSC_RUNTIME_CORE_CLOCK_H

#include <cstdint>
#include <ctime>

namespace msc::rt {

inline int64_t nowNanoseconds() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * int64_t(1000000000) + time.tv_nsec;
}

} // namespace msc::rt

#endif
