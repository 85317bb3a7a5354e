// Runs a compiled model from C++: one model, a context for each thread.
#include "digits.h"
#include "msc/msc.h"

#include <array>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

struct Free {
  void operator()(msc_model *model) const { msc_model_free(model); }
  void operator()(msc_context *context) const { msc_context_free(context); }
};
using Model = std::unique_ptr<msc_model, Free>;
using Context = std::unique_ptr<msc_context, Free>;

Model load(const msc_model_desc &desc) {
  msc_model *model;
  if (msc_model_load(&desc, nullptr, &model) != MSC_OK)
    throw std::runtime_error(msc_error());
  return Model(model);
}

Context makeContext(msc_model &model, unsigned threads) {
  msc_context_options options = {};
  options.size = sizeof options;
  options.threads = threads;
  msc_context *context;
  if (msc_context_create(&model, &options, &context) != MSC_OK)
    throw std::runtime_error(msc_error());
  return Context(context);
}

/// Runs a batch of 8x8 images and returns 10 probabilities for each.
std::vector<float> classify(msc_context &context, std::vector<float> &images) {
  auto batch = static_cast<int64_t>(images.size() / 64);
  std::vector<float> probabilities(static_cast<size_t>(batch) * 10);
  std::array<int64_t, 4> dims = {batch, 1, 8, 8};

  msc_tensor input = {};
  input.size = sizeof input;
  input.dtype = MSC_F32;
  input.data = images.data();
  input.bytes = images.size() * sizeof(float);
  input.rank = 4;
  input.dims = dims.data();

  msc_tensor output = {};
  output.size = sizeof output;
  output.dtype = MSC_F32;
  output.data = probabilities.data();
  output.bytes = probabilities.size() * sizeof(float);
  output.rank = 2;
  if (msc_run(&context, &input, 1, &output, 1) != MSC_OK)
    throw std::runtime_error(msc_context_error(&context));
  return probabilities;
}

/// A one, as thick as `ink` says.
std::vector<float> drawOnes(int64_t batch, float ink) {
  std::vector<float> images(static_cast<size_t>(batch) * 64);
  for (int64_t i = 0; i < batch; ++i)
    for (int row = 0; row < 8; ++row) {
      images[i * 64 + row * 8 + 3] = ink;
      images[i * 64 + row * 8 + 4] = ink;
    }
  return images;
}

} // namespace

int main() {
  try {
    Model model = load(digits_model);
    std::printf("%s, compiled by %s\n", msc_model_name(model.get()),
                msc_model_producer(model.get()));

    // Contexts share the model and nothing else: each thread has its own.
    std::array<std::vector<float>, 2> results;
    std::array<std::exception_ptr, 2> failures;
    std::vector<std::thread> threads;
    for (size_t i = 0; i < results.size(); ++i) {
      threads.emplace_back([&, i] {
        try {
          Context context = makeContext(*model, 1);
          std::vector<float> images = drawOnes(1 + static_cast<int64_t>(i), 16);
          results[i] = classify(*context, images);
        } catch (...) {
          failures[i] = std::current_exception();
        }
      });
    }
    for (std::thread &thread : threads)
      thread.join();
    for (const std::exception_ptr &failure : failures)
      if (failure)
        std::rethrow_exception(failure);
    for (size_t i = 0; i < results.size(); ++i)
      for (size_t image = 0; image * 10 < results[i].size(); ++image)
        std::printf("thread %zu, image %zu: a one by %.4f\n", i, image,
                    results[i][image * 10 + 1]);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
