"""Packages that releases have written load and run under this runtime."""

import glob
import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np
from onnx.reference import ReferenceEvaluator

import write_package

MSC_RUN = os.path.abspath(sys.argv[1])
PACKAGES = [os.path.abspath(path) for path in sys.argv[2:]]


class CompatTest(unittest.TestCase):
    def run_package(self, *arguments):
        done = subprocess.run([MSC_RUN, *arguments], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_there_is_one_a_release(self):
        found = glob.glob("test/compat/*.mscpkg")
        self.assertEqual(sorted(map(os.path.abspath, found)), sorted(PACKAGES))
        self.assertTrue(PACKAGES)

    def test_they_load(self):
        for package in PACKAGES:
            with self.subTest(package):
                text = self.run_package(package, "--list", "--verify-weights")
                self.assertIn("model:    compat\n", text)
                self.assertIn("needs -;", text)
                text = self.run_package(package, "--help")
                self.assertIn("x      f32[batch, 4]", text)
                self.assertIn("next           f32[2], in place of state", text)
                self.assertIn("batch in [1, 64]", text)

    def test_they_run(self):
        reference = ReferenceEvaluator(write_package.model())
        rng = np.random.default_rng(1)
        for package in PACKAGES:
            for batch in 1, 7, 64:
                with self.subTest(package, batch=batch):
                    self.check_run(package, reference, {
                        "x": rng.normal(size=(batch, 4)).astype(np.float32),
                        "state": rng.normal(size=2).astype(np.float32)})

    def check_run(self, package, reference, inputs):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "in.npz")
            target = os.path.join(folder, "out.npz")
            np.savez(source, **inputs)
            self.run_package(package, "--input", source, "--output", target)
            outputs = np.load(target)
            for name, expected in zip(("probabilities", "next"),
                                      reference.run(None, inputs)):
                np.testing.assert_allclose(outputs[name], expected, rtol=1e-5,
                                           atol=1e-6)


if __name__ == "__main__":
    unittest.main()
