"""Adds up what tools/check ran and prints the verdict as the last line.

Usage: count_results.py FOLDER, where the folder holds
  events.json  the build events of `bazel test`,
  bazel        "NAME STATUS" of that command,
  *.step       "NAME STATUS" and the output of every other step.
"""

import json
import os
import re
import sys
import urllib.parse

COUNT = re.compile(r"^msc-count: (\d+) passed, (\d+) failed, (\d+) skipped$", re.M)
GTEST = {
    word: re.compile(r"^\[  %s \] (\d+) tests?[.,]" % word, re.M)
    for word in ("PASSED ", "FAILED ", "SKIPPED")
}


def counts_in(log):
    """(passed, failed, skipped) that a log tells of, or None."""
    found = COUNT.findall(log)
    if found:
        return tuple(int(n) for n in found[-1])
    if GTEST["PASSED "].search(log):
        matches = [GTEST[word].findall(log) for word in ("PASSED ", "FAILED ", "SKIPPED")]
        return tuple(int(m[-1]) if m else 0 for m in matches)
    return None


def counts_of(succeeded, log):
    """What a test counts as. A failure that its log does not tell of, such as a
    crash or a time-out, is one; a test that counts nothing is one."""
    passed, failed, skipped = counts_in(log) or (1 if succeeded else 0, 0, 0)
    if not succeeded and failed == 0:
        failed = 1
    return passed, failed, skipped


def read(path):
    with open(path, errors="replace") as file:
        return file.read()


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.bad = {}

    def add(self, name, passed, failed, skipped):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        if failed:
            self.bad[name] = self.bad.get(name, 0) + failed

    def verdict(self):
        line = "%d passed, %d failed" % (self.passed, self.failed)
        return line + (", %d skipped" % self.skipped if self.skipped else "")


def events(path):
    if os.path.exists(path):
        with open(path) as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:  # Bazel was killed while it wrote.
                    return


def add_test_result(tally, event):
    label = event["id"]["testResult"]["label"]
    result = event["testResult"]
    logs = [o["uri"] for o in result.get("testActionOutput", []) if o["name"] == "test.log"]
    log = ""
    if logs:
        path = urllib.parse.unquote(urllib.parse.urlparse(logs[0]).path)
        log = read(path) if os.path.exists(path) else ""
    tally.add(label, *counts_of(result["status"] == "PASSED", log))


def is_broken(event):
    """Whether a target was not built. Bazel leaves `success` out where it is
    false."""
    if "completed" in event:
        return not event["completed"].get("success", False)
    return "aborted" in event


def add_bazel(tally, folder):
    broken = set()
    for event in events(os.path.join(folder, "events.json")):
        identity = event["id"]
        if "testResult" in identity and "testResult" in event:
            add_test_result(tally, event)
        for kind in ("targetCompleted", "targetConfigured"):
            if kind in identity and is_broken(event):
                broken.add(identity[kind]["label"])
    # A test that ran and failed is complete as a target, so no label is twice.
    for label in sorted(broken - set(tally.bad)):
        tally.add(label + " (does not build)", 0, 1, 0)
    name, status = read(os.path.join(folder, "bazel")).split()
    # 3 says that tests failed, 4 that there were none.
    explained = broken or (status == "3" and tally.failed)
    if status != "0" and not explained:
        tally.add("bazel test %s (exit code %s)" % (name, status), 0, 1, 0)


def add_step(tally, path):
    head, _, log = read(path).partition("\n")
    name, status = head.split()
    tally.add(name, *counts_of(status == "0", log))


def main():
    folder = sys.argv[1]
    tally = Tally()
    add_bazel(tally, folder)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".step"):
            add_step(tally, os.path.join(folder, name))
    for name, failed in tally.bad.items():
        print("FAILED: %s (%d)" % (name, failed) if failed > 1 else "FAILED: " + name)
    if not tally.passed and not tally.failed:
        print("no tests ran")
    print(tally.verdict())
    return 0 if tally.passed and not tally.failed else 1


if __name__ == "__main__":
    sys.exit(main())
