//===- RegionTexts.cpp - Regions of every class, of any shape -------------===//
#include "test/codegen/cpu/RegionTexts.h"

#include <sstream>

using namespace msc::test;

static std::string tensorType(const Argument &argument) {
  std::string text = "tensor<";
  for (unsigned i = 0; i < argument.shape.size(); ++i)
    text += (i < argument.dynamic.size() && argument.dynamic[i]
                 ? "?"
                 : std::to_string(argument.shape[i])) +
            "x";
  return text + argument.type + ">";
}

static std::string tensorType(const Shape &shape, const std::string &type) {
  return tensorType(Argument{type, shape});
}

static bool isFloat(const std::string &type) {
  return type[0] == 'f' || type[0] == 'b';
}

static std::string zeroOf(const std::string &type) {
  return isFloat(type) ? "0.0" : "0";
}

/// Builds the text of one function.
class Writer {
public:
  explicit Writer(std::vector<Argument> arguments)
      : arguments(std::move(arguments)) {}

  std::string type(unsigned argument) {
    return tensorType(arguments[argument]);
  }

  std::string fill(const std::string &value, const std::string &elementType,
                   const std::string &shaped, const std::string &sizes = "") {
    std::string id = std::to_string(next++);
    body << "  %z" << id << " = arith.constant " << value << " : "
         << elementType << "\n  %e" << id << " = tensor.empty(" << sizes
         << ") : " << shaped << "\n  %f" << id << " = linalg.fill ins(%z" << id
         << " : " << elementType << ") outs(%e" << id << " : " << shaped
         << ") -> " << shaped << "\n";
    return "%f" + id;
  }

  /// A generic; `operands` are name and type, the last one is the destination.
  /// Block arguments are %x, %y, ... and %c; `code` defines %r.
  std::string generic(const std::string &dims,
                      const std::vector<std::string> &maps,
                      const std::string &iterators,
                      std::vector<std::pair<std::string, std::string>> operands,
                      const std::vector<std::string> &elementTypes,
                      const std::string &code) {
    std::string id = "%g" + std::to_string(next++);
    body << "  " << id << " = linalg.generic {indexing_maps = [";
    for (unsigned i = 0; i < maps.size(); ++i)
      body << (i ? ", " : "") << "affine_map<(" << dims << ") -> (" << maps[i]
           << ")>";
    body << "], iterator_types = [";
    for (unsigned i = 0; i < iterators.size(); ++i)
      body << (i ? ", " : "")
           << (iterators[i] == 'p' ? "\"parallel\"" : "\"reduction\"");
    body << "]}";
    if (operands.size() > 1) {
      body << " ins(";
      for (unsigned i = 0; i + 1 < operands.size(); ++i)
        body << (i ? ", " : "") << operands[i].first;
      body << " : ";
      for (unsigned i = 0; i + 1 < operands.size(); ++i)
        body << (i ? ", " : "") << operands[i].second;
      body << ")";
    }
    body << " outs(" << operands.back().first << " : " << operands.back().second
         << ") {\n  ^bb0(";
    const char *names[] = {"%x", "%y", "%w", "%v", "%u"};
    for (unsigned i = 0; i + 1 < operands.size(); ++i)
      body << names[i] << ": " << elementTypes[i] << ", ";
    body << "%c: " << elementTypes.back() << "):\n"
         << code << "\n    linalg.yield %r : " << elementTypes.back()
         << "\n  } -> " << operands.back().second << "\n";
    return id;
  }

  void line(const std::string &text) { body << "  " << text << "\n"; }

  RegionCase finish(const std::string &name, const std::string &result) {
    std::ostringstream text;
    text << "func.func @f(";
    for (unsigned i = 0; i < arguments.size(); ++i)
      text << (i ? ", " : "") << "%a" << i << ": " << type(i)
           << " {bufferization.writable = "
           << (arguments[i].isResult ? "true" : "false") << "}";
    std::string resultType = type(arguments.size() - 1);
    text << ") -> " << resultType << " {\n"
         << body.str() << "  return " << result << " : " << resultType
         << "\n}\n";
    return {name, text.str(), arguments};
  }

private:
  std::vector<Argument> arguments;
  std::ostringstream body;
  unsigned next = 0;
};

