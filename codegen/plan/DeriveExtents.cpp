//===- DeriveExtents.cpp - what is known of a call before it runs ---------===//
//
// The caller allocates the results, so it has to know their extents before it
// calls, and whether extents that the model cannot relate fit together. Both
// are scalar computations in the middle of the program; they are copied into a
// function of the extents of the inputs, which the runtime calls first. Where
// the data decide an extent the caller gets a bound of it, and the program
// returns the extent.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/ExtentBound.h"
#include "codegen/plan/ExtentFormula.h"
#include "codegen/plan/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANDERIVEEXTENTS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

static constexpr StringLiteral kDimsAttr = "graph.dims";
static constexpr StringLiteral kExtentAttr = "plan.extent";
static constexpr StringLiteral kRequiresAttr = "plan.requires";

namespace {

/// An extent of a result, or (no name) what an assertion requires.
struct Derived {
  Value value;
  std::string name, message;
};

class ExtentDeriver {
public:
  explicit ExtentDeriver(func::FuncOp function)
      : function(function), builder(function.getContext()) {}

  LogicalResult derive();

private:
  void findResultExtents();
  void nameDim(unsigned result, int64_t dim, StringAttr name);
  LogicalResult resolve();
  LogicalResult bound(Derived &extent);
  void findRequirements();
  void createFunction();

  func::FuncOp function;
  OpBuilder builder;
  SmallVector<Derived> derived;
  SmallVector<cf::AssertOp> required; // before the call
};

} // namespace

// Dims of results that no argument has. What the model does not name is called
// by its place, as in "y:2".
void ExtentDeriver::findResultExtents() {
  llvm::StringSet<> known;
  for (BlockArgument arg : function.getArguments())
    if (auto type = dyn_cast<RankedTensorType>(arg.getType()))
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (type.isDynamicDim(dim))
          known.insert(getExtentName(function, arg, dim));

  Operation *ret = function.front().getTerminator();
  builder.setInsertionPoint(ret);
  for (auto [number, value] : llvm::enumerate(ret->getOperands())) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.hasStaticShape())
      continue;
    auto title = function.getResultAttrOfType<StringAttr>(number, "graph.name");
    auto dims = function.getResultAttrOfType<ArrayAttr>(number, kDimsAttr);
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      if (!type.isDynamicDim(dim))
        continue;
      auto name = dims ? cast<StringAttr>(dims[dim]) : StringAttr();
      if (!name || name.empty()) {
        name = builder.getStringAttr(
            (title ? title.getValue() : StringRef("result")) + ":" +
            Twine(dim));
        nameDim(number, dim, name);
      }
      if (known.insert(name).second)
        derived.push_back(
            {tensor::DimOp::create(builder, ret->getLoc(), value, dim),
             name.str(), ""});
    }
  }
}

void ExtentDeriver::nameDim(unsigned result, int64_t dim, StringAttr name) {
  int64_t rank =
      cast<RankedTensorType>(function.getResultTypes()[result]).getRank();
  SmallVector<Attribute> names(rank, builder.getStringAttr(""));
  if (auto dims = function.getResultAttrOfType<ArrayAttr>(result, kDimsAttr))
    names.assign(dims.begin(), dims.end());
  names[dim] = name;
  function.setResultAttr(result, kDimsAttr, builder.getArrayAttr(names));
}

// tensor.dim of what some op computes -> a computation with tensor.dim of
// arguments. Meanwhile they are returned too, which keeps them alive.
LogicalResult ExtentDeriver::resolve() {
  if (derived.empty())
    return success();
  Operation *ret = function.front().getTerminator();
  unsigned numResults = ret->getNumOperands();
  for (const Derived &extent : derived)
    ret->insertOperands(ret->getNumOperands(), extent.value);

  RewritePatternSet patterns(function.getContext());
  memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
  memref::populateResolveShapedTypeResultDimsPatterns(patterns);
  tensor::DimOp::getCanonicalizationPatterns(patterns, function.getContext());
  if (failed(applyPatternsGreedily(function, std::move(patterns))))
    return function.emitError("expected extents of results to resolve");

  for (auto [number, extent] : llvm::enumerate(derived))
    extent.value = ret->getOperand(numResults + number);
  ret->eraseOperands(numResults, derived.size());
  for (Derived &extent : derived)
    if (!isExtentFormula(extent.value, function) && failed(bound(extent)))
      return failure();
  return success();
}

