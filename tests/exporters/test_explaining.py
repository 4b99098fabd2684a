"""Why something is, or was, in its state: the facts, and the words for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.notice import Kind
from exporters.api.asked import subject_named
from exporters.desk import Decided
from exporters.evidence_sentences import COUNTED, OCCASIONS, SAID, SENTENCES
from exporters.explaining import Held, Present, Question, around, explain
from exporters.explanation import Explanation
from exporters.explanation_text import explanation_lines, explanation_text
from exporters.explanation_words import EXPLANATION_WORDS
from exporters.ground_words import GROUNDS, TOLD_KINDS
from exporters.past import Past
from model.alerting import MaintenanceWindow
from model.grounds import Ground, Grounds
from model.intervals import Interval, instant
from model.inventory import Inventory, Language
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.occasion import Occasion
from model.state import State
from model.topology import Topology
from model.transition import Transition
from tests.peers.board import AT, VERDICTS
from tests.peers.past import change, span

_POINT: SubjectKey = ("link", "point")
_SWITCH: SubjectKey = ("device", "switch")
_FIRST: SubjectKey = ("link", "first")
_SECOND: SubjectKey = ("link", "second")
_SEEN = [span(-100_000, 0)]
_NOW = {"every": "Tue 13:30-14:30"}


def _inventory() -> Inventory:
    """A point behind a switch, which stands on one of two lines."""
    line = {"target": "icmp://192.0.2.1"}
    changes = [{"from": "2026-11-20", "rtt_p95": "20ms", "contracted_share": "80%"}]
    return Inventory.model_validate({
        "ward": {"id": "w", "timezone": "Asia/Ho_Chi_Minh"},
        "requirements": {"good": {"availability": "99.9%", "rtt_p95": "30ms", "loss": "1%", "changes": changes}},
        "sites": [
            {
                "id": "office",
                "devices": [{"id": "switch", "address": "10.0.0.1", "depends_on": ["first", "second"]}],
                "links": [{"id": "first", **line}, {"id": "second", **line}],
            },
            {
                "id": "hall",
                "name": "Nhà văn hóa",
                "links": [
                    {
                        "id": "point",
                        "name": "Đường hội trường",
                        "requirement": "good",
                        "depends_on": ["switch"],
                        "contracted": {"download": "100Mbit/s", "upload": "50Mbit/s"},
                        **line,
                    }
                ],
            },
        ],
    })


def _explained(
    *log: Transition,
    seconds: float = 0.0,
    runs: Sequence[Interval] = _SEEN,
    blind: Sequence[Interval] = (),
    announcements: Sequence[Announcement] = (),
    present: Mapping[SubjectKey, Held] | None = None,
    subject: SubjectKey = _POINT,
) -> Explanation:
    """The explanation of a time so many seconds after AT, which is now where a present is given."""
    inventory, at = _inventory(), AT + timedelta(seconds=seconds)
    site, item = subject_named(inventory, subject)
    topology = Topology(inventory)
    known = (subject, *topology.ancestors(subject))
    past = Past({key: [one for one in log if one.subject == key] for key in known}, runs, blind, announcements)
    now = Present(dict.fromkeys(known, (State.UNKNOWN, None)) | dict(present), VERDICTS) if present else None
    return explain(Question(subject, item, site, at, around(at, AT)), inventory, topology, past, now)


def _announced(
    window: Mapping[str, Any], hours_before: float = 48.0, withdrawn: datetime | None = None
) -> Announcement:
    """Work on the point; ``hours_before`` is when it was announced."""
    record = {"id": "fibre", "links": ["point"], "reason": "new fibre", **window}
    return Announcement(MaintenanceWindow.model_validate(record), AT - timedelta(hours=hours_before), withdrawn)


_UP = change(_POINT, State.UNKNOWN, State.UP, -50_000, {"rtt": 0.012})
_DOWN = change(_POINT, State.UP, State.DOWN, -600, {"because": "icmp: timeout"})
_BACK = change(_POINT, State.DOWN, State.UP, -300)


@pytest.mark.parametrize(
    ("seconds", "state", "since"),
    [
        (-601, State.UP, -50_000),
        (-600, State.DOWN, -600),
        (-301, State.DOWN, -600),
        (-300, State.UP, -300),
        (-60_000, State.UNKNOWN, None),
    ],
)
def test_the_state_then(seconds: float, state: State, since: float | None) -> None:
    """A state holds from its first instant on and no longer at its last; before all is known, nothing is."""
    found = _explained(_UP, _DOWN, _BACK, seconds=seconds)
    assert found.state is state
    assert found.since == (None if since is None else AT + timedelta(seconds=since))
    assert found.verdicts is None


def test_a_restart_within_a_state_does_not_begin_it_anew() -> None:
    """Where the next run follows at once and says the same, the state is as old as it was."""
    again = change(_POINT, State.UNKNOWN, State.UP, -200)
    found = _explained(_UP, again, seconds=-100, runs=[span(-100_000, -200), span(-200, 0)])
    assert (found.state, found.since) == (State.UP, _UP.at)


def test_while_the_monitor_was_off_nothing_is_known() -> None:
    """The state ends with the run, and the gap is told."""
    found = _explained(_UP, seconds=-150, runs=[span(-100_000, -200), span(-100, 0)])
    assert (found.state, found.since) == (State.UNKNOWN, AT - timedelta(seconds=200))
    (gap,) = found.gaps
    assert (gap.start, gap.end, gap.blind) == (AT - timedelta(seconds=200), AT - timedelta(seconds=100), False)
    assert "\nbecause the monitor was not running\n" in explanation_text(found)


def test_a_blind_monitor_is_told_apart_from_one_that_is_off() -> None:
    """What was silent and what was not there lie side by side, in order."""
    runs = [span(-100_000, -500), span(-100, 0)]
    found = _explained(_UP, seconds=-450, runs=runs, blind=[span(-500, -400)])
    assert [(gap.blind, gap.start) for gap in found.gaps] == [
        (True, AT - timedelta(seconds=500)),
        (False, AT - timedelta(seconds=400)),
    ]
    text = explanation_text(found)
    assert "\nbecause the monitor was cut off from its anchors\n" in text
    assert "  not running from 13:53:20 to 13:58:20, for 5m\n" in text


def test_a_gap_that_began_earlier_has_no_begin() -> None:
    """The edge of what was looked at is not when the monitor stopped."""
    text = explanation_text(_explained(_UP, seconds=-10, runs=[span(-100, 0)]))
    assert "\nThe monitor itself\n  not running until 13:58:20\n" in text


def test_only_gaps_around_the_time_are_told() -> None:
    """The day before and the hour after; what is not over yet does not reach beyond now."""
    at = AT - timedelta(hours=30)
    assert around(at, AT) == Interval(instant(AT) - 54 * 3_600_000, instant(AT) - 29 * 3_600_000)
    assert around(AT, AT).end == instant(AT)


def test_many_changes_are_cut() -> None:
    """The last ten before and the first five after are told, and how many others there were."""
    log = [
        change(_POINT, *states, seconds)
        for seconds in range(-3_000, -1_000, 100)
        for states in ([(State.UP, State.DOWN)] if seconds % 200 else [(State.DOWN, State.UP)])
    ]
    found = _explained(*log, seconds=-1_950)
    assert [one.at for one in found.changes] == [
        *(AT + timedelta(seconds=seconds) for seconds in range(-2_900, -1_900, 100)),
        *(AT + timedelta(seconds=seconds) for seconds in range(-1_900, -1_400, 100)),
    ]
    assert found.left_out == 5
    assert "\n  and 5 more\n" in explanation_text(found)


def test_now_is_what_is_shown() -> None:
    """The present wins over a log that lags, and only it has verdicts."""
    since = AT - timedelta(seconds=2)
    found = _explained(_UP, present={_POINT: (State.DOWN, since)})
    assert (found.state, found.since) == (State.DOWN, since)
    assert found.verdicts is not None
    assert [verdict.requirement for verdict in found.verdicts] == [verdict.requirement for verdict in VERDICTS]


@pytest.mark.parametrize("is_now", [True, False])
def test_whose_fault_it_is_that_it_cannot_be_reached(is_now: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Everything above is told, the nearest first, and whose own fault explains it."""
    log = [
        change(_POINT, State.UP, State.UNREACHABLE, -90),
        change(_SWITCH, State.UP, State.UNREACHABLE, -95),
        change(_FIRST, State.UP, State.DOWN, -100),
        change(_SECOND, State.UP, State.DOWN, -100),
    ]
    present = {one.subject: (one.after, one.at) for one in log} if is_now else None
    found = _explained(*log, seconds=0.0 if is_now else -10, present=present)
    assert found.state is State.UNREACHABLE
    assert found.depends_on == [["switch"]]
    nearest = found.parents[0]
    assert (nearest.id, nearest.direct, nearest.explains) == ("switch", True, False)
    assert {parent.id for parent in found.parents if parent.explains} == {"first", "second"}
    lines = explanation_text(found).splitlines()
    assert lines[1].startswith("because link ")
    assert lines[1].count(" is down") == 2
    assert "  device switch: unreachable since 13:58:25" in lines
    assert "  link first, indirectly: down since 13:58:20" in lines


