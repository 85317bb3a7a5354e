#include "test/fuzz/runtime/package/MutatePackage.h"

#include "runtime/package/Hash.h"
#include "runtime/schema/package_generated.h"

#include <cstring>
#include <functional>
#include <iterator>

using namespace msc;
using namespace msc::rt;

namespace {

constexpr uint64_t kHashBytes = 8;

uint64_t padded(uint64_t size) { return (size + 7) / 8 * 8; }

constexpr uint64_t kNumbers[] = {
    0,     1,         2,          3,          4,          5,
    7,     8,         15,         16,         17,         63,
    64,    65,        127,        255,        256,        1024,
    4095,  4096,      4097,       1ull << 31, 1ull << 32, 1ull << 48,
    ~0ull, ~0ull - 1, ~0ull - 63, 1ull << 62, 1ull << 63, (1ull << 63) - 1,
    1536,  3072,      8192,       0xffffffff, 0x7fffffff};

/// The places of a description that can be changed.
class Places {
  template <typename List> auto &oneOf(List &list) {
    return list[random() % std::size(list)];
  }

public:
  Places(package::PackageT &package, std::mt19937 &random) : random(random) {
    add(package.format, package.min_reader);
    add(package.min_msc, package.producer, package.name);
    if (package.weights)
      visit(*package.weights);
    visitAll(package.signature->inputs);
    visitAll(package.signature->outputs);
    visitAll(package.signature->dims);
    visitAll(package.targets);
  }

  void change() {
    switch (random() % 4) {
    case 0:
      return oneOf(lists)();
    case 1:
      return changeText(*oneOf(texts));
    default:
      return changeNumber(oneOf(numbers));
    }
  }

private:
  struct Number {
    void *place;
    unsigned bytes;
    bool isBool;
  };

  template <typename... T> void add(T &...values) { (addOne(values), ...); }
  template <typename T> void addOne(T &value) {
    if constexpr (std::is_same_v<T, std::string>)
      texts.push_back(&value);
    else
      numbers.push_back({&value, sizeof value, std::is_same_v<T, bool>});
  }

  void changeNumber(const Number &number) {
    uint64_t value = 0;
    std::memcpy(&value, number.place, number.bytes);
    switch (random() % 4) {
    case 0:
      value += random() % 2 ? 1 : -1;
      break;
    case 1: // of another place
      std::memcpy(&value, oneOf(numbers).place, 1);
      break;
    default:
      value = oneOf(kNumbers);
    }
    if (number.isBool)
      value &= 1;
    std::memcpy(number.place, &value, number.bytes);
  }

  void changeText(std::string &text) {
    switch (random() % 5) {
    case 0:
      text.clear();
      break;
    case 1:
      text.append(1 + random() % 40, static_cast<char>(random()));
      break;
    case 2:
      text.insert(random() % (text.size() + 1), 1, '\0');
      break;
    default:
      text = *oneOf(texts);
    }
  }

  template <typename T> void visitAll(std::vector<std::unique_ptr<T>> &list) {
    lists.push_back([this, &list] { changeList(list); });
    for (std::unique_ptr<T> &item : list)
      visit(*item);
  }

  /// After it the places are not valid any more, so it comes last.
  template <typename T> void changeList(std::vector<std::unique_ptr<T>> &list) {
    if (list.empty())
      return;
    size_t at = random() % list.size();
    switch (random() % 4) {
    case 0:
      list.erase(list.begin() + at);
      break;
    case 1:
      std::swap(list[at], oneOf(list));
      break;
    default:
      list.push_back(std::make_unique<T>(*list[at]));
    }
  }

