// Changes of packages that leave their hash right, or nothing behind it would
// ever be reached.
#ifndef MSC_TEST_FUZZ_RUNTIME_PACKAGE_MUTATEPACKAGE_H
#define MSC_TEST_FUZZ_RUNTIME_PACKAGE_MUTATEPACKAGE_H

#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace msc::rt::test {

/// The FlatBuffer of a package, with its size before it; nothing if the file is
/// not long enough.
std::optional<std::string> descriptionOf(const uint8_t *data, size_t size);

/// Puts another description in the place of that of a file, with its hash;
/// sections stay where they are.
std::string replaceDescription(const uint8_t *data, size_t size,
                               std::string description);

/// Changes numbers, names and lists of what the description says. Nothing if it
/// is no FlatBuffer that can be read.
std::optional<std::string> mutateDescription(const std::string &description,
                                             uint64_t fileBytes,
                                             std::mt19937 &random);

} // namespace msc::rt::test

#endif