def test_lines_that_stand_in_for_each_other() -> None:
    """Of two links of one site one is enough, and that is said."""
    found = _explained(subject=_SWITCH, seconds=-1)
    assert found.depends_on == [["first", "second"]]
    assert "  one of first, second is enough\n" in explanation_text(found)
    assert (found.thresholds, found.requirement) == ([], "")


def test_an_unreachable_thing_without_a_known_root() -> None:
    """Where nothing explains it any more, that is not made up."""
    found = _explained(change(_POINT, State.UP, State.UNREACHABLE, -90), seconds=-10)
    assert "\nbecause something that it depends on was lost\n" in explanation_text(found)


def test_announced_work_hides_what_lies_beneath() -> None:
    """The window stands over the state, from its opening on."""
    work = _announced({"from": "2026-11-24T13:40", "to": "2026-11-24T14:10"})
    found = _explained(_UP, _DOWN, seconds=-60, announcements=[work])
    assert (found.state, found.beneath) == (State.MAINTENANCE, State.DOWN)
    assert found.since == AT - timedelta(minutes=20)
    assert [(one.id, one.reason, one.excuses) for one in found.maintenance] == [("fibre", "new fibre", True)]
    text = explanation_text(found)
    assert "\nbecause a maintenance window over it is open; beneath that it is down\n" in text
    assert "\nMaintenance\n  fibre, 13:40:00 to 14:10:00: new fibre\n" in text


