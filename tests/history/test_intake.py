"""The bounded queue between the event loop and the thread that writes."""

import threading

import pytest

from history.facts import Decision, Heartbeat, IncidentRecord, Notification, SilenceRecord
from history.intake import Intake, Pending
from tests.peers.facts import block, incident, moment, transition

BEAT = Heartbeat(moment(0), moment(1))


def test_half_of_the_room_is_for_transitions_and_what_people_are_told() -> None:
    """When heartbeats and rollups have filled their half, a change of state and its message still find a place."""
    intake = Intake(room=4, for_all=2)
    assert [intake.offer(Pending((BEAT,))) for _ in range(3)] == [True, True, False]
    assert [intake.offer(Pending((transition(n),))) for n in range(3)] == [True, True, False]
    assert intake.waiting()[0] == 4


def test_what_people_are_told_by_is_as_urgent_as_what_it_is_about() -> None:
    """An incident with its messages and decisions, which become durable together; not with anything beside them."""
    record, silence = IncidentRecord(incident("a", 0)), SilenceRecord("s", moment(0), 1)
    decision = Decision(("link", "a"), "LinkDown", moment(0), "told")
    assert Pending((transition(0), record, Notification("key", "duty", moment(0)), decision, silence)).is_urgent
    assert not Pending((record, BEAT)).is_urgent


def test_a_block_of_rollups_takes_the_room_of_its_subjects() -> None:
    """So that the bound is one of memory, whatever the facts are."""
    assert Pending((block(0, links=("a", "b", "c")), BEAT)).weight == 4


def test_an_empty_queue_takes_even_what_is_larger_than_its_room() -> None:
    """A fact that could never be written would be lost for good."""
    intake = Intake(room=2, for_all=1)
    assert intake.offer(Pending((block(0, links=("a", "b", "c")),)))
    assert not intake.offer(Pending((BEAT,)))


def test_what_is_being_written_still_takes_room() -> None:
    """Until it is durable it would be lost with the process, so it counts as waiting, in order."""
    intake = Intake()
    first, second = Pending((BEAT,)), Pending((transition(1),))
    intake.offer(first)
    assert intake.take() == [first]
    intake.offer(second)
    assert intake.waiting() == (2, first.since)
    assert intake.left() == [first, second]
    intake.settle()
    assert intake.waiting() == (1, second.since)
    assert intake.take() == [second]
    intake.settle()
    assert intake.waiting() == (0, None)


def test_work_stands_alone_between_what_came_before_and_after() -> None:
    """What was recorded before a backup or a pruning step is written before it."""
    intake = Intake()
    before, work, after = Pending((BEAT,)), Pending(work=lambda _: None), Pending((BEAT,))
    for pending in (before, before, work, after):
        intake.offer(pending)
    taken = []
    for _ in range(3):
        taken.append(intake.take())
        intake.settle()
    assert taken == [[before, before], [work], [after]]


def test_a_closed_intake_gives_what_it_has_and_takes_nothing() -> None:
    """The writer ends after the last fact."""
    intake = Intake()
    intake.offer(Pending((BEAT,)))
    intake.close()
    assert not intake.offer(Pending((BEAT,)))
    assert len(intake.take()) == 1
    intake.settle()
    assert intake.take() == []


@pytest.mark.parametrize("end", [lambda intake: intake.close(), lambda intake: intake.offer(Pending((BEAT,)))])
def test_a_writer_that_waits_is_woken(end: object) -> None:
    """By a fact, and by the end."""
    intake = Intake()
    taken: list[list[Pending]] = []
    thread = threading.Thread(target=lambda: taken.append(intake.take()))
    thread.start()
    assert callable(end)
    end(intake)
    thread.join(10)
    assert not thread.is_alive()
    assert len(taken) == 1


def test_the_end_cuts_a_rest_short() -> None:
    """A daemon that is stopped does not wait for the back-off of a broken database."""
    intake = Intake()
    intake.close()
    intake.pause(3600)
    assert intake.closed
