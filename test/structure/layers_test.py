"""Nothing depends upward or sideways: neither BUILD files nor includes.

Run by tools/check, outside of `bazel test`: a query inside of a test would wait
for the lock that its own Bazel holds.
"""

import glob
import os
import re
import unittest

import layers
import rules

INCLUDE = re.compile(r'^\s*#?include "([^"]+/[^"/]+)"', re.M)
# Folders whose names the project's includes start with.
OWN = {
    "analysis",
    "autodiff",
    "bench",
    "codegen",
    "dialects",
    "examples",
    "frontends",
    "parallel",
    "runtime",
    "test",
    "tools",
    "transforms",
}


def sources():
    for top in sorted(OWN):
        for suffix in ("h", "cpp", "td", "c"):
            yield from glob.glob("%s/**/*.%s" % (top, suffix), recursive=True)


def includes(path):
    with open(path, errors="replace") as file:
        return INCLUDE.findall(file.read())


class LayersTest(unittest.TestCase):
    def test_table(self):
        for user, used, allowed in [
            ("dialects/graph", "dialects/interfaces", True),
            ("dialects/interfaces", "dialects/support", True),
            ("dialects/interfaces", "dialects/graph", False),
            ("dialects/graph", "dialects/plan", False),
            ("analysis", "dialects/plan", True),
            ("dialects/plan", "analysis", False),
            ("codegen/cpu", "codegen/plan", True),
            ("codegen/cpu", "frontends/onnx", False),
            ("transforms/graph", "autodiff", False),
            ("analysis", "transforms/graph", False),
            ("codegen/emit", "runtime/abi", True),
            ("codegen/emit", "runtime/core", False),
            ("codegen/emit", "runtime/npu", True),
            ("codegen/emit", "runtime/npu_sim", False),
            ("frontends/onnx", "runtime/abi", False),
            ("runtime/core", "dialects/support", False),
            ("runtime/core", "runtime/abi", True),
            ("codegen/cpu", "tools/msc", False),
            ("tools/msc", "codegen/cpu", True),
            ("test/unit/runtime", "runtime/core", True),
            ("codegen/cpu", "nowhere", False),
        ]:
            with self.subTest(user=user, used=used):
                self.assertEqual(layers.objection(user, used) is None, allowed)

    def test_build_files(self):
        bad = []
        for rule in rules.all_rules():
            for used in rule.inputs:
                if rules.package(used) is None:
                    continue
                why = layers.objection(rules.package(rule.label), rules.package(used))
                if why:
                    bad.append("%s depends on %s: %s" % (rule.label, used, why))
        self.assertGreater(len(rules.all_rules()), 0)
        self.assertFalse(bad, "\n".join(bad))

    def test_nothing_in_a_layer_is_public(self):
        """What everybody may use, a lower layer may use too."""
        self.assertFalse(
            [
                rule.label
                for rule in rules.all_rules()
                if "//visibility:public" in rule.visibility
                and layers.area(rules.package(rule.label))
                and layers.area(rules.package(rule.label))[0] != 4
                # What programs of users link.
                and rule.label != "//runtime:runtime"
            ]
        )

    def test_includes(self):
        bad, seen = [], 0
        for path in sources():
            for used in includes(path):
                if used.split("/")[0] not in OWN:
                    continue
                seen += 1
                why = layers.objection(os.path.dirname(path), os.path.dirname(used))
                if why:
                    bad.append('%s includes "%s": %s' % (path, used, why))
        self.assertGreater(seen, 0)
        self.assertFalse(bad, "\n".join(bad))

    def test_runtime_is_free_of_llvm(self):
        bad = []
        for rule in rules.all_rules():
            if not layers.under(rules.package(rule.label), "runtime"):
                continue
            bad += ["%s depends on %s" % (rule.label, i) for i in rule.inputs if i.startswith("@llvm//")]
        for path in sources():
            if path.startswith("runtime/"):
                bad += [
                    '%s includes "%s"' % (path, i)
                    for i in includes(path)
                    if i.startswith(("mlir/", "llvm/", "llvm-c/", "lld/"))
                ]
        self.assertFalse(bad, "\n".join(bad))


if __name__ == "__main__":
    unittest.main()