def test_in_maintenance_now_the_log_says_what_lies_beneath() -> None:
    """What is shown hides it; the run that lasts to now bears it out."""
    found = _explained(_UP, _DOWN, present={_POINT: (State.MAINTENANCE, AT)})
    assert (found.state, found.beneath, found.maintenance) == (State.MAINTENANCE, State.DOWN, [])


def test_work_that_was_announced_too_late_excuses_nothing() -> None:
    """It is shown all the same, with that."""
    work = _announced(_NOW, hours_before=0.1)
    (found,) = _explained(_UP, seconds=-60, announcements=[work]).maintenance
    assert (found.excuses, found.start, found.end) == (
        False,
        AT - timedelta(minutes=30),
        AT + timedelta(minutes=30),
    )
    text = explanation_text(_explained(_UP, seconds=-60, announcements=[work]))
    assert "; announced after it opened, so it excuses nothing\n" in text


@pytest.mark.parametrize(
    "work",
    [
        _announced({"every": "Tue 12:00-13:00"}),
        _announced({**_NOW, "links": ["first"]}),
        _announced(_NOW, withdrawn=AT - timedelta(hours=1)),
    ],
)
def test_work_that_is_over_elsewhere_or_withdrawn_is_none(work: Announcement) -> None:
    """Only what is open over the subject counts."""
    found = _explained(_UP, seconds=-60, announcements=[work])
    assert (found.state, found.maintenance) == (State.UP, [])