// return %y  ->  return %y, %n, where %n is an extent of %y that is at most what
// the caller makes room for.
LogicalResult ExtentDeriver::bound(Derived &extent) {
  Value most = getExtentBound(extent.value, function);
  if (!most)
    return function.emitError("expected dim '")
           << extent.name
           << "' to be a formula in the extents of the arguments, or at most "
              "such a formula";
  Operation *ret = function.front().getTerminator();
  ret->insertOperands(ret->getNumOperands(), extent.value);
  NamedAttribute name(builder.getStringAttr(kExtentAttr),
                      builder.getStringAttr(extent.name));
  (void)function.insertResult(function.getNumResults(), builder.getIndexType(),
                              builder.getDictionaryAttr(name));
  extent.value = most;
  return success();
}

// What depends on the extents alone is required before the call; the rest
// stays where it is. In a branch it is required of the calls that take it:
//   if %c { assert %a }  ->  assert (%a or not %c)
void ExtentDeriver::findRequirements() {
  function.walk([&](cf::AssertOp op) {
    Value condition = op.getArg();
    if (!isExtentFormula(condition, function))
      return;
    builder.setInsertionPoint(op);
    for (Operation *inner = op; inner->getParentOp() != function;
         inner = inner->getParentOp()) {
      auto branch = dyn_cast<scf::IfOp>(inner->getParentOp());
      if (!branch || !isExtentFormula(branch.getCondition(), function))
        return;
      Value isElsewhere = branch.getCondition();
      if (inner->getParentRegion() == &branch.getThenRegion()) {
        Value yes =
            arith::ConstantIntOp::create(builder, op.getLoc(), 1, /*width=*/1);
        isElsewhere =
            arith::XOrIOp::create(builder, op.getLoc(), isElsewhere, yes);
      }
      condition =
          arith::OrIOp::create(builder, op.getLoc(), condition, isElsewhere);
    }
    derived.push_back({condition, "", op.getMsg().str()});
    required.push_back(op);
  });
}

void ExtentDeriver::createFunction() {
  builder.setInsertionPointAfter(function);
  Location loc = function.getLoc();
  auto extents = func::FuncOp::create(
      builder, loc, (function.getSymName() + "_extents").str(),
      builder.getFunctionType({}, {}));
  extents.setPrivate();
  Block *body = extents.addEntryBlock();
  builder.setInsertionPointToStart(body);

  llvm::StringMap<Value> arguments;
  auto getExtent = [&](BlockArgument arg, std::optional<int64_t> dim) {
    std::string name = getExtentName(function, arg, dim);
    Value &argument = arguments[name];
    if (!argument)
      argument = body->addArgument(builder.getIndexType(), loc);
    return argument;
  };
  ExtentCloner cloner(builder, getExtent);
  SmallVector<Value> results;
  for (const Derived &extent : derived)
    results.push_back(cloner.clone(extent.value));
  func::ReturnOp::create(builder, loc, results);

  extents.setFunctionType(builder.getFunctionType(
      body->getArgumentTypes(), ValueRange(results).getTypes()));
  for (const auto &argument : arguments)
    extents.setArgAttr(cast<BlockArgument>(argument.second).getArgNumber(),
                       kExtentAttr, builder.getStringAttr(argument.first()));
  for (auto [number, extent] : llvm::enumerate(derived))
    extents.setResultAttr(
        number, extent.name.empty() ? kRequiresAttr : kExtentAttr,
        builder.getStringAttr(extent.name.empty() ? extent.message
                                                  : extent.name));
}

LogicalResult ExtentDeriver::derive() {
  findResultExtents();
  if (failed(resolve()))
    return failure();
  findRequirements();
  if (derived.empty())
    return success();
  createFunction();
  for (cf::AssertOp op : required)
    op.erase();
  return success();
}

namespace {

struct DeriveExtents : codegen::impl::PlanDeriveExtentsBase<DeriveExtents> {
  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration() && !function.isPrivate() &&
          !function->hasAttr("msc.prepare") && function.getBody().hasOneBlock())
        functions.push_back(function);
    for (func::FuncOp function : functions)
      if (failed(ExtentDeriver(function).derive()))
        return signalPassFailure();
  }
};

} // namespace
