/* What makes a code object of a compiled model: linked into each of them. The
 * linker makes msc_code_model an alias of the model's descriptor, whose layout
 * only this file knows once the code object is in a package. */
#include "runtime/abi/code.h"

extern const struct msc_model_desc msc_code_model;

static const struct msc_code_services *current;

__attribute__((visibility("default"))) int32_t
msc_code(const struct msc_code_services *services, struct msc_code *code) {
  if (services->struct_size < sizeof *services ||
      code->struct_size < sizeof *code)
    return 1;
  current = services;
  code->arena_bytes = msc_code_model.arena_bytes;
  code->entry = msc_code_model.entry;
  code->derive_dims = msc_code_model.derive_dims;
  return 0;
}

__attribute__((visibility("hidden"))) void
msc_rt_parallel_for(int64_t n, msc_rt_body body, void *closure) {
  current->parallel_for(n, body, closure);
}

__attribute__((visibility("hidden"))) void msc_rt_mark(int32_t region,
                                                       int32_t end) {
  current->mark(region, end);
}
