"""Which folder may use which: the table in docs/architecture.md."""

L0 = {"dialects/support", "dialects/interfaces"}
L1 = {"dialects/graph", "dialects/npu", "dialects/plan"}
L2 = {"analysis"}
L3 = {"frontends", "transforms", "autodiff", "parallel", "codegen"}
COMPILER = [L0, L1, L2, L3]

RUNTIME = "runtime"
RUNTIME_FOR_CODEGEN = ("runtime/abi", "runtime/npu", "runtime/schema")

# Above all layers, or build rules and test support without code of msc.
TOP = ("tools", "test", "bench", "examples", "docs")
NEUTRAL = ("", "tools/bazel", "third_party")


def under(folder, parent):
    return folder == parent or folder.startswith(parent + "/")


def area(folder):
    """(layer, area) of a folder: dialects/graph/ops -> (1, dialects/graph)."""
    for layer, areas in enumerate(COMPILER):
        for name in areas:
            if under(folder, name):
                return layer, name
    if under(folder, RUNTIME):
        return None, RUNTIME
    for name in TOP:
        if under(folder, name):
            return 4, name
    return None


def is_neutral(folder):
    return folder == "" or any(under(folder, n) for n in NEUTRAL if n)


def objection(user, used):
    """Why `user` may not depend on `used`, or None if it may."""
    if user == used or is_neutral(user) or is_neutral(used):
        return None
    if area(user) is None or area(used) is None:
        unknown = user if area(user) is None else used
        return "'%s' belongs to no layer" % unknown
    (upper, user_area), (lower, used_area) = area(user), area(used)
    if user_area == RUNTIME:
        return None if used_area == RUNTIME else "the runtime uses nothing of the compiler"
    if upper == 4:
        return None
    if used_area == RUNTIME:
        if user_area == "codegen" and any(under(used, a) for a in RUNTIME_FOR_CODEGEN):
            return None
        return "the compiler does not use the runtime, but for codegen its ABI and schema"
    if lower > upper:
        return "upward"
    if lower == upper and user_area != used_area and upper != 0:
        return "sideways"
    return None
