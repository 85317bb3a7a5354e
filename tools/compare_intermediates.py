"""Finds the first tensor of an ONNX model that a compiled program gets wrong.

Compiles the model with --keep-intermediates, runs the program and a reference
on the same inputs, compares every tensor that both have, and names the first
one that differs in the order of the model's nodes: those before it agree, so
the node that makes it is at fault.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass

import numpy as np
import onnx

EPILOG = """\
options after -- go to 'msc compile', as -- -O0 or -- --dims=batch=1.

What is kept is computed: ops are folded and raised less than in the program
without. --one-at-a-time looks at that program, and if its outputs differ at
programs that keep a single tensor, halving the model each time.

exit status: 0 all agree, 1 some differ, 2 something else went wrong
"""


class Broken(Exception):
    """What keeps the comparison from being made, in one line."""


@dataclass
class Comparison:
    """One tensor of the model and how far the program's is from the reference's."""

    name: str
    node: object
    number: int
    error: float
    text: str  # what differs if it is not the values


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="compare-intermediates", usage="%(prog)s [options] MODEL [-- options of msc compile]", description=__doc__, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL", help="the ONNX model that is compiled")
    parser.add_argument("--reference", metavar="MODEL", help="the model that the reference runs (default: the same)")
    parser.add_argument("--oracle", choices=["onnxruntime", "onnx"], default="onnxruntime",
                        help="what runs it: ONNX Runtime, or ONNX's own slow evaluator")
    parser.add_argument("--input", metavar="FILE.npz", help="the inputs by name (default: random ones)")
    parser.add_argument("--extent", metavar="DIM=N", action="append", default=[],
                        help="extent of a dynamic dim of random inputs (default: 1)")
    parser.add_argument("--seed", type=int, default=0, help="of random inputs")
    parser.add_argument("--tolerance", type=float, default=1e-3,
                        help="largest error over the tensor's largest value that is none (default: 1e-3)")
    parser.add_argument("--one-at-a-time", action="store_true", help="one kept tensor a program; see below")
    parser.add_argument("--verbose", action="store_true", help="print a line for every tensor")
    parser.add_argument("--msc", default="msc", help="the compiler's driver")
    # argparse takes what follows positional arguments late for none at all.
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parsed = parser.parse_args(arguments[:end])
    parsed.options = arguments[end + 1 :]
    return parsed


#===----------------------------------------------------------------------===#
# Inputs
#===----------------------------------------------------------------------===#


def inputs_of(graph):
    """Those that the model has no value for."""
    constants = {tensor.name for tensor in graph.initializer}
    return [value for value in graph.input if value.name not in constants]


def read_model(path):
    try:
        return onnx.load(path)
    except Exception as why:  # a file that is not there, no protobuf, weights beside it that are not there
        raise Broken(f"cannot read '{path}': {why}") from why


def random_inputs(graph, extents, seed):
    rng = np.random.default_rng(seed)
    for entry in extents:
        if not re.fullmatch(r".+=[0-9]+", entry):
            raise Broken(f"expected DIM=N for --extent, got '{entry}'")
    known = dict(entry.rsplit("=", 1) for entry in extents)
    named = {dim.dim_param for value in inputs_of(graph) for dim in value.type.tensor_type.shape.dim}
    for name in known:
        if name not in named:
            raise Broken(f"no dim is named '{name}'; the inputs have {sorted(named - {''})}")
    values = {}
    for value in inputs_of(graph):
        tensor = value.type.tensor_type
        shape = [dim.dim_value if dim.HasField("dim_value") else int(known.get(dim.dim_param, 1))
                 for dim in tensor.shape.dim]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        if np.issubdtype(dtype, np.floating):
            values[value.name] = rng.normal(size=shape).astype(dtype)
        elif dtype == np.bool_:
            values[value.name] = rng.integers(0, 2, shape).astype(dtype)
        else:
            # Ones are in the range of anything: indices, masks, numbers of tokens.
            values[value.name] = np.ones(shape, dtype)
    return values


#===----------------------------------------------------------------------===#
# The two sides
#===----------------------------------------------------------------------===#


def run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise Broken(f"{os.path.basename(command[0])}: " + "; ".join(lines[:3]))
    return done.stdout


def loaded(path):
    if not os.path.exists(path):
        return {}
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


def given(path):
    """The user's inputs by name."""
    try:
        arrays = loaded(path) if path.endswith(".npz") else None
    except (OSError, ValueError, zipfile.BadZipFile) as why:
        raise Broken(f"can't read '{path}': {why}") from None
    if not arrays:
        raise Broken(f"expected an .npz file with the inputs by name, got '{path}'")
    return arrays


