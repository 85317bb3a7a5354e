/* device.h - accelerators: memory, queues, code objects, launch lists.
 *
 * The same functions serve every device. They check what they are given, then
 * call the driver (driver.h), so a driver never sees a stale handle or a range
 * outside of a buffer. A misuse is answered by a status and a line of text.
 *
 *     msc_device *device;
 *     if (msc_device_open(msc_cpu_driver(), 0, &device) != MSC_OK)
 *       die(msc_error());
 *     if (msc_device_allocate(device, 4096, &buffer) != MSC_OK)
 *       die(msc_device_error(device));
 *
 * Handles are numbers: one of an object that is gone, or of another kind, is
 * recognised. Pointers (devices, infeeds) are not.
 *
 * A device is used by one thread at a time, another gets MSC_BUSY; only
 * infeeds may be filled by other threads meanwhile.
 *
 * Queues run their commands in order, one after the other, and are independent
 * of each other but for events. What is enqueued returns at once; host memory
 * that it names must live until it is done. When a command fails, those behind
 * it in the queue are skipped, and queues that wait for an event recorded there
 * fail as well: msc_device_finish tells, and makes the queue usable again. */
#ifndef MSC_DEVICE_H
#define MSC_DEVICE_H

#include "msc.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MSC_DEVICE_MAX_QUEUES 16u
/* Of one dispatch. */
#define MSC_DEVICE_MAX_BUFFERS 64u
#define MSC_DEVICE_MAX_SCALARS 256u
/* As `bytes` of a range: up to the buffer's end. */
#define MSC_TO_THE_END UINT64_MAX

typedef struct msc_device msc_device;
typedef struct msc_infeed msc_infeed;
struct msc_device_driver; /* driver.h */

/* All zero: no object. */
typedef struct msc_buffer {
  uint64_t id;
} msc_buffer;
typedef struct msc_queue {
  uint64_t id;
} msc_queue;
typedef struct msc_module {
  uint64_t id;
} msc_module;
typedef struct msc_kernel {
  uint64_t id;
} msc_kernel;
typedef struct msc_event {
  uint64_t id;
} msc_event;
typedef struct msc_launch_list {
  uint64_t id;
} msc_launch_list;

typedef enum msc_device_kind {
  MSC_DEVICE_CPU = 1,
  MSC_DEVICE_GPU = 2,
  MSC_DEVICE_NPU = 3
} msc_device_kind;

/* Bits of msc_device_info.capabilities. */
enum {
  MSC_DEVICE_GRID = 1,     /* dispatches over more than one point */
  MSC_DEVICE_SIMULATED = 2 /* time is that of a model, see the counters */
};

typedef struct msc_device_info {
  uint32_t size;
  uint32_t kind; /* msc_device_kind */
  uint64_t capabilities;
  uint64_t memory_bytes; /* that buffers can have, all together */
  uint64_t local_bytes;  /* on chip, for one kernel; 0: none of its own */
  /* Buffers begin at a multiple; offsets of a dispatch must be multiples. */
  uint64_t alignment;
  uint32_t max_queues;
  uint32_t max_grid[3];
  char driver[16];
  char name[64];
  char code_format[32]; /* what msc_device_load takes: "elf-x86_64", "npu-1" */
} msc_device_info;

/* A part of a buffer. */
typedef struct msc_range {
  msc_buffer buffer;
  uint64_t offset;
  uint64_t bytes; /* or MSC_TO_THE_END */
} msc_range;

typedef struct msc_kernel_info {
  uint32_t size;
  /* What a dispatch must give; -1: the code object does not tell. */
  int32_t num_buffers;
  int32_t num_scalars;
  uint32_t reserved;
} msc_kernel_info;

typedef struct msc_dispatch {
  uint32_t size;
  uint32_t num_buffers;
  uint32_t num_scalars;
  /* All zero: one point. */
  uint32_t grid[3];
  msc_kernel kernel;
  /* The kernel may read and write each of these, and nothing else. */
  const msc_range *buffers;
  const int64_t *scalars;
} msc_dispatch;

/* The drivers of this library. */
MSC_API const struct msc_device_driver *msc_cpu_driver(void);
/* The reference accelerator, simulated: docs/npu.md. */
MSC_API const struct msc_device_driver *msc_npu_sim_driver(void);

/* Failures of the functions without a device, and of infeeds, leave their text
 * in msc_error(). */
MSC_API msc_status msc_device_count(const struct msc_device_driver *driver,
                                    uint32_t *count);
MSC_API msc_status msc_device_query(const struct msc_device_driver *driver,
                                    uint32_t ordinal, msc_device_info *info);
MSC_API msc_status msc_device_open(const struct msc_device_driver *driver,
                                   uint32_t ordinal, msc_device **device);
/* Drops what queues have not begun, waits for the rest and frees everything.
 * MSC_BUSY: another thread is inside. */
MSC_API msc_status msc_device_close(msc_device *device);
/* What went wrong in the device's last failed call. */
MSC_API const char *msc_device_error(const msc_device *device);
/* How often the host has set the device to work: once an enqueued command, once
 * a launched list, whatever its repeat count. */
MSC_API uint64_t msc_device_triggers(const msc_device *device);
/* The index-th of the driver's own counters, `name` being NULL behind the last.
 * They grow with work that is done: finish a queue before reading them. */
