"""What compiling costs, and what it must not depend on: scale_test.py --msc=PATH."""

import argparse
import hashlib
import os
import re
import subprocess
import tempfile
import unittest

import dense
import numpy as np
from network import Network
from trial import measured


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    arguments, _ = parser.parse_known_args()
    return os.path.abspath(arguments.msc)


MSC = parse()


def encoder(path, layers, width=64):
    """Equal layers with different weights."""
    net = Network("encoder", opset=17)
    x = net.input("x", [4, 16, width])
    for _ in range(layers):
        q, k, v = (net.split_heads(net.linear(x, width, width), 4, width // 4, transposed=t) for t in (False, True, False))
        weights = net.op("Softmax", net.op("MatMul", q, k), axis=-1)
        y = net.merge_heads(net.op("MatMul", weights, v), width)
        x = net.layer_norm(net.op("Add", net.linear(y, width, width), x), width)
        x = net.op("Add", x, net.linear(net.gelu(net.linear(x, width, 4 * width)), 4 * width, width))
    net.output(x, "y", [4, 16, width])
    net.save(path)


class Scale(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="msc-scale-", dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def peak(self, width, inner):
        """(bytes of the model file, peak resident bytes of its compilation)."""
        model, program = self.path("model.onnx"), self.path("program")
        dense.perceptron(model, width, inner)
        peak = measured([MSC, "compile", model, "-o", program])[1]
        return os.path.getsize(model), peak

    def test_weights_are_not_held_in_memory(self):
        """Neither the model's nor the program's: both are mapped, a piece at a time."""
        _, basis = self.peak(256, 128)
        size, peak = self.peak(5120, 2560)
        self.assertGreater(size, 400e6)
        self.assertLess(peak - basis, 1.2 * size)

    def test_program_has_all_weights(self):
        """Written piece by piece, into a file that was linked before."""
        model, program = self.path("model.onnx"), self.path("program")
        dense.perceptron(model, 512, 300)
        import onnxruntime

        x = np.random.default_rng(0).normal(size=(3, 300)).astype(np.float32)
        np.save(self.path("x.npy"), x)
        want = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
        for options in ([], ["-O0"]):
            with self.subTest(options=options):
                measured([MSC, "compile", model, "-o", program, *options])
                measured([program, "--input", self.path("x.npy"), "--output", self.path("y.npy")])
                got = np.load(self.path("y.npy"))
                self.assertLess(np.abs(got - want).max(), 1e-4 * np.abs(want).max())

    def test_equal_layers_are_compiled_once(self):
        def regions(layers):
            encoder(self.path("model.onnx"), layers)
            text = measured([MSC, "compile", self.path("model.onnx"), "--emit=regions"])[2]
            nested = text[text.index("@regions {"):]
            return len(re.findall(r"func\.func", nested)), len(re.findall(r"plan\.dispatch", text))

        few, many = regions(3), regions(9)
        self.assertEqual(few[0], many[0])
        self.assertGreater(many[1], 2 * few[1])

    def test_number_of_threads_changes_no_byte(self):
        encoder(self.path("model.onnx"), 2)
        digests = set()
        for kind in ("exe", "obj"):
            for jobs in ("1", "2", "7"):
                done = subprocess.run(
                    [MSC, "compile", self.path("model.onnx"), f"--emit={kind}", f"--jobs={jobs}", "--name=net", "--time",
                     "-o", self.path("out")], capture_output=True, text=True, check=True)
                # One part would be the same for any number.
                self.assertRegex(done.stderr, r"code, ([2-9]|\d\d) parts")
                with open(self.path("out"), "rb") as file:
                    digests.add((kind, hashlib.sha256(file.read()).hexdigest()))
        self.assertEqual(len(digests), 2)
