"""Turns a model into a program and runs it.

`Msc` compiles with the driver and starts the executable. `OnnxRuntime` stands
behind the same interface: it checks that the expected values of a table of
cases are right (`--backend=onnxruntime`).
"""

import os
import shutil
import subprocess
import tempfile

import ml_dtypes
import numpy as np
import onnx

# A compile or a run that takes longer hangs.
LIMIT_SECONDS = 300


class Failure(Exception):
    """A model did not compile or a program did not run."""


def call(command):
    """Runs a command and returns (exit code, stderr); a signal is negative."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"no end after {LIMIT_SECONDS} s: {' '.join(command)}")
    return done.returncode, done.stderr.decode(errors="replace")


def typed(array):
    """NumPy's files know bfloat16 as two bytes only."""
    return array.view(ml_dtypes.bfloat16) if array.dtype == np.dtype("V2") else array


class Program:
    """A compiled executable in a folder of its own."""

    def __init__(self, folder, path):
        self.folder, self.path = folder, path

    def run(self, inputs, options=()):
        """Outputs by name for inputs by name."""
        inputs_file = os.path.join(self.folder, "inputs.npz")
        outputs_file = os.path.join(self.folder, "outputs.npz")
        np.savez(inputs_file, **inputs)
        if os.path.exists(outputs_file):
            os.remove(outputs_file)
        code, err = call(
            [self.path, "--input", inputs_file, "--output", outputs_file, *options]
        )
        if code != 0:
            raise Failure(f"the program exits with {code}: {err.strip()[:2000]}")
        with np.load(outputs_file) as outputs:
            return {name: typed(outputs[name]) for name in outputs.files}

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Msc:
    def __init__(self, msc):
        self.msc = os.path.abspath(msc)

    def compile(self, model, options=()):
        folder = tempfile.mkdtemp(prefix="msc-execution-", dir=os.environ.get("TEST_TMPDIR"))
        source = os.path.join(folder, "model.onnx")
        onnx.save(model, source)
        program = Program(folder, os.path.join(folder, "model"))
        try:
            code, err = call([self.msc, "compile", source, "-o", program.path, *options])
            if code != 0:
                raise Failure(f"msc compile exits with {code}: {err.strip()[:2000]}")
        except Failure:
            program.close()
            raise
        return program


class OnnxRuntimeProgram:
    def __init__(self, session, names):
        self.session, self.names = session, names

    def run(self, inputs, options=()):
        try:
            return dict(zip(self.names, self.session.run(self.names, inputs)))
        except Exception as error:
            raise Failure(str(error))

    def close(self):
        pass


class OnnxRuntime:
    def compile(self, model, options=()):
        import onnx.reference
        import onnxruntime

        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 4
        names = [o.name for o in model.graph.output]
        border = list(model.graph.input) + list(model.graph.output)
        # It runs models with bfloat16 but takes and gives no arrays of it.
        if any(v.type.tensor_type.elem_type == onnx.TensorProto.BFLOAT16 for v in border):
            if len(model.graph.node) > 1:
                raise Failure("bfloat16 beside others")
            return OnnxRuntimeProgram(onnx.reference.ReferenceEvaluator(model), names)
        try:
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), settings, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            # It lacks many types; ONNX's own evaluator has them all.
            if "NOT_IMPLEMENTED" not in str(error) or len(model.graph.node) > 1:
                raise Failure(str(error))
            session = onnx.reference.ReferenceEvaluator(model)
        return OnnxRuntimeProgram(session, names)
