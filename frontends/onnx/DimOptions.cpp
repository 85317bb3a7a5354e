//===- DimOptions.cpp - What --dims says ----------------------------------===//

#include "frontends/onnx/DimOptions.h"
#include "frontends/onnx/model/Model.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace msc::onnx;

static bool parseExtent(StringRef text, int64_t &extent) {
  return !text.getAsInteger(10, extent) && extent >= 0 &&
         extent <= DimOptions::kDefaultRange.max;
}

Error DimOptions::add(StringRef option) {
  auto [key, value] = option.rsplit('=');
  Setting setting;
  int64_t extent, max = 0;
  auto [low, high] = value.split("..");
  if (parseExtent(value, extent)) {
    setting.extent = extent;
  } else if (parseExtent(low, extent) && parseExtent(high, max)) {
    if (extent > max)
      return createStringError("expected a range from less to more, got " +
                               quoted(option));
    setting.range = IndexRange{extent, max};
  } else if (!value.getAsInteger(10, extent) || !low.getAsInteger(10, extent)) {
    return createStringError("extents are from 0 to " +
                             std::to_string(DimOptions::kDefaultRange.max) +
                             ", not as in " + quoted(option));
  } else if (!value.empty() && (isAlpha(value[0]) || value[0] == '_')) {
    setting.name = value.str();
  } else {
    key = "";
  }
  if (key.empty())
    return createStringError("expected KEY=EXTENT, KEY=MIN..MAX or KEY=NAME "
                             "for dims, got " +
                             quoted(option));
  if (!settings.emplace(key.str(), setting).second)
    return createStringError("dims give " + quoted(key) + " twice");
  return Error::success();
}

Expected<DimOptions> DimOptions::parse(ArrayRef<std::string> options) {
  DimOptions result;
  for (StringRef option : options) {
    SmallVector<StringRef> parts;
    option.split(parts, ',', -1, /*KeepEmpty=*/false);
    for (StringRef part : parts)
      if (Error error = result.add(part.trim()))
        return std::move(error);
  }
  return std::move(result);
}

const DimOptions::Setting *DimOptions::find(StringRef name) {
  auto it = settings.find(name.str());
  if (it == settings.end())
    return nullptr;
  used.insert(it->first);
  return &it->second;
}

const DimOptions::Setting *DimOptions::find(StringRef input, int64_t position,
                                            StringRef name) {
  if (const Setting *setting = find((input + ":" + Twine(position)).str()))
    return setting;
  return name.empty() ? nullptr : find(name);
}

std::vector<std::string> DimOptions::unused() const {
  std::vector<std::string> keys;
  for (const auto &entry : settings)
    if (!used.count(entry.first))
      keys.push_back(entry.first);
  return keys;
}
