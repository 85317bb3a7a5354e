// What ran when on which thread.
#ifndef MSC_RUNTIME_CORE_PROFILE_H
#define MSC_RUNTIME_CORE_PROFILE_H

#include "runtime/abi/model.h"
#include "runtime/core/Error.h"
#include "runtime/core/Memory.h"

namespace msc::rt {

/// Slices of time per thread. Each thread adds to its own lane, so recording
/// takes no lock; a full lane counts what it drops.
class Profile {
public:
  /// Empties the lanes; `threads` is the same each time. False: out of memory.
  bool begin(unsigned threads);

  void add(unsigned thread, int32_t region, int64_t from, int64_t to) {
    Lane &lane = lanes[thread];
    if (lane.used < kSlicesPerThread)
      lane.slices[lane.used++] = {from, to, region};
    else
      ++lane.dropped;
  }

  /// Writes a trace in Chrome's JSON format.
  msc_status write(const msc_model_desc &model, const char *path,
                   Error &error) const;

private:
  static constexpr size_t kSlicesPerThread = 1 << 16;
  struct Slice {
    int64_t from, to;
    int32_t region;
  };
  struct Lane {
    Array<Slice> slices; // reserved; pages are touched as they fill
    size_t used = 0;
    uint64_t dropped = 0;
  };

  List<Lane> lanes;
};

} // namespace msc::rt

#endif
