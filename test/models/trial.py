"""A model, its reference results from ONNX Runtime, and programs made of it."""

import os
import subprocess
import tempfile
import time

import numpy as np
import onnxruntime
from catalogue import cache_folder


class Failed(Exception):
    """A step that gave no result; the text fits into a cell."""


def peak_of(pid):
    """Peak resident bytes of a running process; 0 when it has ended.

    What wait4 gives includes the parent, of which a child begins as a copy.
    """
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def measured(command, limit=1800):
    """Runs a command: (wall seconds, peak resident bytes, standard output)."""
    peak = 0
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        deadline = start + limit
        while True:
            peak = max(peak, peak_of(process.pid))
            pid, status = os.waitpid(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() > deadline:
                process.kill()
                os.waitpid(process.pid, 0)
                raise Failed(f"no end after {limit} s")
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            raise Failed((err.read().strip().splitlines() or [f"exit {process.returncode}"])[0][:160])
        return time.perf_counter() - start, peak, out.read()


def compiled(msc, model, path, *options):
    return measured([msc, "compile", model, "-o", path, *options])[:2]


def session_of(model, threads):
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = threads, 1
    settings.log_severity_level = 3
    return onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])


def error_of(got, wanted):
    """Largest difference over the largest value, over all outputs."""
    worst = 0.0
    if set(got) != set(wanted):
        raise Failed(f"outputs {sorted(got)} for {sorted(wanted)}")
    for name, want in wanted.items():
        have = got[name]
        if have.shape != want.shape or have.dtype != want.dtype:
            raise Failed(f"{name}: {have.dtype}{list(have.shape)} for {want.dtype}{list(want.shape)}")
        if not want.size:
            continue
        if want.dtype.kind != "f":
            worst = max(worst, float((have != want).any()))
            continue
        scale = np.abs(want).max() or 1.0
        difference = np.abs(have.astype(np.float64) - want.astype(np.float64)).max() / scale
        worst = max(worst, float("inf") if np.isnan(difference) else float(difference))
    return worst


class Trial:
    """One model: its reference results and its programs."""

    def __init__(self, model, msc, folder):
        self.model, self.msc, self.folder = model, msc, folder
        self.path = model.make(cache_folder())
        self.variants = model.variants()
        session = session_of(self.path, 1)
        names = [o.name for o in session.get_outputs()]
        self.wanted = [dict(zip(names, session.run(names, v.inputs))) for v in self.variants]
        self.files = []
        for i, variant in enumerate(self.variants):
            self.files.append(os.path.join(folder, f"{model.name}.{i}.npz"))
            np.savez(self.files[i], **variant.inputs)

    def program(self, name, *options):
        path = os.path.join(self.folder, f"{self.model.name}.{name}")
        seconds, peak = compiled(self.msc, self.path, path, *options)
        return path, seconds, peak

    def error(self, program, number, *options):
        out = os.path.join(self.folder, "out.npz")
        measured([program, "--input", self.files[number], "--output", out, *options])
        with np.load(out) as got:
            return error_of({n: got[n] for n in got.files}, self.wanted[number])

    def static_dims(self, number=0):
        return "--dims=" + ",".join(f"{k}={v}" for k, v in self.variants[number].dims.items())