MSC_API msc_status msc_device_counter(msc_device *device, uint32_t index,
                                      const char **name, uint64_t *value);

/* Contents are undefined. */
MSC_API msc_status msc_device_allocate(msc_device *device, uint64_t bytes,
                                       msc_buffer *buffer);
/* MSC_BUSY: a command that is not done, or a launch list, uses it. The same
 * holds of the other functions that free. */
MSC_API msc_status msc_device_free(msc_device *device, msc_buffer buffer);

MSC_API msc_status msc_device_queue_create(msc_device *device,
                                           msc_queue *queue);
MSC_API msc_status msc_device_queue_destroy(msc_device *device,
                                            msc_queue queue);
/* Waits until everything in the queue is done; the first failure since the last
 * finish is the result. */
MSC_API msc_status msc_device_finish(msc_device *device, msc_queue queue);

/* Host to device, device to host, device to device. */
MSC_API msc_status msc_device_upload(msc_device *device, msc_queue queue,
                                     msc_buffer to, uint64_t offset,
                                     const void *from, uint64_t bytes);
MSC_API msc_status msc_device_download(msc_device *device, msc_queue queue,
                                       void *to, msc_buffer from,
                                       uint64_t offset, uint64_t bytes);
/* The two ranges must not overlap. */
MSC_API msc_status msc_device_copy(msc_device *device, msc_queue queue,
                                   msc_buffer to, uint64_t to_offset,
                                   msc_buffer from, uint64_t from_offset,
                                   uint64_t bytes);

/* Checks a code object wholly and loads it. `code` is not needed afterwards. */
MSC_API msc_status msc_device_load(msc_device *device, const void *code,
                                   uint64_t bytes, msc_module *module);
/* Its kernels' handles become invalid. */
MSC_API msc_status msc_device_unload(msc_device *device, msc_module module);
/* `info` may be NULL. */
MSC_API msc_status msc_device_kernel(msc_device *device, msc_module module,
                                     const char *name, msc_kernel *kernel,
                                     msc_kernel_info *info);
MSC_API msc_status msc_device_dispatch(msc_device *device, msc_queue queue,
                                       const msc_dispatch *dispatch);

MSC_API msc_status msc_device_event_create(msc_device *device,
                                           msc_event *event);
MSC_API msc_status msc_device_event_destroy(msc_device *device,
                                            msc_event event);
/* The event now stands for what the queue holds up to here, and no longer for
 * what it was recorded for before. */
MSC_API msc_status msc_device_event_record(msc_device *device, msc_queue queue,
                                           msc_event event);
/* What is enqueued from here on waits for the event's record. An event that is
 * not recorded yet is an error, so queues cannot wait for each other in a
 * circle. */
MSC_API msc_status msc_device_event_await(msc_device *device, msc_queue queue,
                                          msc_event event);
/* The host waits. The result is the failure that the record comes after. */
MSC_API msc_status msc_device_event_wait(msc_device *device, msc_event event);
/* Does not wait: MSC_BUSY if the record is not reached. */
MSC_API msc_status msc_device_event_poll(msc_device *device, msc_event event);

/* Between begin and end, copies, dispatches and infeeds enqueued in the queue
 * go to a launch list instead of being run. Lists hold no events. `list` may be
 * NULL: what was captured is dropped. */
MSC_API msc_status msc_device_capture_begin(msc_device *device,
                                            msc_queue queue);
MSC_API msc_status msc_device_capture_end(msc_device *device, msc_queue queue,
                                          msc_launch_list *list);
/* Runs the list `repeat` times, one after the other, from one trigger. The
 * first failure ends it, and its text tells the iteration. */
MSC_API msc_status msc_device_launch(msc_device *device, msc_queue queue,
                                     msc_launch_list list, uint64_t repeat);
MSC_API msc_status msc_device_list_destroy(msc_device *device,
                                           msc_launch_list list);

/* A ring of `slots` host buffers of `slot_bytes` each that the device empties in
 * the order in which the host fills it: a step of an iteration takes the oldest.
 * The device waits for a slot to be filled; when the ring is empty and ended,
 * the step fails. Filling one is no trigger. */
MSC_API msc_status msc_device_infeed_create(msc_device *device,
                                            uint64_t slot_bytes, uint32_t slots,
                                            msc_infeed **infeed);
MSC_API msc_status msc_device_infeed_destroy(msc_device *device,
                                             msc_infeed *infeed);
/* Moves one slot to `offset` of a buffer. */
MSC_API msc_status msc_device_infeed_take(msc_device *device, msc_queue queue,
                                          msc_infeed *infeed, msc_buffer to,
                                          uint64_t offset);
/* From any thread. Copies `slot_bytes` bytes into a free slot and waits for one
 * at most so long (0: not at all, UINT64_MAX: for ever); MSC_BUSY: there is
 * none. */
MSC_API msc_status msc_infeed_push(msc_infeed *infeed, const void *data,
                                   uint64_t bytes, uint64_t timeout_ns);
/* From any thread. Nothing more will be pushed. */
MSC_API msc_status msc_infeed_end(msc_infeed *infeed);

#ifdef __cplusplus
}
#endif
#endif
