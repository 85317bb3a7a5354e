"""msc-run on lists of steps, with the CPU as a device and as a host."""

import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import package_file
from package_file import PackageFile, buffer, step, tensor

MSC_RUN, KERNELS = map(os.path.abspath, sys.argv[1:3])
WEIGHTS = np.float32([2, 3, 4, 5])
# In ascending order of names.
ENTRIES = [{"name": "fill", "buffers": 1, "scalars": 1},
           {"name": "give_up", "buffers": 0},
           {"name": "muladd", "buffers": 3, "scalars": 1},
           {"name": "negate", "buffers": 1}]
FILL, GIVE_UP, MULADD, NEGATE = range(4)


def dispatch(kernel, *buffers, scalars=(), **more):
    return step("Dispatch", code=0, kernel=kernel, buffers=list(buffers),
                scalars=[{"value": s} for s in scalars], **more)


def copy(source, target, queue=0):
    return step("Copy", queue=queue, **{"from": source, "to": target})


def program(device, steps, setup=(), entries=ENTRIES):
    """x f32[4], flag bool[1] -> y f32[4]."""
    description = package_file.whole("steps")
    description["signature"] = {
        "inputs": [tensor("x", 4), tensor("flag", 1, dtype=13)],
        "outputs": [tensor("y", 4)], "dims": []}
    description["targets"] = [{
        "name": device,
        "code": [{"device": "cpu", "format": "elf-x86_64", "kernels": entries}],
        "regions": [],
        "plan_type": "StepsPlan",
        "plan": {"queues": 2, "host_arena_bytes": 16,
                 "device_arena_bytes": 128, "device_weights_bytes": 16,
                 "setup": list(setup), "steps": steps}}]
    with open(KERNELS, "rb") as file:
        return PackageFile(description, [file.read()], WEIGHTS.tobytes())


X = buffer("DeviceArena", 16)
SUM = buffer("DeviceArena", 16, 64)
W = buffer("DeviceWeights", 16)
HOST = buffer("HostArena", 16)
INPUT, OUTPUT = buffer("Input", 16), buffer("Output", 16)
TO_WEIGHTS = copy(buffer("Weights", 16), W)

# y = flag ? 1 + 3 x w : x
ON_DEVICE = [
    copy(INPUT, X),
    step("Wait", queue=1, on=0),
    dispatch(FILL, SUM, scalars=[1], grid=[2, 2], queue=1),
    step("Loop", trips=3, body=[
        dispatch(MULADD, X, W, dict(SUM, access="ReadWrite"), scalars=[4],
                 queue=1)]),
    step("Branch", condition=buffer("Input", 1, index=1),
         then=[copy(SUM, OUTPUT, queue=1)], otherwise=[copy(X, OUTPUT)]),
]

# y = -x, by way of the device's memory
ON_HOST = [
    copy(INPUT, X),
    copy(X, SUM),
    copy(SUM, HOST),
    step("Wait", on=0),
    dispatch(NEGATE, dict(HOST, access="ReadWrite")),
    copy(HOST, OUTPUT),
]


class StepsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_program(self, package, *arguments, flag=True):
        path = lambda name: os.path.join(self.folder.name, name)
        with open(path("steps.mscpkg"), "wb") as file:
            file.write(package.serialize())
        self.x = np.float32([1, -2, 3, 0.5])
        np.savez(path("in.npz"), x=self.x, flag=np.array([flag]))
        done = subprocess.run(
            [MSC_RUN, "steps.mscpkg", "--input", "in.npz", "--output", "y.npy",
             *arguments], cwd=self.folder.name, capture_output=True, text=True,
            timeout=120)
        if done.returncode == 0:
            self.y = np.load(path("y.npy"))
        return done

    def succeed(self, *arguments, **options):
        done = self.run_program(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def fail_with(self, code, text, package):
        done = self.run_program(package)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)

    def test_on_the_device(self):
        package = program("cpu", ON_DEVICE, [TO_WEIGHTS])
        self.succeed(package)
        np.testing.assert_array_equal(self.y, 1 + 3 * self.x * WEIGHTS)
        self.succeed(package, flag=False)
        np.testing.assert_array_equal(self.y, self.x)
        # The setup is run once, the steps each time.
        self.succeed(package, "--benchmark", "20")
        np.testing.assert_array_equal(self.y, 1 + 3 * self.x * WEIGHTS)

    def test_on_the_host_of_a_device(self):
        self.succeed(program("npu-sim", ON_HOST), "--device", "npu-sim")
        np.testing.assert_array_equal(self.y, -self.x)

    def test_failing_kernels(self):
        self.fail_with(70, "model 'steps' failed: ", program(
            "cpu", [copy(INPUT, X), dispatch(GIVE_UP)]))
        self.fail_with(70, "model 'steps' failed: a kernel of the host failed "
                       "with 7", program("npu-sim", [copy(INPUT, X),
                                                     dispatch(GIVE_UP)]))

    def test_code_that_does_not_fit(self):
        absent = ENTRIES + [{"name": "sort"}]
        for device in "cpu", "npu-sim":
            self.fail_with(2, "no kernel 'sort'",
                           program(device, [], entries=absent))
        wrong = [dict(entry, scalars=2) if entry["name"] == "muladd" else entry
                 for entry in ENTRIES]
        self.fail_with(2, "kernel 'muladd' takes other arguments than the "
                       "package says", program("cpu", [], entries=wrong))
        package = program("npu-sim", [])
        code = package.description["targets"][0]["code"][0]
        code["features"] = "+frobnicate"
        self.fail_with(70, "the CPU feature 'frobnicate'", package)
        code.update(features="", format="elf-vax")
        self.fail_with(70, "has the format 'elf-vax'", package)
        code["section"]["hash"] = 0
        self.fail_with(2, "the package is damaged: its code's bytes", package)


if __name__ == "__main__":
    unittest.main()
