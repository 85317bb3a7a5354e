//===- RegionOnChip.cpp - Runs a region on the simulated accelerator ------===//
#include "test/codegen/npu/RegionOnChip.h"
#include "codegen/npu/NpuTarget.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "test/unit/runtime/npu_sim/Chip.h"
#include "llvm/ADT/APFloat.h"
#include <random>

using namespace mlir;
using namespace msc::test;

static unsigned bytesOf(const std::string &type) {
  if (type == "i64")
    return 8;
  if (type == "f32" || type == "i32")
    return 4;
  return type == "f16" || type == "bf16" ? 2 : 1;
}

Array::Array(std::string type, std::vector<int64_t> shape)
    : type(std::move(type)), shape(std::move(shape)) {
  bytes.resize(count() * ::bytesOf(this->type));
}

int64_t Array::count() const {
  int64_t result = 1;
  for (int64_t extent : shape)
    result *= extent;
  return result;
}

std::string Array::text() const {
  std::string result;
  for (int64_t extent : shape)
    result += std::to_string(extent) + "x";
  return result + type;
}

static const llvm::fltSemantics &semanticsOf(const std::string &type) {
  return type == "f16" ? llvm::APFloat::IEEEhalf() : llvm::APFloat::BFloat();
}

double Array::get(int64_t index) const {
  const uint8_t *at = bytes.data() + index * ::bytesOf(type);
  if (type == "f32") {
    float value;
    memcpy(&value, at, 4);
    return value;
  }
  if (type == "i32") {
    int32_t value;
    memcpy(&value, at, 4);
    return value;
  }
  if (type == "i64") {
    int64_t value;
    memcpy(&value, at, 8);
    return value;
  }
  if (::bytesOf(type) == 1)
    return int8_t(*at);
  uint16_t bits;
  memcpy(&bits, at, 2);
  return llvm::APFloat(semanticsOf(type), llvm::APInt(16, bits))
      .convertToDouble();
}

void Array::set(int64_t index, double value) {
  uint8_t *at = bytes.data() + index * ::bytesOf(type);
  if (type == "f32") {
    float number = value;
    memcpy(at, &number, 4);
  } else if (type == "i32") {
    int32_t number = value;
    memcpy(at, &number, 4);
  } else if (type == "i64") {
    int64_t number = value;
    memcpy(at, &number, 8);
  } else if (::bytesOf(type) == 1) {
    *at = int8_t(value);
  } else {
    llvm::APFloat number(value);
    bool lost;
    number.convert(semanticsOf(type), llvm::APFloat::rmNearestTiesToEven,
                   &lost);
    uint16_t bits = number.bitcastToAPInt().getZExtValue();
    memcpy(at, &bits, 2);
  }
}

std::vector<double> Array::values() const {
  std::vector<double> result;
  for (int64_t i = 0, n = count(); i < n; ++i)
    result.push_back(get(i));
  return result;
}

Array Array::random(std::string type, std::vector<int64_t> shape,
                    unsigned seed) {
  Array array(std::move(type), std::move(shape));
  std::mt19937 numbers(seed);
  for (int64_t i = 0, n = array.count(); i < n; ++i) {
    double value = (int(numbers() % 2001) - 1000) / 1000.0;
    if (array.type == "i1")
      value = value > 0;
    else if (array.type[0] == 'i')
      value = int(value * 100);
    array.set(i, value);
  }
  return array;
}

Outcome msc::test::runOnChip(const std::string &text,
                             const std::vector<Array *> &arrays) {
  Outcome outcome;
  npu::NpuTarget target;
  DialectRegistry registry;
  registry.insert<arith::ArithDialect, bufferization::BufferizationDialect,
                  func::FuncDialect, linalg::LinalgDialect, math::MathDialect,
                  tensor::TensorDialect>();
  target.registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module) {
    outcome.error = "the region does not parse";
    return outcome;
  }
  auto function = *module->getOps<func::FuncOp>().begin();
  outcome.error = target.whyNot(function);
  if (!outcome.error.empty())
    return outcome;
  EXPECT_GT(target.cost(function).seconds, 0);
  PassManager manager(&context);
  target.buildSchedulePipeline(manager);
  if (failed(manager.run(*module))) {
    outcome.error = "the pipeline fails";
    return outcome;
  }
  function = *module->getOps<func::FuncOp>().begin();
  outcome.schedule =
      function->getAttrOfType<StringAttr>("npu.schedule").getValue().str();
  llvm::SmallVector<char> code;
  if (llvm::Error error = target.serialise(*module, code)) {
    outcome.error = llvm::toString(std::move(error));
    return outcome;
  }
  std::vector<Chip::Bytes> buffers;
  for (Array *array : arrays)
    buffers.push_back(array->bytes);
  Chip chip;
  chip.run(std::vector<uint8_t>(code.begin(), code.end()), buffers);
  outcome.error = chip.error;
  outcome.counters = chip.counters;
  for (auto [array, bytes] : llvm::zip(arrays, buffers))
    array->bytes = bytes;
  return outcome;
}
