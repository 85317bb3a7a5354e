"""Real models, for fixed extents and for all: models_test.py --msc=PATH --model=NAME...

tools/check --models does more: it compares all programs at -O0 too, and prints
what compiling and running cost.
"""

import argparse
import shutil
import tempfile
import unittest

from catalogue import MODELS
from packages import Unreachable
from trial import Trial


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    parser.add_argument("--model", action="append", required=True)
    arguments, _ = parser.parse_known_args()
    return arguments


ARGUMENTS = parse()
# At -O0 the others take minutes.
PLAIN = ("silero-vad", "ppocr-cls")


class RealModels(unittest.TestCase):
    def check(self, model):
        folder = tempfile.mkdtemp(prefix="msc-models-")
        try:
            try:
                trial = Trial(model, ARGUMENTS.msc, folder)
            except Unreachable as why:
                self.skipTest(str(why))
            fixed = trial.program("static", trial.static_dims())[0]
            with self.subTest(variant="fixed extents"):
                self.assertLessEqual(trial.error(fixed, 0), model.tolerance)
            if model.name in PLAIN:
                plain = trial.program("plain", "-O0")[0]
                for number, variant in enumerate(trial.variants):
                    with self.subTest(variant=variant.name + " at -O0"):
                        self.assertLessEqual(trial.error(plain, number), model.tolerance)
            program = trial.program("dynamic")[0]
            for number, variant in enumerate(trial.variants):
                with self.subTest(variant=variant.name):
                    self.assertLessEqual(trial.error(program, number), model.tolerance)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def case(model):
    return lambda self: self.check(model)


for name in ARGUMENTS.model:
    (found,) = (m for m in MODELS if m.name == name)
    setattr(RealModels, "test_" + name.replace("-", "_"), case(found))
