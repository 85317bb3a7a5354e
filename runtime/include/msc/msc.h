/* msc.h - runs a compiled model from C or C++.
 *
 * A model is linked into the program (a shared library or an object that
 * `msc compile` wrote) and named by its descriptor, which the header beside it
 * declares:
 *
 *     msc_model *model;
 *     msc_context *context;
 *     if (msc_model_load(&digits_model, NULL, &model) != MSC_OK)
 *       die(msc_error());
 *     if (msc_context_create(model, NULL, &context) != MSC_OK)
 *       die(msc_error());
 *     if (msc_run(context, inputs, 1, outputs, 1) != MSC_OK)
 *       die(msc_context_error(context));
 *
 * A model is immutable: any number of contexts run it at once. A context is
 * used by one thread at a time. Nothing here aborts, throws or prints.
 *
 * Every struct begins with its size as the caller compiled it, so that the
 * structs can grow: set `size = sizeof(...)` and the rest to zero. */
#ifndef MSC_MSC_H
#define MSC_MSC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MSC_API __attribute__((visibility("default")))
#else
#define MSC_API
#endif

#define MSC_VERSION_MAJOR 0
#define MSC_VERSION_MINOR 1
#define MSC_VERSION_STRING "0.1.0"

/* The largest rank of a tensor at the boundary. */
#define MSC_MAX_RANK 16

/* Element types; the numbers never change. Bool is one byte, 0 or 1. Types
 * under 8 bits are packed, low bits first. */
#ifndef MSC_DTYPE_DEFINED
#define MSC_DTYPE_DEFINED
enum msc_dtype {
  MSC_F32 = 1,
  MSC_F64 = 2,
  MSC_F16 = 3,
  MSC_BF16 = 4,
  MSC_I8 = 5,
  MSC_I16 = 6,
  MSC_I32 = 7,
  MSC_I64 = 8,
  MSC_U8 = 9,
  MSC_U16 = 10,
  MSC_U32 = 11,
  MSC_U64 = 12,
  MSC_BOOL = 13,
  MSC_F8E4M3FN = 14,
  MSC_F8E5M2 = 15,
  MSC_I4 = 16,
  MSC_U4 = 17
};
#endif

typedef enum msc_status {
  MSC_OK = 0,
  MSC_INVALID_ARGUMENT = 1, /* the call or its tensors do not fit the model */
  MSC_INCOMPATIBLE = 2,     /* model and runtime, or model and CPU, differ */
  MSC_OUT_OF_MEMORY = 3,
  MSC_BUSY = 4,     /* another thread is inside msc_run with this context */
  MSC_IO_ERROR = 5, /* a file could not be written */
  MSC_INTERNAL = 6
} msc_status;

struct msc_model_desc; /* emitted by the compiler */
typedef struct msc_model msc_model;
typedef struct msc_context msc_context;

typedef struct msc_model_options {
  uint32_t size;
  uint32_t reserved;
} msc_model_options;

typedef struct msc_context_options {
  uint32_t size;
  /* Threads of a run, the calling one included. 0: as many as the cgroup and
   * the CPU affinity of the process grant; more than that is never used. */
  uint32_t threads;
  /* Optional scratch memory, 64-byte aligned, which must outlive the context.
   * Too small for a call's dims: that call fails. NULL: the context allocates
   * what a call needs and keeps it. */
  void *arena;
  uint64_t arena_bytes;
  /* Not 0: every worker thread is bound to one CPU. The calling thread never
   * is. */
  uint32_t pin_threads;
  uint32_t reserved;
} msc_context_options;

/* A dense, row-major tensor of the caller. Arrays of it have the stride
 * `size` of their first element. */
typedef struct msc_tensor {
  uint32_t size;
  uint32_t dtype; /* enum msc_dtype */
  /* Any alignment works; memory that is not 64-byte aligned is copied through
   * a staging buffer of the context. May be NULL if the tensor has no element.
   * Inputs are only read, unless they are donated (msc_model_donor). */
  void *data;
  /* Input: exactly the bytes of the elements. Output: the capacity; not looked
   * at if the output has a donor. */
  uint64_t bytes;
  uint32_t rank;
  uint32_t reserved;
  /* Input: the extents. Output: NULL, or room for `rank` extents, which
   * msc_run fills in. */
  int64_t *dims;
} msc_tensor;

typedef struct msc_tensor_info {
  uint32_t size;
  uint32_t dtype;
  uint32_t rank;
  uint32_t reserved;
  const char *name; /* lives as long as the model */
} msc_tensor_info;

