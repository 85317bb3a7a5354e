//===- CompileOptions.td - Options of 'msc compile' --------*- tablegen -*-===//

include "tools/msc/Options.td"

def out_group : OptionGroup<"output">, HelpText<"OUTPUT">;
def model_group : OptionGroup<"model">, HelpText<"MODEL">;
def code_group : OptionGroup<"code">, HelpText<"CODE">;
def info_group : OptionGroup<"information">, HelpText<"INFORMATION">;

def o : JoinedOrSeparate<["-"], "o">, MetaVarName<"<file>">, Group<out_group>,
  HelpText<"Where the artefact goes; text stages default to standard output">;
defm emit : Value<"emit", "<kind>",
  "exe (default), so, obj, asm, pkg (a package for msc-run), or the program as "
  "text after a stage: import, graph, linalg, regions, plan, llvm", out_group>;
defm name : Value<"name", "<identifier>",
  "Prefix of the artefact's symbols; default: the name of the output file",
  out_group>;

defm dims : Value<"dims", "<name=extent,...>",
  "Extents of named dims, as batch=8 or image:2=224, ranges, as batch=1..64, "
  "or names, as height=side,width=side for dims that are equal",
  model_group>;

defm donate : Value<"donate", "<input=output,...>",
  "Give the output the input's buffer, changed in place; a * stands for one "
  "text in both, as in past.*=present.*", model_group>;

def O0 : Flag<["-"], "O0">, Group<code_group>,
  HelpText<"Plain lowering by decompositions and loops: slow, obvious, the oracle">;
def O2 : Flag<["-"], "O2">, Group<code_group>, HelpText<"Optimise (default)">;
defm fp : Value<"fp", "<fast|strict>",
  "strict: no reordering of sums and no approximation of functions",
  code_group>;
defm target : Value<"target", "<cpu,...>",
  "What to compile for: cpu; packages will take several", code_group>;
defm march : Value<"march", "<cpu>",
  "CPU as LLVM names it, as znver4 or x86-64-v3; default: this machine's",
  code_group>;
defm triple : Value<"triple", "<triple>",
  "Target triple; default: this machine's", code_group>;
def no_threads : Switch<"no-threads", "Make no region parallel", code_group>;

defm jobs : Value<"jobs", "<n>",
  "Threads that msc itself runs on; default: one a core. The artefact is the "
  "same for all", code_group>;

def keep_intermediates : Switch<"keep-intermediates",
  "Make a program for debugging, which can write what each node of the model "
  "makes, by --intermediates", info_group>;
def keep_intermediates_eq : Joined<["--"], "keep-intermediates=">,
  MetaVarName<"<tensor>">, Group<info_group>,
  HelpText<"The same for one tensor, by its name; may be repeated">;
def explain_codegen : Switch<"explain-codegen",
  "Say how each region is executed, and why where it is slow", info_group>;
def print_pipeline : Switch<"print-pipeline",
  "Print the msc-opt commands that replay the compilation, and stop",
  info_group>;
def time : Switch<"time", "Print how long each stage took", info_group>;
def help : Switch<"help", "Print this help", info_group>;
def h : Flag<["-"], "h">, Alias<help>;
