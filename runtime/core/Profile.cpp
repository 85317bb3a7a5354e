#include "runtime/core/Profile.h"

#include "runtime/io/File.h"

#include <cinttypes>
#include <unistd.h>

namespace msc::rt {
namespace {

void writeString(FILE *out, const char *text) {
  std::fputc('"', out);
  for (; *text; ++text) {
    auto c = static_cast<unsigned char>(*text);
    if (c == '"' || c == '\\')
      std::fprintf(out, "\\%c", c);
    else if (c < 0x20)
      std::fprintf(out, "\\u%04x", c);
    else
      std::fputc(c, out);
  }
  std::fputc('"', out);
}

/// Microseconds with three digits. Not %f: a host's locale may have a decimal
/// comma, which is no JSON.
void writeTime(FILE *out, int64_t nanoseconds) {
  std::fprintf(out, "%" PRId64 ".%03d", nanoseconds / 1000,
               static_cast<int>(nanoseconds % 1000));
}

} // namespace

bool Profile::begin(unsigned threads) {
  if (lanes.size() == 0) {
    if (!lanes.make(threads))
      return false;
  }
  for (Lane &lane : lanes) {
    if (!lane.slices.reserve(kSlicesPerThread))
      return false;
    lane.used = 0;
    lane.dropped = 0;
  }
  return true;
}

msc_status Profile::write(const msc_model_desc &model, const char *path,
                          Error &error) const {
  PendingFile file;
  if (msc_status status = file.create(path, error))
    return status;
  FILE *out = file.stream();
  int pid = getpid();
  std::fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"model\":", out);
  writeString(out, model.name);
  std::fputs(",\"producer\":", out);
  writeString(out, model.producer);
  uint64_t dropped = 0;
  for (const Lane &lane : lanes)
    dropped += lane.dropped;
  std::fprintf(out, ",\"dropped\":\"%" PRIu64 "\"},\n\"traceEvents\":[\n",
               dropped);
  std::fprintf(out,
               "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":%d,"
               "\"args\":{\"name\":",
               pid);
  writeString(out, model.name);
  std::fputs("}}", out);

  int64_t start = INT64_MAX;
  for (const Lane &lane : lanes)
    for (size_t i = 0; i < lane.used; ++i)
      if (lane.slices[i].from < start)
        start = lane.slices[i].from;
  for (size_t thread = 0; thread < lanes.size(); ++thread) {
    std::fprintf(out,
                 ",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":%d,"
                 "\"tid\":%zu,\"args\":{\"name\":\"%s %zu\"}}",
                 pid, thread, thread ? "worker" : "caller", thread);
    for (size_t i = 0; i < lanes[thread].used; ++i) {
      const Slice &slice = lanes[thread].slices[i];
      const msc_region_desc &region = model.regions[slice.region];
      std::fputs(",\n{\"name\":", out);
      writeString(out, region.name);
      std::fprintf(out,
                   ",\"cat\":\"region\",\"ph\":\"X\",\"pid\":%d,"
                   "\"tid\":%zu,\"ts\":",
                   pid, thread);
      writeTime(out, slice.from - start);
      std::fputs(",\"dur\":", out);
      writeTime(out, slice.to - slice.from);
      std::fputs(",\"args\":{\"ops\":", out);
      writeString(out, region.ops);
      std::fputs(",\"schedule\":", out);
      writeString(out, region.schedule);
      std::fprintf(out, ",\"flops\":%" PRId64 ",\"bytes\":%" PRId64 "}}",
                   region.flops, region.bytes);
    }
  }
  std::fputs("\n]}\n", out);
  if (msc_status status = file.finish(error))
    return status;
  return file.publish(error);
}

} // namespace msc::rt
