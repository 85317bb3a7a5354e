"""The runner of lit suites counts files and reports failures."""

import os
import subprocess
import sys
import tempfile
import unittest

LIT = sys.argv[1]


def run(files):
    """Runs a suite of files, given as {name: content}, in a tree of its own."""
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "test/area"))
        with open("test/lit.cfg.py") as config:
            with open(os.path.join(root, "test/lit.cfg.py"), "w") as copy:
                copy.write(config.read())
        paths = []
        for name, content in files.items():
            paths.append("test/area/" + name)
            with open(os.path.join(root, paths[-1]), "w") as file:
                file.write(content)
        env = {k: v for k, v in os.environ.items() if not k.startswith("TEST")}
        env["TEST_TMPDIR"] = os.path.join(root, "tmp")
        done = subprocess.run(
            [
                sys.executable,
                os.path.abspath("tools/bazel/run_lit.py"),
                "--lit=" + os.path.abspath(LIT),
            ]
            + paths,
            cwd=root,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return done.returncode, done.stdout.splitlines()[-1]


class RunLitTest(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(
            run({"a.test": "// RUN: true\n", "b.mlir": "// RUN: test -f %s\n"}),
            (0, "msc-count: 2 passed, 0 failed, 0 skipped"),
        )

    def test_failure(self):
        self.assertEqual(
            run({"a.test": "// RUN: true\n", "b.test": "// RUN: false\n"}),
            (1, "msc-count: 1 passed, 1 failed, 0 skipped"),
        )

    def test_unsupported_is_skipped(self):
        self.assertEqual(
            run({"a.test": "// RUN: true\n", "b.test": "// REQUIRES: no\n// RUN: true\n"}),
            (0, "msc-count: 1 passed, 0 failed, 1 skipped"),
        )

    def test_file_without_run_line_fails(self):
        self.assertEqual(
            run({"a.test": "nothing\n"}),
            (1, "msc-count: 0 passed, 1 failed, 0 skipped"),
        )


if __name__ == "__main__":
    unittest.main()
