"""lit's configuration for all suites; tools/bazel/run_lit.py runs it."""

import os

import lit.formats

workspace = lit_config.params["workspace"]
scratch = lit_config.params["scratch"]

config.name = "msc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(scratch, "out")

# The tools of the suite come first; nothing else of the project is on the path.
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(scratch, "bin"), "/usr/bin", "/bin"]
)
for name in ["ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "ASAN_SYMBOLIZER_PATH"]:
    if name in os.environ:
        config.environment[name] = os.environ[name]

# Files of the tree that a suite lists as data.
config.substitutions.append(("%{workspace}", workspace))

# Libraries that programs run by mlir-runner print with, where a suite has it.
runner = os.path.join(scratch, "bin", "mlir-runner")
if os.path.exists(runner):
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(runner)))
    config.substitutions.append(("%{mlir_lib}", os.path.join(prefix, "lib")))

if "ASAN_OPTIONS" in os.environ:
    config.available_features.add("sanitize")
