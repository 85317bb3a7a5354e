//===- CodeParts.cpp - A program in parts that compile alone --------------===//
#include "codegen/cpu/CodeParts.h"

#include "codegen/cpu/CompileToObject.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/ThreadPool.h"

using namespace mlir;
using namespace msc;

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

namespace {

/// One symbol of the module, and what refers to it.
struct Entry {
  Operation *op;
  bool isDefinition;
  /// The ops that refer to it, and the symbols within which they stand.
  SmallVector<Operation *> uses;
  llvm::SmallSetVector<unsigned, 4> users;
  /// Symbols that it refers to.
  llvm::SmallSetVector<unsigned, 8> references;
  unsigned numOps = 0;
  unsigned part = 0;
};

class CodeSplitter {
public:
  CodeSplitter(ModuleOp module, StringRef prefix, unsigned opsPerPart)
      : module(module), prefix(prefix), opsPerPart(opsPerPart) {}

  std::vector<OwningOpRef<ModuleOp>> run() {
    readSymbols();
    assignParts();
    for (Entry &entry : entries)
      if (isShared(entry))
        share(entry);
    renameUses();
    return makeParts();
  }

private:
  void readSymbols();
  void assignParts();
  bool isOnlyCalled(const Entry &entry) const;
  bool isShared(const Entry &entry) const;
  void share(Entry &entry);
  void dropUnusedArguments(Entry &entry);
  void renameUses();
  Operation *declare(OpBuilder &builder, Operation *op);
  std::vector<OwningOpRef<ModuleOp>> makeParts();

  ModuleOp module;
  StringRef prefix;
  unsigned opsPerPart;
  std::vector<Entry> entries;
  DenseMap<StringAttr, unsigned> byName;
  DenseMap<StringAttr, StringAttr> newNames;
  unsigned numParts = 0;
};

} // namespace

void CodeSplitter::readSymbols() {
  for (Operation &op : *module.getBody()) {
    Entry entry;
    entry.op = &op;
    auto function = dyn_cast<LLVM::LLVMFuncOp>(op);
    auto global = dyn_cast<LLVM::GlobalOp>(op);
    entry.isDefinition =
        (function && !function.isExternal()) ||
        (global && (global.getLinkage() != LLVM::Linkage::External ||
                    global.getValueOrNull() || global.getInitializerBlock()));
    op.walk([&](Operation *) { ++entry.numOps; });
    byName[SymbolTable::getSymbolName(&op)] = entries.size();
    entries.push_back(std::move(entry));
  }
  for (unsigned user = 0; user < entries.size(); ++user) {
    auto uses = SymbolTable::getSymbolUses(entries[user].op);
    for (SymbolTable::SymbolUse use : *uses) {
      unsigned used = byName.lookup(use.getSymbolRef().getRootReference());
      entries[used].uses.push_back(use.getUser());
      entries[used].users.insert(user);
      entries[user].references.insert(used);
    }
  }
}

/// Whether all that is done with a symbol is to call it.
bool CodeSplitter::isOnlyCalled(const Entry &entry) const {
  return isa<LLVM::LLVMFuncOp>(entry.op) &&
         llvm::all_of(entry.uses, llvm::IsaPred<LLVM::CallOp>);
}

/// Numbers the parts in the order of the program; the first has the
/// descriptor, which everything else is reached from.
void CodeSplitter::assignParts() {
  // Units are what can't be cut.
  llvm::EquivalenceClasses<unsigned> units;
  int first = -1;
  for (auto [number, entry] : llvm::enumerate(entries)) {
    if (!entry.isDefinition)
      continue;
    units.insert(number);
    if (isa<LLVM::GlobalOp>(entry.op) && entry.users.empty())
      units.unionSets(number, first < 0 ? first = number : first);
    else if (isa<LLVM::LLVMFuncOp>(entry.op) && !isOnlyCalled(entry))
      for (unsigned user : entry.users)
        units.unionSets(number, user);
  }
  if (first < 0)
    first = 0;
  // A table of one function goes with it, another one with the descriptor.
  for (auto [number, entry] : llvm::enumerate(entries)) {
    if (!entry.isDefinition || !isa<LLVM::GlobalOp>(entry.op) ||
        entry.users.empty())
      continue;
    unsigned user = units.getOrInsertLeaderValue(entry.users[0]);
    bool isAlone = llvm::all_of(entry.users, [&](unsigned other) {
      return units.getOrInsertLeaderValue(other) == user;
    });
    units.unionSets(number, isAlone ? user : unsigned(first));
  }

  llvm::MapVector<unsigned, SmallVector<unsigned>> members;
  members[units.getOrInsertLeaderValue(first)]; // comes first
  for (auto [number, entry] : llvm::enumerate(entries))
    if (entry.isDefinition)
      members[units.getOrInsertLeaderValue(number)].push_back(number);
  unsigned numOps = 0;
  for (auto &[leader, unit] : members) {
    if (numOps >= opsPerPart) {
      ++numParts;
      numOps = 0;
    }
    for (unsigned member : unit) {
      entries[member].part = numParts;
      numOps += entries[member].numOps;
    }
  }
  ++numParts;
}

/// Whether another part refers to it.
bool CodeSplitter::isShared(const Entry &entry) const {
  return entry.isDefinition && llvm::any_of(entry.users, [&](unsigned user) {
           return entries[user].part != entry.part;
         });
}