static std::string join(const std::vector<std::string> &parts) {
  std::string text;
  for (auto &part : parts)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

static std::string multiplyAdd(const std::string &type) {
  std::string suffix = isFloat(type) ? "f" : "i";
  return "    %p = arith.mul" + suffix + " %x, %y : " + type +
         "\n    %r = arith.add" + suffix + " %c, %p : " + type;
}

static std::string biasRelu(const std::string &type, bool relu) {
  std::string f = isFloat(type) ? "f" : "i";
  std::string code = "    %s = arith.add" + f + " %x, %y : " + type + "\n";
  code += "    %o = arith.constant " + zeroOf(type) + " : " + type + "\n";
  if (!relu)
    return code + "    %r = arith.add" + f + " %s, %o : " + type;
  return code + "    %g = arith.cmp" + f + (f == "f" ? " ogt" : " sgt") +
         ", %o, %s : " + type + "\n    %r = arith.select %g, %o, %s : " + type;
}

RegionCase msc::test::matmul(int64_t m, int64_t n, int64_t k,
                             const MatmulOptions &o) {
  Shape a = o.transposeA ? Shape{k, m} : Shape{m, k};
  Shape b = o.transposeB ? Shape{n, k} : Shape{k, n};
  std::string mapA = o.transposeA ? "k, m" : "m, k";
  std::string mapB = o.transposeB ? "n, k" : "k, n", mapC = "m, n";
  std::string dims = "m, n, k", kinds = "ppr";
  Shape c{m, n};
  if (o.packed) {
    b = {(n + o.packed - 1) / o.packed, k, o.packed};
    std::string width = std::to_string(o.packed);
    mapB = "n floordiv " + width + ", k, n mod " + width;
  }
  if (o.batch) {
    for (Shape *shape : {&a, &b, &c})
      shape->insert(shape->begin(), o.batch);
    for (std::string *map : {&mapA, &mapB, &mapC, &dims})
      *map = "b, " + *map;
    kinds = "p" + kinds;
  }
  std::vector<bool> dynamicA, dynamicC;
  if (o.dynamicRows) {
    dynamicA.assign(a.size(), false);
    dynamicC.assign(c.size(), false);
    dynamicA[(o.batch ? 1 : 0) + (o.transposeA ? 1 : 0)] = true;
    dynamicC[o.batch ? 1 : 0] = true;
  }
  Argument result{o.type, c, dynamicC, true};
  std::vector<Argument> arguments{{o.type, a, dynamicA}, {o.type, b}};
  if (o.bias)
    arguments.push_back({o.type, {n}});
  arguments.push_back(result);
  Writer w(arguments);
  std::string sizes;
  if (o.dynamicRows) {
    w.line("%i = arith.constant " + std::to_string(o.batch ? 1 : 0) +
           " : index");
    w.line("%d = tensor.dim %a" + std::to_string(arguments.size() - 1) +
           ", %i : " + tensorType(result));
    sizes = "%d";
  }
  std::string init = w.fill(zeroOf(o.type), o.type, tensorType(result), sizes);
  if (!o.bias) {
    // The fill's destination is the result itself.
    w.line("%zz = arith.constant " + zeroOf(o.type) + " : " + o.type);
    w.line("%init = linalg.fill ins(%zz : " + o.type +
           ") outs(%a2 : " + tensorType(result) + ") -> " + tensorType(result));
    init = "%init";
  }
  std::string product = w.generic(
      dims, {mapA, mapB, mapC}, kinds,
      {{"%a0", w.type(0)}, {"%a1", w.type(1)}, {init, tensorType(result)}},
      {o.type, o.type, o.type}, multiplyAdd(o.type));
  if (o.bias) {
    std::string map = o.batch ? "b, m, n" : "m, n";
    product = w.generic(map, {map, "n", map}, std::string(c.size(), 'p'),
                        {{product, tensorType(result)},
                         {"%a2", w.type(2)},
                         {"%a3", tensorType(result)}},
                        {o.type, o.type, o.type}, biasRelu(o.type, o.relu));
  }
  return w.finish("matmul", product);
}

RegionCase msc::test::convolution(int64_t n, int64_t h, int64_t width,
                                  int64_t in, int64_t out,
                                  const ConvolutionOptions &o) {
  int64_t reach = o.dilation * (o.kernel - 1) + 1;
  int64_t oh = (h + 2 * o.pad - reach) / o.stride + 1;
  int64_t ow = (width + 2 * o.pad - reach) / o.stride + 1;
  int64_t ph = h + 2 * o.pad, pw = width + 2 * o.pad;
  auto order = [&](int64_t y, int64_t x, int64_t c) {
    return o.channelsLast ? Shape{n, y, x, c} : Shape{n, c, y, x};
  };
  Shape filter = o.channelsLast ? Shape{o.kernel, o.kernel, in, out}
                                : Shape{out, in, o.kernel, o.kernel};
  std::string panel = std::to_string(o.packed);
  if (o.packed)
    filter = {(out + o.packed - 1) / o.packed, o.kernel, o.kernel, in,
              o.packed};
  Argument result{o.type, order(oh, ow, out), {}, true};
  Writer w({{o.type, order(h, width, in)},
            {o.type, filter},
            {o.type, {out}},
            result});
  std::string source = "%a0", sourceType = w.type(0);
  if (o.pad) {
    std::string padded = tensorType(order(ph, pw, in), o.type);
    std::string p = std::to_string(o.pad);
    std::string amount = o.channelsLast ? "[0, " + p + ", " + p + ", 0]"
                                        : "[0, 0, " + p + ", " + p + "]";
    w.line("%pz = arith.constant " + zeroOf(o.type) + " : " + o.type);
    w.line("%pad = tensor.pad %a0 low" + amount + " high" + amount + " {");
    w.line("^bb0(%i0: index, %i1: index, %i2: index, %i3: index):");
    w.line("  tensor.yield %pz : " + o.type);
    w.line("} : " + sourceType + " to " + padded);
    source = "%pad";
    sourceType = padded;
  }
  std::string s = std::to_string(o.stride), d = std::to_string(o.dilation);
  std::string y = "y * " + s + " + i * " + d, x = "x * " + s + " + j * " + d;
  std::string dims =
      o.channelsLast ? "n, y, x, o, i, j, c" : "n, o, y, x, c, i, j";
  std::string mapIn =
      o.channelsLast ? "n, " + y + ", " + x + ", c" : "n, c, " + y + ", " + x;
  std::string mapFilter = o.channelsLast ? "i, j, c, o" : "o, c, i, j";
  if (o.packed)
    mapFilter = "o floordiv " + panel + ", i, j, c, o mod " + panel;
  std::string mapOut = o.channelsLast ? "n, y, x, o" : "n, o, y, x";
  std::string init = w.fill(zeroOf(o.type), o.type, tensorType(result));
  std::string product = w.generic(
      dims, {mapIn, mapFilter, mapOut}, "pppprrr",
      {{source, sourceType}, {"%a1", w.type(1)}, {init, tensorType(result)}},
      {o.type, o.type, o.type}, multiplyAdd(o.type));
  product = w.generic(mapOut, {mapOut, "o", mapOut}, "pppp",
                      {{product, tensorType(result)},
                       {"%a2", w.type(2)},
                       {"%a3", tensorType(result)}},
                      {o.type, o.type, o.type}, biasRelu(o.type, o.relu));
  return w.finish("convolution", product);
}

RegionCase msc::test::depthwise(int64_t h, int64_t width, int64_t channels,
                                int64_t kernel, int64_t stride) {
  int64_t oh = (h - kernel) / stride + 1, ow = (width - kernel) / stride + 1;
  Argument result{"f32", {1, oh, ow, channels}, {}, true};
  Writer w({{"f32", {1, h, width, channels}},
            {"f32", {kernel, kernel, channels}},
            {"f32", {channels}},
            result});
  std::string init = w.fill("0.0", "f32", tensorType(result));
  std::string s = std::to_string(stride);
  std::string product = w.generic(
      "n, y, x, c, i, j",
      {"n, y * " + s + " + i, x * " + s + " + j, c", "i, j, c", "n, y, x, c"},
      "pppprr",
      {{"%a0", w.type(0)}, {"%a1", w.type(1)}, {init, tensorType(result)}},
      {"f32", "f32", "f32"}, multiplyAdd("f32"));
  product = w.generic("n, y, x, c", {"n, y, x, c", "c", "n, y, x, c"}, "pppp",
                      {{product, tensorType(result)},
                       {"%a2", w.type(2)},
                       {"%a3", tensorType(result)}},
                      {"f32", "f32", "f32"}, biasRelu("f32", true));
  return w.finish("depthwise", product);
}

RegionCase msc::test::maxPool(int64_t h, int64_t width, int64_t channels,
                              int64_t kernel, int64_t stride,
                              bool channelsLast) {
  int64_t oh = (h - kernel) / stride + 1, ow = (width - kernel) / stride + 1;
  Shape in =
      channelsLast ? Shape{h, width, channels} : Shape{channels, h, width};
  Shape out = channelsLast ? Shape{oh, ow, channels} : Shape{channels, oh, ow};
  Argument result{"f32", out, {}, true};
  Writer w({{"f32", in}, result});
  std::string k = std::to_string(kernel), s = std::to_string(stride);
  std::string window = "tensor<" + k + "x" + k + "xf32>";
  w.line("%win = tensor.empty() : " + window);
  std::string init = w.fill("0xFF800000", "f32", tensorType(result));
  std::string y = "y * " + s + " + i", x = "x * " + s + " + j";
  std::string map = channelsLast ? "y, x, c" : "c, y, x";
  std::string product = w.generic(
      map + ", i, j",
      {channelsLast ? y + ", " + x + ", c" : "c, " + y + ", " + x, "i, j", map},
      "ppprr",
      {{"%a0", w.type(0)}, {"%win", window}, {init, tensorType(result)}},
      {"f32", "f32", "f32"}, "    %r = arith.maximumf %c, %x : f32");
  return w.finish("pool", product);
}

static std::vector<std::string> dimNames(size_t rank) {
  std::vector<std::string> names;
  for (size_t i = 0; i < rank; ++i)
    names.push_back("d" + std::to_string(i));
  return names;
}

RegionCase msc::test::elementwise(const Shape &shape, unsigned broadcast,
                                  const std::string &in, const std::string &out,
                                  const std::string &body, bool dynamic) {
  Shape other;
  std::vector<std::string> names = dimNames(shape.size()), read;
  std::vector<bool> allDynamic(shape.size(), dynamic), otherDynamic;
  for (unsigned i = 0; i < shape.size(); ++i)
    if (!(broadcast >> i & 1)) {
      other.push_back(shape[i]);
      read.push_back(names[i]);
      otherDynamic.push_back(dynamic);
    }
  Argument result{out, shape, allDynamic, true};
  Writer w({{in, shape, allDynamic}, {in, other, otherDynamic}, result});
  std::string dims = join(names);
  std::string value =
      w.generic(dims, {dims, join(read), dims}, std::string(shape.size(), 'p'),
                {{"%a0", w.type(0)}, {"%a1", w.type(1)}, {"%a2", w.type(2)}},
                {in, in, out}, body);
  return w.finish("elementwise", value);
}

RegionCase msc::test::reduction(const Shape &shape, unsigned reduced,
                                const std::string &type,
                                const std::string &combine,
                                const std::string &initial, bool dynamic) {
  Shape kept;
  std::vector<std::string> names = dimNames(shape.size()), read;
  std::string kinds;
  for (unsigned i = 0; i < shape.size(); ++i) {
    bool isReduced = reduced >> i & 1;
    kinds += isReduced ? 'r' : 'p';
    if (isReduced)
      continue;
    kept.push_back(shape[i]);
    read.push_back(names[i]);
  }
  std::vector<bool> allDynamic(shape.size(), dynamic);
  std::vector<bool> keptDynamic(kept.size(), dynamic);
  Argument result{type, kept, keptDynamic, true};
  Writer w({{type, shape, allDynamic}, result});
  w.line("%z = arith.constant " + initial + " : " + type);
  w.line("%init = linalg.fill ins(%z : " + type + ") outs(%a1 : " + w.type(1) +
         ") -> " + w.type(1));
  std::string value =
      w.generic(join(names), {join(names), join(read)}, kinds,
                {{"%a0", w.type(0)}, {"%init", w.type(1)}}, {type, type},
                "    %r = " + combine + " %c, %x : " + type);
  return w.finish("reduction", value);
}

RegionCase msc::test::softmax(const Shape &shape, unsigned axis, bool dynamic,
                              bool mixed) {
  std::vector<std::string> names = dimNames(shape.size()), rest;
  std::vector<bool> allDynamic(shape.size(), dynamic), restDynamic;
  Shape reduced;
  std::string kinds, sizes, restSizes;
  for (unsigned i = 0; i < shape.size(); ++i) {
    kinds += i == axis ? 'r' : 'p';
    std::string size = "%s" + std::to_string(i);
    sizes += (sizes.empty() ? "" : ", ") + size;
    if (i == axis)
      continue;
    restSizes += (restSizes.empty() ? "" : ", ") + size;
    reduced.push_back(shape[i]);
    rest.push_back(names[i]);
    restDynamic.push_back(dynamic);
  }
  Argument result{"f32", shape, allDynamic, true};
  Writer w({{"f32", shape, allDynamic}, result});
  std::string whole = w.type(0);
  std::string row = tensorType({"f32", reduced, restDynamic});
  if (dynamic)
    for (unsigned i = 0; i < shape.size(); ++i) {
      std::string number = std::to_string(i);
      w.line("%n" + number + " = arith.constant " + number + " : index");
      w.line("%s" + number + " = tensor.dim %a0, %n" + number + " : " + whole);
    }
  else
    sizes = restSizes = "";
  std::string all = join(names), most = join(rest);
  std::string parallel(shape.size(), 'p');
  std::string largest = w.generic(
      all, {all, most}, kinds,
      {{"%a0", whole}, {w.fill("0xFF800000", "f32", row, restSizes), row}},
      {"f32", "f32"}, "    %r = arith.maximumf %c, %x : f32");
  w.line("%em = tensor.empty(" + sizes + ") : " + whole);
  std::string power, sum, zeros = w.fill("0.0", "f32", row, restSizes);
  if (mixed) {
    std::string map = "affine_map<(" + all + ") -> (" + all +
                      ")>, affine_map<(" + all + ") -> (" + most + ")>";
    std::string iterators;
    for (char kind : kinds)
      iterators += (iterators.empty() ? "" : ", ") +
                   std::string(kind == 'p' ? "\"parallel\"" : "\"reduction\"");
    w.line("%both:2 = linalg.generic {indexing_maps = [" + map + ", " + map +
           "], iterator_types = [" + iterators + "]} ins(%a0, " + largest +
           " : " + whole + ", " + row + ") outs(%em, " + zeros + " : " + whole +
           ", " + row + ") {");
    w.line("^bb0(%x: f32, %y: f32, %o: f32, %c: f32):\n"
           "    %t = arith.subf %x, %y : f32\n    %e = math.exp %t : f32\n"
           "    %s = arith.addf %c, %e : f32\n"
           "    linalg.yield %e, %s : f32, f32\n  } -> (" +
           whole + ", " + row + ")");
    power = "%both#0";
    sum = "%both#1";
  } else {
    power = w.generic(all, {all, most, all}, parallel,
                      {{"%a0", whole}, {largest, row}, {"%em", whole}},
                      {"f32", "f32", "f32"},
                      "    %t = arith.subf %x, %y : f32\n"
                      "    %r = math.exp %t : f32");
    sum = w.generic(all, {all, most}, kinds, {{power, whole}, {zeros, row}},
                    {"f32", "f32"}, "    %r = arith.addf %c, %x : f32");
  }
  std::string value =
      w.generic(all, {all, most, all}, parallel,
                {{power, whole}, {sum, row}, {"%a1", whole}},
                {"f32", "f32", "f32"}, "    %r = arith.divf %x, %y : f32");
  return w.finish("softmax", value);
}

RegionCase msc::test::layerNorm(int64_t rows, int64_t width) {
  Argument result{"f32", {rows, width}, {}, true};
  Writer w(
      {{"f32", {rows, width}}, {"f32", {width}}, {"f32", {width}}, result});
  std::string whole = w.type(0), row = tensorType({rows}, "f32");
  std::string n = std::to_string(width) + ".0";
  std::string sum =
      w.generic("i, j", {"i, j", "i"}, "pr",
                {{"%a0", whole}, {w.fill("0.0", "f32", row), row}},
                {"f32", "f32"}, "    %r = arith.addf %c, %x : f32");
  w.line("%er = tensor.empty() : " + row);
  std::string mean = w.generic("i", {"i", "i"}, "p", {{sum, row}, {"%er", row}},
                               {"f32", "f32"},
                               "    %n = arith.constant " + n +
                                   " : f32\n    %r = arith.divf %x, %n : f32");
  std::string squares = w.generic(
      "i, j", {"i, j", "i", "i"}, "pr",
      {{"%a0", whole}, {mean, row}, {w.fill("0.0", "f32", row), row}},
      {"f32", "f32", "f32"},
      "    %d = arith.subf %x, %y : f32\n    %q = arith.mulf %d, %d : f32\n"
      "    %r = arith.addf %c, %q : f32");
  std::string scale = w.generic(
      "i", {"i", "i"}, "p", {{squares, row}, {"%er", row}}, {"f32", "f32"},
      "    %n = arith.constant " + n +
          " : f32\n    %v = arith.divf %x, %n : f32\n    %e = arith.constant "
          "1.0e-5 : f32\n    %s = arith.addf %v, %e : f32\n    %q = math.sqrt "
          "%s : f32\n    %o = arith.constant 1.0 : f32\n    %r = arith.divf "
          "%o, %q : f32");
  std::string value = w.generic(
      "i, j", {"i, j", "i", "i", "j", "j", "i, j"}, "pp",
      {{"%a0", whole},
       {mean, row},
       {scale, row},
       {"%a1", w.type(1)},
       {"%a2", w.type(2)},
       {"%a3", whole}},
      {"f32", "f32", "f32", "f32", "f32", "f32"},
      "    %d = arith.subf %x, %y : f32\n    %m = arith.mulf %d, %w : f32\n"
      "    %g = arith.mulf %m, %v : f32\n    %r = arith.addf %g, %u : f32");
  return w.finish("layer norm", value);
}

RegionCase msc::test::transpose(const Shape &shape,
                                const std::vector<unsigned> &order,
                                const std::string &type) {
  std::vector<std::string> names = dimNames(shape.size()), read(shape.size());
  Shape out;
  for (unsigned i = 0; i < order.size(); ++i) {
    out.push_back(shape[order[i]]);
    read[order[i]] = names[i];
  }
  Argument result{type, out, {}, true};
  Writer w({{type, shape}, result});
  std::string value = w.generic(
      join(names), {join(read), join(names)}, std::string(shape.size(), 'p'),
      {{"%a0", w.type(0)}, {"%a1", w.type(1)}}, {type, type},
      "    %k = arith.constant 0 : i1\n"
      "    %r = arith.select %k, %c, %x : " +
          type);
  return w.finish("transpose", value);
}

RegionCase msc::test::concatenate(int64_t rows, int64_t left, int64_t right) {
  Argument result{"f32", {rows, left + right}, {}, true};
  Writer w({{"f32", {rows, left}}, {"f32", {rows, right}}, result});
  w.line("%e = tensor.empty() : " + w.type(0));
  std::string negated = w.generic(
      "i, j", {"i, j", "i, j"}, "pp", {{"%a0", w.type(0)}, {"%e", w.type(0)}},
      {"f32", "f32"}, "    %r = arith.negf %x : f32");
  auto insert = [&](const std::string &name, const std::string &source,
                    const std::string &dest, int64_t at, unsigned argument,
                    int64_t columns) {
    w.line(name + " = tensor.insert_slice " + source + " into " + dest +
           "[0, " + std::to_string(at) + "] [" + std::to_string(rows) + ", " +
           std::to_string(columns) + "] [1, 1] : " + w.type(argument) +
           " into " + w.type(2));
  };
  insert("%i0", negated, "%a2", 0, 0, left);
  insert("%i1", "%a1", "%i0", left, 1, right);
  return w.finish("concatenate", "%i1");
}

RegionCase msc::test::pad(const Shape &shape, const Shape &low,
                          const Shape &high, const std::string &type) {
  Shape out;
  std::string lows, highs, indices;
  for (unsigned i = 0; i < shape.size(); ++i) {
    out.push_back(low[i] + shape[i] + high[i]);
    lows += (i ? ", " : "") + std::to_string(low[i]);
    highs += (i ? ", " : "") + std::to_string(high[i]);
    indices += (i ? ", %i" : "%i") + std::to_string(i) + ": index";
  }
  Argument result{type, out, {}, true};
  Writer w({{type, shape}, result});
  w.line("%z = arith.constant " + zeroOf(type) + " : " + type);
  w.line("%p = tensor.pad %a0 low[" + lows + "] high[" + highs + "] {");
  w.line("^bb0(" + indices + "):");
  w.line("  tensor.yield %z : " + type);
  w.line("} : " + w.type(0) + " to " + w.type(1));
  w.line("%m = bufferization.materialize_in_destination %p in %a1 : (" +
         w.type(1) + ", " + w.type(1) + ") -> " + w.type(1));
  return w.finish("pad", "%m");
}
