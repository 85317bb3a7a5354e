"""Imports ONNX's own suites and evaluates what comes out by NumPy.

    node_suite_test.py --importer=PATH --suite=onnx|debian

`onnx` is the suite of the installed onnx package, at its newest opset; `debian`
the data of libonnx-testdata, whose opsets are older. Each case must give the
expected outputs or be refused: for an op or a type that msc does not have, or
for a reason that refused.txt lists.
"""

import argparse
import fnmatch
import os
import re
import tempfile
import unittest
import warnings

import ml_dtypes
import numpy as np
import onnx
from onnx import numpy_helper

import evaluator
import importer

DEBIAN = "/usr/share/libonnx-testdata/data"
FOLDERS = ("node", "simple", "pytorch-operator", "pytorch-converted")

# What a model is refused for without being listed.
NOT_THERE = re.compile(
    r"unknown op|known since opset|is not a tensor|a sequence or optional|is a sequence"
    r"|element type (type|string|complex|u?int[24]|float[468]|undefined)"
    r"|a cast to |expected a model of opset|attribute 'value_strings?'|sparse"
)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--importer", required=True)
    parser.add_argument("--suite", choices=["onnx", "debian"], required=True)
    parser.add_argument("--refused", default="test/frontends/onnx/refused.txt")
    return parser.parse_known_args()[0]


class Case:
    """A model with lists of inputs and outputs."""

    def __init__(self, name, model, data, rtol, atol):
        self.name, self.model, self.data = name, model, data
        self.rtol, self.atol = rtol, atol


def arrays_of(values):
    """Types that NumPy lacks come as messages."""
    return [
        numpy_helper.to_array(v) if isinstance(v, onnx.TensorProto) else v for v in values
    ]


def onnx_cases():
    from onnx.backend.test.case import node

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = node.collect_testcases(None)
    for case in found:
        if case.model is not None:
            data = [tuple(map(arrays_of, lists)) for lists in case.data_sets]
            yield Case(case.name, case.model, data, case.rtol, case.atol)


def load_tensor(path):
    tensor = onnx.TensorProto()
    with open(path, "rb") as file:
        tensor.ParseFromString(file.read())
    return numpy_helper.to_array(tensor)


def with_type(array, value):
    """Old data give bf16 by its bits."""
    if value.type.tensor_type.elem_type == onnx.TensorProto.BFLOAT16:
        return array.view(ml_dtypes.bfloat16) if array.dtype == np.uint16 else array
    return array


class DebianCase(Case):
    """A folder, read when it is needed."""

    def __init__(self, name, folder):
        self.folder = folder
        super().__init__(name, None, None, 1e-3, 1e-5)

    def load(self):
        self.model = onnx.load(os.path.join(self.folder, "model.onnx"))
        folder = os.path.join(self.folder, "test_data_set_0")
        lists = []
        for kind, values in (("input", self.model.graph.input), ("output", self.model.graph.output)):
            count = sum(n.startswith(kind + "_") for n in os.listdir(folder))
            tensors = [load_tensor(f"{folder}/{kind}_{i}.pb") for i in range(count)]
            lists.append([with_type(t, v) for t, v in zip(tensors, values)])
        self.data = [tuple(lists)]


def debian_cases():
    for folder in FOLDERS:
        root = os.path.join(DEBIAN, folder)
        for name in sorted(os.listdir(root)):
            yield DebianCase(f"{folder}/{name}", os.path.join(root, name))


def inputs_of(model, arrays):
    """By name. Initialisers of old models are inputs too, without data."""
    return {value.name: array for value, array in zip(model.graph.input, arrays)}


def disagreement(got, want, case):
    want = np.asarray(want)
    if got.dtype != want.dtype:
        return f"dtype {got.dtype} instead of {want.dtype}"
    if got.shape != want.shape:
        return f"shape {got.shape} instead of {want.shape}"
    if want.dtype.kind in "iub":
        return None if np.array_equal(got, want) else f"{got!r} instead of {want!r}"
    # Chains of narrow floats round in another order than the reference.
    rtol = max(case.rtol, 4 * float(ml_dtypes.finfo(want.dtype).eps))
    atol = max(case.atol, rtol * 0.1 if want.dtype.itemsize < 4 else 0)
    got, want = got.astype(np.float64), want.astype(np.float64)
    # Of a sum that cancels, the reference has its rounding left.
    finite = np.abs(want[np.isfinite(want)])
    atol = max(atol, float(np.finfo(np.float32).eps) * finite.max(initial=0.0))
    near = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    return None if near.all() else f"{got!r} instead of {want!r}"


def bind(model, arrays):
    """The model with its small inputs as initialisers.

    The suite passes axes, shapes and bounds as inputs; msc wants to know them.
    """
    bound = onnx.ModelProto()
    bound.CopyFrom(model)
    for value, array in zip(model.graph.input, arrays):
        array = np.asarray(array)
        if array.ndim == 0 or (array.ndim == 1 and array.dtype.kind == "i" and array.size <= 64):
            bound.graph.initializer.append(numpy_helper.from_array(array, value.name))
    return bound


ARGUMENTS = parse()


def listed():
    with open(ARGUMENTS.refused) as lines:
        entries = [line.split("#")[0].strip() for line in lines]
    prefix = ARGUMENTS.suite + ":"
    return [e[len(prefix) :] for e in entries if e.startswith(prefix)]


class NodeSuiteTest(unittest.TestCase):
    refused = listed()

    @classmethod
    def setUpClass(cls):
        cls.importer = importer.Importer(ARGUMENTS.importer)

    @classmethod
    def tearDownClass(cls):
        cls.importer.close()

    def check_data(self, case):
        """Some of Debian's data have another shape than the model says."""
        for value, array in zip(case.model.graph.input, case.data[0][0]):
            dims = value.type.tensor_type.shape.dim
            for dim, extent in zip(dims, np.shape(array)):
                if dim.HasField("dim_value") and dim.dim_value != extent:
                    self.skipTest(f"the data of '{value.name}' do not fit the model")

    def run_case(self, case):
        if isinstance(case, DebianCase):
            try:
                case.load()
            except Exception as error:  # sequences and optionals as data
                self.skipTest(f"its data are no tensors: {error}")
            self.check_data(case)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.onnx")
            onnx.save(case.model, path)
            ok, text = self.importer.run(path)
            if not ok and "compile time" in text:
                onnx.save(bind(case.model, case.data[0][0]), path)
                ok, text = self.importer.run(path)
            must_fail = any(fnmatch.fnmatchcase(case.name, p) for p in self.refused)
            if not ok:
                self.assertTrue(text.startswith("error: "), text)
                if not must_fail:
                    self.assertRegex(text, NOT_THERE)
                return
            self.assertFalse(must_fail, "is listed in refused.txt and imported")
            for inputs, outputs in case.data:
                results = evaluator.evaluate(text, inputs_of(case.model, inputs))
                self.assertEqual(len(results), len(outputs))
                for value, want in zip(case.model.graph.output, outputs):
                    wrong = disagreement(np.asarray(results[value.name]), want, case)
                    self.assertIsNone(wrong, f"output '{value.name}': {wrong}")


def test_of(case):
    return lambda self: self.run_case(case)


for _case in onnx_cases() if ARGUMENTS.suite == "onnx" else debian_cases():
    setattr(NodeSuiteTest, f"test_{_case.name}", test_of(_case))

if __name__ == "__main__":
    unittest.main()
