"""The command line of an executable, on the model of FakeModel.h."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import onnx

PROGRAM = os.path.abspath(sys.argv[1])


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.x = np.arange(12, dtype=np.float32).reshape(3, 4)
        self.b = np.full(4, 0.5, np.float32)
        self.y = self.x * np.float32([1, 2, 3, 4]) + self.b
        self.s = self.y.sum(axis=1)
        np.save(self.path("x.npy"), self.x)
        np.save(self.path("b.npy"), self.b)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_program(self, *arguments, **options):
        return subprocess.run([PROGRAM, *arguments], cwd=self.folder.name,
                              capture_output=True, text=True, timeout=120,
                              **options)

    def succeed(self, *arguments):
        done = self.run_program(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def fail(self, code, text, *arguments, **options):
        """One line on stderr, nothing on stdout, no new file."""
        before = sorted(os.listdir(self.folder.name))
        done = self.run_program(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)

    def check_outputs(self, arrays):
        np.testing.assert_array_equal(arrays["y"], self.y)
        np.testing.assert_array_equal(arrays["s"], self.s)


class Information(CliTest):
    def test_help_shows_the_signature(self):
        text = self.succeed("--help")
        for line in ("  x  f32[batch, 4]\n", "  b  f32[4]\n",
                     "  y  f32[batch, 4]\n", "  s  f32[batch]\n",
                     "  batch in [0, 4096]\n"):
            self.assertIn(line, text)
        self.assertNotIn("\x1b", text)
        self.assertEqual(text, self.succeed("-h"))

    def test_version(self):
        self.assertEqual(self.succeed("--version"), "fake, compiled by msc test "
                         "for any CPU, runtime 0.1.0\n")

    def test_full_stdout_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "--help"], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 70)
        self.assertIn("standard output cannot be written", done.stderr)


class Inputs(CliTest):
    def outputs(self, *inputs):
        self.succeed(*inputs, "--output", "out.npz")
        return np.load(self.path("out.npz"))

    def test_in_order(self):
        self.check_outputs(self.outputs("--input", "x.npy", "--input", "b.npy"))

    def test_by_name(self):
        self.check_outputs(self.outputs("--input=b=b.npy", "--input", "x=x.npy"))

    def test_named_and_in_order(self):
        self.check_outputs(self.outputs("--input", "b.npy", "--input", "x=x.npy"))

    def test_fortran_order(self):
        np.save(self.path("x.npy"), np.asfortranarray(self.x))
        self.check_outputs(self.outputs("--input", "x.npy", "--input", "b.npy"))

    def test_npz(self):
        for save in np.savez, np.savez_compressed:
            save(self.path("in.npz"), x=self.x, b=self.b)
            self.check_outputs(self.outputs("--input", "in.npz"))

    def test_npz_in_parts(self):
        np.savez(self.path("a.npz"), x=self.x)
        np.savez_compressed(self.path("all.npz"), other=self.b, more=self.x)
        self.check_outputs(self.outputs("--input", "a.npz", "--input",
                                        "b=all.npz:other"))
        np.savez(self.path("only.npz"), self.b)
        self.check_outputs(self.outputs("--input", "b=only.npz", "--input",
                                        "all.npz:more"))

    def test_large_compressed(self):
        x = np.random.default_rng(1).normal(size=(4096, 4)).astype(np.float32)
        np.savez_compressed(self.path("in.npz"), x=x, b=self.b)
        out = self.outputs("--input", "in.npz", "--threads", "2")
        np.testing.assert_array_equal(out["y"],
                                      x * np.float32([1, 2, 3, 4]) + self.b)

    def test_onnx_tensors(self):
        raw = onnx.numpy_helper.from_array(self.x, "x")
        typed = onnx.helper.make_tensor("b", onnx.TensorProto.FLOAT, [4],
                                        self.b.tolist())
        self.assertFalse(typed.HasField("raw_data"))
        for name, tensor in ("x.pb", raw), ("b.pb", typed):
            with open(self.path(name), "wb") as file:
                file.write(tensor.SerializeToString())
        self.check_outputs(self.outputs("--input", "x.pb", "--input", "b.pb"))

    def test_empty(self):
        np.save(self.path("x.npy"), np.zeros((0, 4), np.float32))
        out = self.outputs("--input", "x.npy", "--input", "b.npy")
        self.assertEqual(out["y"].shape, (0, 4))
        self.assertEqual(out["s"].shape, (0,))

    def test_threads_give_the_same_bits(self):
        x = np.random.default_rng(2).normal(size=(999, 4)).astype(np.float32)
        np.save(self.path("x.npy"), x)
        bits = [self.outputs("--input", "x.npy", "--input", "b.npy", "--threads",
                             str(n))["s"].tobytes() for n in (1, 2, 8)]
        self.assertEqual(len(set(bits)), 1)


class Outputs(CliTest):
    inputs = "--input", "x.npy", "--input", "b.npy"

    def test_printed(self):
        self.assertEqual(self.succeed(*self.inputs), """\
