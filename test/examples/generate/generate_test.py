"""A compiled decoder in a C host: its tokens, and what is copied for each."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import onnxruntime
import transformers

MSC, ARCHIVE, HEADER, CLANG = map(os.path.abspath, sys.argv[1:5])
COUNTER = os.path.abspath("test/examples/generate/copied_bytes.c")
HOST = os.path.abspath("examples/generate/host.c")
LAYERS, WIDTH, HEADS, WORDS, CAPACITY = 2, 64, 4, 500, 256
CACHE_BYTES = CAPACITY * WIDTH * 4
PROMPT = [3, 141, 59, 265, 358, 97, 93]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}:\n{done.stderr}")
    return done


def greedy(path, prompt, count):
    """The tokens that ONNX Runtime's logits make most likely."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    caches = {
        i.name: np.zeros((CAPACITY, 1, HEADS, WIDTH // HEADS), np.float32)
        for i in session.get_inputs() if i.name.startswith("past.")
    }
    tokens, made, position = list(prompt), [], 0
    for _ in range(count):
        inputs = {"input_ids": np.array([tokens], np.int64), "position": np.array(position), **caches}
        results = dict(zip(names, session.run(names, inputs)))
        caches = {name: results[name.replace("past", "present")] for name in caches}
        position += len(tokens)
        tokens = [int(results["logits"][0, -1].argmax())]
        made += tokens
    return made


class Generate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.onnx = cls.path("gpt2.onnx")
        transformers.gpt2(cls.onnx, LAYERS, WIDTH, HEADS, WORDS, CAPACITY)
        run(MSC, "compile", cls.onnx, "--donate=past.*=present.*", "--emit=obj", "-o", cls.path("gpt2.o"))
        cls.host = cls.path("generate")
        cls.link(cls.host, cls.path("gpt2.o"))

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def link(cls, host, model):
        include = os.path.dirname(os.path.dirname(HEADER))
        run(CLANG, "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-I" + cls.folder, "-I" + include,
            "-Wl,--wrap=memcpy", "-Wl,--wrap=memmove", HOST, COUNTER, model, ARCHIVE, "-lm", "-o", host)

    def generate(self, count, prompt=PROMPT):
        """Tokens, bytes that were copied, bytes of the arena."""
        done = run(self.host, str(count), *map(str, prompt))
        copied = int(re.search(r"copied (\d+) bytes", done.stderr).group(1))
        arena = int(re.search(r"arena (\d+) bytes", done.stderr).group(1))
        return list(map(int, done.stdout.split())), copied, arena

    def test_tokens_are_those_of_the_reference(self):
        self.assertEqual(self.generate(24)[0], greedy(self.onnx, PROMPT, 24))

    def test_no_cache_is_copied(self):
        few, many = self.generate(4)[1], self.generate(104)[1]
        a_token = (many - few) / 100
        # The position, which the host copies, and little else: not one cache.
        self.assertLess(a_token, 1024)
        self.assertLess(many, CACHE_BYTES)

    def test_no_cache_fits_into_the_scratch_memory(self):
        # So none is copied by other means than memcpy either.
        self.assertLess(self.generate(4, PROMPT[:1])[2], CACHE_BYTES)

    def test_executable_gives_the_caches_as_outputs(self):
        program, given, written = self.path("program"), self.path("in.npz"), self.path("out.npz")
        run(MSC, "compile", self.onnx, "--donate=past.*=present.*", "-o", program)
        session = onnxruntime.InferenceSession(self.onnx, providers=["CPUExecutionProvider"])
        rng = np.random.default_rng(5)
        inputs = {"input_ids": rng.integers(0, WORDS, (2, 3)), "position": np.array(6)}
        for cache in session.get_inputs()[2:]:
            inputs[cache.name] = rng.normal(size=(CAPACITY, 2, HEADS, WIDTH // HEADS)).astype(np.float32)
        np.savez(given, **inputs)
        run(program, "--input", given, "--output", written)
        with np.load(written) as outputs:
            for name, want in zip([o.name for o in session.get_outputs()], session.run(None, inputs)):
                np.testing.assert_allclose(outputs[name], want, atol=1e-4 * np.abs(want).max(), err_msg=name)

    def test_header_says_what_is_in_place(self):
        with open(self.path("gpt2.h")) as file:
            self.assertIn("present.1.value  f32[256, batch, 4, 16], in the buffer of input 5", file.read())

    def test_without_donation_the_host_refuses(self):
        run(MSC, "compile", self.onnx, "--emit=obj", "--name=gpt2", "-o", self.path("plain.o"))
        self.link(self.path("plain"), self.path("plain.o"))
        done = subprocess.run([self.path("plain"), "1", "1"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("compiled without --donate", done.stderr)
