"""The script finds the tensor that is wrong: compare_intermediates_test.py --msc=PATH.

What is wrong is the model: one node of the model that is compiled differs from
the one that the reference runs.
"""

import argparse
import contextlib
import io
import os
import re
import tempfile
import unittest

import compare_intermediates
import numpy as np
import onnx
from network import Network
from onnx import helper


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    arguments, _ = parser.parse_known_args()
    return os.path.abspath(arguments.msc)


MSC = parse()


def images(path):
    """Convolutions with all that is fused into them, and a residual."""
    net = Network("images", opset=17)
    x = net.input("image", ["batch", 3, 16, 16])
    x = net.op("Relu", net.batch_norm(net.conv(x, 3, 16, 3), 16))
    y = net.op("Relu", net.batch_norm(net.conv(x, 16, 16, 3), 16))
    x = net.op("Relu", net.op("Add", x, net.batch_norm(net.conv(y, 16, 16, 3), 16)))
    x = net.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    x = net.op("Flatten", net.op("GlobalAveragePool", x))
    x = net.op("Softmax", net.op("Gemm", x, net.weight((10, 16), 16), net.bias(10), transB=1))
    net.output(x, "probabilities", ["batch", 10])
    net.save(path)


def tokens(path):
    """Shape arithmetic, attention and a normalisation in pieces."""
    net = Network("tokens", opset=17)
    x = net.input("x", ["batch", 8, 32])
    q, k, v = (net.split_heads(net.linear(x, 32, 32), 4, 8, transposed=t) for t in (False, True, False))
    y = net.op("MatMul", net.op("Softmax", net.op("MatMul", q, k), axis=-1), v)
    x = net.layer_norm(net.op("Add", net.merge_heads(y, 32), x), 32)
    x = net.linear(net.gelu(net.linear(x, 32, 64)), 64, 32)
    net.output(x, "y", ["batch", 8, 32])
    net.save(path)


def replace_op(model, tensor, kind, **attributes):
    """Another op in the place of the node that makes `tensor`."""
    (node,) = (n for n in model.graph.node if tensor in n.output)
    node.op_type = kind
    del node.attribute[:]
    node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())


def scale_weight(model, tensor, factor):
    (weight,) = (t for t in model.graph.initializer if t.name == tensor)
    value = onnx.numpy_helper.to_array(weight) * np.float32(factor)
    weight.CopyFrom(onnx.numpy_helper.from_array(value, tensor))


