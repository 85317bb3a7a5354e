// The C ABI on a model by hand (FakeModel.h).
#include "msc/msc.h"
#include "runtime/core/Current.h"
#include "test/unit/runtime/FakeModel.h"
#include "test/unit/runtime/core/Tensor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

/// A vector at a 64-byte boundary plus `shift` bytes.
class Buffer {
public:
  explicit Buffer(size_t floats, size_t shift = 0)
      : memory(floats * 4 + 128), shift(shift) {}
  char *data() {
    auto address = reinterpret_cast<uintptr_t>(memory.data());
    return memory.data() + ((address + 63) / 64 * 64 - address) + shift;
  }
  void set(int64_t index, float value) {
    std::memcpy(data() + index * 4, &value, 4);
  }
  float get(int64_t index) {
    float value;
    std::memcpy(&value, data() + index * 4, 4);
    return value;
  }

private:
  std::vector<char> memory;
  size_t shift;
};

/// A call of the model with tensors that a test can spoil.
struct Call {
  explicit Call(int64_t batch, size_t shift = 0)
      : x(batch * 4, shift), b(4, shift), y(batch * 4, shift),
        s(batch, shift), xDims{batch, 4}, bDims{4} {
    for (int64_t i = 0; i < batch * 4; ++i)
      x.set(i, static_cast<float>(i % 251));
    for (int j = 0; j < 4; ++j)
      b.set(j, 0.5f);
    inputs[0] = tensor(x.data(), batch * 16, 2, xDims);
    inputs[1] = tensor(b.data(), 16, 1, bDims);
    outputs[0] = tensor(y.data(), batch * 16, 2, yDims);
    outputs[1] = tensor(s.data(), batch * 4, 1, sDims);
  }

  msc_status run(msc_context *context) {
    return msc_run(context, inputs, 2, outputs, 2);
  }

  void expectResult() {
    for (int64_t i = 0; i < xDims[0]; ++i) {
      float sum = 0;
      for (int64_t j = 0; j < 4; ++j) {
        float wanted =
            static_cast<float>((i * 4 + j) % 251) * static_cast<float>(j + 1) +
            0.5f;
        ASSERT_EQ(y.get(i * 4 + j), wanted);
        sum += wanted;
      }
      ASSERT_EQ(s.get(i), sum);
    }
    EXPECT_EQ(yDims[0], xDims[0]);
    EXPECT_EQ(yDims[1], 4);
    EXPECT_EQ(sDims[0], xDims[0]);
  }

  Buffer x, b, y, s;
  int64_t xDims[2], bDims[1], yDims[2] = {-7, -7}, sDims[1] = {-7};
  msc_tensor inputs[2], outputs[2];
};

class ContextTest : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(msc_model_load(&fake_model, nullptr, &model), MSC_OK);
    ASSERT_EQ(msc_context_create(model, nullptr, &context), MSC_OK);
  }
  void TearDown() override {
    // The context keeps the model alive.
    msc_model_free(model);
    msc_context_free(context);
  }
  /// Runs a spoilt call; nothing may be written.
  void expectError(Call &call, const std::string &text, uint32_t numInputs = 2,
                   uint32_t numOutputs = 2) {
    EXPECT_EQ(
        msc_run(context, call.inputs, numInputs, call.outputs, numOutputs),
        MSC_INVALID_ARGUMENT);
    EXPECT_EQ(std::string(msc_context_error(context)), text);
    EXPECT_EQ(call.yDims[0], -7);
  }

  msc_model *model = nullptr;
  msc_context *context = nullptr;
};

TEST_F(ContextTest, Runs) {
  for (int64_t batch : {3, 1, 4096, 17}) {
    Call call(batch);
    ASSERT_EQ(call.run(context), MSC_OK) << msc_context_error(context);
    call.expectResult();
  }
  EXPECT_EQ(msc_context_arena_bytes(context), 4096u * 16);
}

TEST_F(ContextTest, UnalignedBuffersAreStaged) {
  Call call(33, 4);
  ASSERT_EQ(call.run(context), MSC_OK);
  call.expectResult();
  Call odd(33, 1);
  ASSERT_EQ(odd.run(context), MSC_OK);
  odd.expectResult();
}

TEST_F(ContextTest, EmptyTensorsNeedNoData) {
  Call call(0);
  call.inputs[0].data = nullptr;
  call.outputs[0].data = nullptr;
  call.outputs[1].data = nullptr;
  ASSERT_EQ(call.run(context), MSC_OK) << msc_context_error(context);
  call.expectResult();
}

