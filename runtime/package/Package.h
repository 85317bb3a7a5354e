// A package that is open: mapped, verified, and the program for one device.
#ifndef MSC_RUNTIME_PACKAGE_PACKAGE_H
#define MSC_RUNTIME_PACKAGE_PACKAGE_H

#include "runtime/core/Memory.h"
#include "runtime/package/Verify.h"

namespace msc::rt {

class Package {
public:
  Package() = default;
  Package(const Package &) = delete;
  Package &operator=(const Package &) = delete;
  ~Package();

  /// Maps the file and verifies its description. Weights and code stay in the
  /// file and are read by who uses them, so they must not change meanwhile.
  msc_status open(const char *path, Error &error);
  /// The same for a file that is in memory, and stays there.
  msc_status adopt(Bytes content, Error &error);

  const package::Package &description() const { return *verified; }
  uint64_t fileBytes() const { return content.size; }

  /// The bytes of a section of this package.
  Bytes section(const package::Section &section) const {
    return {content.data + section.offset(), section.bytes()};
  }

  /// Compares a section's bytes with their hash. `what` says in the error what
  /// it is.
  msc_status checkHash(const package::Section &section, const char *what,
                       Error &error) const;

  /// The program for a device; null: the one that comes first.
  msc_status findTarget(const char *device, const package::Target *&target,
                        Error &error) const;

private:
  Bytes content;
  bool isMapped = false;
  /// The description as it was verified: the file may be written to.
  Block copied;
  const package::Package *verified = nullptr;
};

} // namespace msc::rt

#endif
