"""Runs one unittest module and prints the counts; see msc_python_test."""

import importlib.util
import os
import sys
import unittest


def parse(argv):
    """Splits MODULE [--import=FILE...] -- ARGS."""
    end = argv.index("--")
    module, imports = argv[0], argv[1:end]
    folders = [os.path.dirname(module)]
    for path in " ".join(imports).replace("--import=", "").split():
        if os.path.dirname(path) not in folders:
            folders.append(os.path.dirname(path))
    return module, [os.path.abspath(f) for f in folders], argv[end + 1 :]


def load(path):
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, os.path.abspath(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def cases(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from cases(test)
        else:
            yield test


def shard(tests):
    """The part of the tests that this shard of a Bazel test runs."""
    total = int(os.environ.get("TEST_TOTAL_SHARDS", "0"))
    if total <= 1:
        return tests
    open(os.environ["TEST_SHARD_STATUS_FILE"], "w").close()
    return tests[int(os.environ["TEST_SHARD_INDEX"]) :: total]


def select(tests):
    """bazel test --test_filter=TEXT: the tests whose name contains it."""
    wanted = os.environ.get("TESTBRIDGE_TEST_ONLY", "")
    return [t for t in tests if wanted in t.id()]


class Result(unittest.TextTestResult):
    """Counts a test once, whatever number of its subtests fail."""

    def __init__(self, *args):
        super().__init__(*args)
        self.bad = set()

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.bad.add(test.id())

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.bad.add(test.id())

    def addError(self, test, error):
        super().addError(test, error)
        self.bad.add(test.id())

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.bad.add(test.id())


def main():
    module, folders, arguments = parse(sys.argv[1:])
    sys.path[0:1] = folders
    sys.argv = [module] + arguments
    tests = list(cases(load(module)))
    if not tests:
        print("no tests in", module)
        return 1
    suite = unittest.TestSuite(select(shard(tests)))
    # Class and module fixtures run around the suite, so keep one suite.
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=1, resultclass=Result)
    result = runner.run(suite)
    failed = len(result.bad)
    skipped = len(result.skipped)
    passed = max(result.testsRun - failed - skipped, 0)
    print("msc-count: %d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
