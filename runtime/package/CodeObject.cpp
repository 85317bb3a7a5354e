#include "runtime/package/CodeObject.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace msc::rt {
namespace {

#if defined(__x86_64__)
constexpr const char *kFormat = "elf-x86_64";
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr const char *kFormat = "elf-aarch64";
constexpr unsigned kMachine = EM_AARCH64;
#else
constexpr const char *kFormat = "elf-riscv64";
constexpr unsigned kMachine = EM_RISCV;
#endif

constexpr msc_code_services kServices = {sizeof(msc_code_services), 0,
                                         msc_rt_parallel_for, msc_rt_mark};

/// A file for the dynamic linker, which takes nothing else. It has a name only
/// as long as it is open.
class LinkerFile {
public:
  LinkerFile() = default;
  LinkerFile(const LinkerFile &) = delete;
  LinkerFile &operator=(const LinkerFile &) = delete;
  ~LinkerFile() {
    if (file >= 0)
      close(file);
    if (isOnDisk)
      unlink(name);
  }

  msc_status write(Bytes bytes, Error &error);
  const char *path() const { return name; }

private:
  bool make();

  int file = -1;
  bool isOnDisk = false;
  char name[256] = "";
};

} // namespace

/// In memory where the system has such files and shows them, else in the
/// directory of temporary files.
bool LinkerFile::make() {
  file = memfd_create("msc-code", MFD_CLOEXEC);
  if (file >= 0) {
    std::snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    if (access(name, R_OK) == 0)
      return true;
    close(file);
  }
  const char *folder = std::getenv("TMPDIR");
  if (std::snprintf(name, sizeof name, "%s/msc-code-XXXXXX",
                    folder && *folder ? folder : "/tmp") >=
      static_cast<int>(sizeof name)) {
    errno = ENAMETOOLONG;
    return false;
  }
  file = mkostemp(name, O_CLOEXEC);
  isOnDisk = file >= 0;
  return isOnDisk;
}

msc_status LinkerFile::write(Bytes bytes, Error &error) {
  if (!make())
    return error.fail(MSC_IO_ERROR,
                      "there is no place for the code to be loaded from: %s; "
                      "set TMPDIR to one",
                      std::strerror(errno));
  while (bytes.size) {
    ssize_t written = ::write(file, bytes.data, bytes.size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return error.fail(MSC_IO_ERROR, "the code cannot be written to '%s': %s",
                        name, std::strerror(errno));
    bytes.data += written;
    bytes.size -= static_cast<uint64_t>(written);
  }
  return MSC_OK;
}

const char *codeFormatOfHost() { return kFormat; }

msc_status checkElf(Bytes bytes, Error &error) {
  auto fail = [&](const char *what) {
    return error.fail(MSC_INVALID_ARGUMENT, "the package's code %s", what);
  };
  Elf64_Ehdr header;
  if (bytes.size < sizeof header)
    return fail("is no ELF shared object");
  std::memcpy(&header, bytes.data, sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_DYN)
    return fail("is no ELF shared object");
  if (header.e_machine != kMachine)
    return fail("is for another machine");
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phoff > bytes.size ||
      header.e_phnum * sizeof(Elf64_Phdr) > bytes.size - header.e_phoff)
    return fail("has program headers outside of it");
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes.data + header.e_phoff + i * sizeof segment,
                sizeof segment);
    if (segment.p_offset > bytes.size ||
        segment.p_filesz > bytes.size - segment.p_offset ||
        segment.p_memsz < segment.p_filesz)
      return fail("has a segment outside of it");
  }
  return MSC_OK;
}

Library::~Library() {
  if (handle)
    dlclose(handle);
}

void *Library::symbol(const char *name) const { return dlsym(handle, name); }

msc_status Library::load(Bytes bytes, Error &error) {
  if (msc_status status = checkElf(bytes, error))
    return status;
  LinkerFile file;
  if (msc_status status = file.write(bytes, error))
    return status;
  handle = dlopen(file.path(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return error.fail(MSC_INCOMPATIBLE,
                      "the package's code cannot be loaded: "
                      "%s",
                      dlerror());
  return MSC_OK;
}

msc_status CodeObject::load(Bytes bytes, Error &error) {
  if (msc_status status = library.load(bytes, error))
    return status;
  auto function =
      reinterpret_cast<msc_code_function>(library.symbol("msc_code"));
  if (!function)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the package's code does not export 'msc_code'");
  functions.struct_size = sizeof functions;
  if (function(&kServices, &functions))
    return error.fail(MSC_INCOMPATIBLE, "the package's code needs a newer msc "
                                        "than " MSC_VERSION_STRING);
  if (!functions.arena_bytes || !functions.entry)
    return error.fail(MSC_INVALID_ARGUMENT, "the package's code has no entry");
  return MSC_OK;
}

} // namespace msc::rt
