"""Libraries that the distribution installs under /usr."""

def _system_library_impl(ctx):
    if not ctx.path("/usr/include/" + ctx.attr.header).exists:
        fail("%s not found. Install it with\n  apt-get install %s" %
             (ctx.attr.header, ctx.attr.package))
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

system_library = repository_rule(
    implementation = _system_library_impl,
    attrs = {
        "build_file": attr.label(allow_single_file = True),
        "header": attr.string(mandatory = True),
        "package": attr.string(mandatory = True),
    },
    local = True,
    doc = "A library that is found by the compiler's default paths.",
)
