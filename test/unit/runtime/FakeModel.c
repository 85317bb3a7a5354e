#include "test/unit/runtime/FakeModel.h"

enum { kColumns = 4, kMaxBatch = 4096 };

static const struct {
  _Alignas(MSC_WEIGHTS_ALIGNMENT) float w[kColumns];
} kWeights = {{1, 2, 3, 4}};

static const struct msc_dim_range kDims[] = {{"batch", 0, kMaxBatch, 0}};
static const struct msc_dim_desc kMatrix[] = {{-1, 0}, {kColumns, -1}};
static const struct msc_dim_desc kRow[] = {{kColumns, -1}};
static const struct msc_dim_desc kColumn[] = {{-1, 0}};
static const struct msc_tensor_desc kInputs[] = {{"x", MSC_F32, 2, kMatrix},
                                                 {"b", MSC_F32, 1, kRow}};
static const struct msc_tensor_desc kOutputs[] = {{"y", MSC_F32, 2, kMatrix},
                                                  {"s", MSC_F32, 1, kColumn}};
static const struct msc_region_desc kRegions[] = {
    {"r0", "mul+add", "rows", 800, 3200},
    {"r1", "reduce \"sum\"", "rows", 300, 2000}};

struct closure {
  const float *x, *b, *w;
  float *y;
};

static void affine(void *argument, int64_t begin, int64_t end) {
  const struct closure *c = argument;
  for (int64_t i = begin; i < end; ++i)
    for (int64_t j = 0; j < kColumns; ++j)
      c->y[i * kColumns + j] = c->x[i * kColumns + j] * c->w[j] + c->b[j];
}

static uint64_t arenaBytes(const int64_t *dims) {
  return (uint64_t)dims[0] * kColumns * sizeof(float);
}

static int32_t entry(struct msc_frame *frame) {
  const int64_t batch = frame->dims[0];
  float *arena = frame->arena, *y = frame->outputs[0], *s = frame->outputs[1];
  struct closure c = {frame->inputs[0], frame->inputs[1], frame->weights,
                      arena};
  msc_rt_mark(0, 0);
  msc_rt_parallel_for(batch, affine, &c);
  msc_rt_mark(0, 1);
  msc_rt_mark(1, 0);
  for (int64_t i = 0; i < batch; ++i) {
    float sum = 0;
    for (int64_t j = 0; j < kColumns; ++j) {
      y[i * kColumns + j] = arena[i * kColumns + j];
      sum += arena[i * kColumns + j];
    }
    s[i] = sum;
  }
  msc_rt_mark(1, 1);
  return 0;
}

const struct msc_model_desc fake_model = {
    .abi_version = MSC_MODEL_ABI_VERSION,
    .struct_size = sizeof(struct msc_model_desc),
    .name = "fake",
    .producer = "msc test",
    .cpu = "",
    .num_inputs = 2,
    .num_outputs = 2,
    .num_dims = 1,
    .num_regions = 2,
    .inputs = kInputs,
    .outputs = kOutputs,
    .dims = kDims,
    .regions = kRegions,
    .weights = kWeights.w,
    .weights_bytes = sizeof kWeights.w,
    .arena_bytes = arenaBytes,
    .entry = entry,
};