class Program:
    """The compiled side."""

    def __init__(self, arguments, inputs, folder):
        self.msc, self.model, self.options = arguments.msc, arguments.model, arguments.options
        self.folder, self.has_inputs = folder, bool(inputs)
        self.inputs = os.path.join(folder, "inputs.npz")
        np.savez(self.inputs, **inputs)

    def values(self, keep=None):
        """Outputs and kept tensors by name: all tensors, or those of a list."""
        program, outputs, kept = (os.path.join(self.folder, name) for name in ("program", "outputs.npz", "kept.npz"))
        for old in (program, outputs, kept):
            if os.path.exists(old):
                os.remove(old)
        options = ["--keep-intermediates"] if keep is None else [f"--keep-intermediates={name}" for name in keep]
        run([self.msc, "compile", self.model, "-o", program, *options, *self.options])
        command = [program, "--output", outputs]
        if self.has_inputs:
            command += ["--input", self.inputs]
        if "--intermediates FILE" in run([program, "--help"]):
            command += ["--intermediates", kept]
        run(command)
        return {**loaded(outputs), **loaded(kept)}


def with_all_outputs(model, names):
    """The model with these tensors as outputs, in place of its own."""
    declared = {value.name: value for value in [*model.graph.output, *model.graph.value_info]}
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    del changed.graph.output[:]
    for name in names:
        changed.graph.output.append(declared.get(name, onnx.ValueInfoProto(name=name)))
    return changed


def reference_values(model, names, inputs, oracle):
    if oracle == "onnx":
        from onnx.reference import ReferenceEvaluator

        return dict(zip(names, ReferenceEvaluator(with_all_outputs(model, names)).run(names, inputs)))
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(with_all_outputs(model, names).SerializeToString(), options,
                                               providers=["CPUExecutionProvider"])
        return dict(zip(names, session.run(names, inputs)))
    except Exception as why:  # its errors have no common class
        raise Broken("onnxruntime: " + str(why).strip().splitlines()[0]) from why


#===----------------------------------------------------------------------===#
# The comparison
#===----------------------------------------------------------------------===#


def error_of(got, want):
    """(largest error over the largest value, what else differs)."""
    if not isinstance(want, np.ndarray):
        return float("inf"), f"expected {type(want).__name__}, got a tensor"
    if got.shape != want.shape or got.dtype != want.dtype:
        return float("inf"), f"expected {want.dtype}{list(want.shape)}, got {got.dtype}{list(got.shape)}"
    got, want = got.astype(np.float64), want.astype(np.float64)
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    if same.all():
        return 0.0, ""
    finite = np.abs(want[np.isfinite(want)])
    largest = finite.max() if finite.size else 0.0
    error = np.abs(got[~same] - want[~same]).max() / (largest or 1.0)
    return (float("inf") if np.isnan(error) else float(error)), ""


def count_inner(graph):
    """Tensors that nodes of the graphs within a graph make."""
    inner = [a.g for node in graph.node for a in node.attribute if a.type == onnx.AttributeProto.GRAPH]
    return sum(sum(len(node.output) for node in g.node) + count_inner(g) for g in inner)