class Compare(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="msc-compare-", dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def compare(self, *arguments):
        """Exit status and text of the script."""
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = compare_intermediates.main(["--msc", MSC, *arguments])
        return status, out.getvalue()

    def check_agreement(self, write, *options):
        write(self.path("model.onnx"))
        status, text = self.compare(self.path("model.onnx"), "--extent", "batch=2", *options)
        self.assertEqual(status, 0, text)
        self.assertIn("all agree", text)
        return text

    def check_found(self, write, edit, tensor, place, *options):
        write(self.path("right.onnx"))
        model = onnx.load(self.path("right.onnx"))
        edit(model)
        onnx.save(model, self.path("wrong.onnx"))
        status, text = self.compare(self.path("wrong.onnx"), "--reference", self.path("right.onnx"), *options)
        self.assertEqual(status, 1, text)
        self.assertIn(f"first difference: tensor '{tensor}'\n", text)
        self.assertIn(place, text)

    def test_right_models_agree(self):
        for write in (images, tokens):
            for options in ([], ["--", "-O0"], ["--", "--fp=strict", "--dims=batch=2"]):
                with self.subTest(model=write.__name__, options=options):
                    self.check_agreement(write, *options)

    def test_most_tensors_are_there(self):
        text = self.check_agreement(images, "--verbose")
        # All that nodes make: the model has no shape arithmetic.
        self.assertIn("; 0 are not in the program", text)
        for tensor in ("Conv_1", "BatchNormalization_2", "Relu_0", "MaxPool_0", "Gemm_0", "probabilities"):
            self.assertIn(f"  {tensor}  node ", text)

    def test_says_what_it_leaves_out(self):
        branch = [helper.make_graph([helper.make_node(op, ["x"], [op])], op, [], [helper.make_empty_tensor_value_info(op)])
                  for op in ("Relu", "Neg")]
        nodes = [
            helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=0),
            helper.make_node("Less", ["sum", "sum"], ["never"]),
            helper.make_node("If", ["never"], ["y"], then_branch=branch[0], else_branch=branch[1]),
        ]
        values = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [4]) for name in "xy"]
        graph = helper.make_graph(nodes, "branches", values[:1], values[1:])
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), self.path("model.onnx"))
        status, text = self.compare(self.path("model.onnx"))
        self.assertEqual(status, 0, text)
        self.assertIn("not looked at are 2 tensors inside of branches and loops", text)

    def test_bad_arguments(self):
        images(self.path("model.onnx"))
        with open(self.path("x.npz"), "w") as file:
            file.write("no archive")
        np.save(self.path("x.npy"), np.zeros(3))
        for options, text in {
            ("--extent", "batch"): "expected DIM=N for --extent, got 'batch'",
            ("--extent", "foo=2"): "no dim is named 'foo'; the inputs have ['batch']",
            ("--input", self.path("x.npy")): "expected an .npz file",
            ("--input", self.path("x.npz")): "can't read",
            ("--input", self.path("missing.npz")): "expected an .npz file",
        }.items():
            with self.subTest(options=options), self.assertRaisesRegex(compare_intermediates.Broken, re.escape(text)):
                self.compare(self.path("model.onnx"), *options)

    def test_wrong_op(self):
        for options in ([], ["--", "-O0"]):
            with self.subTest(options=options):
                self.check_found(images, lambda model: replace_op(model, "Relu_1", "LeakyRelu", alpha=0.1), "Relu_1",
                                 "'Relu_1_node' (Relu) of", *options)

    def test_wrong_weight(self):
        for options in ([], ["--", "-O0"]):
            with self.subTest(options=options):
                self.check_found(tokens, lambda model: scale_weight(model, "weight_4", 1.01), "MatMul_6",
                                 "'MatMul_6_node' (MatMul) of", *options)

    def test_wrong_attribute_one_at_a_time(self):
        self.check_found(tokens, lambda model: replace_op(model, "Softmax_0", "Softmax", axis=-2), "Softmax_0",
                         "(Softmax) of", "--one-at-a-time")

    def test_the_evaluator_of_onnx(self):
        self.check_agreement(images, "--oracle", "onnx")

    def test_no_model(self):
        with self.assertRaisesRegex(compare_intermediates.Broken, "cannot read"):
            self.compare(self.path("missing.onnx"))


class Errors(unittest.TestCase):
    def check(self, got, want, error, text=""):
        self.assertEqual(compare_intermediates.error_of(np.array(got), np.array(want)), (error, text))

    def test_relative_to_the_largest(self):
        self.check([1.0, 4.0], [1.0, 5.0], 0.2)
        self.check([0.5], [0.0], 0.5)
        self.check([], [], 0.0)

    def test_what_is_no_number(self):
        nan, inf = float("nan"), float("inf")
        self.check([nan, inf, 1.0], [nan, inf, 1.0], 0.0)
        self.check([1.0], [nan], inf)
        self.check([nan], [1.0], inf)
        self.check([inf], [1.0], inf)
        self.check([2.0, inf], [1.0, inf], 1.0)

    def test_other_types_and_shapes(self):
        self.check([1], [1.0], float("inf"), "expected float64[1], got int64[1]")
        self.check([[1.0]], [1.0], float("inf"), "expected float64[1], got float64[1, 1]")
        self.check([True, False], [True, True], 1.0)
