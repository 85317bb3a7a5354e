"""Compiles, checks and times real models, and prints a table: table.py --msc=PATH.

For each model: the largest difference to ONNX Runtime, as a part of the
largest value, of a program for fixed extents, of one program for all extents
and of one at -O0; what compiling costs; and the latency beside ONNX Runtime's,
on one and two threads, as the median of interleaved rounds. The exit status
is 0 if all agree within 1e-3 and no program takes longer than a minute to
compile, or more memory than 1.5 times its weights and 500 MB, or has a region
that is not vectorised and does more than 1 % of the FLOPs.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time

import onnxruntime
from catalogue import MODELS
from packages import Unreachable
from trial import Failed, Trial, measured, session_of


MOST_SECONDS = 60  # of compiling, on two cores
MOST_SCALAR = 0.01  # of a model's FLOPs in one region


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--msc", required=True, help="the compiler's driver")
    parser.add_argument("--model", action="append", help="only this one; may be repeated")
    parser.add_argument("--rounds", type=int, default=5, help="of timing (default: 5)")
    parser.add_argument("--no-O0", dest="plain", action="store_false", help="leave -O0 out, which takes minutes")
    return parser.parse_args()


def milliseconds_of_msc(program, file, threads, runs):
    out = measured([program, "--input", file, "--threads", str(threads), "--benchmark", str(runs)])[2]
    return float(re.search(r"median ([\d.]+) ms", out).group(1))


def milliseconds_of_reference(session, inputs, runs):
    times = []
    session.run(None, inputs)
    for _ in range(runs):
        start = time.perf_counter()
        session.run(None, inputs)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def latencies(trial, program, threads, rounds):
    """Medians (msc, ONNX Runtime) of the first variant, in ms."""
    session = session_of(trial.path, threads)
    inputs, file = trial.variants[0].inputs, trial.files[0]
    runs = max(3, min(500, int(300 / milliseconds_of_reference(session, inputs, 2))))
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(milliseconds_of_msc(program, file, threads, runs))
        theirs.append(milliseconds_of_reference(session, inputs, runs))
    return statistics.median(ours), statistics.median(theirs)


def row_of(trial, arguments):
    """Cells by column, and what is wrong."""
    cells, wrong = {}, []

    def checked(column, compute):
        try:
            error = compute()
            cells[column] = f"{error:.1e}"
            if not error <= trial.model.tolerance:
                wrong.append(f"{column} error {error:.1e}")
        except Failed as failure:
            cells[column] = "-"
            wrong.append(f"{column}: {failure}")

    program = None
    try:
        program, seconds, peak = trial.program("static", trial.static_dims())
        cells["compile"] = f"{seconds:.1f} s"
        cells["memory"] = f"{peak / 1e6:.0f} MB"
        # A model file is nearly all weights.
        most = 1.5 * os.path.getsize(trial.path) + 500e6
        if peak > most:
            wrong.append(f"compile: {peak / 1e6:.0f} MB of memory, the limit is {most / 1e6:.0f}")
        if seconds > MOST_SECONDS:
            wrong.append(f"compile: {seconds:.0f} s, the limit is {MOST_SECONDS}")
        cells["arena"] = arena_of(program, trial.files[0])
    except Failed as failure:
        wrong.append(f"static: {failure}")
    if program:
        checked("static", lambda: trial.error(program, 0))

    def of_all():
        dynamic = trial.program("dynamic")[0]
        return max(trial.error(dynamic, i) for i in range(len(trial.variants)))

    checked("dynamic", of_all)
    if arguments.plain:
        checked("-O0", lambda: trial.error(trial.program("plain", "-O0", trial.static_dims())[0], 0))
    try:
        cells["scalar"] = f"{scalar_share(trial) * 100:.1f} %"
    except Failed as failure:
        wrong.append(f"scalar: {failure}")
    for threads in (1, 2):
        if program and arguments.rounds:
            ours, theirs = latencies(trial, program, threads, arguments.rounds)
            cells[f"{threads} thr"] = f"{ours:.2f} / {theirs:.2f} ms = {theirs / ours:.2f}x"
    return cells, wrong


def scalar_share(trial):
    """The part of a model's FLOPs in regions that are not vectorised."""
    listing = measured([trial.msc, "inspect", "--regions", trial.path, trial.static_dims()])[2]
    rows = re.findall(r"^r\d+ +\S+ +(\d+)\+? +(\d+|\?) +\S+  (.*)$", listing, re.M)
    if not rows or any(each == "?" for _, each, _ in rows):
        raise Failed("a region has no known FLOPs")
    flops = [int(calls) * int(each) for calls, each, _ in rows]
    for (_, _, schedule), count in zip(rows, flops):
        if is_scalar(schedule) and count > MOST_SCALAR * sum(flops):
            raise Failed(f"{count / sum(flops):.1%} of the FLOPs in a region as '{schedule}'")
    return sum(count for (_, _, schedule), count in zip(rows, flops) if is_scalar(schedule)) / max(sum(flops), 1)


def is_scalar(schedule):
    return schedule.startswith(("loops", "moves")) or bool(re.search(r"\b(contraction|reduction|elementwise|dot)( \d+x| )1\b", schedule))


def arena_of(program, file):
    listing = measured([program, "--input", file, "--print-memory"])[2]
    found = re.search(r"arena\D*([\d,.]+ ?\w*)", listing)
    if not found:
        raise Failed("no arena in what --print-memory says")
    return found.group(1)


COLUMNS = ["static", "dynamic", "-O0", "compile", "memory", "arena", "scalar", "1 thr", "2 thr"]


def main():
    arguments = parse()
    chosen = [m for m in MODELS if (m.name in arguments.model if arguments.model else not m.is_short)]
    if not chosen:
        raise SystemExit("no such model; there are " + ", ".join(m.name for m in MODELS))
    passed = failed = skipped = 0
    print(f"errors and latencies against ONNX Runtime {onnxruntime.__version__}; latency as msc / ONNX Runtime = ratio")
    print("| model | source | " + " | ".join(COLUMNS) + " |")
    print("|---|---|" + "--:|" * len(COLUMNS), flush=True)
    for model in chosen:
        with tempfile.TemporaryDirectory(prefix="msc-models-") as folder:
            try:
                trial = Trial(model, os.path.abspath(arguments.msc), folder)
            except Unreachable as why:
                print(f"| {model.name} | skipped: {why} |", flush=True)
                skipped += 1
                continue
            cells, wrong = row_of(trial, arguments)
        print(f"| {model.name} | {model.source} | " + " | ".join(cells.get(c, "") for c in COLUMNS) + " |", flush=True)
        for text in wrong:
            print(f"  {model.name}: {text}", flush=True)
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