def test_what_was_required_is_that_of_the_day() -> None:
    """A requirement that changed at a day is told as of the time that is asked about."""
    then = _explained(seconds=-5 * 86_400.0)
    assert (then.requirement, [threshold.words for threshold in then.thresholds]) == (
        "good",
        ["availability ≥ 99.9%", "round-trip time, 95th percentile ≤ 30ms", "loss ≤ 1%"],
    )
    now = _explained(seconds=-1)
    assert [threshold.words for threshold in now.thresholds] == [
        "availability ≥ 99.9%",
        "round-trip time, 95th percentile ≤ 20ms",
        "loss ≤ 1%",
        "download ≥ 80Mbit/s",
        "upload ≥ 40Mbit/s",
    ]
    assert "\nRequired (good)\n" in explanation_text(now)


def test_the_whole_text() -> None:
    """What, since when, why, and what happened, in the ward's time."""
    found = _explained(_UP, _DOWN, seconds=-420)
    _, one, other = found.parents
    assert explanation_text(found) == (
        "link point (Đường hội trường), site hall: down at 2026-11-24 13:53:00 Asia/Ho_Chi_Minh, since 13:50:00, "
        "for 3m\n"
        "because of this: icmp: timeout\n"
        "\n"
        "What happened\n"
        "  00:06:40 ± 500ms  unknown to up, noticed after 3s: an answer after 12ms\n"
        "  13:50:00 ± 500ms  up to down, noticed after 3s: icmp: timeout\n"
        "\n"
        "It depends on\n"
        "  device switch: unknown\n"
        f"  link {one.id}, indirectly: unknown\n"
        f"  link {other.id}, indirectly: unknown\n"
        "\n"
        "Required (good)\n"
        "  availability ≥ 99.9%\n"
        "  round-trip time, 95th percentile ≤ 20ms\n"
        "  loss ≤ 1%\n"
        "  download ≥ 80Mbit/s\n"
        "  upload ≥ 40Mbit/s\n"
    )


def test_nothing_from_outside_moves_a_cursor() -> None:
    """Names, reasons and evidence may hold anything; the text only shows it."""
    work = _announced({**_NOW, "reason": "a\x1b[31mb"})
    evil = change(_POINT, State.UP, State.DOWN, -600, {"because": "c\x1b[2Jd\ne"})
    text = explanation_text(_explained(_UP, evil, seconds=-60, announcements=[work]))
    assert "\x1b" not in text
    assert "c\\x1b[2Jd\\ne" in text


def test_times_of_other_days_bear_their_date() -> None:
    """A change of yesterday is not taken for one of today."""
    old = change(_POINT, State.UNKNOWN, State.UP, -80_000)
    text = explanation_text(_explained(old, seconds=-1))
    assert "since 2026-11-23 15:46:40, for 22.2h" in text


