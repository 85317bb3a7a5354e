/* A host in C99: the headers are C, and need nothing of C++ to be used. */
#include "runtime/include/msc/driver.h"

#include <stddef.h>

/* Adds up two vectors of four numbers; NULL, or what went wrong. */
const char *runFromC(const struct msc_device_driver *driver, const void *code,
                     uint64_t bytes) {
  float numbers[4] = {1, 2, 3, 4}, sums[4] = {0, 0, 0, 0};
  int64_t count = 4;
  msc_device *device = NULL;
  msc_queue queue = {0};
  msc_module module = {0};
  msc_buffer in = {0}, out = {0};
  msc_dispatch add = {sizeof add, 3, 1, {0, 0, 0}, {0}, NULL, &count};
  msc_range ranges[3];
  const char *failure = NULL;

  if (msc_device_open(driver, 0, &device) != MSC_OK)
    return msc_error();
  if (msc_device_queue_create(device, &queue) != MSC_OK ||
      msc_device_load(device, code, bytes, &module) != MSC_OK ||
      msc_device_kernel(device, module, "add", &add.kernel, NULL) != MSC_OK ||
      msc_device_allocate(device, sizeof numbers, &in) != MSC_OK ||
      msc_device_allocate(device, sizeof sums, &out) != MSC_OK)
    failure = "the objects are not made";
  ranges[0].buffer = ranges[1].buffer = in;
  ranges[2].buffer = out;
  ranges[0].offset = ranges[1].offset = ranges[2].offset = 0;
  ranges[0].bytes = ranges[1].bytes = ranges[2].bytes = MSC_TO_THE_END;
  add.buffers = ranges;
  if (!failure &&
      (msc_device_upload(device, queue, in, 0, numbers, sizeof numbers) ||
       msc_device_dispatch(device, queue, &add) ||
       msc_device_download(device, queue, sums, out, 0, sizeof sums) ||
       msc_device_finish(device, queue)))
    failure = "the work is not done";
  if (!failure && (sums[0] != 2 || sums[3] != 8))
    failure = "the sums are wrong";
  msc_device_close(device);
  return failure;
}
