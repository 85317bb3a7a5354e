"""Runs ONNX's own test data: onnx_suite_test.py --msc=PATH.

Debian's libonnx-testdata holds over a thousand small models with inputs and outputs.
Those named in passes.txt must compile and give the outputs, those in disputed.txt
what ONNX Runtime gives instead; all others must be refused by a diagnostic, and
are counted as skipped. So a regression fails,
a wrong result always fails, and a test that starts to pass has to be entered:

    onnx_suite_test.py --msc=PATH --update
"""

import argparse
import collections
import dataclasses
import os
import sys
import unittest

import ml_dtypes

if __name__ == "__main__":  # for --update; the test rule says where they are
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "execution"))

from agreement import disagreement
from program import Failure, Msc, OnnxRuntime
from suite_case import NotTensors, inputs_of, merged, read_case

DATA = "/usr/share/libonnx-testdata/data"
GROUPS = ("node", "pytorch-converted", "pytorch-operator", "simple")

# The tolerance of ONNX's backend tests.
RTOL, ATOL = 1e-3, 1e-7
# So many cases in one model: one that is too large compiles slower than two.
TOGETHER = 60


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc")
    parser.add_argument("--backend", choices=["msc", "onnxruntime"], default="msc")
    parser.add_argument("--data", default=DATA)
    parser.add_argument("--passes", default="test/onnx_suite/passes.txt")
    parser.add_argument("--defects", default="test/onnx_suite/defects.txt")
    parser.add_argument("--disputed", default="test/onnx_suite/disputed.txt")
    parser.add_argument("--update", action="store_true", help="write passes.txt anew")
    parser.add_argument("--group", choices=GROUPS, action="append")
    arguments, _ = parser.parse_known_args()
    return arguments


def names_in(path):
    with open(path) as lines:
        names = [line.strip() for line in lines if line.strip() and line[0] != "#"]
    if names != sorted(set(names)):
        raise SystemExit(f"{path}: expected sorted names, each once")
    return names


def compare(case, outputs, prefix):
    for name, want in case.outputs.items():
        if prefix + name not in outputs:
            return f"no output '{prefix + name}'"
        # The suite's bfloat16 are cut off where others round: one unit apart.
        rtol = 2**-7 if want.dtype == ml_dtypes.bfloat16 else RTOL
        wrong = disagreement(outputs[prefix + name], want, rtol, ATOL)
        if wrong:
            return f"output '{name}': {wrong}"
    return None


class Suite:
    def __init__(self, backend, cases):
        self.backend, self.cases = backend, cases
        self.outcomes = {}

    def run_alone(self, case):
        """None, what is wrong, or a Failure when it does not compile."""
        program = self.backend.compile(case.model)
        try:
            return compare(case, program.run(case.inputs), "")
        finally:
            program.close()

    def run_together(self, cases):
        if len(cases) == 1:
            try:
                self.outcomes[cases[0].name] = self.run_alone(cases[0])
            except Failure as failure:
                self.outcomes[cases[0].name] = str(failure)
            return
        try:
            program = self.backend.compile(merged(cases))
            try:
                outputs = program.run(inputs_of(cases))
            finally:
                program.close()
        except Failure:
            middle = len(cases) // 2
            self.run_together(cases[:middle])
            self.run_together(cases[middle:])
            return
        for case in cases:
            self.outcomes[case.name] = compare(case, outputs, case.name + ".")

    def outcome(self, name):
        """Of a case that should pass; runs the cases of its opset with it."""
        if name not in self.outcomes:
            mine = next(c for c in self.cases if c.name == name)
            if mine.foreign:
                self.run_together([mine])
            else:
                group = [c for c in self.cases if c.opset == mine.opset and not c.foreign]
                for i in range(0, len(group), TOGETHER):
                    part = group[i : i + TOGETHER]
                    if mine in part:
                        self.run_together(part)
        return self.outcomes[name]


def all_cases(data, groups):
    """Cases by name; tests without tensors are counted but not run."""
    cases, others = {}, []
    for group in groups:
        folder = os.path.join(data, group)
        for name in sorted(os.listdir(folder)):
            try:
                case = read_case(os.path.join(folder, name))
            except NotTensors:
                others.append(name)
                continue
            if case.name in cases:
                raise SystemExit(f"two tests are called {case.name}")
            cases[case.name] = case
    return cases, others


