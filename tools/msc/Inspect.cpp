//===- Inspect.cpp - msc inspect ------------------------------------------===//

#include "codegen/emit/Signature.h"
#include "dialects/graph/Graph.h"
#include "dialects/plan/Plan.h"
#include "tools/msc/Compilation.h"
#include "tools/msc/Regions.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace llvm;
using namespace msc;
using namespace msc::tools;

namespace {

using namespace llvm::opt; // what the generated tables name

#define OPTTABLE_STR_TABLE_CODE
#include "tools/msc/InspectOptions.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "tools/msc/InspectOptions.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

enum ID {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "tools/msc/InspectOptions.inc"
#undef OPTION
};

constexpr opt::OptTable::Info kInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "tools/msc/InspectOptions.inc"
#undef OPTION
};

struct InspectTable : opt::GenericOptTable {
  InspectTable()
      : GenericOptTable(OptionStrTable, OptionPrefixesTable, kInfos) {}
};

constexpr StringLiteral kUsageLine = "msc inspect [options] <model.onnx>";
constexpr StringLiteral kTitle =
    "Shows a model's signature, ops, parameters, FLOPs and memory.";

/// A shape as people write it: [batch, 1, 8, 8].
void printShape(mlir::RankedTensorType type, mlir::ArrayAttr names) {
  outs() << '[';
  for (auto [dim, extent] : enumerate(type.getShape())) {
    if (dim)
      outs() << ", ";
    StringRef name =
        names ? cast<mlir::StringAttr>(names[dim]).getValue() : StringRef();
    if (!mlir::ShapedType::isDynamic(extent))
      outs() << extent;
    else
      outs() << (name.empty() ? "?" : printable(name));
  }
  outs() << "] ";
  outs() << type.getElementType();
}

void printSignature(mlir::func::FuncOp main) {
  using graph::GraphDialect;
  auto line = [&](StringRef role, StringRef name, mlir::Type type,
                  mlir::ArrayAttr dims) {
    outs() << formatv("  {0,-8} {1,-24} ", role, printable(name));
    printShape(cast<mlir::RankedTensorType>(type), dims);
    outs() << '\n';
  };
  auto nameOf = [](mlir::StringAttr name) {
    return name ? name.getValue() : StringRef("(unnamed)");
  };
  for (auto [i, type] : enumerate(main.getArgumentTypes()))
    if (!main.getArgAttr(i, GraphDialect::kParameterAttr))
      line("input",
           nameOf(main.getArgAttrOfType<mlir::StringAttr>(
               i, GraphDialect::kNameAttr)),
           type,
           main.getArgAttrOfType<mlir::ArrayAttr>(i, GraphDialect::kDimsAttr));
  for (auto [i, type] : enumerate(main.getResultTypes()))
    line("output",
         nameOf(main.getResultAttrOfType<mlir::StringAttr>(
             i, GraphDialect::kNameAttr)),
         type,
         main.getResultAttrOfType<mlir::ArrayAttr>(i, GraphDialect::kDimsAttr));
}

/// Sums over ops as the model has them; unknown extents and trip counts count as
/// 1, and are said to.
struct OpTotals {
  std::map<std::string, unsigned> counts;
  double flops = 0, transcendentals = 0;
  bool dynamic = false, isLooped = false;
};

OpTotals countOps(mlir::func::FuncOp main) {
  OpTotals totals;
  main.walk([&](mlir::Operation *op) {
    if (!isa_and_nonnull<graph::GraphDialect>(op->getDialect()))
      return;
    ++totals.counts[op->getName().stripDialect().str()];
    auto costed = dyn_cast<CostOpInterface>(op);
    if (!costed)
      return;
    OpCost cost = costed.getCost([&](mlir::Value, unsigned) -> int64_t {
      totals.dynamic = true;
      return 1;
    });
    Calls calls = countCalls(op);
    totals.flops += cost.flops * double(calls.count);
    totals.transcendentals += cost.transcendentals * double(calls.count);
    totals.isLooped |= calls.isUnknown;
  });
  return totals;
}

void printParameters(mlir::func::FuncOp main) {
  uint64_t count = 0, elements = 0, bytes = 0;
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto blob = main.getArgAttrOfType<graph::FileBlobAttr>(
        i, graph::GraphDialect::kParameterAttr);
    if (!blob)
      continue;
    ++count;
    elements += cast<mlir::RankedTensorType>(main.getArgumentTypes()[i])
                    .getNumElements();
    bytes += blob.getLength();
  }
  outs() << "parameters: " << count << " tensors, " << elements
         << " elements, " << bytes << " bytes\n";
}

void printOps(const OpTotals &totals) {
  outs() << "ops:";
  for (auto &[name, count] : totals.counts)
    outs() << ' ' << name << " x" << count;
  outs() << "\nFLOPs: " << format("%.0f", totals.flops)
         << ", elementary functions: "
         << format("%.0f", totals.transcendentals);
  if (totals.dynamic)
    outs() << " (dynamic dims counted as 1; set them with --dims)";
  if (totals.isLooped)
    outs() << " (loops whose trip count is not known counted once)";
  outs() << '\n';
}

void printMemory(mlir::func::FuncOp main) {
  mlir::Attribute arena = main->getAttr(plan::kArenaBytesAttr);
  if (auto bytes = dyn_cast_or_null<mlir::IntegerAttr>(arena))
    outs() << "arena: " << bytes.getInt() << " bytes\n";
  else if (arena)
    outs() << "arena: of the size that a call's extents ask for; set them with "
              "--dims\n";
}

} // namespace

static int inspect(Compilation &compilation, bool regions) {
  if (failed(compilation.runUntil("import")))
    return kFailed;
  auto main = compilation.getModule().lookupSymbol<mlir::func::FuncOp>("main");
  outs() << printable(compilation.getSettings().model) << '\n';
  printSignature(main);
  printParameters(main);
  printOps(countOps(main));
  if (failed(compilation.runUntil("plan")))
    return kFailed;
  main = compilation.getModule().lookupSymbol<mlir::func::FuncOp>("main");
  printMemory(main);
  if (regions)
    printRegions(compilation.getModule(), outs());
  return kOk;
}

int msc::tools::runInspect(ArrayRef<const char *> arguments) {
  InspectTable table;
  auto args = parseArgs(table, arguments, "inspect");
  if (!args)
    return kUsage;
  if (args->hasArg(OPT_help)) {
    table.printHelp(outs(), kUsageLine.data(), kTitle.data());
    return kOk;
  }
  CompileSettings settings;
  SettingIds ids = {OPT_dims, OPT_donate, OPT_O0,     0,
                    OPT_fp,   OPT_march,  OPT_triple, 0};
  if (!readSettings(*args, ids, "inspect", settings))
    return kUsage;
  Compilation compilation(settings, /*printRemarks=*/false,
                          /*printTimes=*/false);
  return inspect(compilation, args->hasArg(OPT_regions));
}
