"""Feeds 500 broken models to the compiler: hostile_test.py --msc=PATH --model=PATH.

ordeal.py says what the compiler is held to.
"""

import argparse
import os
import shutil
import tempfile
import unittest

import numpy as np
import onnx
from onnx import TensorProto, helper

from mutants import COUNT, mutants, name_of
from ordeal import Ordeal, call


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--image", required=True)
    arguments, _ = parser.parse_known_args()
    return arguments


class HostileModels(unittest.TestCase):
    def check(self, number):
        folder = tempfile.mkdtemp(prefix="msc-hostile-", dir=os.environ.get("TEST_TMPDIR"))
        try:
            self.check_in(folder, MUTANTS[number])
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def check_in(self, folder, data):
        ordeal = Ordeal(self, MSC, folder)
        program = ordeal.compile(data)
        if program:
            ordeal.run(program, ["--input", IMAGE])


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