  void visit(package::SectionT &section) {
    add(section.offset, section.bytes, section.hash);
  }
  void visit(package::TensorT &tensor) {
    add(tensor.name, tensor.dtype, tensor.donor);
    visitAll(tensor.dims);
  }
  void visit(package::DimT &dim) { add(dim.extent, dim.id); }
  void visit(package::DimRangeT &range) {
    add(range.name, range.min, range.max, range.decided);
  }
  void visit(package::KernelT &kernel) {
    add(kernel.name, kernel.buffers, kernel.scalars);
  }
  void visit(package::RegionT &region) {
    add(region.name, region.ops, region.schedule, region.flops, region.bytes);
  }
  void visit(package::CodeObjectT &code) {
    add(code.device, code.format, code.triple, code.features);
    visit(*code.section);
    visitAll(code.kernels);
  }
  void visit(package::BufferT &buffer) {
    add(buffer.space, buffer.index, buffer.offset, buffer.bytes, buffer.access);
  }
  void visit(package::ScalarT &scalar) { add(scalar.value); }
  void visit(package::StepT &step) {
    if (auto *dispatch = step.command.AsDispatch()) {
      add(dispatch->code, dispatch->kernel, dispatch->queue, dispatch->region);
      for (uint32_t &points : dispatch->grid)
        add(points);
      visitAll(dispatch->buffers);
      visitAll(dispatch->scalars);
    } else if (auto *copy = step.command.AsCopy()) {
      add(copy->queue);
      visit(*copy->from);
      visit(*copy->to);
    } else if (auto *loop = step.command.AsLoop()) {
      add(loop->trips);
      visitAll(loop->body);
      lists.push_back([this, loop] { nest(*loop); });
    } else if (auto *branch = step.command.AsBranch()) {
      visit(*branch->condition);
      visitAll(branch->then);
      visitAll(branch->otherwise);
    } else if (auto *wait = step.command.AsWait()) {
      add(wait->queue, wait->on);
    }
  }
  void visit(package::TargetT &target) {
    add(target.name);
    visitAll(target.code);
    visitAll(target.regions);
    if (auto *whole = target.plan.AsWholePlan())
      add(whole->code);
    if (auto *steps = target.plan.AsStepsPlan()) {
      add(steps->queues, steps->host_arena_bytes, steps->device_arena_bytes,
          steps->device_weights_bytes);
      visitAll(steps->setup);
      visitAll(steps->steps);
    }
  }

  /// The loop becomes the body of another.
  void nest(package::LoopT &loop) {
    auto step = std::make_unique<package::StepT>();
    step->command.Set(package::LoopT(loop));
    loop.body.clear();
    loop.body.push_back(std::move(step));
  }

  std::mt19937 &random;
  std::vector<Number> numbers;
  std::vector<std::string *> texts;
  std::vector<std::function<void()>> lists;
};

} // namespace

std::optional<std::string> rt::test::descriptionOf(const uint8_t *data,
                                                   size_t size) {
  uint32_t bytes;
  if (size < 16)
    return std::nullopt;
  std::memcpy(&bytes, data, sizeof bytes);
  if (padded(4 + uint64_t(bytes)) + kHashBytes > size)
    return std::nullopt;
  return std::string(reinterpret_cast<const char *>(data), 4 + size_t(bytes));
}

std::string rt::test::replaceDescription(const uint8_t *data, size_t size,
                                         std::string description) {
  auto bytes = static_cast<uint32_t>(description.size() - 4);
  std::memcpy(description.data(), &bytes, sizeof bytes);
  description.resize(padded(description.size()));
  uint64_t hash = hashBytes(description.data(), description.size());
  description.append(reinterpret_cast<const char *>(&hash), sizeof hash);
  std::string file(reinterpret_cast<const char *>(data), size);
  if (file.size() < description.size())
    file.resize(description.size());
  file.replace(0, description.size(), description);
  return file;
}

std::optional<std::string>
rt::test::mutateDescription(const std::string &description, uint64_t fileBytes,
                            std::mt19937 &random) {
  // Strings are not aligned as a file is.
  std::vector<uint64_t> aligned(padded(description.size()) / 8);
  std::memcpy(aligned.data(), description.data(), description.size());
  auto *bytes = reinterpret_cast<const uint8_t *>(aligned.data());
  flatbuffers::Verifier verifier(bytes, description.size(), 64, 2000);
  if (!package::VerifySizePrefixedPackageBuffer(verifier))
    return std::nullopt;
  package::PackageT package;
  package::GetSizePrefixedPackage(bytes)->UnPackTo(&package);
  Places(package, random).change();
  if (random() % 16)
    package.file_bytes = fileBytes;
  flatbuffers::FlatBufferBuilder builder;
  package::FinishSizePrefixedPackageBuffer(
      builder, package::Package::Pack(builder, &package));
  return std::string(reinterpret_cast<const char *>(builder.GetBufferPointer()),
                     builder.GetSize());
}
