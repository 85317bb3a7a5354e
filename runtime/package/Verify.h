// Everything that is checked of a package before any of it is used.
//
// The description is a FlatBuffer from anywhere. First FlatBuffers' own
// verifier makes it safe to read at all, with limits on depth and size; then
// each value that the runtime relies on is checked here. Only what code does
// cannot be: code objects are as trusted as programs.
#ifndef MSC_RUNTIME_PACKAGE_VERIFY_H
#define MSC_RUNTIME_PACKAGE_VERIFY_H

#include "runtime/core/Error.h"
#include "runtime/io/File.h"
#include "runtime/schema/package_generated.h"

namespace msc::rt {

/// How many bytes of a file, of which these are the first, its description has,
/// hash included. Tells files that are no packages.
msc_status findDescription(Bytes begin, uint64_t fileBytes, uint64_t &bytes,
                           Error &error);

/// Checks a whole description, as findDescription delimits it, of a file of
/// `fileBytes` bytes. `description` begins at a multiple of 8.
msc_status verifyDescription(Bytes description, uint64_t fileBytes,
                             const package::Package *&package, Error &error);

/// A part of verifyDescription: the steps of a plan, and their operands.
msc_status verifySteps(const package::Package &package,
                       const package::Target &target, Error &error);

} // namespace msc::rt

#endif
