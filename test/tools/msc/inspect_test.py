"""What msc inspect counts in loops: inspect_test.py --msc=PATH."""

import argparse
import os
import re
import subprocess
import tempfile
import unittest

import numpy as np
import onnx
from onnx import TensorProto, helper


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    return os.path.abspath(parser.parse_known_args()[0].msc)


MSC = parse()
HIDDEN = 16


def save_lstm(path):
    weights = {"w": (1, 4 * HIDDEN, 8), "r": (1, 4 * HIDDEN, HIDDEN)}
    graph = helper.make_graph(
        [helper.make_node("LSTM", ["x", "w", "r"], ["y"], hidden_size=HIDDEN)],
        "lstm",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["steps", 1, 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["steps", 1, 1, HIDDEN])],
        [onnx.numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in weights.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)


class Loops(unittest.TestCase):
    def inspect(self, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "lstm.onnx")
            save_lstm(path)
            done = subprocess.run([MSC, "inspect", path, "--regions", *options], capture_output=True, text=True, check=True)
        return done.stdout

    def calls(self, text):
        return re.findall(r"^r\d+ +\S+ +(\d+\+?) ", text, re.M)

    def test_known_trip_count(self):
        short, long = self.inspect("--dims=steps=5"), self.inspect("--dims=steps=50")
        self.assertIn("5", self.calls(short))
        self.assertIn("50", self.calls(long))
        flops = [int(re.search(r"FLOPs: (\d+),", text).group(1)) for text in (short, long)]
        # Of each step the two products alone.
        self.assertGreaterEqual(flops[0], 5 * 2 * 4 * HIDDEN * (8 + HIDDEN))
        self.assertEqual(flops[1], 10 * flops[0])

    def test_unknown_trip_count(self):
        text = self.inspect()
        self.assertIn("1+", self.calls(text))
        self.assertIn("loops whose trip count is not known counted once", text)


if __name__ == "__main__":
    unittest.main()
