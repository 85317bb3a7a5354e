"""Models as libraries, for users of msc."""

load("@rules_cc//cc:defs.bzl", "cc_library")

def msc_model(name, src, data = [], options = [], visibility = None, **kwargs):
    """Compiles a model and makes a C++ library of it.

    The library is the compiled model and the runtime: `#include "<package>/<name>.h"`
    declares `<name>_model`, which msc/msc.h loads and runs (docs/runtime.md).

    Args:
      name: the library; also the name of header and descriptor.
      src: the model file.
      data: files that the model refers to, such as external weights.
      options: further options of `msc compile`, such as "--dims batch=8".
      visibility: of the library.
      **kwargs: passed on to cc_library.
    """
    native.genrule(
        name = name + "_compile",
        srcs = [src] + data,
        outs = [name + ".o", name + ".h"],
        tools = ["//tools/msc"],
        cmd = "$(location //tools/msc) compile $(location %s) --emit=obj -o $(location %s.o) %s" %
              (src, name, " ".join(options)),
    )
    cc_library(
        name = name,
        srcs = [name + ".o"],
        hdrs = [name + ".h"],
        visibility = visibility,
        deps = ["//runtime"],
        **kwargs
    )