def test_the_same_in_vietnamese() -> None:
    """All of it; only what an earlier version wrote down as a sentence stays English, and is known as that."""
    root = Grounds(Ground.EXPLAINED, {"alertname": "DeviceDown", "noun": "device", "name": "switch"})
    decided = [
        Decided(AT - timedelta(seconds=590), "LinkDown", "part", "x-1", "explained by …", "", root),
        Decided(AT - timedelta(seconds=580), "LinkBelowRequirement", "told", "", "duty: An", "rtt"),
    ]
    found = replace(_explained(_UP, _DOWN, seconds=-420, runs=[span(-100_000, 0)]), decisions=decided)
    _, one, other = found.parents
    assert explanation_text(found, "vi") == (
        "đường truyền point (Đường hội trường), điểm hall: mất kết nối lúc 13:53:00 24/11/2026 (Asia/Ho_Chi_Minh), "
        "từ 13:50:00, đã 3 phút\n"
        "vì: ICMP: không có trả lời trong thời hạn\n"
        "\n"
        "Diễn biến\n"
        "  00:06:40 ± 500 ms  chưa rõ → hoạt động, phát hiện sau 3 s: có trả lời sau 12 ms\n"
        "  13:50:00 ± 500 ms  hoạt động → mất kết nối, phát hiện sau 3 s: ICMP: không có trả lời trong thời "
        "hạn\n"
        "\n"
        "Phụ thuộc vào\n"
        "  thiết bị switch: chưa rõ\n"
        f"  đường truyền {one.id}, gián tiếp: chưa rõ\n"
        f"  đường truyền {other.id}, gián tiếp: chưa rõ\n"
        "\n"
        "Việc báo tin\n"
        "  13:50:10  Mất đường truyền: thuộc một sự cố khác, sự cố x-1: do sự cố khác gây ra: Thiết bị mất kết nối, "
        "thiết bị switch\n"
        "  13:50:20  Đường truyền không đạt yêu cầu (độ trễ): đã báo: duty: An\n"
        "\n"
        "Yêu cầu (good)\n"
        "  độ sẵn sàng ≥ 99,9%\n"
        "  độ trễ ≤ 20 ms\n"
        "  mất gói ≤ 1%\n"
        "  tốc độ tải xuống ≥ 80 Mbit/s\n"
        "  tốc độ tải lên ≥ 40 Mbit/s\n"
    )
    assert [line.english for line in explanation_lines(found, "vi") if line.english] == ["duty: An"]


@pytest.mark.parametrize("language", ["vi", "id"])
def test_nothing_of_it_stays_english(language: Language) -> None:
    """Whatever state it is in and whatever happened: no line has an English end, and every verdict is told."""
    work = _announced({**_NOW})
    log = [
        change(_POINT, State.UP, State.UNREACHABLE, -90, {"because": Occasion.PARENT_LOST.value, "child": "point"}),
        change(_FIRST, State.UP, State.DOWN, -100),
        change(_SECOND, State.UP, State.DOWN, -100),
    ]
    now = _explained(*log, present={one.subject: (one.after, one.at) for one in log}, runs=[span(-100_000, -200)])
    blind = _explained(_UP, seconds=-450, runs=[span(-100_000, -500)], blind=[span(-500, -400)])
    for found in (now, blind, _explained(_UP, _DOWN, seconds=-60, announcements=[work]), _explained(seconds=-1)):
        lines = explanation_lines(found, language)
        assert [line for line in lines if line.english] == []
        assert not re.search(r"\b(because|since|link|is|and|the|down|up)\b", "\n".join(line.own for line in lines))
    assert len([line for line in explanation_lines(now, language) if "4,2" in line.own or "45" in line.own]) >= 1


def test_words_are_there_in_every_language() -> None:
    """And name the same values."""
    for words in (EXPLANATION_WORDS, GROUNDS, SENTENCES, OCCASIONS, SAID, COUNTED, TOLD_KINDS):
        catalogue: Mapping[str, Mapping[Any, Any]] = words  # type: ignore[assignment]  # keyed by languages
        assert {frozenset(each) for each in catalogue.values()} == {frozenset(catalogue["en"])}
        for key in catalogue["en"]:
            fields = {language: _fields(catalogue[language][key]) for language in ("en", "vi", "id")}
            assert len({frozenset(each) for each in fields.values()}) == 1, (key, fields)
    assert set(GROUNDS["en"]) == set(Ground)
    assert set(TOLD_KINDS["en"]) == set(Kind)


def _fields(said: str | tuple[str, ...]) -> set[str]:
    return set(re.findall(r"{(\w+)}", said if isinstance(said, str) else ""))