TEST_F(ContextTest, ChecksCounts) {
  Call call(2);
  expectError(call, "expected 2 inputs, got 1", 1, 2);
  expectError(call, "expected 2 outputs, got 3", 2, 3);
}

TEST_F(ContextTest, ChecksDtypes) {
  Call call(2);
  call.inputs[0].dtype = MSC_F64;
  expectError(call, "input 'x': expected f32[batch, 4], got f64[2, 4]");
  call.inputs[0].dtype = 99;
  expectError(call, "input 'x': expected f32[batch, 4], got ?[2, 4]");
  Call other(2);
  other.outputs[1].dtype = MSC_I32;
  expectError(other, "output 's': expected f32 of rank 1, got i32 of rank 1");
}

TEST_F(ContextTest, ChecksRanks) {
  Call call(2);
  call.inputs[0].rank = 1;
  expectError(call, "input 'x': expected f32[batch, 4], got f32[2]");
  call.inputs[0].rank = 1u << 30;
  expectError(call, "input 'x': expected f32[batch, 4], got rank 1073741824");
  Call other(2);
  other.outputs[0].rank = 3;
  expectError(other, "output 'y': expected f32 of rank 2, got f32 of rank 3");
}

TEST_F(ContextTest, ChecksExtents) {
  Call call(2);
  call.xDims[1] = 5;
  expectError(call, "input 'x': expected f32[batch, 4], got f32[2, 5]");
  call.xDims[1] = 4;
  call.xDims[0] = -1;
  expectError(call, "input 'x': expected f32[batch, 4], got f32[-1, 4]");
  call.xDims[0] = 5000;
  expectError(call,
              "input 'x': expected dim 0 ('batch') in [0, 4096], got 5000");
  call.inputs[0].dims = nullptr;
  expectError(call, "input 'x': dims is NULL");
}

TEST_F(ContextTest, ChecksBuffers) {
  Call call(2);
  call.inputs[0].bytes = 31;
  expectError(call, "input 'x': expected 32 bytes, got 31");
  call.inputs[0].bytes = 33;
  expectError(call, "input 'x': expected 32 bytes, got 33");
  call.inputs[0].bytes = 32;
  call.outputs[1].bytes = 7;
  expectError(call, "output 's': expected at least 8 bytes, got 7");
  call.outputs[1].bytes = 8;
  call.inputs[1].data = nullptr;
  expectError(call, "input 'b': data is NULL");
}

TEST_F(ContextTest, ChecksOverlap) {
  Call call(2);
  call.outputs[0].data = call.inputs[0].data;
  expectError(call, "output 'y' overlaps 'x'");
  Call other(2);
  other.outputs[1].data = other.y.data() + 28;
  expectError(other, "output 's' overlaps 'y'");
}

TEST_F(ContextTest, ChecksStructSizes) {
  Call call(2);
  call.inputs[0].size = 8;
  expectError(call, "input 0: msc_tensor.size is 8, expected 40");
  Call other(2);
  other.outputs[1].size = 56;
  expectError(other, "output 1: msc_tensor.size is 56, that of output 0 is 40");
}

