// Outputs that are in the buffers of inputs.
#include "msc/msc.h"
#include "test/unit/runtime/FakeModel.h"
#include "test/unit/runtime/core/Tensor.h"

#include <gtest/gtest.h>

#include <string>

namespace {

/// The model by hand, with its output y in the buffer of its input x.
class DonationTest : public ::testing::Test {
protected:
  void SetUp() override {
    desc.donors = donors;
    ASSERT_EQ(msc_model_load(&desc, nullptr, &model), MSC_OK);
    ASSERT_EQ(msc_context_create(model, nullptr, &context), MSC_OK);
    inputs[0] = tensor(x, sizeof x, 2, xDims);
    inputs[1] = tensor(b, sizeof b, 1, bDims);
    outputs[0] = tensor(nullptr, 0, 2, yDims);
    outputs[1] = tensor(s, sizeof s, 1, sDims);
  }
  void TearDown() override {
    msc_model_free(model);
    msc_context_free(context);
  }

  msc_status run() { return msc_run(context, inputs, 2, outputs, 2); }
  void expectError(const std::string &text) {
    EXPECT_EQ(run(), MSC_INVALID_ARGUMENT);
    EXPECT_EQ(std::string(msc_context_error(context)), text);
    EXPECT_EQ(x[0], 1);
  }
  void expectBadDescriptor(const std::string &text) {
    msc_model *none = nullptr;
    EXPECT_EQ(msc_model_load(&desc, nullptr, &none), MSC_INCOMPATIBLE);
    EXPECT_EQ(std::string(msc_error()),
              "invalid descriptor: output 0: " + text);
  }

  int32_t donors[2] = {0, -1};
  msc_model_desc desc = fake_model;
  msc_model *model = nullptr;
  msc_context *context = nullptr;
  alignas(64) float x[12] = {1, 1, 1, 1, 2, 2, 2, 2};
  alignas(64) float b[4] = {0.5f, 0.5f, 0.5f, 0.5f};
  alignas(64) float s[2] = {};
  int64_t xDims[2] = {2, 4}, bDims[1] = {4}, yDims[2] = {}, sDims[1] = {};
  msc_tensor inputs[2], outputs[2];
};

TEST_F(DonationTest, ChangesTheInputInPlace) {
  inputs[0].bytes = 32;
  ASSERT_EQ(run(), MSC_OK) << msc_context_error(context);
  EXPECT_EQ(x[0], 1.5f);
  EXPECT_EQ(x[7], 8.5f);
  EXPECT_EQ(s[1], 22);
  EXPECT_EQ(yDims[0], 2);
  // Again, on what the first run left.
  outputs[0].data = x;
  ASSERT_EQ(run(), MSC_OK) << msc_context_error(context);
  EXPECT_EQ(x[0], 2);
  EXPECT_EQ(x[7], 34.5f);
}

// Through a staging buffer, both ways.
TEST_F(DonationTest, UnalignedBuffersWorkToo) {
  x[8] = 3;
  inputs[0] = tensor(x + 1, 32, 2, xDims);
  ASSERT_EQ(run(), MSC_OK) << msc_context_error(context);
  EXPECT_EQ(x[0], 1);
  EXPECT_EQ(x[1], 1.5f);
  EXPECT_EQ(x[8], 12.5f);
}

TEST_F(DonationTest, SaysWhichInput) {
  EXPECT_EQ(msc_model_donor(model, 0), 0);
  EXPECT_EQ(msc_model_donor(model, 1), -1);
  EXPECT_EQ(msc_model_donor(model, 2), -1);
}

TEST_F(DonationTest, RefusesAnotherBuffer) {
  alignas(64) float y[8];
  inputs[0].bytes = 32;
  outputs[0].data = y;
  expectError("output 'y' is in the buffer of input 'x': expected its data, or "
              "NULL");
}

TEST_F(DonationTest, RefusesWhatOverlapsADonatedInput) {
  inputs[0].bytes = 32;
  inputs[1].data = x + 4;
  expectError("output 'y' overlaps 'b'");
  inputs[1].data = b;
  outputs[1].data = x + 4;
  expectError("output 's' overlaps 'x'");
}

TEST_F(DonationTest, ChecksDescriptors) {
  donors[0] = 2;
  expectBadDescriptor("bad donor");
  donors[0] = -2;
  expectBadDescriptor("bad donor");
  donors[0] = 1;
  expectBadDescriptor("its donor has another type");
  donors[0] = -1;
  donors[1] = 1;
  msc_model *none = nullptr;
  EXPECT_EQ(msc_model_load(&desc, nullptr, &none), MSC_INCOMPATIBLE);
  donors[0] = donors[1] = 0;
  EXPECT_EQ(msc_model_load(&desc, nullptr, &none), MSC_INCOMPATIBLE);
  EXPECT_EQ(std::string(msc_error()),
            "invalid descriptor: output 1: its donor has another output");
}

} // namespace
