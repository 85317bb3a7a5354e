"""Runs one family of cases: execution_test.py --family=NAME --msc=PATH.

Every case is a test of its own in each of four variants, -O0 and default,
static and dynamic. A case listed in unsupported.txt must be refused by the
compiler; the day it compiles, its line has to go.

With --backend=onnxruntime the expected values themselves are tested, against
ONNX Runtime or, for types that it lacks, ONNX's own evaluator. disputed.txt
lists the cases in which those are known to be wrong.
"""

import argparse
import importlib
import itertools
import unittest

from agreement import disagreement
from case import first_row, inputs_of, model_of
from program import Failure, Msc, OnnxRuntime

# The options of the compiler, and whether dims have names.
VARIANTS = {
    "O0": (["-O0"], False),
    "O0_dynamic": (["-O0"], True),
    "default": ([], False),
    "default_dynamic": ([], True),
}


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--family", required=True)
    parser.add_argument("--msc")
    parser.add_argument("--backend", choices=["msc", "onnxruntime"], default="msc")
    parser.add_argument("--unsupported", default="test/execution/unsupported.txt")
    parser.add_argument("--defects", default="test/execution/defects.txt")
    parser.add_argument("--disputed", default="test/execution/disputed.txt")
    arguments, _ = parser.parse_known_args()
    return arguments


def listed(path, family, known):
    """The cases of a family that a file lists, as lines FAMILY/CASE."""
    with open(path) as lines:
        entries = [line.split("#")[0].strip() for line in lines]
    entries = [e for e in entries if e]
    if entries != sorted(set(entries)):
        raise SystemExit(f"{path}: expected sorted entries, each once")
    names = {e.split("/", 1)[1] for e in entries if e.split("/", 1)[0] == family}
    if not names <= set(known):
        raise SystemExit(f"{path}: no such cases: {sorted(names - set(known))}")
    return names


class Outcomes:
    """Computes each case of a variant once: None, or what is wrong with it."""

    def __init__(self, backend, options, dynamic):
        self.backend, self.options, self.dynamic = backend, options, dynamic
        self.by_name = {}

    def add(self, cases):
        by_opset = sorted(cases, key=lambda c: c.opset)
        for _, group in itertools.groupby(by_opset, key=lambda c: c.opset):
            self.add_group(list(group))

    def add_group(self, cases):
        """Halves the cases until those that fail stand alone."""
        try:
            self.execute(cases)
        except Failure as failure:
            if len(cases) == 1:
                self.by_name[cases[0].name] = str(failure)
                return
            middle = len(cases) // 2
            self.add_group(cases[:middle])
            self.add_group(cases[middle:])

    def execute(self, cases):
        program = self.backend.compile(model_of(cases, self.dynamic), self.options)
        try:
            outcomes = self.compare(cases, program.run(inputs_of(cases)))
            if self.dynamic and all(c.rows or not c.dims for c in cases):
                one = [first_row(c) if c.dims else c for c in cases]
                alone = self.compare(one, program.run(inputs_of(one)))
                for name, wrong in alone.items():
                    outcomes[name] = outcomes[name] or (wrong and "with one row: " + wrong)
        finally:
            program.close()
        self.by_name.update(outcomes)

    def compare(self, cases, outputs):
        outcomes = {}
        for case in cases:
            outcomes[case.name] = None
            for name, want in case.outputs.items():
                full = f"{case.name}.{name}"
                if full not in outputs:
                    raise Failure(f"no output '{full}'")
                wrong = disagreement(outputs[full], want, case.rtol, case.atol, case.scaled)
                if wrong:
                    outcomes[case.name] = f"output '{name}': {wrong}"
        return outcomes


def supported_test(outcomes, cases, name):
    def test(self):
        if not outcomes.by_name:
            outcomes.add(cases)
        wrong = outcomes.by_name[name]
        if wrong:
            self.fail(wrong)

    return test


def unsupported_test(backend, case):
    def test(self):
        try:
            program = backend.compile(model_of([case]), [])
        except Failure as failure:
            # Refused by a diagnostic: not by a crash, not by an internal error.
            self.assertRegex(str(failure), r"exits with 1: (.|\n)*error: ")
            return
        program.close()
        self.fail("compiles: take it out of unsupported.txt")

    return test


def defect_test(backend, options, dynamic, case):
    def test(self):
        outcomes = Outcomes(backend, options, dynamic)
        outcomes.add([case])
        if not outcomes.by_name[case.name]:
            self.fail("works: take it out of defects.txt")

    return test


def disputed_test(backend, case):
    def test(self):
        outcomes = Outcomes(backend, [], False)
        outcomes.add([case])
        if not outcomes.by_name[case.name]:
            self.fail("agrees: take it out of disputed.txt")

    return test


def compiler_tests(cases, backend, unsupported, defects):
    tests = {}
    for variant, (options, dynamic) in VARIANTS.items():
        chosen = [c for c in cases if c.name not in unsupported and (c.dims or not dynamic)]
        for case in chosen:
            if f"{case.name}_{variant}" in defects:
                tests[f"test_{case.name}_{variant}_defect"] = defect_test(
                    backend, options, dynamic, case
                )
        chosen = [c for c in chosen if f"{c.name}_{variant}" not in defects]
        # Cases whose rows are not independent run in a model of their own,
        # since the others run once more with a single row.
        parts = [chosen]
        if dynamic:
            parts = [[c for c in chosen if c.rows], [c for c in chosen if not c.rows]]
        for part in parts:
            outcomes = Outcomes(backend, options, dynamic)
            for case in part:
                tests[f"test_{case.name}_{variant}"] = supported_test(outcomes, part, case.name)
    for case in cases:
        if case.name in unsupported:
            tests[f"test_{case.name}_unsupported"] = unsupported_test(backend, case)
    return tests


def reference_tests(cases, disputed):
    backend = OnnxRuntime()
    outcomes = Outcomes(backend, [], False)
    agreed = [c for c in cases if c.name not in disputed]
    tests = {f"test_{c.name}": supported_test(outcomes, agreed, c.name) for c in agreed}
    tests.update((f"test_{c.name}", disputed_test(backend, c)) for c in cases if c.name in disputed)
    return tests


def test_class():
    arguments = parse()
    cases = importlib.import_module(arguments.family).cases()
    names = [c.name for c in cases]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise SystemExit(f"{arguments.family}: cases defined twice: {twice}")
    if arguments.backend == "onnxruntime":
        tests = reference_tests(cases, listed(arguments.disputed, arguments.family, names))
    else:
        unsupported = listed(arguments.unsupported, arguments.family, names)
        variants = [f"{n}_{v}" for n in names for v in VARIANTS]
        defects = listed(arguments.defects, arguments.family, variants)
        tests = compiler_tests(cases, Msc(arguments.msc), unsupported, defects)
    return type(arguments.family.capitalize(), (unittest.TestCase,), tests)


Family = test_class()
del test_class
