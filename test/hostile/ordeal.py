"""What the compiler is held to, whatever model it gets.

It must end in time, in a program or in one diagnostic; never in a crash or in
half a file. What it makes must run as well or refuse its input in good order.
"""

import os
import resource
import signal
import subprocess

# Of the CPU, since a machine may be busy with other things. Sanitizer builds take
# a good deal longer, a hang forever.
CPU_SECONDS = 120
# What waits for something uses no CPU.
WALL_SECONDS = 600
# Refused: bad model 1, bad input 2, bad usage 64. 70 would be an internal error.
REFUSED = (1, 2, 64)
CRASHED = ("Stack dump", "PLEASE submit", "Assertion", "UNREACHABLE", "AddressSanitizer", "runtime error:", "terminate called")
TEXT_STAGES = ("import", "graph", "linalg", "regions", "plan", "llvm")


# A model may ask for more memory than there is. ASan reserves terabytes.
MEMORY_BYTES = 12 << 30


class Endless(Exception):
    """A process that was stopped."""


def limit_resources():
    # Past the first limit a signal comes, past the second one SIGKILL.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 10))
    if "ASAN_OPTIONS" not in os.environ:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def call(command, folder):
    """Exit code, standard output and error; a signal is a negative code."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=WALL_SECONDS,
            preexec_fn=limit_resources,
        )
    except subprocess.TimeoutExpired:
        raise Endless(f"no end after {WALL_SECONDS} s")
    if done.returncode == -signal.SIGXCPU:
        raise Endless(f"no end after {CPU_SECONDS} s of CPU time")
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


class Ordeal:
    """Compiles models in a folder, on behalf of a unittest.TestCase."""

    def __init__(self, test, msc, folder):
        self.test, self.msc, self.folder = test, msc, folder

    def compile(self, data, stage="exe"):
        """The path of the program, "" for the text of a stage, None if refused."""
        test = self.test
        with open(os.path.join(self.folder, "mutant.onnx"), "wb") as file:
            file.write(data)
        before = sorted(os.listdir(self.folder))
        options = [f"--emit={stage}"] if stage in TEXT_STAGES else ["-o", "model"]
        try:
            code, _, err = call([self.msc, "compile", "mutant.onnx", *options], self.folder)
        except Endless as why:
            test.fail(f"the compiler: {why}")
        for sign in CRASHED:
            test.assertNotIn(sign, err)
        left = sorted(os.listdir(self.folder))
        if code == 0 and stage in TEXT_STAGES:
            return ""
        if code == 0:
            test.assertEqual(left, sorted(before + ["model"]))
            return os.path.join(self.folder, "model")
        test.assertIn(code, REFUSED, err[-2000:])
        test.assertEqual(left, before, "something is left of a model that was refused")
        errors = [line for line in err.splitlines() if "error: " in line]
        test.assertEqual(len(errors), 1, f"expected one diagnostic, got:\n{err[-2000:]}")
        # A name out of the file must not garble the terminal.
        controls = {c for c in err if ord(c) < 32 and c != "\n"}
        test.assertFalse(controls, f"control characters in the diagnostic: {err[:500]!r}")
        test.assertLess(len(err), 20000, "a diagnostic of this length helps nobody")
        return None

    def run(self, program, inputs):
        """Runs it on files, "--input" before each."""
        test = self.test
        code, _, err = call([program, "--help"], self.folder)
        test.assertEqual(code, 0, err[-2000:])
        try:
            code, _, err = call([program, *inputs, "--output", "out.npz"], self.folder)
        except Endless as why:
            test.fail(f"the program: {why}")
        for sign in CRASHED:
            test.assertNotIn(sign, err)
        test.assertIn(code, (0,) + REFUSED, err[-2000:])
        test.assertEqual("out.npz" in os.listdir(self.folder), code == 0)
