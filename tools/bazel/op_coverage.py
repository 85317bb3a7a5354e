"""Writes the table op x facet of a dialect as Markdown.

Usage: op_coverage.py RECORDS.json, as `llvm-tblgen --dump-json` writes them.
"""

import json
import sys

FACETS = [
    ("vjp, jvp", "GradientOpInterface"),
    ("sharding", "ShardingRuleOpInterface"),
    ("cost", "CostOpInterface"),
    ("decomposition", "DecomposableOpInterface"),
    ("type inference", "InferTypeOpInterface"),
    ("shape reification", "ReifyRankedShapedTypeOpInterface"),
]
DECOMPOSABLE = "DecomposableOpInterface"
# What an op that is decomposed gets from its parts.
BY_PARTS = {"GradientOpInterface", "ShardingRuleOpInterface", "CostOpInterface"}


def interfaces(records, op):
    """The interfaces of an op, those in lists of traits included."""
    found, todo = set(), [t["def"] for t in op["traits"]]
    while todo:
        trait = records[todo.pop()]
        found.add(trait.get("cppInterfaceName"))
        todo += [t["def"] for t in trait.get("traits", [])]
    if "SameOperandsAndResultType" in {t["def"] for t in op["traits"]}:
        found.add("InferTypeOpInterface")
    return found


def cell(interface, has):
    if interface in has:
        return "own"
    if interface in BY_PARTS and DECOMPOSABLE in has:
        return "by decomposition"
    return ""


def main():
    with open(sys.argv[1]) as file:
        records = json.load(file)
    ops = [records[name] for name in records["!instanceof"]["Op"]]
    families = {}
    for op in ops:
        family = op["!locs"][0].split(":")[0].rpartition(".")[0]
        families.setdefault(family, []).append(op)

    print("<!-- Made by tools/update-generated-docs. -->\n")
    print("# Facets of ops\n")
    print("What each op declares in its .td file. \"by decomposition\" is the default of ops")
    print("that expand into others; an empty cell is a facet that the op does not have.")
    for family in sorted(families):
        print("\n## %s\n" % family.lower())
        print("| op | " + " | ".join(title for title, _ in FACETS) + " |")
        print("|---" * (len(FACETS) + 1) + "|")
        for op in sorted(families[family], key=lambda op: op["opName"]):
            has = interfaces(records, op)
            cells = [cell(interface, has) for _, interface in FACETS]
            name = "%s.%s" % (records[op["opDialect"]["def"]]["name"], op["opName"])
            print("| `%s` | " % name + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
