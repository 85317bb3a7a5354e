"""Rules for the kinds of tests: lit, GoogleTest, Python and libFuzzer.

Each test's log tells how many cases passed, failed and were skipped;
tools/check adds them up. See docs/testing.md.
"""

load("@rules_cc//cc:defs.bzl", "cc_test")

_LIT_PATTERNS = ["*.mlir", "*.test"]

_LIT_TOOLS = [
    "//tools/msc-opt",
    "@llvm//:bin/FileCheck",
    "@llvm//:bin/not",
    "@llvm//:bin/split-file",
]

def msc_lit_suite(name, srcs = None, data = [], tools = [], shards = 1, size = "medium", tags = []):
    """Runs the lit files of one folder.

    Args:
      name: the test's name, by convention "lit".
      srcs: the lit files, by default every *.mlir and *.test of the folder. A
        file of the folder that an explicit list lacks is an error.
      data: files that the lit files read. Those under test/ stand beside the
        lit files (`%S/Inputs/x`), others are found from `%{workspace}`.
      tools: labels of programs that the RUN lines call, besides msc-opt,
        FileCheck, not and split-file.
      shards: how many parts the suite is split into.
      size: Bazel's size, which sets the time limit.
      tags: as for any test.
    """
    found = native.glob(_LIT_PATTERNS, allow_empty = True)
    if srcs == None:
        srcs = found
    orphans = [f for f in found if f not in srcs]
    if orphans:
        fail("lit suite '%s' in %s lacks %s" %
             (name, native.package_name(), ", ".join(orphans)))
    if not srcs:
        fail("lit suite '%s' in %s has no files" % (name, native.package_name()))

    tools = _LIT_TOOLS + [t for t in tools if t not in _LIT_TOOLS]
    native.sh_test(
        name = name,
        size = size,
        srcs = ["//tools/bazel:run_lit.py"],
        args = (["--lit=$(rootpath @llvm//:bin/lit)"] +
                ["--tool=$(rootpath %s)" % t for t in tools] +
                ["$(rootpath %s)" % f for f in srcs]),
        data = srcs + data + tools + ["//test:lit_config", "@llvm//:bin/lit"],
        shard_count = shards if shards > 1 else None,
        tags = tags + ["lit"],
    )

def msc_unit_test(name, srcs, deps = [], data = [], copts = ["-fno-rtti"], size = "small", shards = 1, tags = [], **kwargs):
    """A GoogleTest program; main() comes from gtest.

    Args:
      name: the test's name.
      srcs: the sources, X.cpp's tests in XTest.cpp.
      deps: the libraries under test.
      data: files that the tests read, relative to the workspace.
      copts: -fno-rtti as for all code that sees MLIR.
      size: Bazel's size, which sets the time limit.
      shards: how many parts the suite is split into.
      tags: as for any test.
      **kwargs: passed on to cc_test.
    """
    cc_test(
        name = name,
        size = size,
        srcs = srcs,
        copts = copts,
        data = data,
        shard_count = shards if shards > 1 else None,
        tags = tags + ["unit"],
        deps = deps + ["@googletest//:gtest_main"],
        **kwargs
    )

def msc_python_test(name, src, deps = [], data = [], args = [], size = "medium", shards = 1, tags = []):
    """A Python unittest module, run by the interpreter of the project's venv.

    Args:
      name: the test's name.
      src: the module with the unittest.TestCase classes.
      deps: .py files (or filegroups of such) that it imports by file name.
      data: files and programs that it uses, found relative to the current
        directory, which is the workspace's root.
      args: arguments, in sys.argv[1:] of the module; $(rootpath ...) works.
      size: Bazel's size, which sets the time limit.
      shards: how many parts the tests are split into, case by case.
      tags: as for any test.
    """
    native.sh_test(
        name = name,
        size = size,
        srcs = ["//tools/bazel:run_python.sh"],
        args = ["$(rootpath //tools/bazel:run_unittest.py)", "$(rootpath %s)" % src] +
               ["--import=$(rootpaths %s)" % d for d in deps] + ["--"] + args,
        data = [
            src,
            "//tools:requirements.txt",
            "//tools/bazel:run_unittest.py",
        ] + deps + data,
        shard_count = shards if shards > 1 else None,
        tags = tags + ["python"],
    )

def msc_fuzz_test(name, srcs, corpus, runs, deps = [], copts = ["-fno-rtti"], size = "medium", tags = []):
    """A libFuzzer target: a fixed number of runs from a fixed seed.

    The target itself is <name>_target; built with --config=fuzz it is guided by
    what its inputs reach. tools/check --fuzz runs it for longer.

    Args:
      name: the test's name.
      srcs: the sources, with LLVMFuzzerTestOneInput.
      corpus: the inputs that it starts from.
      runs: how many inputs the test tries.
      deps: the libraries under test.
      copts: -fno-rtti as for all code that sees MLIR.
      size: Bazel's size, which sets the time limit.
      tags: as for any test.
    """
    native.cc_binary(
        name = name + "_target",
        testonly = True,
        srcs = srcs,
        copts = copts + ["-fsanitize=fuzzer-no-link"],
        linkopts = ["-fsanitize=fuzzer"],
        deps = deps,
    )
    native.sh_test(
        name = name,
        size = size,
        srcs = ["//tools/bazel:run_fuzzer.sh"],
        args = ["$(rootpath :%s_target)" % name, "-runs=%d" % runs] +
               ["$(rootpath %s)" % c for c in corpus],
        data = corpus + [name + "_target"],
        tags = tags + ["fuzz"],
    )