void CodeSplitter::share(Entry &entry) {
  auto function = dyn_cast<LLVM::LLVMFuncOp>(entry.op);
  auto global = dyn_cast<LLVM::GlobalOp>(entry.op);
  bool isVisible = (function ? function.getLinkage() : global.getLinkage()) ==
                   LLVM::Linkage::External;
  if (isVisible)
    return; // has the name by which others know it
  StringAttr name = SymbolTable::getSymbolName(entry.op);
  newNames[name] =
      StringAttr::get(module.getContext(), prefix + "." + name.getValue());
  if (function) {
    function.setLinkage(LLVM::Linkage::External);
    function.setVisibility_(LLVM::Visibility::Hidden);
    if (isOnlyCalled(entry))
      dropUnusedArguments(entry);
  } else {
    global.setLinkage(LLVM::Linkage::External);
    global.setVisibility_(LLVM::Visibility::Hidden);
  }
}

/// LLVM does so within a module. A buffer of static shape has a dozen numbers
/// for each that matters.
void CodeSplitter::dropUnusedArguments(Entry &entry) {
  auto function = cast<LLVM::LLVMFuncOp>(entry.op);
  llvm::BitVector unused(function.getNumArguments());
  for (BlockArgument argument : function.getArguments())
    if (argument.use_empty())
      unused.set(argument.getArgNumber());
  if (unused.none() || failed(function.eraseArguments(unused)))
    return;
  for (Operation *use : entry.uses) {
    auto call = cast<LLVM::CallOp>(use);
    call.removeArgAttrsAttr(); // one per argument
    MutableOperandRange operands = call.getCalleeOperandsMutable();
    for (int argument = unused.find_last(); argument >= 0;
         argument = unused.find_prev(argument))
      operands.erase(argument);
  }
}

void CodeSplitter::renameUses() {
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](FlatSymbolRefAttr reference) -> Attribute {
    auto it = newNames.find(reference.getAttr());
    return it == newNames.end() ? reference
                                : FlatSymbolRefAttr::get(it->second);
  });
  for (Entry &entry : entries) {
    auto it = newNames.find(SymbolTable::getSymbolName(entry.op));
    if (it == newNames.end())
      continue;
    for (Operation *use : entry.uses)
      replacer.replaceElementsIn(use);
    SymbolTable::setSymbolName(entry.op, it->second);
  }
}

Operation *CodeSplitter::declare(OpBuilder &builder, Operation *op) {
  Operation *clone = builder.insert(op->cloneWithoutRegions());
  if (auto global = dyn_cast<LLVM::GlobalOp>(clone))
    global.removeValueAttr();
  return clone;
}

std::vector<OwningOpRef<ModuleOp>> CodeSplitter::makeParts() {
  std::vector<OwningOpRef<ModuleOp>> parts;
  std::vector<llvm::SetVector<unsigned>> foreign(numParts);
  for (unsigned part = 0; part < numParts; ++part) {
    parts.push_back(ModuleOp::create(module.getLoc()));
    (*parts.back())->setAttrs(module->getAttrDictionary());
  }
  for (Entry &entry : entries)
    if (entry.isDefinition)
      for (unsigned used : entry.references)
        if (!entries[used].isDefinition || entries[used].part != entry.part)
          foreign[entry.part].insert(used);
  for (unsigned part = 0; part < numParts; ++part) {
    OpBuilder builder = OpBuilder::atBlockBegin(parts[part]->getBody());
    for (unsigned used : foreign[part])
      declare(builder, entries[used].op);
  }
  for (Entry &entry : entries) {
    if (entry.isDefinition)
      entry.op->moveBefore(parts[entry.part]->getBody(),
                           parts[entry.part]->getBody()->end());
    else
      entry.op->erase();
  }
  return parts;
}

std::vector<OwningOpRef<ModuleOp>>
cpu::splitCode(ModuleOp module, StringRef prefix, unsigned opsPerPart) {
  return CodeSplitter(module, prefix, opsPerPart).run();
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

llvm::Expected<std::vector<cpu::ObjectCode>>
cpu::compileParts(ArrayRef<OwningOpRef<ModuleOp>> parts,
                  const CpuTarget &target, unsigned optLevel,
                  llvm::ThreadPoolInterface *pool) {
  std::vector<ObjectCode> objects(parts.size());
  std::vector<std::string> errors(parts.size());
  // The largest first, so that no thread is left with it at the end.
  std::vector<std::pair<size_t, unsigned>> order;
  for (unsigned part = 0; part < parts.size(); ++part) {
    size_t numOps = 0;
    (*parts[part])->walk([&](Operation *) { ++numOps; });
    order.push_back({numOps, part});
  }
  llvm::sort(order, std::greater<>());
  auto compile = [&](unsigned part) {
    llvm::raw_svector_ostream stream(objects[part]);
    if (llvm::Error error =
            compileToObject(*parts[part], target, optLevel, stream))
      errors[part] = llvm::toString(std::move(error));
  };
  if (pool) {
    llvm::ThreadPoolTaskGroup group(*pool);
    for (auto [numOps, part] : order)
      group.async(compile, part);
    group.wait();
  } else {
    for (auto [numOps, part] : order)
      compile(part);
  }
  for (const std::string &error : errors)
    if (!error.empty())
      return llvm::createStringError(error);
  return std::move(objects);
}
