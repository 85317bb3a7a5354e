"""Feeds 500 broken models to the compiler: hostile_test.py --msc=PATH --model=PATH.

Each must end in a program or in a diagnostic; never in a crash, a hang or half
a file. Where a mutant compiles, its program must run as well or refuse its
input in good order.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import unittest

import numpy as np
import onnx
from onnx import TensorProto, helper

from mutants import COUNT, mutants, name_of

# Sanitizer builds take a good deal longer, a hang forever.
LIMIT_SECONDS = 120
# Refused: bad model 1, bad input 2, bad usage 64. 70 would be an internal error.
REFUSED = (1, 2, 64)
CRASHED = ("Stack dump", "PLEASE submit", "Assertion", "UNREACHABLE", "AddressSanitizer", "runtime error:", "terminate called")


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--image", required=True)
    arguments, _ = parser.parse_known_args()
    return arguments


def call(command, folder):
    """Exit code, standard output and error; a signal is a negative code."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=LIMIT_SECONDS,
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


class HostileModels(unittest.TestCase):
    def check(self, number):
        folder = tempfile.mkdtemp(prefix="msc-hostile-", dir=os.environ.get("TEST_TMPDIR"))
        try:
            self.check_in(folder, MUTANTS[number])
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def check_in(self, folder, data):
        with open(os.path.join(folder, "mutant.onnx"), "wb") as file:
            file.write(data)
        try:
            code, out, err = call([MSC, "compile", "mutant.onnx", "-o", "model"], folder)
        except subprocess.TimeoutExpired:
            self.fail(f"the compiler has not ended after {LIMIT_SECONDS} s")
        for sign in CRASHED:
            self.assertNotIn(sign, err)
        left = sorted(os.listdir(folder))
        if code == 0:
            self.assertEqual(left, ["model", "mutant.onnx"])
            self.check_program(folder)
            return
        self.assertIn(code, REFUSED, err[-2000:])
        self.assertEqual(left, ["mutant.onnx"], "something is left of a model that was refused")
        errors = [line for line in err.splitlines() if "error: " in line]
        self.assertEqual(len(errors), 1, f"expected one diagnostic, got:\n{err[-2000:]}")
        # A name out of the file must not garble the terminal.
        controls = {c for c in err if ord(c) < 32 and c != "\n"}
        self.assertFalse(controls, f"control characters in the diagnostic: {err[:500]!r}")
        self.assertLess(len(err), 20000, "a diagnostic of this length helps nobody")

    def check_program(self, folder):
        program = os.path.join(folder, "model")
        code, out, err = call([program, "--help"], folder)
        self.assertEqual(code, 0, err[-2000:])
        code, out, err = call([program, "--input", IMAGE, "--output", "out.npz"], folder)
        self.assertIn(code, (0,) + REFUSED, err[-2000:])
        if code == 0:
            with np.load(os.path.join(folder, "out.npz")) as outputs:
                self.assertGreater(len(outputs.files), 0)
        else:
            self.assertNotIn("out.npz", os.listdir(folder))


class LongModels(unittest.TestCase):
    def test_chain_of_cheap_nodes(self):
        """Thousands of nodes that would all fuse into one region."""
        nodes = [
            helper.make_node("Neg" if i % 2 else "Relu", [f"t{i}"], [f"t{i + 1}"])
            for i in range(3001)
        ]
        border = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [16]) for n in ("t0", "t3001")]
        graph = helper.make_graph(nodes, "chain", border[:1], border[1:])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        folder = tempfile.mkdtemp(prefix="msc-hostile-", dir=os.environ.get("TEST_TMPDIR"))
        try:
            onnx.save(model, os.path.join(folder, "chain.onnx"))
            code, out, err = call([MSC, "compile", "chain.onnx", "-o", "model"], folder)
            self.assertEqual(code, 0, err[-2000:])
            values = np.linspace(-2, 2, 16).astype(np.float32)
            np.save(os.path.join(folder, "in.npy"), values)
            code, out, err = call([os.path.join(folder, "model"), "--input", "in.npy", "--output", "out.npy"], folder)
            self.assertEqual(code, 0, err[-2000:])
            # The second ReLU, of negated numbers, leaves nothing.
            self.assertEqual(np.abs(np.load(os.path.join(folder, "out.npy"))).max(), 0)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def hostile_test(number):
    return lambda self: self.check(number)


for i in range(COUNT):
    setattr(HostileModels, "test_" + name_of(i), hostile_test(i))

ARGUMENTS = parse()
MSC, IMAGE = os.path.abspath(ARGUMENTS.msc), os.path.abspath(ARGUMENTS.image)
with open(ARGUMENTS.model, "rb") as model:
    MUTANTS = list(mutants(model.read()))
