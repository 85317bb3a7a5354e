"""tools/check's sum: nothing that went wrong may be missing in it."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

GTEST = """[==========] 4 tests from 1 test suite ran. (1 ms total)
[  PASSED  ] 2 tests.
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] A.skip
[  FAILED  ] 1 test, listed below:
[  FAILED  ] A.fail
"""


def counted(passed, failed, skipped):
    return "noise\nmsc-count: %d passed, %d failed, %d skipped\n" % (passed, failed, skipped)


class Run:
    """A run of tools/check as count_results.py sees it."""

    def __init__(self, bazel_status):
        self.folder = tempfile.TemporaryDirectory()
        self.events = []
        self.write("bazel", "//... %d\n" % bazel_status)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def test(self, label, status, log, cached=False):
        path = self.write("log%d" % len(self.events), log)
        self.events.append(
            {
                "id": {"testResult": {"label": label, "run": 1}},
                "testResult": {
                    "status": status,
                    "cachedLocally": cached,
                    "testActionOutput": [{"name": "test.log", "uri": "file://" + path}],
                },
            }
        )
        return self

    def target(self, label, **event):
        self.events.append({"id": {"targetCompleted": {"label": label}}, **event})
        return self

    def step(self, name, status, log):
        self.write(name + ".step", "%s %d\n%s" % (name, status, log))
        return self

    def verdict(self):
        self.write("events.json", "\n".join(json.dumps(e) for e in self.events))
        done = subprocess.run(
            [sys.executable, "tools/bazel/count_results.py", self.folder.name],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.folder.cleanup()
        return done.returncode, done.stdout.splitlines()[-1]


class CountResultsTest(unittest.TestCase):
    def test_sum_over_suites_and_steps(self):
        run = Run(0).test("//a", "PASSED", counted(3, 0, 1)).test("//b", "PASSED", counted(4, 0, 0))
        self.assertEqual(
            run.step("s", 0, counted(2, 0, 0)).verdict(), (0, "9 passed, 0 failed, 1 skipped")
        )

    def test_cached_results_count(self):
        run = Run(3).test("//a", "FAILED", counted(3, 2, 0), cached=True)
        self.assertEqual(run.verdict(), (1, "3 passed, 2 failed"))

    def test_shards_add_up(self):
        run = Run(0).test("//a", "PASSED", counted(3, 0, 0)).test("//a", "PASSED", counted(2, 0, 0))
        self.assertEqual(run.verdict(), (0, "5 passed, 0 failed"))

    def test_googletest(self):
        run = Run(3).test("//a", "FAILED", GTEST)
        self.assertEqual(run.verdict(), (1, "2 passed, 1 failed, 1 skipped"))

    def test_crash_is_a_failure(self):
        self.assertEqual(Run(3).test("//a", "FAILED", "").verdict(), (1, "0 passed, 1 failed"))

    def test_crash_after_the_count_is_a_failure(self):
        run = Run(3).test("//a", "TIMEOUT", counted(7, 0, 0))
        self.assertEqual(run.verdict(), (1, "7 passed, 1 failed"))

    def test_failure_in_a_log_of_a_passing_test_is_a_failure(self):
        run = Run(0).test("//a", "PASSED", counted(7, 1, 0))
        self.assertEqual(run.verdict(), (1, "7 passed, 1 failed"))

    def test_broken_target_is_a_failure(self):
        run = Run(1).test("//a", "PASSED", counted(1, 0, 0)).target("//b", completed={})
        self.assertEqual(run.verdict(), (1, "1 passed, 1 failed"))

    def test_broken_package_is_a_failure(self):
        run = Run(1).test("//a", "PASSED", counted(1, 0, 0)).target("//a", completed={"success": True})
        self.assertEqual(run.verdict(), (1, "1 passed, 1 failed"))

    def test_failing_step(self):
        run = Run(0).test("//a", "PASSED", counted(1, 0, 0)).step("s", 1, "")
        self.assertEqual(run.verdict(), (1, "1 passed, 1 failed"))

    def test_no_tests_is_a_failure(self):
        self.assertEqual(Run(4).verdict()[0], 1)
        self.assertEqual(Run(0).verdict(), (1, "0 passed, 0 failed"))


if __name__ == "__main__":
    unittest.main()
