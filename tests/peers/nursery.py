"""Daemons that live within a moment: ``python -m tests.peers.nursery LOG ARGUMENT…``.

They are forked from a process that has loaded everything and runs no thread, each with these arguments of ``linkward``,
and are otherwise what that starts. At ``live`` on its standard input it says the process id of a new one; at ``end`` it
kills that if nobody has, and says its status. Until then the id belongs to nobody else, however it ended.
"""

import os
import signal
import sys
from pathlib import Path

from monitor.cli import main as linkward


def be(arguments: list[str], log: Path) -> None:
    """Be a daemon, and say everything into a file."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    linkward(arguments)


def main(log: Path, arguments: list[str]) -> None:
    """Do what standard input says, until it ends."""
    child = 0
    for command in sys.stdin:
        if command.strip() == "live":
            child = os.fork()
            if child == 0:
                be(arguments, log)
            _say(child)
        elif child:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            _say(os.waitstatus_to_exitcode(status))
            child = 0
    if child:
        os.kill(child, signal.SIGKILL)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
