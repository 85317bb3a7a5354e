// Owning memory without the C++ library: the runtime is linked into every
// executable, and neither exceptions nor operator new come along. Allocation
// can fail, and says so.
#ifndef MSC_RUNTIME_CORE_MEMORY_H
#define MSC_RUNTIME_CORE_MEMORY_H

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <type_traits>
#include <utility>

namespace msc::rt {

/// Bytes that start at a 64-byte boundary. From 4 MiB on they start at a huge
/// page, which saves page faults and TLB misses in large arenas.
class Block {
public:
  Block() = default;
  Block(const Block &) = delete;
  Block &operator=(const Block &) = delete;
  Block(Block &&other) noexcept { swap(other); }
  Block &operator=(Block &&other) noexcept {
    swap(other);
    return *this;
  }
  ~Block() { std::free(bytes); }

  /// Contents are lost. On failure the block is empty.
  bool allocate(uint64_t wanted) {
    std::free(bytes);
    bytes = nullptr;
    length = 0;
    constexpr uint64_t kHuge = uint64_t(2) << 20;
    if (wanted > uint64_t(INT64_MAX) - kHuge)
      return false;
    uint64_t alignment = wanted >= 2 * kHuge ? kHuge : 64;
    uint64_t rounded = (wanted + alignment - 1) & ~(alignment - 1);
    bytes = std::aligned_alloc(alignment, rounded ? rounded : alignment);
    if (!bytes)
      return false;
    if (alignment == kHuge)
      madvise(bytes, rounded, MADV_HUGEPAGE);
    length = wanted;
    return true;
  }

  void *data() const { return bytes; }
  uint8_t *begin() const { return static_cast<uint8_t *>(bytes); }
  uint64_t size() const { return length; }

private:
  void swap(Block &other) {
    std::swap(bytes, other.bytes);
    std::swap(length, other.length);
  }

  void *bytes = nullptr;
  uint64_t length = 0;
};

/// A growing array of plain values.
template <typename T> class Array {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  Array() = default;
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  ~Array() { std::free(items); }

  bool push(const T &value) {
    if (used == room && !reserve(room ? 2 * room : 8))
      return false;
    items[used++] = value;
    return true;
  }
  /// New elements are zero.
  bool resize(size_t count) {
    if (count > room && !reserve(count))
      return false;
    if (count > used)
      std::memset(static_cast<void *>(items + used), 0,
                  (count - used) * sizeof(T));
    used = count;
    return true;
  }
  bool reserve(size_t count) {
    if (count > SIZE_MAX / 2 / sizeof(T))
      return false;
    void *grown = std::realloc(static_cast<void *>(items), count * sizeof(T));
    if (!grown)
      return false;
    items = static_cast<T *>(grown);
    room = count;
    return true;
  }
  void clear() { used = 0; }

  T *data() const { return items; }
  size_t size() const { return used; }
  bool empty() const { return used == 0; }
  T *begin() const { return items; }
  T *end() const { return items + used; }
  T &operator[](size_t index) const { return items[index]; }

private:
  T *items = nullptr;
  size_t used = 0;
  size_t room = 0;
};

/// A fixed number of objects, made once.
template <typename T> class List {
public:
  List() = default;
  List(const List &) = delete;
  List &operator=(const List &) = delete;
  ~List() {
    for (size_t i = 0; i < count; ++i)
      items[i].~T();
    std::free(static_cast<void *>(items));
  }

  /// To be called once.
  bool make(size_t wanted) {
    items = static_cast<T *>(std::calloc(wanted ? wanted : 1, sizeof(T)));
    if (!items)
      return false;
    for (; count < wanted; ++count)
      new (static_cast<void *>(items + count)) T();
    return true;
  }

  size_t size() const { return count; }
  T *begin() const { return items; }
  T *end() const { return items + count; }
  T &operator[](size_t index) const { return items[index]; }

private:
  T *items = nullptr;
  size_t count = 0;
};

/// An object on the heap, or null when memory is exhausted.
template <typename T, typename... Args> T *create(Args &&...args) {
  static_assert(alignof(T) <= 64);
  void *memory =
      std::aligned_alloc(64, (sizeof(T) + 63) & ~static_cast<size_t>(63));
  return memory ? new (memory) T(std::forward<Args>(args)...) : nullptr;
}

template <typename T> void destroy(T *object) {
  if (!object)
    return;
  object->~T();
  std::free(static_cast<void *>(object));
}

} // namespace msc::rt

#endif