// A caller that was compiled with a later msc.h has larger structs.
TEST_F(ContextTest, AcceptsLargerStructsWithoutNews) {
  struct Larger {
    msc_tensor known;
    uint64_t unknown;
  };
  Call call(5);
  Larger inputs[2] = {{call.inputs[0], 0}, {call.inputs[1], 0}};
  inputs[0].known.size = inputs[1].known.size = sizeof(Larger);
  ASSERT_EQ(msc_run(context, &inputs[0].known, 2, call.outputs, 2), MSC_OK)
      << msc_context_error(context);
  call.expectResult();
  inputs[1].unknown = 1;
  EXPECT_EQ(msc_run(context, &inputs[0].known, 2, call.outputs, 2),
            MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(
      msc_context_error(context),
      "input 1 uses fields of a newer msc.h than this runtime (0.1.0)");
}

TEST_F(ContextTest, RefusesASecondThread) {
  // A model that calls back into its own context while it runs.
  static msc_context *inner;
  static msc_status seen;
  msc_model_desc reentrant = fake_model;
  reentrant.entry = [](msc_frame *) -> int32_t {
    seen = msc_run(inner, nullptr, 0, nullptr, 0);
    return 7;
  };
  msc_model *other;
  ASSERT_EQ(msc_model_load(&reentrant, nullptr, &other), MSC_OK);
  ASSERT_EQ(msc_context_create(other, nullptr, &inner), MSC_OK);
  Call call(1);
  EXPECT_EQ(call.run(inner), MSC_INTERNAL);
  EXPECT_EQ(seen, MSC_BUSY);
  EXPECT_STREQ(msc_context_error(inner), "model 'fake' failed with code 7");
  msc_context_free(inner);
  msc_model_free(other);
}

TEST_F(ContextTest, CallersArena) {
  alignas(64) static char arena[160];
  msc_context_options options = {};
  options.size = sizeof options;
  options.threads = 1;
  options.arena = arena;
  options.arena_bytes = sizeof arena;
  msc_context *own;
  ASSERT_EQ(msc_context_create(model, &options, &own), MSC_OK);
  Call fits(10);
  EXPECT_EQ(fits.run(own), MSC_OK);
  fits.expectResult();
  Call large(11);
  EXPECT_EQ(large.run(own), MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_context_error(own),
               "the arena has 160 bytes, this call needs 176");
  msc_context_free(own);
  options.arena = arena + 1;
  EXPECT_EQ(msc_context_create(model, &options, &own), MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_error(), "the arena is not aligned to 64 bytes");
}

TEST_F(ContextTest, ChecksOptions) {
  msc_context_options options = {};
  msc_context *other;
  EXPECT_EQ(msc_context_create(model, &options, &other), MSC_INVALID_ARGUMENT);
  options.size = sizeof options;
  options.reserved = 1;
  EXPECT_EQ(msc_context_create(model, &options, &other), MSC_INVALID_ARGUMENT);
  EXPECT_EQ(other, nullptr);
}

TEST_F(ContextTest, NeverMoreThreadsThanGranted) {
  msc_context_options options = {};
  options.size = sizeof options;
  options.threads = 10000;
  msc_context *many;
  ASSERT_EQ(msc_context_create(model, &options, &many), MSC_OK);
  EXPECT_LE(msc_context_threads(many), std::thread::hardware_concurrency());
  EXPECT_EQ(msc_context_threads(many), msc_context_threads(context));
  msc_context_free(many);
}

TEST_F(ContextTest, ManyContextsRunAtOnce) {
  constexpr int kThreads = 8, kRuns = 60;
  std::vector<std::thread> threads;
  std::atomic<int> done{0};
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      msc_context *own;
      ASSERT_EQ(msc_context_create(model, nullptr, &own), MSC_OK);
      for (int run = 0; run < kRuns; ++run) {
        Call call(1 + (t * 37 + run * 11) % 300, run % 2);
        ASSERT_EQ(call.run(own), MSC_OK);
        call.expectResult();
        ++done;
      }
      msc_context_free(own);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(done, kThreads * kRuns);
}

TEST_F(ContextTest, Queries) {
  EXPECT_STREQ(msc_model_name(model), "fake");
  EXPECT_STREQ(msc_model_producer(model), "msc test");
  EXPECT_EQ(msc_model_weights_bytes(model), 16u);
  EXPECT_EQ(msc_model_num_inputs(model), 2u);
  EXPECT_EQ(msc_model_num_outputs(model), 2u);
  msc_tensor_info info = {};
  info.size = sizeof info;
  ASSERT_EQ(msc_model_output(model, 1, &info), MSC_OK);
  EXPECT_STREQ(info.name, "s");
  EXPECT_EQ(info.dtype, uint32_t(MSC_F32));
  EXPECT_EQ(info.rank, 1u);
  EXPECT_EQ(msc_model_input(model, 2, &info), MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_error(), "no input 2: the model has 2");
  msc_dim_info dim = {};
  dim.size = sizeof dim;
  ASSERT_EQ(msc_model_input_dim(model, 0, 0, &dim), MSC_OK);
  EXPECT_STREQ(dim.name, "batch");
  EXPECT_EQ(dim.id, 0);
  EXPECT_EQ(dim.min, 0);
  EXPECT_EQ(dim.max, 4096);
  ASSERT_EQ(msc_model_output_dim(model, 0, 1, &dim), MSC_OK);
  EXPECT_EQ(dim.name, nullptr);
  EXPECT_EQ(dim.id, -1);
  EXPECT_EQ(dim.min, 4);
  EXPECT_EQ(dim.max, 4);
  EXPECT_EQ(msc_model_output_dim(model, 0, 2, &dim), MSC_INVALID_ARGUMENT);
}

TEST_F(ContextTest, QueriesOfACall) {
  Call call(9);
  int64_t dims[2] = {};
  ASSERT_EQ(msc_model_output_dims(model, call.inputs, 2, 0, dims, 2), MSC_OK);
  EXPECT_EQ(dims[0], 9);
  EXPECT_EQ(dims[1], 4);
  EXPECT_EQ(msc_model_output_dims(model, call.inputs, 2, 0, dims, 1),
            MSC_INVALID_ARGUMENT);
  EXPECT_EQ(msc_model_output_dims(model, call.inputs, 2, 5, dims, 2),
            MSC_INVALID_ARGUMENT);
  uint64_t bytes = 0;
  ASSERT_EQ(msc_model_arena_bytes(model, call.inputs, 2, &bytes), MSC_OK);
  EXPECT_EQ(bytes, 144u);
}

// A dim that only an output has: the model computes it, or refuses.
TEST_F(ContextTest, DerivedDims) {
  msc_model_desc desc = fake_model;
  const msc_dim_range dims[] = {{"batch", 0, 4096, 0},
                                {"batch * 2", 0, 8192, 0}};
  const msc_dim_desc derived[] = {{-1, 1}};
  msc_tensor_desc outputs[2] = {fake_model.outputs[0], fake_model.outputs[1]};
  outputs[1].dims = derived;
  desc.dims = dims;
  desc.num_dims = 2;
  desc.outputs = outputs;
  desc.derive_dims = [](int64_t *extents) -> const char * {
    extents[1] = extents[0] == 7 ? -1 : extents[0] * 2;
    return extents[0] == 5 ? "batch is not 5" : nullptr;
  };
  msc_model *other;
  ASSERT_EQ(msc_model_load(&desc, nullptr, &other), MSC_OK);
  int64_t extent = 0;
  Call six(6), five(5), seven(7);
  EXPECT_EQ(msc_model_output_dims(other, six.inputs, 2, 1, &extent, 1), MSC_OK);
  EXPECT_EQ(extent, 12);
  EXPECT_EQ(msc_model_output_dims(other, five.inputs, 2, 1, &extent, 1),
            MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_error(), "the inputs' shapes do not fit: batch is not 5");
  EXPECT_EQ(msc_model_output_dims(other, seven.inputs, 2, 1, &extent, 1),
            MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_error(), "the inputs' shapes do not fit: dim 'batch * 2' of "
                            "the outputs would be -1");
  msc_model_free(other);
}

void expectLoadError(const msc_model_desc &desc, const std::string &text);

// A dim that the data decide: there is room for the bound, and a run stores what
// it is.
TEST_F(ContextTest, DecidedDims) {
  msc_model_desc desc = fake_model;
  const msc_dim_range dims[] = {{"batch", 0, 4096, 0}, {"s:0", 0, 4096, 1}};
  const msc_dim_desc decided[] = {{-1, 1}};
  msc_tensor_desc outputs[2] = {fake_model.outputs[0], fake_model.outputs[1]};
  outputs[1].dims = decided;
  desc.dims = dims;
  desc.num_dims = 2;
  desc.outputs = outputs;
  expectLoadError(desc, "a dim that the data decide has no bound");
  desc.derive_dims = [](int64_t *extents) -> const char * {
    extents[1] = extents[0];
    return nullptr;
  };
  desc.entry = [](msc_frame *frame) -> int32_t {
    if (frame->dims[0] == 5) {
      frame->reason = "five is too many";
      return 1;
    }
    static_cast<float *>(frame->outputs[1])[0] = 42;
    frame->dims[1] = 1;
    return 0;
  };
  msc_model *other;
  msc_context *running;
  ASSERT_EQ(msc_model_load(&desc, nullptr, &other), MSC_OK);
  ASSERT_EQ(msc_context_create(other, nullptr, &running), MSC_OK);
  msc_dim_info info = {};
  info.size = sizeof info;
  ASSERT_EQ(msc_model_output_dim(other, 1, 0, &info), MSC_OK);
  EXPECT_EQ(info.decided, 1u);
  Call six(6), five(5);
  int64_t extent = 0;
  ASSERT_EQ(msc_model_output_dims(other, six.inputs, 2, 1, &extent, 1), MSC_OK);
  EXPECT_EQ(extent, 6);
  // Twice: a run does not see what the one before has found.
  for (int i = 0; i < 2; ++i) {
    extent = 0;
    six.outputs[1].dims = &extent;
    ASSERT_EQ(six.run(running), MSC_OK);
    EXPECT_EQ(extent, 1);
    EXPECT_EQ(static_cast<float *>(six.outputs[1].data)[0], 42);
  }
  six.outputs[1].dims = nullptr;
  EXPECT_EQ(six.run(running), MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_context_error(running),
               "output 's': dims is NULL, and the data decide its extents");
  five.outputs[1].dims = &extent;
  EXPECT_EQ(five.run(running), MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_context_error(running),
               "the inputs do not fit: five is too many");
  msc_context_free(running);
  msc_model_free(other);
}

TEST_F(ContextTest, ProfileNamesRegions) {
  std::string path = ::testing::TempDir() + "/profile.json";
  Call call(1000);
  ASSERT_EQ(msc_profile_begin(context), MSC_OK);
  ASSERT_EQ(call.run(context), MSC_OK);
  EXPECT_EQ(msc_profile_write(context, path.c_str()), MSC_INVALID_ARGUMENT);
  ASSERT_EQ(msc_profile_end(context), MSC_OK);
  ASSERT_EQ(msc_profile_write(context, path.c_str()), MSC_OK);
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_NE(text.str().find("\"name\":\"r0\""), std::string::npos);
  EXPECT_NE(text.str().find("\"ops\":\"reduce \\\"sum\\\"\""),
            std::string::npos);
  // Runs outside of begin and end leave no trace.
  ASSERT_EQ(msc_profile_begin(context), MSC_OK);
  ASSERT_EQ(msc_profile_end(context), MSC_OK);
  ASSERT_EQ(call.run(context), MSC_OK);
  ASSERT_EQ(msc_profile_write(context, path.c_str()), MSC_OK);
  std::stringstream empty;
  empty << std::ifstream(path).rdbuf();
  EXPECT_EQ(empty.str().find("\"name\":\"r0\""), std::string::npos);
  EXPECT_EQ(msc_profile_write(context, "/no/such/folder/t.json"), MSC_IO_ERROR);
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

void expectLoadError(const msc_model_desc &desc, const std::string &text) {
  msc_model *model;
  EXPECT_EQ(msc_model_load(&desc, nullptr, &model), MSC_INCOMPATIBLE);
  EXPECT_EQ(model, nullptr);
  EXPECT_NE(std::string(msc_error()).find(text), std::string::npos)
      << msc_error();
}

TEST(ModelLoad, ChecksVersionAndSize) {
  msc_model_desc desc = fake_model;
  desc.abi_version = 1;
  expectLoadError(desc, "the model has ABI version 1, this runtime (0.1.0) "
                        "needs 5");
  desc = fake_model;
  desc.struct_size -= 8;
  expectLoadError(desc, "descriptor has ");
}

TEST(ModelLoad, ChecksCpu) {
  msc_model_desc desc = fake_model;
  desc.cpu = "+sse2,+warp-drive";
#if defined(__x86_64__)
  expectLoadError(desc, "model 'fake' needs the CPU feature 'warp-drive', "
                        "which this machine lacks");
#endif
}

TEST(ModelLoad, ChecksTables) {
  msc_model_desc desc = fake_model;
  desc.entry = nullptr;
  expectLoadError(desc, "no entry");
  desc = fake_model;
  desc.num_intermediates = 3;
  expectLoadError(desc, "it has more intermediates than outputs");
  desc = fake_model;
  desc.weights = reinterpret_cast<const char *>(desc.weights) + 64;
  expectLoadError(desc, "weights are missing or unaligned");
  desc = fake_model;
  desc.inputs = nullptr;
  expectLoadError(desc, "a table is missing");
  desc = fake_model;
  msc_tensor_desc inputs[2] = {fake_model.inputs[0], fake_model.inputs[1]};
  desc.inputs = inputs;
  inputs[0].dtype = 18;
  expectLoadError(desc, "input 0: unknown dtype");
  inputs[0] = fake_model.inputs[0];
  inputs[1].rank = 17;
  expectLoadError(desc, "input 1: rank too large");
  inputs[1] = fake_model.inputs[1];
  msc_dim_desc dims[2] = {{-1, 1}, {4, -1}};
  inputs[0].dims = dims;
  expectLoadError(desc, "input 0: bad dim");
  dims[0] = {3, -1};
  expectLoadError(desc, "no input determines dim 'batch'");
  dims[0] = {INT64_MAX / 2, -1};
  expectLoadError(desc, "input 0: size overflows");
}

TEST(ModelLoad, NullArguments) {
  msc_model *model;
  EXPECT_EQ(msc_model_load(nullptr, nullptr, &model), MSC_INVALID_ARGUMENT);
  EXPECT_EQ(msc_model_load(&fake_model, nullptr, nullptr),
            MSC_INVALID_ARGUMENT);
  msc_model_options options = {};
  EXPECT_EQ(msc_model_load(&fake_model, &options, &model),
            MSC_INVALID_ARGUMENT);
  msc_model_free(nullptr);
  msc_context_free(nullptr);
}

TEST(Names, OfStatusAndDtype) {
  EXPECT_STREQ(msc_status_name(MSC_BUSY), "busy");
  EXPECT_STREQ(msc_dtype_name(MSC_BF16), "bf16");
  EXPECT_EQ(msc_dtype_name(0), nullptr);
  EXPECT_EQ(msc_dtype_name(18), nullptr);
  EXPECT_EQ(msc_dtype_bits(MSC_I4), 4u);
  EXPECT_STREQ(msc_version(), MSC_VERSION_STRING);
}

//===----------------------------------------------------------------------===//
// Services of compiled code
//===----------------------------------------------------------------------===//

// Nested loops and loops outside of any context run where they are.
TEST(Services, NestedLoopsRunEverythingOnce) {
  static std::atomic<int> hits[64];
  auto outer = [](void *, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      msc_rt_parallel_for(
          8,
          [](void *row, int64_t begin, int64_t end) {
            for (int64_t j = begin; j < end; ++j)
              ++hits[*static_cast<int64_t *>(row) * 8 + j];
          },
          &i);
  };
  static msc_rt_body body;
  body = outer;
  msc_model_desc desc = fake_model;
  desc.entry = [](msc_frame *) -> int32_t {
    msc_rt_parallel_for(8, body, nullptr);
    msc_rt_parallel_for(0, body, nullptr);
    msc_rt_parallel_for(-1, body, nullptr);
    return 0;
  };
  msc_rt_parallel_for(8, body, nullptr);
  for (std::atomic<int> &hit : hits)
    EXPECT_EQ(hit.exchange(0), 1);
  msc_model *model;
  msc_context *context;
  ASSERT_EQ(msc_model_load(&desc, nullptr, &model), MSC_OK);
  ASSERT_EQ(msc_context_create(model, nullptr, &context), MSC_OK);
  Call call(1);
  ASSERT_EQ(call.run(context), MSC_OK);
  for (std::atomic<int> &hit : hits)
    EXPECT_EQ(hit, 1);
  msc_context_free(context);
  msc_model_free(model);
}

TEST(Services, HostileMarksAreIgnored) {
  msc_model_desc desc = fake_model;
  desc.entry = [](msc_frame *) -> int32_t {
    msc_rt_mark(0, 1);
    msc_rt_mark(-1, 0);
    msc_rt_mark(INT32_MAX, 0);
    for (int i = 0; i < 1000; ++i)
      msc_rt_mark(1, 0);
    for (int i = 0; i < 100000; ++i) {
      msc_rt_mark(1, 1);
      msc_rt_mark(1, 0);
    }
    return 0;
  };
  msc_rt_mark(0, 0);
  msc_model *model;
  msc_context *context;
  ASSERT_EQ(msc_model_load(&desc, nullptr, &model), MSC_OK);
  ASSERT_EQ(msc_context_create(model, nullptr, &context), MSC_OK);
  Call call(1);
  ASSERT_EQ(msc_profile_begin(context), MSC_OK);
  ASSERT_EQ(call.run(context), MSC_OK);
  ASSERT_EQ(msc_profile_end(context), MSC_OK);
  std::string path = ::testing::TempDir() + "/marks.json";
  ASSERT_EQ(msc_profile_write(context, path.c_str()), MSC_OK);
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str().find("\"dropped\":\"0\""), std::string::npos);
  msc_context_free(context);
  msc_model_free(model);
}

} // namespace
