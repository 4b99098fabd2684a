"""All tests in two runs: most of them side by side, then those that need the machine for themselves.

Usage: run_tests.py WORKERS [ARGUMENTS OF PYTEST]

Half of the time that the tests take is waiting for real peers, so two at a time take little more than half of it. A
file stays with one worker, since what it has started serves all its tests. Ends with the first status that is not good.
"""

import subprocess
import sys

_GOOD = 0
_INTERRUPTED = 2
_NOTHING_TO_RUN = 5


def main() -> int:
    """Run both, whatever the first has found; a selection may leave one of them without a test, but not both."""
    workers, arguments = sys.argv[1], sys.argv[2:]
    found = []
    for how in (["--alone=leave", f"--numprocesses={workers}", "--dist=loadfile"], ["--alone=only"]):
        command = [sys.executable, "-m", "pytest", *how, *arguments]
        found.append(subprocess.run(command, check=False).returncode)  # noqa: S603  # pytest, with what the user wrote
        if found[-1] == _INTERRUPTED:
            break
    bad = [status for status in found if status not in {_GOOD, _NOTHING_TO_RUN}]
    return bad[0] if bad else min(found)


if __name__ == "__main__":
    sys.exit(main())