def passing_test(suite, name):
    def test(self):
        wrong = suite.outcome(name)
        if wrong:
            self.fail(wrong)

    return test


def disputed_test(backend, case):
    def test(self):
        program = backend.compile(case.model)
        try:
            outputs = program.run(case.inputs)
        finally:
            program.close()
        self.assertIsNotNone(compare(case, outputs, ""), "passes: enter it into passes.txt")
        judge = OnnxRuntime().compile(case.model)
        other = dataclasses.replace(case, outputs=judge.run(case.inputs))
        self.assertIsNone(compare(other, outputs, ""), "differs from ONNX Runtime")

    return test


def refused_test(backend, case, known):
    def test(self):
        try:
            program = backend.compile(case.model)
        except Failure as failure:
            self.assertRegex(str(failure), r"exits with 1: (.|\n)*error: ")
            # Not a success of the suite's: only that it is refused well.
            self.skipTest("refused by a diagnostic")
        try:
            wrong = compare(case, program.run(case.inputs), "")
        except Failure as failure:
            wrong = str(failure)
        finally:
            program.close()
        if not wrong or not known:
            self.fail(wrong or "passes: enter it into passes.txt")
        self.skipTest("known defect: " + wrong)

    return test


def ops_of(case):
    return sorted({n.op_type for n in case.model.graph.node})


def coverage(cases, passing):
    """Single-node tests by op: how many of them pass."""
    total, passed = collections.Counter(), collections.Counter()
    for name, case in cases.items():
        if len(case.model.graph.node) == 1:
            op = ops_of(case)[0]
            total[op] += 1
            passed[op] += name in passing
    print("op coverage of the suite, tests passed / tests of that op:")
    for title, chosen in (
        ("all", [o for o in total if passed[o] == total[o]]),
        ("some", [o for o in total if 0 < passed[o] < total[o]]),
        ("none", [o for o in total if passed[o] == 0]),
    ):
        print(f"  {title}: " + ", ".join(f"{o} {passed[o]}/{total[o]}" for o in sorted(chosen)))


def test_class(arguments):
    backend = OnnxRuntime() if arguments.backend == "onnxruntime" else Msc(arguments.msc)
    cases, others = all_cases(arguments.data, arguments.group or GROUPS)
    passing = set(names_in(arguments.passes))
    defects, disputed = set(names_in(arguments.defects)), set(names_in(arguments.disputed))
    unknown = sorted(passing - set(cases)) if not arguments.group else []
    if unknown:
        raise SystemExit(f"{arguments.passes}: no such tests: {unknown}")
    suite = Suite(backend, [cases[n] for n in sorted(passing & set(cases))])
    tests = {}
    for name, case in cases.items():
        if name in disputed:
            tests[name] = disputed_test(backend, case)
        elif name in passing:
            tests[name] = passing_test(suite, name)
        else:
            tests[name] = refused_test(backend, case, name in defects)
    tests["tearDownClass"] = classmethod(lambda cls: coverage(cases, passing))
    print(f"{len(cases)} tests, {len(passing)} expected to pass, {len(others)} without tensors left out")
    return type("OnnxSuite", (unittest.TestCase,), tests)


def update(arguments):
    """Tries every test alone and writes the names of those that pass."""
    backend = OnnxRuntime() if arguments.backend == "onnxruntime" else Msc(arguments.msc)
    cases, _ = all_cases(arguments.data, arguments.group or GROUPS)
    suite = Suite(backend, list(cases.values()))
    passing = []
    for name, case in cases.items():
        suite.run_together([case])
        if suite.outcomes[name] is None:
            passing.append(name)
        else:
            print(f"{name}: {suite.outcomes[name].splitlines()[0]}")
    with open(arguments.passes, "w") as file:
        file.write("# Tests of ONNX's suite that pass; written by onnx_suite_test.py --update.\n")
        file.writelines(name + "\n" for name in sorted(passing))
    print(f"{len(passing)} of {len(cases)} pass")


if __name__ == "__main__":
    if "--update" in sys.argv:
        update(parse())
    else:
        unittest.main(argv=[__file__])
else:
    OnnxSuite = test_class(parse())
