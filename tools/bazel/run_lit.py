#!/usr/bin/python3
"""Runs lit over the files of a suite and prints the counts.

lit resolves symbolic links, which would lead it from Bazel's tree back into
the sources, where files that no rule declares are visible too. So the suite is
copied to a folder of its own first.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

# lit's result codes; the ones named nowhere here count as failures.
PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "EXCLUDED", "SKIPPED"}


def copy_suite(destination):
    """Copies what the runfiles hold under test/."""
    for folder, _, files in os.walk("test", followlinks=True):
        os.makedirs(os.path.join(destination, folder), exist_ok=True)
        for name in files:
            path = os.path.join(folder, name)
            shutil.copy(path, os.path.join(destination, path))


def link_tools(tools, destination):
    os.makedirs(destination)
    for tool in tools:
        link = os.path.join(destination, os.path.basename(tool))
        os.symlink(os.path.realpath(tool), link)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lit", required=True)
    parser.add_argument("--tool", action="append", default=[])
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()

    # By the process's number, as shards may share a folder.
    scratch = os.path.join(os.environ["TEST_TMPDIR"], "lit%d" % os.getpid())
    copy_suite(scratch)
    link_tools(options.tool, os.path.join(scratch, "bin"))
    results = os.path.join(scratch, "results.json")

    command = [
        sys.executable,
        options.lit,
        "-v",
        "-j1",
        "--no-progress-bar",
        "--order=lexical",
        "--output=" + results,
        "--param=workspace=" + os.getcwd(),
        "--param=scratch=" + scratch,
    ]
    shards = int(os.environ.get("TEST_TOTAL_SHARDS", "0"))
    if shards > 1:
        open(os.environ["TEST_SHARD_STATUS_FILE"], "w").close()
        command += [
            "--num-shards=%d" % shards,
            "--run-shard=%d" % (int(os.environ["TEST_SHARD_INDEX"]) + 1),
            "--allow-empty-runs",
        ]
    command += [os.path.join(scratch, f) for f in options.files]
    status = subprocess.run(command).returncode

    codes = []
    if os.path.exists(results):
        with open(results) as file:
            codes = [test["code"] for test in json.load(file)["tests"]]
    passed = sum(code in PASSED for code in codes)
    skipped = sum(code in SKIPPED for code in codes)
    failed = len(codes) - passed - skipped
    if shards <= 1 and len(codes) < len(options.files):
        print("expected at least %d tests, lit ran %d" % (len(options.files), len(codes)))
        failed += len(options.files) - len(codes)
    print("msc-count: %d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return status or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
