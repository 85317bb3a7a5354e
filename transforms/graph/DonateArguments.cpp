//===- DonateArguments.cpp - Results in the buffers of arguments ----------===//
//
// A model in a file is a function of values; it cannot say that a decoder's
// cache after a token is the same memory as before. Who compiles it knows, and
// without being told the program would copy the cache for each token.
//
//===----------------------------------------------------------------------===//

#include "dialects/plan/Plan.h"
#include "transforms/graph/Passes.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {

#define GEN_PASS_DEF_GRAPHDONATEARGUMENTS
#include "transforms/graph/Passes.h.inc"

namespace {

/// The text that `*` stands for in `name`; "" where the pattern has none.
std::optional<StringRef> match(StringRef pattern, StringRef name) {
  size_t star = pattern.find('*');
  if (star == StringRef::npos)
    return pattern == name ? std::optional<StringRef>("") : std::nullopt;
  if (name.size() + 1 < pattern.size() ||
      !name.consume_front(pattern.take_front(star)) ||
      !name.consume_back(pattern.drop_front(star + 1)))
    return std::nullopt;
  return name;
}

class Donor {
public:
  explicit Donor(func::FuncOp main) : main(main) {}

  LogicalResult donate(StringRef pair);

private:
  LogicalResult donate(unsigned argument, StringRef argumentName,
                       StringRef resultName);

  func::FuncOp main;
};

} // namespace

LogicalResult Donor::donate(StringRef pair) {
  auto [input, output] = pair.split('=');
  if (input.empty() || output.empty() || output.contains('=') ||
      input.count('*') > 1 || input.count('*') != output.count('*'))
    return main.emitError() << "expected INPUT=OUTPUT, each with a '*' or "
                            << "neither, got '" << pair << "'";
  bool some = false;
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto name = main.getArgAttrOfType<StringAttr>(i, GraphDialect::kNameAttr);
    if (!name || main.getArgAttr(i, GraphDialect::kParameterAttr))
      continue;
    std::optional<StringRef> text = match(input, name);
    if (!text)
      continue;
    some = true;
    std::string result = output.str();
    if (size_t star = output.find('*'); star != StringRef::npos)
      result.replace(star, 1, text->str());
    if (failed(donate(i, name, result)))
      return failure();
  }
  if (!some)
    return main.emitError() << "no input is named '" << input << "'";
  return success();
}

LogicalResult Donor::donate(unsigned argument, StringRef argumentName,
                            StringRef resultName) {
  unsigned number = 0;
  auto nameOf = [&](unsigned result) {
    return main.getResultAttrOfType<StringAttr>(result,
                                                GraphDialect::kNameAttr);
  };
  while (number < main.getNumResults() &&
         (!nameOf(number) || nameOf(number).getValue() != resultName))
    ++number;
  if (number == main.getNumResults())
    return main.emitError() << "no output is named '" << resultName << "'";
  Type given = main.getArgumentTypes()[argument];
  Type wanted = main.getResultTypes()[number];
  Attribute givenDims = main.getArgAttr(argument, GraphDialect::kDimsAttr);
  Attribute wantedDims = main.getResultAttr(number, GraphDialect::kDimsAttr);
  if (given != wanted || givenDims != wantedDims) {
    auto diagnostic = main.emitError()
                      << "expected input '" << argumentName << "' and output '"
                      << resultName << "' to have one type and the same dims";
    auto describe = [&](StringRef name, Type type, Attribute dims) {
      Diagnostic &note = diagnostic.attachNote();
      note << "'" << name << "' is " << type;
      if (dims)
        note << " with the dims " << dims;
    };
    describe(argumentName, given, givenDims);
    describe(resultName, wanted, wantedDims);
    return diagnostic;
  }
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto donated = main.getArgAttrOfType<IntegerAttr>(i, plan::kDonatedAttr);
    if (donated && (i == argument || donated.getInt() == int64_t(number)))
      return main.emitError()
             << "'" << (i == argument ? argumentName : resultName)
             << "' is given twice";
  }
  main.setArgAttr(argument, plan::kDonatedAttr,
                  Builder(main.getContext()).getI64IntegerAttr(number));
  return success();
}

namespace {

struct GraphDonateArguments
    : impl::GraphDonateArgumentsBase<GraphDonateArguments> {
  using GraphDonateArgumentsBase::GraphDonateArgumentsBase;

  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main) {
      getOperation().emitError() << "expected a function 'main'";
      return signalPassFailure();
    }
    Donor donor(main);
    for (const std::string &pair : pairs)
      if (failed(donor.donate(pair)))
        return signalPassFailure();
  }
};

} // namespace
} // namespace msc
