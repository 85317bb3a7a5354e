/* The contract between a compiled model and the runtime that it is linked with.
 *
 * The compiler emits one constant `struct msc_model_desc` per model (symbol
 * `<name>_model`) and an entry function that it points to; the runtime (loader,
 * contexts, threads, command line) reads nothing else of a model. Compiled code
 * calls back through the `msc_rt_*` functions at the end of this file.
 *
 * All counts are of elements, all sizes of bytes; every pointer in a descriptor
 * lives as long as the program. C99, no dependency but the standard headers. */
#ifndef MSC_RUNTIME_ABI_MODEL_H
#define MSC_RUNTIME_ABI_MODEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Grows with every incompatible change of the structs below. */
#define MSC_MODEL_ABI_VERSION 5u

/* Buffers that cross the boundary and the arena start at such addresses. */
#define MSC_BUFFER_ALIGNMENT 64u
/* Weights start at a page, so that they can be memory-mapped. */
#define MSC_WEIGHTS_ALIGNMENT 4096u

/* The largest rank of a tensor at the boundary, as in msc.h. */
#define MSC_MAX_RANK 16

/* Element types; the numbers never change. Bool is one byte, 0 or 1. Types
 * under 8 bits are packed, low bits first. msc.h repeats the enum, so that
 * either header stands alone. */
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

/* A dimension whose extent is known per call only. Equal `id`s (index into the
 * `dims` of a frame) have equal extents. */
struct msc_dim_desc {
  int64_t extent;   /* >= 0, or -1: dynamic */
  int32_t id;       /* dynamic: index into the model's dims; else -1 */
};

/* One named dynamic dim of a model, with its range (inclusive). The extent of
 * one that is `decided` by the data is known after a run: before it, in
 * derive_dims and where buffers are sized, it is the greatest that it can be for
 * the inputs' extents; the entry replaces it by what it is. Outputs are dense
 * with the extents that they have then. */
struct msc_dim_range {
  const char *name;
  int64_t min, max;
  int32_t decided; /* 0 or 1 */
};

/* A dense, row-major tensor at the boundary. */
struct msc_tensor_desc {
  const char *name;
  uint32_t dtype; /* enum msc_dtype */
  uint32_t rank;
  const struct msc_dim_desc *dims;
};

/* A fused region of compiled code: what a profile shows and `--benchmark`
 * counts. The counts are of the static program; 0 where sizes are dynamic. */
struct msc_region_desc {
  const char *name;     /* e.g. "r3" */
  const char *ops;      /* the ops that were fused, e.g. "conv+relu" */
  const char *schedule; /* how it is executed, e.g. "contraction 4x32" */
  int64_t flops;        /* a multiply-add counts two */
  int64_t bytes;        /* read and written once each */
};

/* What one call of the entry works on. The caller owns everything. */
struct msc_frame {
  const void *const *inputs; /* in the order of the signature */
  void *const *outputs;      /* of an output with a donor: the donor's */
  int64_t *dims;             /* extents of the model's dynamic dims */
  void *arena;               /* arena_bytes, MSC_BUFFER_ALIGNMENT */
  const void *weights;
  const char *reason;        /* NULL; see entry */
};

struct msc_model_desc {
  uint32_t abi_version; /* MSC_MODEL_ABI_VERSION */
  uint32_t struct_size; /* sizeof(struct msc_model_desc) */
  const char *name;
  const char *producer; /* "msc <version>" */
  const char *cpu;      /* the features needed, as "+avx2,+fma" */
  uint32_t num_inputs, num_outputs, num_dims, num_regions;
  const struct msc_tensor_desc *inputs;
  const struct msc_tensor_desc *outputs;
  const struct msc_dim_range *dims;
  const struct msc_region_desc *regions;
  const void *weights; /* prepared parameters, MSC_WEIGHTS_ALIGNMENT */
  uint64_t weights_bytes;
  /* Arena for these dims; UINT64_MAX where it would exceed 2^62 bytes. */
  uint64_t (*arena_bytes)(const int64_t *dims);
  /* Runs the model once. 0 on success. Else `reason` may say what the model
   * requires of the inputs' elements and does not hold; outputs are undefined. */
  int32_t (*entry)(struct msc_frame *frame);
  /* Given the dims that inputs have, stores those that only outputs have.
   * Returns NULL, or what the model requires of the inputs' extents and does
   * not hold. NULL if there is nothing to derive or to check. */
  const char *(*derive_dims)(int64_t *dims);
  /* For each output the input in whose buffer it is: compiled code changes that
   * input in place, and the two have equal types and dims. -1: the output has a
   * buffer of its own. NULL: all have. */
  const int32_t *donors;
  /* How many of the outputs, the last ones, are values inside of the model that
   * are given out to be looked at. */
  uint32_t num_intermediates;
};

/* ---- called by compiled code ------------------------------------------- */

/* Runs body(closure, begin, end) over a partition of [0, n) on the threads of
 * the calling context. Which sub-ranges a thread gets is not specified; the
 * results of compiled code do not depend on it. */
typedef void (*msc_rt_body)(void *closure, int64_t begin, int64_t end);
void msc_rt_parallel_for(int64_t n, msc_rt_body body, void *closure);

/* Marks the begin (end = 0) and the end (end = 1) of a region's execution on
 * the calling thread; free of cost but for the call when nothing is profiled. */
void msc_rt_mark(int32_t region, int32_t end);

#ifdef __cplusplus
}
#endif
#endif
