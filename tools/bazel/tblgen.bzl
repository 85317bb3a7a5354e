"""TableGen for ODS files."""

def mlir_tblgen(name, td, outs, deps = [], tool = "@llvm//:bin/mlir-tblgen"):
    """Runs mlir-tblgen on one file.

    Args:
      name: prefix of the generated targets.
      td: the .td file that is processed.
      outs: a list of (flags, output file).
      deps: .td files and filegroups that it includes.
      tool: the tblgen binary.
    """
    for flags, out in outs:
        native.genrule(
            name = "%s_%s" % (name, out.replace(".", "_").replace("/", "_")),
            srcs = [td] + [d for d in deps if d != td] + ["@llvm//:td"],
            outs = [out],
            tools = [tool],
            # Root of the workspace first, then LLVM's headers, found beside the tool.
            cmd = ("T=$$(readlink -f $(location {tool})); $(location {tool}) {flags} -I . " +
                   "-I $$(dirname $$(dirname $$T))/include $(location {td}) -o $@").format(
                tool = tool,
                flags = flags,
                td = td,
            ),
        )
