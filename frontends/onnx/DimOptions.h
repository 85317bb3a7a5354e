//===- DimOptions.h - What --dims says --------------------------*- C++ -*-===//
//
// `--dims KEY=VALUE,...`. A key is the name of a dim in the model, or
// `input:position`; a value is an extent (`8`), a range (`1..64`), or a name:
// dims that are given one name have one extent.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_FRONTENDS_ONNX_DIMOPTIONS_H
#define MSC_FRONTENDS_ONNX_DIMOPTIONS_H

#include "frontends/onnx/IndexMath.h"
#include "llvm/Support/Error.h"
#include <map>
#include <set>

namespace msc::onnx {

class DimOptions {
public:
  /// What an option says of a dim.
  struct Setting {
    std::optional<int64_t> extent;
    std::optional<IndexRange> range;
    std::string name;
  };

  /// Extents that a dim may have if nobody says more.
  static constexpr IndexRange kDefaultRange = {1, 2147483647};

  static llvm::Expected<DimOptions> parse(llvm::ArrayRef<std::string> options);

  /// The setting for a dim, null for none: by its name, or by its place.
  const Setting *find(llvm::StringRef input, int64_t position,
                      llvm::StringRef name);
  /// The setting of a name that was given by an option.
  const Setting *find(llvm::StringRef name);

  /// Keys that no dim of the model had.
  std::vector<std::string> unused() const;

private:
  llvm::Error add(llvm::StringRef option);
  std::map<std::string, Setting> settings;
  std::set<std::string> used;
};

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_DIMOPTIONS_H
