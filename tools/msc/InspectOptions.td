//===- InspectOptions.td - Options of 'msc inspect' --------*- tablegen -*-===//

include "tools/msc/Options.td"

def inspect_group : OptionGroup<"options">, HelpText<"OPTIONS">;

def regions : Switch<"regions",
  "The fused regions: ops, schedule, FLOPs and bytes of each", inspect_group>;
defm dims : Value<"dims", "<name=extent,...>",
  "Extents of named dims, as batch=8; FLOPs and memory are of these",
  inspect_group>;
defm donate : Value<"donate", "<input=output,...>",
  "As 'msc compile --donate' compiles it", inspect_group>;
def O0 : Flag<["-"], "O0">, HelpText<"As 'msc compile -O0' compiles it">,
  Group<inspect_group>;
defm fp : Value<"fp", "<fast|strict>", "As 'msc compile --fp' compiles it",
  inspect_group>;
defm march : Value<"march", "<cpu>",
  "CPU as LLVM names it; default: this machine's", inspect_group>;
defm triple : Value<"triple", "<triple>",
  "Target triple; default: this machine's", inspect_group>;
def help : Switch<"help", "Print this help", inspect_group>;
def h : Flag<["-"], "h">, Alias<help>;
