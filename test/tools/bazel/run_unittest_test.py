"""The runner of Python tests counts cases and reports failures."""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest


def run(body, **environment):
    with tempfile.TemporaryDirectory() as folder:
        module = os.path.join(folder, "sample.py")
        with open(module, "w") as file:
            file.write("import unittest\n" + textwrap.dedent(body))
        env = {k: v for k, v in os.environ.items() if not k.startswith("TEST")}
        env["TEST_SHARD_STATUS_FILE"] = os.path.join(folder, "status")
        env.update(environment)
        done = subprocess.run(
            [sys.executable, "tools/bazel/run_unittest.py", module, "--"],
            stdout=subprocess.PIPE,
            env=env,
            text=True,
        )
    return done.returncode, done.stdout.splitlines()[-1]


SAMPLE = """
    class Sample(unittest.TestCase):
        def test_good(self): pass
        def test_good_too(self): pass
        def test_bad(self): self.fail()
        @unittest.skip("why")
        def test_skipped(self): pass
"""


class RunUnittestTest(unittest.TestCase):
    def test_counts(self):
        self.assertEqual(run(SAMPLE), (1, "msc-count: 2 passed, 1 failed, 1 skipped"))

    def test_subtests_count_once(self):
        body = """
            class Sample(unittest.TestCase):
                def test_bad(self):
                    for i in range(3):
                        with self.subTest(i=i): self.fail()
        """
        self.assertEqual(run(body), (1, "msc-count: 0 passed, 1 failed, 0 skipped"))

    def test_failing_fixture(self):
        body = """
            class Sample(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise RuntimeError()
                def test_good(self): pass
        """
        self.assertEqual(run(body), (1, "msc-count: 0 passed, 1 failed, 0 skipped"))

    def test_no_tests_is_a_failure(self):
        self.assertEqual(run("")[0], 1)

    def test_filter(self):
        self.assertEqual(
            run(SAMPLE, TESTBRIDGE_TEST_ONLY="good"),
            (0, "msc-count: 2 passed, 0 failed, 0 skipped"),
        )

    def test_shards_split_the_tests(self):
        ran = 0
        for index in range(3):
            _, line = run(SAMPLE, TEST_TOTAL_SHARDS="3", TEST_SHARD_INDEX=str(index))
            ran += sum(int(word) for word in line.split() if word.isdigit())
        self.assertEqual(ran, 4)


if __name__ == "__main__":
    unittest.main()
