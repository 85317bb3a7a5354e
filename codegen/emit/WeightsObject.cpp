#include "codegen/emit/WeightsObject.h"
#include "runtime/abi/model.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"
#include <cstring>

using namespace llvm;
using namespace llvm::ELF;

namespace {

/// Sections of the file, in this order after the null section.
enum Section { kNull, kWeights, kSymbols, kStrings, kNames, kStack, kCount };

constexpr char kSectionNames[] =
    "\0.rodata.msc_weights\0.symtab\0.strtab\0.shstrtab\0.note.GNU-stack";

/// Where a name starts in kSectionNames.
uint32_t nameOffset(StringRef name) {
  return StringRef(kSectionNames, sizeof(kSectionNames)).find(name);
}

Expected<uint16_t> machineOf(const Triple &triple) {
  switch (triple.getArch()) {
  case Triple::x86_64:
    return EM_X86_64;
  case Triple::aarch64:
    return EM_AARCH64;
  case Triple::riscv64:
    return EM_RISCV;
  default:
    return createStringError("no object files for '" + triple.str() + "'");
  }
}

} // namespace

Error msc::emit::writeWeightsObject(
    StringRef path, const Triple &triple, StringRef symbol, uint64_t bytes,
    function_ref<Error(MutableArrayRef<char>)> fill) {
  Expected<uint16_t> machine = machineOf(triple);
  if (!machine)
    return machine.takeError();

  // Layout: header, weights (aligned), symbols, strings, names, section table.
  std::string strings = '\0' + symbol.str() + '\0';
  uint64_t weights = MSC_WEIGHTS_ALIGNMENT;
  uint64_t symbols = alignTo(weights + bytes, 8);
  uint64_t stringTable = symbols + 2 * sizeof(Elf64_Sym);
  uint64_t names = stringTable + strings.size();
  uint64_t sections = alignTo(names + sizeof(kSectionNames), 8);
  uint64_t size = sections + kCount * sizeof(Elf64_Shdr);

  int descriptor;
  if (std::error_code error = sys::fs::openFileForReadWrite(
          path, descriptor, sys::fs::CD_CreateAlways, sys::fs::OF_None))
    return createFileError(path, error);
  auto close = [&] { (void)sys::Process::SafelyCloseFileDescriptor(descriptor); };
  if (std::error_code error = sys::fs::resize_file(descriptor, size)) {
    close();
    return createFileError(path, error);
  }
  std::error_code error;
  sys::fs::mapped_file_region file(
      sys::fs::convertFDToNativeFile(descriptor),
      sys::fs::mapped_file_region::readwrite, size, 0, error);
  close();
  if (error)
    return createFileError(path, error);
  char *data = file.data();

  Elf64_Ehdr header = {};
  memcpy(header.e_ident, ElfMagic, 4);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = *machine;
  header.e_version = EV_CURRENT;
  header.e_shoff = sections;
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = kCount;
  header.e_shstrndx = kNames;
  if (triple.isRISCV64())
    header.e_flags = EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE;
  memcpy(data, &header, sizeof(header));

  Elf64_Sym entry = {};
  entry.st_name = 1;
  entry.setBindingAndType(STB_GLOBAL, STT_OBJECT);
  entry.st_other = STV_HIDDEN;
  entry.st_shndx = kWeights;
  entry.st_size = bytes;
  memcpy(data + symbols + sizeof(Elf64_Sym), &entry, sizeof(entry));
  memcpy(data + stringTable, strings.data(), strings.size());
  memcpy(data + names, kSectionNames, sizeof(kSectionNames));

  Elf64_Shdr table[kCount] = {};
  auto describe = [&](Section section, StringRef name, uint32_t type,
                      uint64_t offset, uint64_t length, uint64_t align) {
    table[section].sh_name = nameOffset(name);
    table[section].sh_type = type;
    table[section].sh_offset = offset;
    table[section].sh_size = length;
    table[section].sh_addralign = align;
  };
  describe(kWeights, ".rodata.msc_weights", SHT_PROGBITS, weights, bytes,
           MSC_WEIGHTS_ALIGNMENT);
  table[kWeights].sh_flags = SHF_ALLOC;
  describe(kSymbols, ".symtab", SHT_SYMTAB, symbols, 2 * sizeof(Elf64_Sym), 8);
  table[kSymbols].sh_link = kStrings;
  table[kSymbols].sh_info = 1; // the first global symbol
  table[kSymbols].sh_entsize = sizeof(Elf64_Sym);
  describe(kStrings, ".strtab", SHT_STRTAB, stringTable, strings.size(), 1);
  describe(kNames, ".shstrtab", SHT_STRTAB, names, sizeof(kSectionNames), 1);
  describe(kStack, ".note.GNU-stack", SHT_PROGBITS, sections, 0, 1);
  memcpy(data + sections, table, sizeof(table));

  return fill(MutableArrayRef<char>(data + weights, bytes));
}
