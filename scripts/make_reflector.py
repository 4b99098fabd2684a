"""Writes `linkward reflect` into one file that any Python 3.11 or newer runs: for small boxes at a point.

    python scripts/make_reflector.py [build/linkward-reflect.pyz]

It holds the modules that the command loads, and click; nothing is installed, nothing is compiled.
"""

import shutil
import subprocess
import sys
import tempfile
import zipapp
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_ASK: Final = (
    "import sys; import monitor.cli.reflect; "
    "print(*(m for m in sys.modules if m.split('.')[0] in {'model', 'monitor'}))"
)


def modules() -> list[str]:
    """Our modules that the command loads."""
    command = [sys.executable, "-c", _ASK]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603  # our own Python
    return told.stdout.split()


def make(target: Path) -> None:
    """Write the file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for module in modules():
            source = ROOT.joinpath(*module.split("."))
            file = source / "__init__.py" if source.is_dir() else source.with_suffix(".py")
            copy = folder / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
        found = find_spec("click")
        if found is None or found.origin is None:
            raise SystemExit("click is not installed: run this by the Python of the virtual environment")
        shutil.copytree(Path(found.origin).parent, folder / "click", ignore=shutil.ignore_patterns("__pycache__"))
        zipapp.create_archive(
            folder, target, interpreter="/usr/bin/env python3", main="monitor.cli.reflect:reflect", compressed=True
        )
    print(f"{target}: {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/linkward-reflect.pyz")