y: f32[3, 4]
  [[0.5, 2.5, 6.5, 12.5],
   [4.5, 10.5, 18.5, 28.5],
   [8.5, 18.5, 30.5, 44.5]]
s: f32[3]
  [22, 62, 102]
""")

    def test_printed_in_summary(self):
        np.save(self.path("x.npy"), np.ones((1000, 4), np.float32))
        text = self.succeed(*self.inputs)
        self.assertIn("[1.5, 2.5, 3.5, 4.5, 1.5, 2.5, ...]  4000 elements, "
                      "min 1.5, max 4.5, mean 3", text)

    def test_npy(self):
        self.succeed(*self.inputs, "--output", "y.npy", "--output", "s=s.npy")
        self.check_outputs({"y": np.load(self.path("y.npy")),
                            "s": np.load(self.path("s.npy"))})

    def test_some_outputs_in_npz(self):
        self.succeed(*self.inputs, "--output", "s=out.npz")
        self.assertEqual(np.load(self.path("out.npz")).files, ["s"])

    def test_replaces_a_file(self):
        np.save(self.path("y.npy"), self.x)
        self.succeed(*self.inputs, "--output", "y.npy")
        np.testing.assert_array_equal(np.load(self.path("y.npy")), self.y)

    def test_all_or_nothing(self):
        self.fail(2, "none/s.npy: cannot be written: No such file",
                  *self.inputs, "--output", "y=y.npy", "--output",
                  "s=none/s.npy")

    def test_directories_are_not_replaced(self):
        os.mkdir(self.path("y.npy"))
        self.fail(2, "exists and is not a regular file", *self.inputs,
                  "--output", "y.npy")


class Measuring(CliTest):
    inputs = "--input", "x.npy", "--input", "b.npy"
    pattern = (r"benchmark: 20 runs, 1 thread{}: median (\d+\.\d+) ms, "
               r"p90 (\d+\.\d+) ms, min (\d+\.\d+) ms, \d+\.\d+ GFLOP/s\n")

    def test_benchmark(self):
        text = self.succeed(*self.inputs, "--benchmark", "20", "--threads", "1")
        match = re.fullmatch(self.pattern.format(""), text)
        self.assertTrue(match, text)
        median, p90, least = map(float, match.groups())
        self.assertLessEqual(least, median)
        self.assertLessEqual(median, p90)

    def test_benchmark_without_inputs(self):
        text = self.succeed("--benchmark", "20", "--threads", "1")
        self.assertRegex(text, self.pattern.format(", made-up inputs"))

    def test_memory(self):
        text = self.succeed(*self.inputs, "--output", "y.npy", "--print-memory")
        self.assertRegex(text, r"^arena:    48 bytes\nweights:  16 bytes\n"
                         r"peak RSS: \d+ KiB\n$")

    def test_profile(self):
        x = np.ones((4096, 4), np.float32)
        np.save(self.path("x.npy"), x)
        self.succeed(*self.inputs, "--output", "y.npy", "--profile", "t.json")
        with open(self.path("t.json")) as file:
            trace = json.load(file)
        slices = [e for e in trace["traceEvents"] if e["ph"] == "X"]
        caller = [e for e in slices if e["tid"] == 0]
        self.assertEqual([e["name"] for e in caller], ["r0", "r1"])
        self.assertEqual(caller[1]["args"], {"ops": 'reduce "sum"',
                                             "schedule": "rows", "flops": 300,
                                             "bytes": 2000})
        self.assertGreaterEqual(caller[1]["ts"], caller[0]["ts"] + caller[0]["dur"])
        for event in slices:
            self.assertIn(event["name"], ("r0", "r1"))

    def test_profile_that_cannot_be_written(self):
        self.fail(2, "none/t.json: cannot be written", *self.inputs, "--profile",
                  "none/t.json", "--output", "y.npy")


class BadInput(CliTest):
    def bad(self, text, *arguments):
        self.fail(2, text, *arguments, "--output", "out.npz")

    def bad_x(self, array, text):
        np.save(self.path("x.npy"), array)
        self.bad(text, "--input", "x.npy", "--input", "b.npy")

    def test_unknown_name(self):
        self.bad("no input 'z'; --help lists the names", "--input", "z=x.npy")

    def test_unknown_output_name(self):
        self.fail(2, "no output 'q'", "--input", "x.npy", "--output", "q=y.npy")

    def test_dtype(self):
        self.bad_x(self.x.astype(np.float64), "x.npy: input 'x': expected "
                   "f32[batch, 4], got f64[3, 4]; convert with "
                   "x.astype(numpy.float32)")

    def test_shape(self):
        self.bad_x(self.x[:, :3], "expected f32[batch, 4], got f32[3, 3]")
        self.bad_x(self.x[0], "got f32[4]; add a leading dim with x[None]")

    def test_range(self):
        self.bad_x(np.zeros((4097, 4), np.float32),
                   "expected dim 0 ('batch') in [0, 4096], got 4097")

    def test_big_endian(self):
        self.bad_x(self.x.astype(">f4"), "big-endian arrays ('>f4')")

    def test_objects(self):
        self.bad_x(np.array([{}, None], object), "elements of type '|O'")

    def test_missing_file(self):
        self.bad("none.npy: No such file or directory", "--input", "none.npy")

    def test_directory(self):
        os.mkdir(self.path("d.npy"))
        self.bad("d.npy: not a regular file", "--input", "d.npy")

    def test_fifo_does_not_block(self):
        os.mkfifo(self.path("f.npy"))
        self.bad("f.npy: not a regular file", "--input", "f.npy")

    def test_extension(self):
        with open(self.path("x.txt"), "w") as file:
            file.write("1 2 3")
        self.bad("x.txt: expected a .npy, .npz or .pb file", "--input", "x.txt")

    def test_truncated(self):
        with open(self.path("x.npy"), "rb") as file:
            whole = file.read()
        for size in (0, 5, 50, len(whole) - 1):
            with open(self.path("x.npy"), "wb") as file:
                file.write(whole[:size])
            self.bad("x.npy: ", "--input", "x.npy", "--input", "b.npy")

    def test_bomb(self):
        np.savez_compressed(self.path("in.npz"), b=self.b,
                            x=np.zeros((1 << 20, 16), np.float32))
        self.bad("in.npz: an array of 67108992 bytes; at most", "--input",
                 "in.npz")

    def test_huge_file(self):
        with open(self.path("x.npy"), "wb") as file:
            file.truncate(1 << 40)
        self.bad("x.npy: 1099511627776 bytes are more than", "--input", "x.npy")

    def test_unknown_array(self):
        np.savez(self.path("in.npz"), x=self.x, b=self.b, labels=self.b)
        self.bad("the model has no input 'labels'; select arrays",
                 "--input", "in.npz")
        self.bad("has no array 'q'", "--input", "x=in.npz:q")

    def test_names_do_not_steer_the_terminal(self):
        self.bad("no input 'a?[31m?b'", "--input", "a\x1b[31m\nb=x.npy")


class BadUsage(CliTest):
    def usage(self, text, *arguments):
        self.fail(64, text, *arguments)

    def test_options(self):
        self.usage("unknown option '--inputs'", "--inputs", "x.npy")
        self.usage("unknown option '-x'", "-x")
        self.usage("files are given by --input, not 'x.npy'", "x.npy")
        self.usage("a value is missing after '--input'", "--input")
        self.usage("a value is missing after '--output'", "--output=")
        for bad in ("0", "-1", "two", "1.5", "99999999999", ""):
            self.fail(64, "", "--threads", bad, "--input", "x.npy")
            self.fail(64, "", "--benchmark", bad, "--input", "x.npy")
        self.fail(64, "compiled without --keep-intermediates and cannot write "
                  "'a.npz'", "--intermediates", "a.npz", "--input", "x.npy")

    def test_inputs(self):
        self.usage("give --input NAME=FILE for input 'x'")
        self.usage("give --input NAME=FILE for input 'b'", "--input", "x.npy")
        self.usage("two files for input 'x'", "--input", "x=x.npy", "--input",
                   "x=b.npy")
        self.usage("no further input for 'b.npy'", "--input", "x.npy", "--input",
                   "b.npy", "--input", "b.npy")

    def test_outputs(self):
        inputs = "--input", "x.npy", "--input", "b.npy"
        self.usage("--output writes .npy or .npz files, not 'y.txt'", *inputs,
                   "--output", "y.txt")
        self.usage("two outputs for file 'y.npy'", *inputs, "--output",
                   "y=y.npy", "--output", "s=y.npy")
        self.usage("two files for output 'y'", *inputs, "--output", "y=y.npy",
                   "--output", "y=z.npy")
        self.usage("no further output for 'c.npy'", *inputs, "--output", "a.npy",
                   "--output", "b2.npy", "--output", "c.npy")


class HostileFiles(CliTest):
    def test_mutants(self):
        """Whole programs on damaged files: an exit code of the contract."""
        rng = np.random.default_rng(3)
        np.savez_compressed(self.path("seed.npz"), x=self.x, b=self.b)
        with open(self.path("seed.npz"), "rb") as file:
            seed = np.frombuffer(file.read(), np.uint8)
        refused = 0
        for _ in range(150):
            mutant = seed.copy()
            for _ in range(rng.integers(1, 4)):
                mutant[rng.integers(len(mutant))] = rng.integers(256)
            with open(self.path("in.npz"), "wb") as file:
                file.write(mutant.tobytes())
            done = self.run_program("--input", "in.npz", "--output", "out.npz")
            self.assertIn(done.returncode, (0, 2, 64), done.stderr)
            self.assertLessEqual(done.stderr.count("\n"), 1)
            refused += done.returncode != 0
            self.assertEqual(os.path.exists(self.path("out.npz")),
                             done.returncode == 0)
            if done.returncode == 0:
                os.remove(self.path("out.npz"))
        self.assertGreater(refused, 50)


if __name__ == "__main__":
    unittest.main()
