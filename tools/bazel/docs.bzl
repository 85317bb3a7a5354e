"""Documents that mlir-tblgen writes."""

load("//tools/bazel:tblgen.bzl", "mlir_tblgen")

def msc_generated_docs(name, dialects = [], interfaces = [], passes = [], coverage = []):
    """Makes fresh/<document>.md for each entry, and the list of them.

    tools/update-generated-docs copies them beside the BUILD file, where they are
    committed; tools/check compares.

    Args:
      name: a filegroup of all documents.
      dialects: entries (dialect's name, .td file, filegroups that it includes).
      interfaces: entries (document's name, .td file, filegroups).
      passes: entries (document's name, .td file).
      coverage: entries (document's name, .td file, filegroups): which facets
        each op of a dialect has.
    """
    entries = (
        [(d, td, deps, "-gen-dialect-doc -dialect=" + d) for d, td, deps in dialects] +
        [(n, td, deps, "-gen-op-interface-docs") for n, td, deps in interfaces] +
        [(n, td, [], "-gen-pass-doc") for n, td in passes]
    )
    documents = []
    for document, td, deps, flags in entries:
        documents.append("fresh/%s.md" % document)
        mlir_tblgen(
            name = document,
            td = td,
            outs = [(flags, documents[-1])],
            deps = deps,
        )

    for document, td, deps in coverage:
        documents.append("fresh/%s.md" % document)
        records = "fresh/%s.json" % document
        mlir_tblgen(
            name = document,
            td = td,
            outs = [("--dump-json", records)],
            deps = deps,
            tool = "@llvm//:bin/llvm-tblgen",
        )
        native.genrule(
            name = document + "_table",
            srcs = [records],
            outs = [documents[-1]],
            tools = ["//tools/bazel:op_coverage.py"],
            cmd = "/usr/bin/python3 -B $(location //tools/bazel:op_coverage.py) $< > $@",
        )

    # Bazel leaves a document that is no longer made where it was.
    native.genrule(
        name = name + "_list",
        srcs = documents,
        outs = ["fresh/documents.txt"],
        cmd = "for f in $(SRCS); do basename $$f; done > $@",
    )
    native.filegroup(
        name = name,
        srcs = documents + [name + "_list"],
    )
