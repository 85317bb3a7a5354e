"""Latency, start-up, size and cost of compiling, against ONNX Runtime.

Both sides run on one thread and take turns: a round is one measurement of
each, so that what else the machine does hits both. The median over the rounds
is printed. ONNX Runtime is called with bound buffers, which is the cheapest
call that it has from Python; what such a call costs when the model does
nothing is measured too and printed, since it weighs on the smallest models.
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import tempfile
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--msc", required=True, help="the compiler's driver")
    parser.add_argument("--model", default="examples/digits/digits.onnx")
    parser.add_argument("--batch", type=int, action="append", help="default: 1, 8 and 64")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--runs", type=int, default=2000, help="calls in a round, at batch 1")
    arguments = parser.parse_args()
    arguments.batch = arguments.batch or [1, 8, 64]
    return arguments


def measured(command):
    """Runs a command: (wall seconds, peak resident bytes, standard output)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} exits with {process.returncode}")
    return seconds, usage.ru_maxrss * 1024, out


def compiled(msc, model, path, *options):
    seconds, peak, _ = measured([msc, "compile", model, "-o", path, *options])
    return seconds, peak


def msc_milliseconds(program, images, runs):
    out = measured([program, "--input", images, "--threads", "1", "--benchmark", str(runs)])[2]
    return float(re.search(r"median ([\d.]+) ms", out).group(1))


class OnnxRuntime:
    """A session on one thread with bound input and output."""

    def __init__(self, model, images):
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            model, settings, providers=["CPUExecutionProvider"]
        )
        self.binding = self.session.io_binding()
        self.images = onnxruntime.OrtValue.ortvalue_from_numpy(images)
        output = self.session.get_outputs()[0].name
        first = self.session.run([output], {self.session.get_inputs()[0].name: images})[0]
        self.result = onnxruntime.OrtValue.ortvalue_from_numpy(np.empty_like(first))
        self.binding.bind_ortvalue_input(self.session.get_inputs()[0].name, self.images)
        self.binding.bind_ortvalue_output(output, self.result)

    def milliseconds(self, runs):
        """The median of single calls, after a tenth of them as warm-up."""
        times = []
        for _ in range(runs // 10 + 3):
            self.session.run_with_iobinding(self.binding)
        for _ in range(runs):
            start = time.perf_counter_ns()
            self.session.run_with_iobinding(self.binding)
            times.append(time.perf_counter_ns() - start)
        return statistics.median(times) / 1e6


def empty_model():
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in "xy")
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "empty", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return model.SerializeToString()


def start_up(program, image, times):
    """Seconds from start to end of a process that reads and classifies one image."""
    command = [program, "--input", image]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return statistics.median(measured(command)[0] for _ in range(times))


def latency_rows(arguments, folder, shape, name):
    rng = np.random.default_rng(0)
    dynamic = os.path.join(folder, "dynamic")
    for batch in arguments.batch:
        images = rng.uniform(0, 16, (batch, *shape)).astype(np.float32)
        file = os.path.join(folder, "images.npy")
        np.save(file, images)
        static = os.path.join(folder, f"static{batch}")
        compiled(arguments.msc, arguments.model, static, "--dims", f"{name}={batch}")
        session = OnnxRuntime(arguments.model, images)
        runs = max(50, arguments.runs // batch)
        columns = ([], [], [])
        for _ in range(arguments.rounds):
            columns[0].append(msc_milliseconds(static, file, runs))
            columns[1].append(msc_milliseconds(dynamic, file, runs))
            columns[2].append(session.milliseconds(runs))
        yield (batch, *(statistics.median(c) for c in columns))


def cpu_name():
    with open("/proc/cpuinfo") as file:
        match = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    return match.group(1) if match else platform.processor()


def text_bytes(program):
    """Machine code in the file: its executable segments."""
    headers = measured(["readelf", "-lW", program])[2]
    return sum(
        int(size, 16)
        for size, flags in re.findall(r"^  LOAD +\S+ \S+ \S+ (\S+) \S+ (...) ", headers, re.M)
        if "E" in flags
    )


def main():
    arguments = parse()
    model = onnx.load(arguments.model)
    dims = model.graph.input[0].type.tensor_type.shape.dim
    shape, name = [d.dim_value for d in dims[1:]], dims[0].dim_param
    print(f"{arguments.model} on {cpu_name()}, 1 thread, ONNX Runtime {onnxruntime.__version__}")
    print(f"medians of {arguments.rounds} interleaved rounds\n")
    with tempfile.TemporaryDirectory(prefix="msc-bench-") as folder:
        program = os.path.join(folder, "dynamic")
        compiles = [compiled(arguments.msc, arguments.model, program) for _ in range(3)]

        print("| batch | msc, static batch | msc, dynamic batch | ONNX Runtime | ratio |")
        print("|--:|--:|--:|--:|--:|")
        for batch, static, dynamic, reference in latency_rows(arguments, folder, shape, name):
            print(
                f"| {batch} | {static * 1e3:.2f} us | {dynamic * 1e3:.2f} us | {reference * 1e3:.2f} us "
                f"| {reference / static:.2f}x |"
            )
        empty = OnnxRuntime(empty_model(), np.zeros(1, np.float32)).milliseconds(arguments.runs)
        print(f"\nan empty model costs ONNX Runtime {empty * 1e3:.2f} us a call\n")

        image = os.path.join(folder, "image.npy")
        np.save(image, np.zeros((1, *shape), np.float32))
        nothing = statistics.median(measured(["/bin/true"])[0] for _ in range(30))
        print(f"start to end, one image  {start_up(program, image, 30) * 1e3:.2f} ms (/bin/true: {nothing * 1e3:.2f} ms)")
        print(f"executable               {os.path.getsize(program) / 1e3:.0f} kB, machine code {text_bytes(program) / 1e3:.0f} kB")
        print(f"model file               {os.path.getsize(arguments.model) / 1e3:.0f} kB")
        print(f"compile                  {statistics.median(c[0] for c in compiles):.2f} s, peak {compiles[0][1] / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
