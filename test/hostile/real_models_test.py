"""Breaks real models: real_models_test.py --msc=PATH --model=NAME... --count=N.

500 mutants of each model of test/models, of which a suite runs a fixed share
and tools/check --fuzz all. Every other one is of the whole model, without its
weights, and goes to the graph level only; the others are of a few of its nodes
and become programs that are run. ordeal.py says what is held to.
"""

import argparse
import os
import shutil
import tempfile
import unittest
import zlib

import findings
import numpy as np
from catalogue import MODELS, cache_folder
from mutants import COUNT, mutant, name_of
from ordeal import Ordeal
from packages import Unreachable
from shrunk import Pieces, bare, inputs_for


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    parser.add_argument("--model", action="append", help="of the catalogue; by default all")
    parser.add_argument("--count", type=int, default=COUNT, help="mutants of each, of %(default)s")
    arguments, _ = parser.parse_known_args()
    return arguments


ARGUMENTS = parse()
MSC = os.path.abspath(ARGUMENTS.msc)


class Source:
    """A model whose mutants are tried, made when the first is."""

    def __init__(self, model):
        self.model, self.pieces = model, None

    def load(self):
        if self.pieces is None:
            path = self.model.make(cache_folder())
            self.folder = tempfile.mkdtemp(prefix="msc-hostile-", dir=os.environ.get("TEST_TMPDIR"))
            whole = bare(path, self.folder)
            self.whole = whole.SerializeToString()
            self.pieces = Pieces(whole)

    def close(self):
        if self.pieces is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def mutant(self, number):
        """The mutant and the stage that it goes to."""
        if number % 2 == 0:
            return mutant(self.whole, number), "graph"
        piece = self.pieces.sample(f"{self.model.name}.{number}")
        return mutant(piece.SerializeToString(), number), "exe"


# Of the mutants that may become programs, those that are run at least: else the
# campaign tries the importer only. Fewer than so many say nothing.
LEAST_RUN = 0.05
ENOUGH = 100


class RealModel(unittest.TestCase):
    """A class of this kind a model."""

    pieces = ran = 0

    @classmethod
    def tearDownClass(cls):
        if hasattr(cls, "source"):
            cls.source.close()
        if cls.pieces >= ENOUGH and cls.ran < LEAST_RUN * cls.pieces:
            raise AssertionError(f"only {cls.ran} of {cls.pieces} broken pieces became programs that were run")

    def check(self, number):
        try:
            self.source.load()
        except Unreachable as why:
            self.skipTest(str(why))
        data, stage = self.source.mutant(number)
        try:
            self.check_mutant(number, data, stage)
        except self.failureException as failure:
            name = f"{self.source.model.name}.{name_of(number)}.onnx"
            kept = findings.keep(name, data)
            weights = findings.keep("weights.bin", b"")
            shutil.copy(os.path.join(self.source.folder, "weights.bin"), weights)
            raise self.failureException(f"{kept}, --emit={stage}: {failure}") from None

    def check_mutant(self, number, data, stage):
        folder, kind = self.source.folder, type(self)
        kind.pieces += stage == "exe"
        ordeal = Ordeal(self, MSC, folder)
        try:
            program = ordeal.compile(data, stage)
            arrays = inputs_for(data, np.random.default_rng(number)) if program else None
            if arrays is not None:
                np.savez(os.path.join(folder, "in.npz"), **{n: a for n, a in arrays.items() if is_plain(n)})
                ordeal.run(program, ["--input", "in.npz"])
                kind.ran += 1
        finally:
            for name in ("model", "mutant.onnx", "in.npz", "out.npz"):
                if os.path.exists(os.path.join(folder, name)):
                    os.remove(os.path.join(folder, name))


def is_plain(name):
    """Whether a zip file can have an entry of that name."""
    return 0 < len(name) < 200 and name.isprintable() and name != "file"


def case(number):
    return lambda self: self.check(number)


def numbers_of(model):
    """As many as asked for, spread over all kinds, others for each model."""
    step = COUNT / min(ARGUMENTS.count, COUNT)
    first = zlib.crc32(model.name.encode()) % max(int(step), 1)
    return [int(first + i * step) for i in range(min(ARGUMENTS.count, COUNT))]


for model in MODELS:
    if ARGUMENTS.model is None or model.name in ARGUMENTS.model:
        tests = {"test_" + name_of(i): case(i) for i in numbers_of(model)}
        name = model.name.replace("-", "_")
        globals()[name] = type(name, (RealModel,), {**tests, "source": Source(model)})
del RealModel
