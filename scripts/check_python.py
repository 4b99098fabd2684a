"""Say in one sentence what is wrong with this Python, before anything else fails in many."""

import importlib.util
import sys

if sys.version_info < (3, 11):  # noqa: UP036  # this file runs before anything has checked requires-python
    sys.exit(f"Linkward needs Python 3.11 or newer; this is {sys.version.split()[0]}: run make PYTHON=python3.11")
if importlib.util.find_spec("ensurepip") is None:
    sys.exit("this Python cannot make virtual environments: on Debian, apt-get install python3-venv")
