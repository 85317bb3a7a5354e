"""Finds an installed LLVM 22 with MLIR and lld."""

_PACKAGES = "libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools clang-22 lld-22 liblld-22-dev"

def _llvm_configure_impl(ctx):
    prefix = ctx.os.environ.get("LLVM_PREFIX", "") or "/usr/lib/llvm-22"
    for needed in [
        "include/mlir/IR/Operation.h",
        "include/lld/Common/Driver.h",
        "lib/libMLIR.so.22.1",
        "lib/libLLVM.so.22.1",
        "lib/liblldELF.a",
        "bin/mlir-tblgen",
        "bin/FileCheck",
    ]:
        if not ctx.path(prefix + "/" + needed).exists:
            fail(("LLVM 22 with MLIR not found: no %s in %s. Install it with\n" +
                  "  apt-get install %s\n" +
                  "or point LLVM_PREFIX at an installation of LLVM 22.") %
                 (needed, prefix, _PACKAGES))
    for directory in ["include", "lib", "bin", "build"]:
        if ctx.path(prefix + "/" + directory).exists:
            ctx.symlink(prefix + "/" + directory, directory)
    ctx.symlink(Label("//third_party/llvm:llvm.BUILD"), "BUILD.bazel")
    ctx.file("prefix.bzl", "LLVM_PREFIX = \"%s\"\n" % prefix)

llvm_configure = repository_rule(
    implementation = _llvm_configure_impl,
    environ = ["LLVM_PREFIX"],
    local = True,
    doc = "Makes @llvm out of $LLVM_PREFIX, by default /usr/lib/llvm-22.",
)
