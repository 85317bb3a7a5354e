#!/bin/sh
# Runs a Python script with the interpreter of the project's venv: $MSC_PYTHON,
# else the one that tools/setup made for tools/requirements.txt.
set -eu
python=${MSC_PYTHON:-}
if [ -z "$python" ]; then
  # Bazel does not pass HOME on to tests.
  home=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
  hash=$(sha256sum tools/requirements.txt | cut -c1-12)
  python=${XDG_CACHE_HOME:-$home/.cache}/msc/venv-$hash/bin/python
fi
if [ ! -x "$python" ]; then
  echo "no Python at $python; run tools/setup" >&2
  exit 1
fi
exec "$python" -B "$@"
