"""Writes the corpus anew: write_corpus.py, from anywhere.

For each op the smallest case of test/execution that has it.
"""

import glob
import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
EXECUTION = os.path.join(HERE, "../../../execution")
# Larger seeds slow the fuzzer down.
MAX_BYTES = 2000

sys.path.insert(0, EXECUTION)
from case import model_of  # noqa: E402


def families():
    for path in sorted(glob.glob(os.path.join(EXECUTION, "*.py"))):
        if path.endswith("_test.py"):
            continue
        module = importlib.import_module(os.path.splitext(os.path.basename(path))[0])
        if hasattr(module, "cases") and callable(module.cases):
            yield module.cases()


def smallest():
    """A serialised model by op."""
    found = {}
    for cases in families():
        for case in cases:
            data = model_of([case], dynamic=True).SerializeToString()
            for node in case.nodes:
                if len(data) < min(MAX_BYTES, len(found.get(node.op_type, b"x" * MAX_BYTES))):
                    found[node.op_type] = data
    return found


def main():
    folder = os.path.join(HERE, "corpus")
    os.makedirs(folder, exist_ok=True)
    for path in glob.glob(os.path.join(folder, "*.onnx")):
        os.remove(path)
    written = set()
    for op, data in sorted(smallest().items()):
        if data not in written:
            with open(os.path.join(folder, op + ".onnx"), "wb") as file:
                file.write(data)
        written.add(data)


if __name__ == "__main__":
    main()
