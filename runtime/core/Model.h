// A checked descriptor, shared by its contexts.
#ifndef MSC_RUNTIME_CORE_MODEL_H
#define MSC_RUNTIME_CORE_MODEL_H

#include "runtime/abi/model.h"
#include "runtime/include/msc/msc.h"

#include <atomic>

struct msc_model {
  explicit msc_model(const msc_model_desc &desc) : desc(desc) {}

  void retain() { references.fetch_add(1, std::memory_order_relaxed); }
  void release();

  const msc_model_desc &desc;

private:
  /// The caller's handle and one for each context.
  std::atomic<uint32_t> references{1};
};

#endif
