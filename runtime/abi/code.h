/* The contract between the CPU's code object of a package and its loader.
 *
 * A code object is an ELF shared object that exports one function, msc_code. It
 * needs libc and libm and nothing of the program that loads it. All that
 * describes the model (struct msc_model_desc) is in the package instead, so
 * that an old code object runs under a new runtime: what is here, and struct
 * msc_frame, only grows at the end. C99. */
#ifndef MSC_RUNTIME_ABI_CODE_H
#define MSC_RUNTIME_ABI_CODE_H

#include "runtime/abi/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What compiled code calls back, see model.h. */
struct msc_code_services {
  uint32_t struct_size;
  uint32_t reserved;
  void (*parallel_for)(int64_t n, msc_rt_body body, void *closure);
  void (*mark)(int32_t region, int32_t end);
};

/* See struct msc_model_desc. */
struct msc_code {
  uint32_t struct_size; /* set by the loader: what it has room for */
  uint32_t reserved;
  uint64_t (*arena_bytes)(const int64_t *dims);
  int32_t (*entry)(struct msc_frame *frame);
  const char *(*derive_dims)(int64_t *dims);
};

/* The type of msc_code: fills `code`. `services` live as long as the code.
 * Returns 0, or not if the loader is too old for this code. */
typedef int32_t (*msc_code_function)(const struct msc_code_services *services,
                                     struct msc_code *code);

#ifdef __cplusplus
}
#endif
#endif
