"""write_package.py MSC OUTPUT: the package of a release, for generic x86-64.

Run once a release, and the file that it writes is committed under the release's
name; a file that is there is never written again.
"""

import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def model():
    """probabilities = softmax(relu(x w + b) v) for any number of rows, and the
    state plus one, which may take the state's place."""
    rng = np.random.default_rng(3)
    constants = {"w": rng.normal(size=(4, 8)), "b": rng.normal(size=8),
                 "v": rng.normal(size=(8, 3)), "one": np.ones(1)}
    nodes = [helper.make_node("Gemm", ["x", "w", "b"], ["h"]),
             helper.make_node("Relu", ["h"], ["r"]),
             helper.make_node("MatMul", ["r", "v"], ["s"]),
             helper.make_node("Softmax", ["s"], ["probabilities"], axis=-1),
             helper.make_node("Add", ["state", "one"], ["next"])]

    def value(name, *dims):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)
    graph = helper.make_graph(
        nodes, "compat", [value("x", "batch", 4), value("state", 2)],
        [value("probabilities", "batch", 3), value("next", 2)],
        [numpy_helper.from_array(np.float32(c), n)
         for n, c in constants.items()])
    made = helper.make_model(graph,
                             opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    return made


if __name__ == "__main__":
    msc, output = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "compat.onnx")
        onnx.save(model(), path)
        subprocess.run([msc, "compile", path, "--emit=pkg", "--target=cpu",
                        "--march=x86-64", "--dims=batch=1..64",
                        "--donate=state=next", "--name=compat", "-o", output],
                       check=True)
