#include "codegen/emit/MappedPages.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"
#include <chrono>
#include <cstdio>
#include <sys/mman.h>

using namespace msc::emit;

/// How often the size of the process is looked at: memory is written at some
/// 10 GB/s at most.
static constexpr std::chrono::milliseconds kPeriod(5);

/// Bytes of this process that are in memory; 0 where the system does not say.
static uint64_t residentBytes() {
  unsigned long long size, resident;
  FILE *file = std::fopen("/proc/self/statm", "r");
  if (!file)
    return 0;
  int read = std::fscanf(file, "%llu %llu", &size, &resident);
  std::fclose(file);
  return read == 2 ? resident * llvm::sys::Process::getPageSizeEstimate() : 0;
}

MappedPages::MappedPages(uint64_t budget)
    : limit(residentBytes() + budget), watcher([this] { watch(); }) {}

MappedPages::~MappedPages() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    isDone = true;
  }
  wake.notify_one();
  watcher.join();
}

void MappedPages::add(llvm::ArrayRef<char> mapping) {
  std::lock_guard<std::mutex> lock(mutex);
  mappings.push_back(mapping);
}

void MappedPages::watch() {
  std::unique_lock<std::mutex> lock(mutex);
  while (!wake.wait_for(lock, kPeriod, [this] { return isDone; }))
    if (residentBytes() > limit)
      release();
}

void MappedPages::release() {
  uint64_t page = llvm::sys::Process::getPageSizeEstimate();
  for (llvm::ArrayRef<char> mapping : mappings) {
    // What shares its first or last page may not be a mapping.
    uint64_t begin =
        llvm::alignTo(reinterpret_cast<uintptr_t>(mapping.begin()), page);
    uint64_t end =
        llvm::alignDown(reinterpret_cast<uintptr_t>(mapping.end()), page);
    if (begin < end)
      (void)madvise(reinterpret_cast<void *>(begin), end - begin,
                    MADV_DONTNEED);
  }
}
