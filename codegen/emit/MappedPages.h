//===- MappedPages.h - Mapped files that do not pile up ---------*- C++ -*-===//
//
// Who reads a mapped file from end to end, or writes one, holds all of it in
// memory by and by, although it needs a page at a time. The system takes the
// pages away only when memory runs out, and a limit of the process's memory
// counts them.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_EMIT_MAPPEDPAGES_H
#define MSC_CODEGEN_EMIT_MAPPEDPAGES_H

#include "llvm/ADT/ArrayRef.h"
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace msc::emit {

/// Gives pages of mapped files back while this object lives: whenever the
/// process has grown by more than `budget` bytes, all of those that were added.
/// Their contents are not lost; whoever touches them again gets them from the
/// file or the system's cache.
class MappedPages {
public:
  explicit MappedPages(uint64_t budget = uint64_t(128) << 20);
  ~MappedPages();
  MappedPages(const MappedPages &) = delete;
  MappedPages &operator=(const MappedPages &) = delete;

  /// A mapping of a file that outlives this object; not writable, or shared
  /// with the file. Memory of another kind would be lost.
  void add(llvm::ArrayRef<char> mapping);

private:
  void watch();
  void release();

  const uint64_t limit;
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<llvm::ArrayRef<char>> mappings;
  bool isDone = false;
  std::thread watcher;
};

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_MAPPEDPAGES_H