def makers_of(model):
    """(name, node, its number) of each tensor that a node makes, in the model's order."""
    return [(name, node, number) for number, node in enumerate(model.graph.node) for name in node.output if name]


def compare(makers, got, want):
    """What is known of each tensor that both sides have, in order."""
    return [Comparison(name, node, number, *error_of(got[name], want[name]))
            for name, node, number in makers if name in got and name in want]


def first_wrong(compared, tolerance):
    return next((c for c in compared if not c.error <= tolerance), None)


def first_wrong_alone(program, makers, want, tolerance):
    """The first wrong tensor where each has a program that keeps it alone, by halving."""
    found = first_wrong(compare(makers, program.values(keep=[]), want), tolerance)
    if not found:
        return None
    names = [entry for entry in makers if entry[0] in want and entry[2] <= found.number]
    low, high = 0, len(names) - 1
    while low < high:
        middle = (low + high) // 2
        alone = compare([names[middle]], program.values(keep=[names[middle][0]]), want)
        print(f"  kept '{names[middle][0]}': error {alone[0].error:.1e}", flush=True)
        if first_wrong(alone, tolerance):
            found, high = alone[0], middle
        else:
            low = middle + 1
    return found


#===----------------------------------------------------------------------===#
# The report
#===----------------------------------------------------------------------===#


def place_of(path, node, number):
    name = f" '{node.name}'" if node.name else ""
    domain = f"{node.domain}." if node.domain else ""
    return f"node {number}{name} ({domain}{node.op_type}) of {path}"


def report(found, compared, path, tolerance):
    print(f"first difference: tensor '{found.name}'")
    print(f"  made by {place_of(path, found.node, found.number)}")
    print("  " + (found.text or f"error {found.error:.3g}, tolerance {tolerance:g}"))
    errors = {c.name: c for c in compared}
    for name in found.node.input:
        if name in errors:
            print(f"  its input '{name}' agrees: error {errors[name].error:.1e}")
    later = [c for c in compared if not c.error <= tolerance and c.name != found.name]
    if later:
        print(f"  {len(later)} later tensors differ, which may follow from it")


def main(arguments):
    arguments = parse(arguments)
    judge = read_model(arguments.reference or arguments.model)
    if arguments.input:
        inputs = given(arguments.input)
    else:
        inputs = random_inputs(judge.graph, arguments.extent, arguments.seed)
    makers = makers_of(judge)
    with tempfile.TemporaryDirectory(prefix="msc-compare-") as folder:
        program = Program(arguments, inputs, folder)
        got = program.values()
        want = reference_values(judge, [name for name, _, _ in makers if name in got], inputs, arguments.oracle)
        compared = compare(makers, got, want)
        found = first_wrong(compared, arguments.tolerance)
        if arguments.one_at_a_time:
            found = first_wrong_alone(program, makers, want, arguments.tolerance)
            compared = [c for c in compared if c.number < found.number] if found else compared
    if arguments.verbose:
        for c in compared:
            print(f"{c.error:8.1e}  {c.name}  {place_of(arguments.model, c.node, c.number)}")
    if arguments.one_at_a_time and found:
        print(f"looked at the {len(compared)} tensors before '{found.name}'")
    else:
        print(f"compared {len(compared)} of the {len(makers)} tensors that nodes make; "
              f"{len(makers) - len(compared)} are not in the program")
    inner = count_inner(judge.graph)
    if inner:
        print(f"not looked at are {inner} tensors inside of branches and loops")
    if found:
        report(found, compared, arguments.reference or arguments.model, arguments.tolerance)
        return 1
    if not compared:
        raise Broken("the program and the reference have no tensor in common")
    worst = max(compared, key=lambda c: c.error)
    print(f"all agree; the largest error is {worst.error:.1e}, of '{worst.name}'")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Broken as why:
        print(f"compare-intermediates: {why}", file=sys.stderr)
        sys.exit(2)