typedef struct msc_dim_info {
  uint32_t size;
  int32_t id; /* dims with one id >= 0 have one extent per call; -1: static */
  int64_t min, max; /* inclusive; equal for a static dim */
  const char *name; /* NULL: static or unnamed */
  /* 1: the data decide the extent of an output. msc_model_output_dims gives the
   * greatest that it can be for the inputs' extents, for which there has to be
   * room; msc_run stores what it is in the output's dims, which must not be
   * NULL. */
  uint32_t decided;
  uint32_t reserved;
} msc_dim_info;

/* "0.1.0": the version of the runtime that is linked. */
MSC_API const char *msc_version(void);
/* "ok", "invalid argument", ... */
MSC_API const char *msc_status_name(msc_status status);
/* "f32", "i64", ...; NULL if `dtype` is none. */
MSC_API const char *msc_dtype_name(uint32_t dtype);
/* Bits of one element; 0 if `dtype` is none. */
MSC_API uint32_t msc_dtype_bits(uint32_t dtype);

/* What went wrong in the calling thread's last failed call of a function that
 * takes no context. One line; valid until that thread's next such failure. */
MSC_API const char *msc_error(void);
/* What went wrong in the context's last failed call. */
MSC_API const char *msc_context_error(const msc_context *context);

/* Checks the descriptor and the machine's CPU and makes a model of it.
 * `options` may be NULL. */
MSC_API msc_status msc_model_load(const struct msc_model_desc *desc,
                                  const msc_model_options *options,
                                  msc_model **model);
/* Contexts keep their model alive; the order of freeing is free. */
MSC_API void msc_model_free(msc_model *model);

MSC_API const char *msc_model_name(const msc_model *model);
MSC_API const char *msc_model_producer(const msc_model *model);
MSC_API uint64_t msc_model_weights_bytes(const msc_model *model);
MSC_API uint32_t msc_model_num_inputs(const msc_model *model);
MSC_API uint32_t msc_model_num_outputs(const msc_model *model);
MSC_API msc_status msc_model_input(const msc_model *model, uint32_t index,
                                   msc_tensor_info *info);
MSC_API msc_status msc_model_output(const msc_model *model, uint32_t index,
                                    msc_tensor_info *info);
MSC_API msc_status msc_model_input_dim(const msc_model *model, uint32_t index,
                                       uint32_t axis, msc_dim_info *info);
MSC_API msc_status msc_model_output_dim(const msc_model *model, uint32_t index,
                                        uint32_t axis, msc_dim_info *info);

/* The input whose buffer is the buffer of output `index`: a run changes it in
 * place, as a decoder's cache. -1: the output has a buffer of its own, or there
 * is no such output. */
MSC_API int32_t msc_model_donor(const msc_model *model, uint32_t index);

/* The extents of output `index` for inputs of these dtypes and dims; their
 * `data` and `bytes` are not looked at. `rank` is the room in `dims`. */
MSC_API msc_status msc_model_output_dims(const msc_model *model,
                                         const msc_tensor *inputs,
                                         uint32_t num_inputs, uint32_t index,
                                         int64_t *dims, uint32_t rank);
/* The arena that a run on such inputs needs. */
MSC_API msc_status msc_model_arena_bytes(const msc_model *model,
                                         const msc_tensor *inputs,
                                         uint32_t num_inputs, uint64_t *bytes);

/* `options` may be NULL. Threads start at the first run that needs them. */
MSC_API msc_status msc_context_create(msc_model *model,
                                      const msc_context_options *options,
                                      msc_context **context);
MSC_API void msc_context_free(msc_context *context);
/* The threads that the context runs on, the calling one included. */
MSC_API uint32_t msc_context_threads(const msc_context *context);
/* Bytes of the arena that the context holds now. */
MSC_API uint64_t msc_context_arena_bytes(const msc_context *context);

/* Runs the model once. Tensors are in the order of the signature. Everything
 * is checked before any output is written: counts, dtypes, ranks, extents
 * against the signature, sizes of the buffers, and that no output overlaps
 * another tensor. An output with a donor has the donor's `data`, or NULL for
 * the same. Only what a model requires of the elements of its inputs shows while
 * it runs: then too MSC_INVALID_ARGUMENT and a text are the answer. */
MSC_API msc_status msc_run(msc_context *context, const msc_tensor *inputs,
                           uint32_t num_inputs, const msc_tensor *outputs,
                           uint32_t num_outputs);

/* Between begin and end, runs of the context record when each region ran on
 * which thread. Write stores a trace for Perfetto or chrome://tracing, under a
 * temporary name first. */
MSC_API msc_status msc_profile_begin(msc_context *context);
MSC_API msc_status msc_profile_end(msc_context *context);
MSC_API msc_status msc_profile_write(msc_context *context, const char *path);

#ifdef __cplusplus
}
#endif
#endif
