"""What is endless is stopped, whether it works or waits."""

import sys
import unittest
from unittest import mock

import ordeal


class Limits(unittest.TestCase):
    def test_work(self):
        with mock.patch.object(ordeal, "CPU_SECONDS", 1):
            with self.assertRaisesRegex(ordeal.Endless, "no end after 1 s of CPU time"):
                ordeal.call([sys.executable, "-c", "while True: pass"], "/")

    def test_wait(self):
        with mock.patch.object(ordeal, "WALL_SECONDS", 1):
            with self.assertRaisesRegex(ordeal.Endless, "no end after 1 s$"):
                ordeal.call(["sleep", "100"], "/")

    def test_end(self):
        self.assertEqual(ordeal.call(["sh", "-c", "echo out; echo err >&2; exit 3"], "/"), (3, "out\n", "err\n"))
