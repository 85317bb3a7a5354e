"""The digits model against ONNX Runtime: digits_test.py --msc=PATH --model=PATH --heldout=PATH.

Outputs may differ by 1e-5 of the largest, and must name the same digits.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
import unittest

import numpy as np
import onnxruntime

from shared_library import Error, SharedLibrary

TOLERANCE = 1e-5


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--heldout", required=True)
    arguments, _ = parser.parse_known_args()
    return arguments


ARGUMENTS = parse()
with np.load(ARGUMENTS.heldout) as heldout:
    IMAGES, LABELS = heldout["image"], heldout["label"]
WANTED = onnxruntime.InferenceSession(
    ARGUMENTS.model, providers=["CPUExecutionProvider"]
).run(None, {"image": IMAGES})[0]


class Digits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="msc-digits-", dir=os.environ.get("TEST_TMPDIR"))
        cls.compiled = {}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def compile(self, *options, suffix=""):
        """The path of the artefact; each set of options is compiled once."""
        if options not in self.compiled:
            path = os.path.join(self.folder, f"digits{len(self.compiled)}{suffix}")
            done = subprocess.run(
                [os.path.abspath(ARGUMENTS.msc), "compile", ARGUMENTS.model, "-o", path, *options],
                capture_output=True,
                text=True,
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            self.compiled[options] = path
        return self.compiled[options]

    def call(self, *command):
        return subprocess.run(command, capture_output=True, text=True, cwd=self.folder)

    def run_images(self, program, images, *options):
        source, result = os.path.join(self.folder, "in.npy"), os.path.join(self.folder, "out.npy")
        np.save(source, images)
        done = self.call(program, "--input", "image=in.npy", "--output", "probabilities=out.npy", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        got = np.load(result)
        os.remove(result)
        return got

    def check(self, got, wanted):
        self.assertEqual(got.dtype, np.float32)
        self.assertEqual(got.shape, wanted.shape)
        if not wanted.size:
            return
        self.assertTrue(np.isfinite(got).all())
        error = np.abs(got - wanted).max() / np.abs(wanted).max()
        self.assertLessEqual(error, TOLERANCE)
        self.assertEqual(got.argmax(1).tolist(), wanted.argmax(1).tolist())

    def check_held_out(self, got):
        self.check(got, WANTED)
        accuracy, reference = (y.argmax(1) == LABELS for y in (got, WANTED))
        self.assertEqual(accuracy.sum(), reference.sum())
        self.assertGreaterEqual(accuracy.mean(), 0.98)

    def test_held_out_digits(self):
        self.check_held_out(self.run_images(self.compile(), IMAGES))

    def test_held_out_digits_O0(self):
        self.check_held_out(self.run_images(self.compile("-O0"), IMAGES))

    def test_held_out_digits_strict(self):
        self.check_held_out(self.run_images(self.compile("--fp=strict"), IMAGES))

    def test_static_batch(self):
        for batch in (1, 8):
            program = self.compile("--dims", f"batch={batch}")
            for start in (0, 40):
                part = slice(start, start + batch)
                self.check(self.run_images(program, IMAGES[part]), WANTED[part])

    def test_static_batch_O0(self):
        program = self.compile("-O0", "--dims", "batch=8")
        self.check(self.run_images(program, IMAGES[:8]), WANTED[:8])

    def test_static_batch_refuses_others(self):
        program = self.compile("--dims", "batch=8")
        np.save(os.path.join(self.folder, "nine.npy"), IMAGES[:9])
        done = self.call(program, "--input", "nine.npy", "--output", "nine-out.npy")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "nine-out.npy")))

    def test_dynamic_batch(self):
        for batch in (1, 2, 3, 5, 7, 8, 37, 64, 0):
            for options in ((), ("-O0",)):
                # Extents start at 1 unless the range says otherwise.
                program = self.compile(*options, "--dims", "batch=0..4096")
                self.check(self.run_images(program, IMAGES[:batch]), WANTED[:batch])

    def test_threads_give_the_same_bits(self):
        program = self.compile()
        one = self.run_images(program, IMAGES, "--threads", "1")
        two = self.run_images(program, IMAGES, "--threads", "2")
        self.assertEqual(one.tobytes(), two.tobytes())

    def test_runs_give_the_same_bits(self):
        program = self.compile()
        first = self.run_images(program, IMAGES)
        self.assertEqual(first.tobytes(), self.run_images(program, IMAGES).tobytes())

    def test_compiler_is_deterministic(self):
        # The name of the file is the name of the model, which is in the file.
        first = self.compile()
        path = os.path.join(self.folder, "again", os.path.basename(first))
        os.mkdir(os.path.dirname(path))
        done = self.call(os.path.abspath(ARGUMENTS.msc), "compile", os.path.abspath(ARGUMENTS.model), "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(first, "rb") as one, open(path, "rb") as two:
            self.assertEqual(one.read(), two.read())

    def library(self, *options):
        path = self.compile("--emit=so", *options, suffix=".so")
        return SharedLibrary(path, os.path.splitext(path)[0] + ".h")

    def test_shared_library(self):
        for options in ((), ("-O0",)):
            library = self.library(*options)
            context = library.context()
            self.check_held_out(context.run(IMAGES, WANTED.shape))
            # The same context on another batch.
            self.check(context.run(IMAGES[:3], (3, 10)), WANTED[:3])
            context.close()
            library.close()

    def test_shared_library_static_batch(self):
        library = self.library("--dims", "batch=8")
        context = library.context(threads=1)
        self.check(context.run(IMAGES[:8], (8, 10)), WANTED[:8])
        with self.assertRaisesRegex(Error, "8"):
            context.run(IMAGES[:9], (9, 10))
        context.close()
        library.close()

    def test_contexts_share_a_model(self):
        library = self.library()
        contexts = [library.context() for _ in range(3)]
        for i, context in enumerate(contexts):
            self.check(context.run(IMAGES[i * 5 : i * 5 + 4], (4, 10)), WANTED[i * 5 : i * 5 + 4])
        for context in contexts:
            context.close()
        library.close()

    def lean_program(self):
        """The executable, where it is not swollen and slowed by sanitizers."""
        program = self.compile()
        with open(program, "rb") as file:
            if b"__asan_init" in file.read():
                self.skipTest("a sanitizer build")
        return program

    def test_executable_stands_alone(self):
        """System libraries only, and less than a megabyte of runtime."""
        program = self.lean_program()
        needed = self.call("readelf", "-d", program).stdout
        for line in needed.splitlines():
            if "(NEEDED)" in line:
                self.assertRegex(line, r"\[(libc|libm|libpthread|ld-linux-x86-64)\.so")
        weights = os.path.getsize(ARGUMENTS.model)
        self.assertLess(os.path.getsize(program), weights + 1_000_000)

    def test_start_up(self):
        """Less than 10 ms from start to end for one digit, at best of 20."""
        program = self.lean_program()
        np.save(os.path.join(self.folder, "one.npy"), IMAGES[:1])
        times = []
        for _ in range(20):
            start = time.perf_counter()
            done = self.call(program, "--input", "one.npy")
            times.append(time.perf_counter() - start)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(min(times), 0.010)
