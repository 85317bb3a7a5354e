// The state of one stream of runs: arena, threads, profile.
#ifndef MSC_RUNTIME_CORE_CONTEXT_H
#define MSC_RUNTIME_CORE_CONTEXT_H

#include "runtime/core/Current.h"
#include "runtime/core/Model.h"
#include "runtime/core/Profile.h"
#include "runtime/core/Signature.h"
#include "runtime/core/ThreadPool.h"

/// What the entry of a package's steps returns when a device fails: then
/// `reason` is not about the inputs.
constexpr int32_t kFailedCode = 2;

struct msc_context : msc_rt_services {
  msc_context(msc_model &model, const msc_context_options &options,
              unsigned threads);
  ~msc_context();

  /// Allocates what is known before the first run.
  msc_status prepare();
  msc_status run(const msc_tensor *inputs, uint32_t numInputs,
                 const msc_tensor *outputs, uint32_t numOutputs);
  msc_status beginProfile();
  msc_status endProfile();
  msc_status writeProfile(const char *path);

  /// Takes the context for one call; false if another thread is inside.
  bool enter() { return !busy.exchange(true, std::memory_order_acquire); }
  void leave() { busy.store(false, std::memory_order_release); }

  msc_model &model;
  msc::rt::Error error;
  const unsigned threads;
  uint64_t arenaBytes() const { return arenaSize; }

private:
  struct Loop;

  static void parallelFor(msc_rt_services *self, int64_t n, msc_rt_body body,
                          void *closure);
  static void markRegion(msc_rt_services *self, int32_t region, int32_t end);
  static void runChunk(void *loop, unsigned thread, int64_t begin, int64_t end);

  msc_status checkBuffers(const msc::rt::TensorArray &inputs,
                          const msc::rt::TensorArray &outputs);
  msc_status reserveArena();
  msc_status stage(const msc::rt::TensorArray &inputs,
                   const msc::rt::TensorArray &outputs);
  void finish(const msc::rt::TensorArray &inputs,
              const msc::rt::TensorArray &outputs);

  std::atomic<bool> busy{false};
  const bool pinThreads;
  msc::rt::ThreadPool pool;
  bool poolStarted = false;
  bool inLoop = false;

  // Scratch of the compiled code: ours, or the caller's of a fixed size.
  msc::rt::Block ownArena;
  void *arena;
  uint64_t arenaSize;
  const bool callersArena;

  // Of the run under way.
  msc::rt::Array<int64_t> extents;
  msc::rt::Array<uint64_t> sizes; // bytes of inputs, then of outputs
  msc::rt::Array<const void *> inputPointers;
  msc::rt::Array<void *> outputPointers;
  msc::rt::List<msc::rt::Block> staging; // for inputs, then for outputs

  // Regions that have begun and not ended, and what was recorded.
  static constexpr unsigned kMaxOpen = 16;
  struct Open {
    int32_t region;
    int64_t since;
  };
  Open open[kMaxOpen];
  unsigned numOpen = 0;
  bool profiling = false;
  msc::rt::Profile profile;
};

#endif
