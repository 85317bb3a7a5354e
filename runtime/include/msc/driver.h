/* driver.h - what a device driver provides.
 *
 * device.h checks handles, ranges, counts and states before it calls a driver,
 * from one thread at a time (but for infeed_push and infeed_end). A driver
 * makes objects, runs commands and tells failures.
 *
 * A table begins with its size and version. One of another version, or shorter
 * than that version's, is refused, and so is one that lacks a function which is
 * not marked optional; what a longer one has more is not looked at. Failures put
 * a line of text into `error`. */
#ifndef MSC_DRIVER_H
#define MSC_DRIVER_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MSC_DEVICE_DRIVER_VERSION 1u

struct msc_driver_error {
  char text[768];
};

struct msc_driver_range {
  void *buffer;
  uint64_t offset, bytes;
};

enum msc_command_kind {
  MSC_COMMAND_UPLOAD = 1,   /* host -> to */
  MSC_COMMAND_DOWNLOAD = 2, /* from -> host */
  MSC_COMMAND_COPY = 3,     /* from -> to, of equal size, not overlapping */
  MSC_COMMAND_DISPATCH = 4, /* object: the kernel */
  MSC_COMMAND_RECORD = 5,   /* object: the event, which reaches `ticket` */
  MSC_COMMAND_AWAIT = 6,    /* object: the event, until it reaches `ticket` */
  MSC_COMMAND_INFEED = 7    /* object: the infeed; `to` is a slot's size */
};

struct msc_command {
  uint32_t kind;
  uint32_t num_buffers, num_scalars;
  uint32_t grid[3]; /* at least 1 each */
  struct msc_driver_range to, from;
  void *host;
  void *object;
  uint64_t ticket;
  /* Valid during the call; drivers copy them. */
  const struct msc_driver_range *buffers;
  const int64_t *scalars;
};

struct msc_device_driver {
  uint32_t struct_size;
  uint32_t version;
  const char *name; /* at most 15 characters */

  msc_status (*count)(uint32_t *count, struct msc_driver_error *error);
  /* Everything but `size` and `driver` is to be filled in. */
  msc_status (*query)(uint32_t ordinal, msc_device_info *info,
                      struct msc_driver_error *error);
  msc_status (*open)(uint32_t ordinal, void **device,
                     struct msc_driver_error *error);
  /* All other objects are gone by then. */
  void (*close)(void *device);
  /* Work handed over: grows by one with each submit and list_launch. */
  uint64_t (*triggers)(void *device);
  /* Optional. Sets *name to NULL behind the last counter. */
  void (*counter)(void *device, uint32_t index, const char **name,
                  uint64_t *value);

  msc_status (*allocate)(void *device, uint64_t bytes, void **buffer,
                         struct msc_driver_error *error);
  void (*free)(void *device, void *buffer);

  msc_status (*queue_create)(void *device, void **queue,
                             struct msc_driver_error *error);
  /* Drops what has not begun, waits for the rest; records are reached, as
   * failures. */
  void (*queue_destroy)(void *queue);
  /* Runs commands in order, behind all that was submitted before. */
  msc_status (*submit)(void *queue, const struct msc_command *commands,
                       uint32_t count, struct msc_driver_error *error);
  /* How many submissions and launches of this queue are done. Never waits. */
  uint64_t (*progress)(void *queue);
  /* Waits for all of them, gives the first failure and forgets it. */
  msc_status (*finish)(void *queue, struct msc_driver_error *error);

  msc_status (*load)(void *device, const void *code, uint64_t bytes,
                     void **module, struct msc_driver_error *error);
  void (*unload)(void *device, void *module);
  /* The kernel lives as long as the module. MSC_INVALID_ARGUMENT: no such
   * name. `info` holds -1 for what is unknown. */
  msc_status (*kernel)(void *module, const char *name, void **kernel,
                       msc_kernel_info *info, struct msc_driver_error *error);

  msc_status (*event_create)(void *device, void **event,
                             struct msc_driver_error *error);
  void (*event_destroy)(void *event);
  /* Waits for the ticket if `wait`, else MSC_BUSY if it is not reached. The
   * failure of the record, if it has one. */
  msc_status (*event_wait)(void *event, uint64_t ticket, int wait,
                           struct msc_driver_error *error);

  /* Of uploads, downloads, copies, dispatches and infeeds. */
  msc_status (*list_create)(void *device, const struct msc_command *commands,
                            uint32_t count, void **list,
                            struct msc_driver_error *error);
  void (*list_destroy)(void *list);
  msc_status (*list_launch)(void *queue, void *list, uint64_t repeat,
                            struct msc_driver_error *error);

  msc_status (*infeed_create)(void *device, uint64_t slot_bytes, uint32_t slots,
                              void **infeed, struct msc_driver_error *error);
  void (*infeed_destroy)(void *infeed);
  /* From any thread. MSC_BUSY: no free slot within the time;
   * MSC_INVALID_ARGUMENT: ended. */
  msc_status (*infeed_push)(void *infeed, const void *data,
                            uint64_t timeout_ns,
                            struct msc_driver_error *error);
  void (*infeed_end)(void *infeed);
};

#ifdef __cplusplus
}
#endif
#endif
