"""Whoever waits is free at the deadline."""

import socket
import threading
import time

import pytest

from alerts.receivers.deadline import Deadline, within


def test_what_the_work_gives_comes_back() -> None:
    """Work that is done in time gives its result."""
    assert within(5, lambda deadline: deadline.left > 4) is True


def test_what_the_work_raises_comes_back() -> None:
    """An error in the thread is raised where it is waited for."""

    def work(_: Deadline[int]) -> int:
        raise LookupError("nothing")

    with pytest.raises(LookupError, match="nothing"):
        within(5, work)


def test_a_connection_is_cut_at_the_deadline() -> None:
    """A thread that reads from a silent peer ends with its deadline, not with its own patience."""
    ours, theirs = socket.socketpair()
    ended = threading.Event()

    def work(deadline: Deadline[bytes]) -> bytes:
        deadline.watch(ours)
        try:
            return ours.recv(1)
        finally:
            ended.set()

    began = time.monotonic()
    with ours, theirs, pytest.raises(TimeoutError):
        within(0.05, work)
    assert ended.wait(5)
    assert time.monotonic() - began < 5


def test_a_connection_that_comes_too_late_is_cut_at_once() -> None:
    """What is connected to after the deadline gives nothing any more."""
    ours, theirs = socket.socketpair()
    deadline = Deadline[bytes](0.0)
    deadline.pass_by()
    with ours, theirs:
        deadline.watch(ours)
        assert ours.recv(1) == b""
    deadline.release()


def test_what_was_kept_counts() -> None:
    """A result that was kept before the time was over is the result."""
    leave = threading.Event()

    def work(deadline: Deadline[str]) -> str:
        deadline.keep("kept")
        leave.wait(5)
        return "too late"

    assert within(0.05, work) == "kept"
    leave.set()


def test_there_is_always_a_little_time_left() -> None:
    """A socket never gets a time-out of 0, which would mean that it must not wait at all."""
    assert 0 < Deadline[int](-5).left < 0.01
