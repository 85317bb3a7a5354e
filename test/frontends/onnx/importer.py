"""Drives import_many: one process imports model after model."""

import select
import subprocess


class Crash(Exception):
    """The importer died or does not answer."""


class Importer:
    def __init__(self, program, limit_seconds=60):
        self.program, self.limit = program, limit_seconds
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, path):
        """(whether it succeeded, the module or the diagnostics)."""
        if self.process is None:
            self.start()
        try:
            self.process.stdin.write(path.encode() + b"\n")
            self.process.stdin.flush()
            if not select.select([self.process.stdout], [], [], self.limit)[0]:
                raise Crash(f"no answer after {self.limit} s")
            header = self.process.stdout.readline().split()
            if len(header) != 2:
                raise Crash("the importer died")
            text = self.process.stdout.read(int(header[1]))
        except (BrokenPipeError, Crash) as error:
            self.process.kill()
            _, err = self.process.communicate()
            self.process = None
            raise Crash(f"{error}: {err.decode(errors='replace')[-3000:]}")
        return header[0] == b"ok", text.decode(errors="replace")

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.stderr.close()
            self.process.wait()
            self.process = None
