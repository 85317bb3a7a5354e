"""Writes one of the models, or fetches it: write.py NAME FILE."""

import shutil
import sys

from catalogue import MODELS, cache_folder


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: write.py NAME FILE")
    for model in MODELS:
        if model.name == sys.argv[1]:
            shutil.copyfile(model.make(cache_folder()), sys.argv[2])
            return
    raise SystemExit("no such model; there are " + ", ".join(m.name for m in MODELS))


if __name__ == "__main__":
    main()
