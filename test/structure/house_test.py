"""The rules of the house that a program can check."""

import glob
import os
import re
import unittest

import layers
import rules

MAX_LINES = {".cpp": 800, ".h": 800, ".py": 800, ".c": 800, ".td": 400, ".mlir": 250}
VAGUE = re.compile(r"utils?|helpers?|misc|common", re.I)
LINK = re.compile(r"\]\(([^)#][^)\s]*)\)")
PASS = re.compile(r'^def \w+\s*:\s*(?:Interface)?Pass<\s*"([\w-]+)"', re.M)


def files():
    """The files of the tree, without Bazel's links, caches and hidden folders."""
    paths = []
    for folder, folders, names in os.walk("."):
        folders[:] = [
            f for f in folders if not f.startswith((".", "bazel-")) and f != "__pycache__"
        ]
        paths += [os.path.normpath(os.path.join(folder, f)) for f in names]
    return sorted(paths)


def own(paths):
    return [p for p in paths if not p.startswith("third_party/")]


def camel(name):
    return "".join(word.capitalize() for word in name.split("-"))


def passes():
    """(folder, name, name without its area) of each declared pass."""
    for table in own(files()):
        if table.endswith("Passes.td"):
            with open(table) as file:
                names = PASS.findall(file.read())
            assert names, "%s declares no pass" % table
            for name in names:
                yield os.path.dirname(table), name, name.partition("-")[2]


def runs(test, name):
    with open(test) as file:
        lines = [line for line in file if "RUN:" in line]
    return any(re.search(r"\b%s\b" % re.escape(name), line) for line in lines)


class HouseTest(unittest.TestCase):
    def check(self, bad):
        self.assertFalse(bad, "\n".join([""] + bad))

    def test_files_are_small(self):
        bad = []
        for path in own(files()):
            limit = MAX_LINES.get(os.path.splitext(path)[1])
            if limit is None or "/Inputs/" in path:
                continue
            with open(path, errors="replace") as file:
                lines = sum(1 for _ in file)
            if lines > limit:
                bad.append("%s has %d lines, the limit is %d" % (path, lines, limit))
        self.check(bad)

    def test_names_say_something(self):
        bad = []
        for path in own(files()):
            for part in os.path.splitext(path)[0].split("/"):
                words = re.findall(r"[A-Z]?[a-z0-9]+", part)
                bad += ["%s: '%s' says nothing" % (path, w) for w in words if VAGUE.fullmatch(w)]
        self.check(bad)

    def test_every_test_file_belongs_to_a_suite(self):
        used = set()
        by_label = {rule.label: rule for rule in rules.all_rules()}
        for rule in rules.all_rules():
            if rule.kind.endswith("_test"):
                # A fuzzer is a program of its own, which a script runs.
                programs = [by_label[i] for i in rule.inputs if i in by_label]
                inputs = rule.inputs + [i for p in programs for i in p.inputs]
                used.update(rules.path(i) for i in inputs if i.startswith("//"))
        bad, seen = [], 0
        for path in files():
            name = os.path.basename(path)
            if not path.startswith("test/") or "/Inputs/" in path:
                continue
            # tools/check runs test/structure itself.
            if path.startswith("test/structure/"):
                continue
            if name.endswith((".mlir", ".test", "_test.py", "Test.cpp", "Fuzzer.cpp")):
                seen += 1
                if path not in used:
                    bad.append("%s is in no suite" % path)
        self.assertGreater(seen, 0)
        self.check(bad)

    def test_each_table_of_passes_is_documented(self):
        documented = set()
        for rule in rules.all_rules():
            if rules.package(rule.label) == "docs/generated":
                documented.update(rules.path(i) for i in rule.inputs if i.startswith("//"))
        self.check(
            [
                "%s is not in docs/generated/BUILD.bazel: add its line there, then run "
                "tools/update-generated-docs" % path
                for path in own(files())
                if path.endswith("Passes.td") and path not in documented
            ]
        )

    def test_links_in_documents_lead_somewhere(self):
        bad = []
        for path in own(p for p in files() if p.endswith(".md")):
            with open(path) as file:
                links = LINK.findall(file.read())
            for link in links:
                target = os.path.join(os.path.dirname(path), link.partition("#")[0])
                if ":" not in link and not os.path.exists(target):
                    bad.append("%s: no %s" % (path, link))
        self.check(bad)

    def test_suites_stand_in_test(self):
        self.check(
            [
                "%s is not under test/" % rule.label
                for rule in rules.all_rules()
                if rule.kind.endswith("_test") and not layers.under(rules.package(rule.label), "test")
            ]
        )

    def test_each_pass_has_its_file(self):
        """-area-verb-object is VerbObject.cpp beside or below Passes.td."""
        bad = []
        for folder, name, short in passes():
            pattern = "%s/**/%s.cpp" % (folder, camel(short))
            if not glob.glob(pattern, recursive=True):
                bad.append("-%s of %s: no %s" % (name, folder, pattern))
        self.check(bad)

    def test_each_pass_has_its_test(self):
        """verb-object.mlir (or verb-object-*.mlir) at the same place in test/
        runs the pass. The only pass of a folder may have a test per source."""
        found = list(passes())
        bad = []
        for folder, name, short in found:
            alone = [f for f, _, _ in found].count(folder) == 1
            pattern = "test/%s/**/%s*.mlir" % (folder, "" if alone else short)
            tests = glob.glob(pattern, recursive=True)
            if not any(runs(test, name) for test in tests):
                bad.append("-%s of %s: no %s runs it" % (name, folder, pattern))
        self.check(bad)


if __name__ == "__main__":
    unittest.main()
