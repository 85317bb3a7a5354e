#include "codegen/emit/Link.h"
#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

using namespace llvm;
using namespace msc::emit;

namespace {

/// What an architecture's C library looks like on disk.
struct Platform {
  StringRef emulation, loader, gnuTriple;
};

Expected<Platform> platformOf(const Triple &triple) {
  switch (triple.getArch()) {
  case Triple::x86_64:
    return Platform{"elf_x86_64", "/lib64/ld-linux-x86-64.so.2",
                    "x86_64-linux-gnu"};
  case Triple::aarch64:
    return Platform{"aarch64linux", "/lib/ld-linux-aarch64.so.1",
                    "aarch64-linux-gnu"};
  case Triple::riscv64:
    return Platform{"elf64lriscv", "/lib/ld-linux-riscv64-lp64d.so.1",
                    "riscv64-linux-gnu"};
  default:
    return createStringError("can't link for '" + triple.str() + "'");
  }
}

/// Directories of libc and libgcc.
struct CLibrary {
  std::string libc, libgcc;
};

/// The newest directory of `parent` that holds `file`.
std::string newestWith(StringRef parent, StringRef file) {
  std::string best;
  unsigned bestVersion = 0;
  std::error_code error;
  for (sys::fs::directory_iterator it(parent, error), end; it != end && !error;
       it.increment(error)) {
    unsigned version = 0;
    if (sys::path::filename(it->path()).consumeInteger(10, version))
      continue;
    if (version > bestVersion && sys::fs::exists(it->path() + "/" + file)) {
      best = it->path();
      bestVersion = version;
    }
  }
  return best;
}

Expected<CLibrary> findCLibrary(const Platform &platform) {
  CLibrary found;
  std::string triple = platform.gnuTriple.str();
  for (const std::string &directory :
       {"/usr/lib/" + triple, "/usr/" + triple + "/lib", std::string("/usr/lib64"),
        std::string("/usr/lib")})
    if (found.libc.empty() && sys::fs::exists(directory + "/crti.o"))
      found.libc = directory;
  for (const std::string &parent :
       {"/usr/lib/gcc/" + triple, "/usr/lib/gcc-cross/" + triple})
    if (found.libgcc.empty())
      found.libgcc = newestWith(parent, "crtbeginS.o");
  if (found.libc.empty() || found.libgcc.empty())
    return createStringError(
        "no C library to link with for " + triple +
        "; install libc6-dev and libgcc-12-dev, or use --emit=obj");
  return found;
}

} // namespace

Error msc::emit::link(const LinkJob &job) {
  Expected<Platform> platform = platformOf(job.triple);
  if (!platform)
    return platform.takeError();
  std::vector<std::string> args = {"ld.lld", "-m", platform->emulation.str(),
                                   "-o", job.output};
  auto add = [&](std::initializer_list<std::string> more) {
    args.insert(args.end(), more);
  };
  for (auto &[alias, symbol] : job.aliases)
    add({"--defsym=" + alias + "=" + symbol});

  if (job.kind == LinkKind::Object) {
    add({"-r"});
    args.insert(args.end(), job.inputs.begin(), job.inputs.end());
  } else {
    Expected<CLibrary> library = findCLibrary(*platform);
    if (!library)
      return library.takeError();
    bool isExecutable = job.kind == LinkKind::Executable;
    add({"--gc-sections", "--eh-frame-hdr", "-z", "relro", "-z", "now",
         "--build-id=none", "-L" + library->libgcc, "-L" + library->libc});
    if (job.strip)
      add({"--strip-all"});
    if (isExecutable)
      add({"-pie", "-dynamic-linker", platform->loader.str(),
           library->libc + "/Scrt1.o"});
    else
      add({"-shared", "-Bsymbolic"});
    for (const std::string &pattern : job.exports)
      add({"--export-dynamic-symbol=" + pattern});
    add({library->libc + "/crti.o", library->libgcc + "/crtbeginS.o"});
    args.insert(args.end(), job.inputs.begin(), job.inputs.end());
    for (const std::string &archive : job.wholeArchives)
      add({"--whole-archive", archive, "--no-whole-archive"});
    add({"-lm", "-lpthread", "-lgcc", "--as-needed", "-lgcc_s",
         "--no-as-needed", "-lc", library->libgcc + "/crtendS.o",
         library->libc + "/crtn.o"});
  }

  std::vector<const char *> pointers;
  for (const std::string &arg : args)
    pointers.push_back(arg.c_str());
  std::string messages;
  raw_string_ostream stream(messages);
  lld::Result result = lld::lldMain(pointers, stream, stream,
                                    {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError("can't link '" + job.output +
                             "': " + StringRef(messages).trim().str());
  return Error::success();
}
