// Numbers that stand for objects, and tell when the object is gone.
#ifndef MSC_RUNTIME_DEVICE_HANDLES_H
#define MSC_RUNTIME_DEVICE_HANDLES_H

#include "runtime/core/Memory.h"

namespace msc::rt {

/// Objects of one kind by handle: kind in the top 8 bits, then 24 bits of the
/// slot's generation, then its index + 1. Pointers to objects hold until the
/// next add().
template <typename T> class HandleTable {
public:
  explicit HandleTable(uint8_t kind) : kind(kind) {}

  /// The handle, or 0: out of memory.
  uint64_t add(const T &object) {
    size_t index = 0;
    while (index < slots.size() && slots[index].live)
      ++index;
    if (index == slots.size() && !slots.push(Slot()))
      return 0;
    Slot &slot = slots[index];
    slot.object = object;
    slot.live = true;
    return handleOf(index);
  }

  T *find(uint64_t handle) const {
    size_t index = indexOf(handle);
    if (index >= slots.size() || !slots[index].live ||
        handleOf(index) != handle)
      return nullptr;
    return &slots[index].object;
  }

  void remove(uint64_t handle) {
    Slot &slot = slots[indexOf(handle)];
    slot.live = false;
    slot.generation = (slot.generation + 1) & 0xffffff;
  }

  /// Whether the handle once stood for an object of this kind.
  bool isStale(uint64_t handle) const {
    return handle >> 56 == kind && indexOf(handle) < slots.size() &&
           !find(handle);
  }

  /// Small numbers, used again when an object is gone.
  static size_t indexOf(uint64_t handle) {
    return uint32_t(handle) - size_t(1);
  }

  template <typename F> void each(F visit) const {
    for (size_t i = 0; i < slots.size(); ++i)
      if (slots[i].live)
        visit(handleOf(i), slots[i].object);
  }

private:
  struct Slot {
    uint32_t generation;
    bool live;
    T object;
  };

  uint64_t handleOf(size_t index) const {
    return uint64_t(kind) << 56 | uint64_t(slots[index].generation) << 32 |
           (index + 1);
  }

  const uint8_t kind;
  Array<Slot> slots;
};

} // namespace msc::rt

#endif
