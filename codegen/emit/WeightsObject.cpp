#include "codegen/emit/WeightsObject.h"
#include "runtime/abi/model.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace llvm;
using namespace llvm::ELF;
using namespace msc::emit;

//===----------------------------------------------------------------------===//
// The object
//===----------------------------------------------------------------------===//

namespace {

/// Sections of the object, in this order after the null section. Of sections
/// with one name the linker makes one, and that gets a place in the file if any
/// of them has bytes there: hence a byte of zero behind the weights.
enum Section {
  kNull,
  kWeights,
  kAnchor,
  kSymbols,
  kStrings,
  kNames,
  kStack,
  kCount
};

constexpr StringLiteral kWeightsName = ".rodata.msc_weights";
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

/// The bytes of the object, which grow piece by piece.
class ObjectBuilder {
public:
  explicit ObjectBuilder(StringRef symbol)
      : strings('\0' + symbol.str() + '\0') {
    content.resize(sizeof(Elf64_Ehdr));
  }

  std::string build(const Triple &triple, uint16_t machine, uint64_t bytes);

private:
  void add(Section section, StringRef name, uint32_t type, StringRef data,
           uint64_t align);
  void addSymbol(uint64_t bytes);
  void setHeader(const Triple &triple, uint16_t machine);

  std::string strings, content;
  Elf64_Shdr table[kCount] = {};
};

} // namespace

/// Appends the data of a section and describes it.
void ObjectBuilder::add(Section section, StringRef name, uint32_t type,
                        StringRef data, uint64_t align) {
  content.resize(alignTo(content.size(), align));
  table[section].sh_name = nameOffset(name);
  table[section].sh_type = type;
  table[section].sh_offset = content.size();
  table[section].sh_size = data.size();
  table[section].sh_addralign = align;
  content += data;
}

void ObjectBuilder::addSymbol(uint64_t bytes) {
  Elf64_Sym entries[2] = {};
  entries[1].st_name = 1;
  entries[1].setBindingAndType(STB_GLOBAL, STT_OBJECT);
  entries[1].st_other = STV_HIDDEN;
  entries[1].st_shndx = kWeights;
  entries[1].st_size = bytes;
  add(kSymbols, ".symtab", SHT_SYMTAB,
      StringRef(reinterpret_cast<const char *>(entries), sizeof(entries)), 8);
  table[kSymbols].sh_link = kStrings;
  table[kSymbols].sh_info = 1; // the first global symbol
  table[kSymbols].sh_entsize = sizeof(Elf64_Sym);
}

void ObjectBuilder::setHeader(const Triple &triple, uint16_t machine) {
  Elf64_Ehdr header = {};
  memcpy(header.e_ident, ElfMagic, 4);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = machine;
  header.e_version = EV_CURRENT;
  header.e_shoff = content.size();
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = kCount;
  header.e_shstrndx = kNames;
  if (triple.isRISCV64())
    header.e_flags = EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE;
  memcpy(content.data(), &header, sizeof(header));
}

std::string ObjectBuilder::build(const Triple &triple, uint16_t machine,
                                 uint64_t bytes) {
  add(kWeights, kWeightsName, SHT_NOBITS, "", MSC_WEIGHTS_ALIGNMENT);
  table[kWeights].sh_size = bytes;
  table[kWeights].sh_flags = SHF_ALLOC;
  add(kAnchor, kWeightsName, SHT_PROGBITS, StringRef("\0", 1), 1);
  table[kAnchor].sh_flags = SHF_ALLOC;
  addSymbol(bytes);
  add(kStrings, ".strtab", SHT_STRTAB, strings, 1);
  add(kNames, ".shstrtab", SHT_STRTAB,
      StringRef(kSectionNames, sizeof(kSectionNames)), 1);
  add(kStack, ".note.GNU-stack", SHT_PROGBITS, "", 1);
  content.resize(alignTo(content.size(), 8));
  setHeader(triple, machine);
  content.append(reinterpret_cast<const char *>(table), sizeof(table));
  return std::move(content);
}

Error msc::emit::writeWeightsObject(StringRef path, const Triple &triple,
                                    StringRef symbol, uint64_t bytes) {
  Expected<uint16_t> machine = machineOf(triple);
  if (!machine)
    return machine.takeError();
  std::error_code error;
  raw_fd_ostream stream(path, error);
  if (error)
    return createFileError(path, error);
  stream << ObjectBuilder(symbol).build(triple, *machine, bytes);
  stream.close();
  if (!stream.has_error())
    return Error::success();
  error = stream.error();
  stream.clear_error();
  return createFileError(path, error);
}

//===----------------------------------------------------------------------===//
// In what was linked
//===----------------------------------------------------------------------===//

/// Where the bytes of a symbol start in its file.
static Expected<uint64_t> findOffset(const object::ObjectFile &file,
                                     StringRef symbol, uint64_t bytes) {
  for (object::ELFSymbolRef entry : file.symbols()) {
    Expected<StringRef> name = entry.getName();
    if (!name)
      return name.takeError();
    if (*name != symbol)
      continue;
    Expected<uint64_t> address = entry.getAddress();
    if (!address)
      return address.takeError();
    Expected<object::section_iterator> section = entry.getSection();
    if (!section)
      return section.takeError();
    if (*section == file.section_end() || entry.getSize() != bytes)
      break;
    object::ELFSectionRef place(**section);
    if (place.getType() != SHT_PROGBITS)
      break;
    return place.getOffset() + (*address - place.getAddress());
  }
  return createStringError("the linked file has no room for weights");
}

Expected<LinkedWeights> LinkedWeights::map(StringRef path, StringRef symbol,
                                           uint64_t bytes) {
  auto object = object::ObjectFile::createObjectFile(path);
  if (!object)
    return object.takeError();
  Expected<uint64_t> offset = findOffset(*object->getBinary(), symbol, bytes);
  if (!offset)
    return offset.takeError();

  auto descriptor = sys::fs::openNativeFileForReadWrite(
      path, sys::fs::CD_OpenExisting, sys::fs::OF_None);
  if (!descriptor)
    return descriptor.takeError();
  LinkedWeights weights;
  uint64_t begin = alignDown(*offset, sys::fs::mapped_file_region::alignment());
  std::error_code error;
  weights.file = sys::fs::mapped_file_region(
      *descriptor, sys::fs::mapped_file_region::readwrite,
      *offset - begin + bytes, begin, error);
  (void)sys::fs::closeFile(*descriptor);
  if (error)
    return createFileError(path, error);
  weights.bytes =
      MutableArrayRef<char>(weights.file.data() + (*offset - begin), bytes);
  return std::move(weights);
}
