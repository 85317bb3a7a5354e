//===- GraphAttrs.td - Attributes of the graph dialect -----*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_ATTRS
#define MSC_DIALECTS_GRAPH_ATTRS

include "dialects/graph/GraphBase.td"

def Graph_FileBlobAttr : AttrDef<Graph_Dialect, "FileBlob"> {
  let mnemonic = "blob";
  let summary = "Bytes in a file";
  let description = [{
    The value of a parameter, left in the file where it was found: `length`
    bytes from `offset` on, dense, row-major, little-endian, of the type of what
    carries the attribute. Never loaded by the compiler as a whole; whoever
    reads it maps the file and checks that the range lies inside it. `hash` is
    the xxh3 (64 bits, hexadecimal) of the bytes, or empty where nobody
    computed it.

    Example: `#graph.blob<"model.onnx", offset = 1024, length = 576, hash = "">`
  }];
  let parameters = (ins
    StringRefParameter<"path of the file">:$path,
    "uint64_t":$offset,
    "uint64_t":$length,
    StringRefParameter<"xxh3 of the bytes, or empty">:$hash
  );
  let assemblyFormat = [{
    `<` $path `,` `offset` `=` $offset `,` `length` `=` $length `,` `hash` `=`
    $hash `>`
  }];
}

class Graph_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::msc::graph";
  let genSpecializedAttr = 0;
}

def Graph_ComparePredicate : Graph_Enum<"ComparePredicate",
    "how two elements are compared; comparisons with NaN are false but for `ne`",
    [I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>,
     I32EnumAttrCase<"lt", 2>, I32EnumAttrCase<"le", 3>,
     I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]>;
def Graph_ComparePredicateAttr
    : EnumAttr<Graph_Dialect, Graph_ComparePredicate, "compare_predicate"> {
  let assemblyFormat = "$value";
}

def Graph_ScatterCombiner : Graph_Enum<"ScatterCombiner",
    "what an update does to the element at its place",
    [I32EnumAttrCase<"set", 0>, I32EnumAttrCase<"add", 1>,
     I32EnumAttrCase<"mul", 2>, I32EnumAttrCase<"max", 3>,
     I32EnumAttrCase<"min", 4>]>;
def Graph_ScatterCombinerAttr
    : EnumAttr<Graph_Dialect, Graph_ScatterCombiner, "scatter_combiner"> {
  let assemblyFormat = "$value";
}

def Graph_Layout : Graph_Enum<"Layout",
    "order of the dims of an image tensor",
    [I32EnumAttrCase<"ChannelsFirst", 0, "channels_first">,
     I32EnumAttrCase<"ChannelsLast", 1, "channels_last">]>;
def Graph_LayoutAttr : EnumAttr<Graph_Dialect, Graph_Layout, "layout"> {
  let assemblyFormat = "`<` $value `>`";
}

#endif
