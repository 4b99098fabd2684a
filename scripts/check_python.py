"""Say in one sentence that Python is too old, before anything else fails in many."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # this file runs before anything has checked requires-python
    sys.exit(f"Linkward needs Python 3.11 or newer; this is {sys.version.split()[0]}: run make PYTHON=python3.11")
