"""Compares programs of random graphs with ONNX Runtime: random_graphs_test.py --msc=PATH.

Graph N of seed S is the same at every run; `--seed=S --first=N --count=1` runs
it alone. Each is compiled at -O0 and by default, for the extents that it was
grown with and for any; the program for any is run on other extents too. A graph
that cannot be imported for any extents is skipped in that form. Graphs share a
model, since a compile costs more than a run; one that fails is found by halving
and left as a model file.
"""

import argparse
import re
import unittest

import findings
from case import inputs_of, model_of
from contracting import CONTRACTING
from growth import grown
from pointwise import POINTWISE
from program import Failure, Msc
from reference import disagreement
from spelled import SPELLED
from structural import STRUCTURAL

VARIANTS = {
    "O0": (["-O0"], False),
    "O0_dynamic": (["-O0"], True),
    "default": ([], False),
    "default_dynamic": ([], True),
}


# What the importer says where a node cannot be had for all extents.
REFUSED = re.compile(r"exits with 1: error: at '\S+': (node '|\d+ of \d+ nodes of the model are not supported)")


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--together", type=int, default=12, help="graphs in one model (default: %(default)s)")
    arguments, _ = parser.parse_known_args()
    return arguments


ARGUMENTS = parse()


class Batch:
    """Graphs that are compiled as one model; what is wrong with each by variant."""

    def __init__(self, numbers):
        self.numbers, self.cases = numbers, None
        self.wrong = {}

    def outcome(self, number, variant):
        if self.cases is None:
            ops = POINTWISE + STRUCTURAL + CONTRACTING + SPELLED
            self.cases = [grown(ops, ARGUMENTS.seed, n) for n in self.numbers]
        if variant not in self.wrong:
            self.wrong[variant] = {}
            _, dynamic = VARIANTS[variant]
            self.execute([c for c in self.cases if c.dims or not dynamic], variant)
        return self.wrong[variant].get(f"g{number}")

    def execute(self, cases, variant):
        """Halves the cases until those that fail stand alone."""
        if not cases:
            return
        options, dynamic = VARIANTS[variant]
        model = model_of(cases, dynamic)
        try:
            program = Msc(ARGUMENTS.msc).compile(model, options)
            try:
                outcomes = self.compare(program, cases)
                if dynamic:
                    for name, wrong in self.compare(program, [c.other for c in cases]).items():
                        outcomes[name] = outcomes[name] or (wrong and "for other extents: " + wrong)
            finally:
                program.close()
        except Failure as failure:
            if len(cases) > 1:
                middle = len(cases) // 2
                self.execute(cases[:middle], variant)
                self.execute(cases[middle:], variant)
                return
            outcomes = {cases[0].name: str(failure)}
        for case in cases:
            wrong = outcomes[case.name]
            self.wrong[variant][case.name] = wrong and self.report(case, variant, wrong)

    def compare(self, program, cases):
        outputs = program.run(inputs_of(cases))
        outcomes = {}
        for case in cases:
            wrong = [(n, disagreement(outputs[f"{case.name}.{n}"], want)) for n, want in case.bounds.items()]
            outcomes[case.name] = next((f"output '{n}': {w}" for n, w in wrong if w), None)
        return outcomes

    def report(self, case, variant, wrong):
        model = model_of([case], VARIANTS[variant][1])
        path = findings.keep(f"random.{ARGUMENTS.seed}.{case.name}.{variant}.onnx", model.SerializeToString())
        again = f"--seed={ARGUMENTS.seed} --first={case.name[1:]} --count=1"
        return f"{path} ({again}): {wrong}"


class RandomGraphs(unittest.TestCase):
    pass


def case(batch, number, variant):
    def test(self):
        wrong = batch.outcome(number, variant)
        if wrong and VARIANTS[variant][1] and REFUSED.search(wrong):
            self.skipTest(wrong)
        if wrong:
            self.fail(wrong)

    return test


def add_tests():
    numbers = range(ARGUMENTS.first, ARGUMENTS.first + ARGUMENTS.count)
    for start in range(0, len(numbers), ARGUMENTS.together):
        part = numbers[start : start + ARGUMENTS.together]
        batch = Batch(part)
        for number in part:
            for variant in VARIANTS:
                setattr(RandomGraphs, f"test_{ARGUMENTS.seed}_{number:05}_{variant}", case(batch, number, variant))


add_tests()
