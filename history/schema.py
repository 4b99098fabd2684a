"""The tables. All but the last hold facts: a row is added, a few grow, none is rewritten until its time is over.

The types are those that both databases store exactly: 64-bit integers (instants are microseconds since 1970 UTC, see
``history.moments``), double-precision numbers, text, bytes. Free text and everything structured is JSON, which has a
spelling for every character that a device or a person may send.

Each row ends with the monitor that wrote it and a seal over the whole row, so that a changed byte is never taken for a
fact. Keys are made of the fact itself, never of a sequence: two monitors, or one that is not sure whether it was
heard, may write the same fact, and it is there once.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import BigInteger, Column, Double, Index, Integer, LargeBinary, MetaData, Table, Text

from history.seal import SEAL

METADATA: Final = MetaData()

ABOUT: Final = "about"
"""Where a table's ``info`` holds a sentence about it; a column's is its ``doc``."""


def _key(name: str, doc: str) -> Column[str]:
    return Column(name, Text, primary_key=True, doc=doc)


def _key_instant(name: str, doc: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False, doc=doc)


def _instant(name: str, doc: str, *, optional: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=optional, doc=doc)


def _text(name: str, doc: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional, doc=doc)


def _monitor(*, key: bool = True) -> Column[str]:
    return Column("monitor", Text, primary_key=key, nullable=False, doc="the monitor that says so")


def _seal(*, key: bool = False) -> Column[bytes]:
    return Column(SEAL, LargeBinary, primary_key=key, nullable=False, doc="digest of the row")


TRANSITIONS: Final = Table(
    "transitions",
    METADATA,
    _key("noun", "site, link, device, service or anchor"),
    _key("subject", "its id"),
    _key_instant("at", "when the new state began"),
    _key("before", "the state that ended"),
    _key("after", "the state that began"),
    Column("uncertainty", Double, nullable=False, doc="seconds by which `at` may be off, either way"),
    _instant("noticed_at", "when it was decided: the order in which the transitions of a subject count"),
    _text("evidence", "JSON: what it was decided on"),
    _monitor(),
    _seal(),
    Index("transitions_noticed", "noticed_at", "at"),
    Index("transitions_of", "noun", "subject", "noticed_at"),
    info={ABOUT: "A subject passed from one state to another."},
)

HEARTBEATS: Final = Table(
    "heartbeats",
    METADATA,
    _monitor(),
    _key_instant("began", "from when on the monitor was alive"),
    Column("blind", Integer, primary_key=True, autoincrement=False, doc="1 where its anchors were silent, else 0"),
    _instant("until", "until when it is known to have been alive; grows"),
    _seal(),
    info={ABOUT: "A monitor was alive. Time under no heartbeat is unknown."},
)

ROLLUPS: Final = Table(
    "rollups",
    METADATA,
    _key("ward", "its id"),
    _key_instant("start", "begin of the span"),
    _key("span", "hour (measured), day or month (folded from hours)"),
    _instant("end", "end of the span; grows for a month that is not over"),
    Column("parts", Integer, nullable=False, doc="blocks of hours it was folded from; 0 for an hour"),
    Column("figures", LargeBinary, nullable=False, doc="zlib over JSON columns: the counts of each subject"),
    _monitor(),
    _seal(),
    Index("rollups_start", "start"),
    info={ABOUT: "What was measured of a ward's links and services, one row for all of them."},
)

SKETCHES: Final = Table(
    "sketches",
    METADATA,
    _key("ward", "as in `rollups`"),
    _key_instant("start", "as in `rollups`"),
    _key("span", "as in `rollups`"),
    _instant("end", "as in `rollups`"),
    Column("parts", Integer, nullable=False, doc="as in `rollups`"),
    Column("packed", LargeBinary, nullable=False, doc="zlib over sketches of round-trip time and delay variation"),
    _monitor(),
    _seal(),
    Index("sketches_start", "start"),
    info={ABOUT: "The distributions of a block of rollups, apart because most readers need none."},
)

SPEED_TESTS: Final = Table(
    "speed_tests",
    METADATA,
    _key("link", "its id"),
    _key_instant("at", "when the test started"),
    _key("direction", "download (towards the site) or upload"),
    Column("seconds", Double, nullable=False, doc="how long it took"),
    Column("octets", BigInteger, nullable=False, doc="bytes that it moved"),
    Column("bits_per_second", Double, doc="null where the test gave no figure"),
    _text("failure", "the reason where it gave none", optional=True),
    _text("detail", "JSON text: one line for a person; or an object of that and of what else is known, `evidence`"),
    _monitor(),
    _seal(),
    Index("speed_tests_at", "at"),
    info={ABOUT: "A throughput test in one direction."},
)

NOTIFICATIONS: Final = Table(
    "notifications",
    METADATA,
    _key("key", "deduplication key"),
    _key("receiver", "its name in the inventory"),
    _key_instant("stored_at", "when it was decided to tell"),
    _text("content", "JSON: what is said"),
    Column("step", Integer, nullable=False, doc="0 stored, 1 sent, 2 receipted, 3 given up; grows"),
    _instant("sent_at", "null until it was sent", optional=True),
    _instant("receipted_at", "null until the receiver took it", optional=True),
    _instant("given_up_at", "null unless it was given up", optional=True),
    _text("detail", "JSON: the channel and its receipt, or why it was given up; null until it ended", optional=True),
    _monitor(key=False),
    _seal(),
    Index("notifications_step", "step", "stored_at"),
    Index("notifications_stored_at", "stored_at"),
    info={ABOUT: "A message to one receiver: stored, then sent, then receipted or given up."},
)

INCIDENTS: Final = Table(
    "incidents",
    METADATA,
    _key("id", "of the incident"),
    _instant("opened_at", "when it was decided"),
    _instant("closed_at", "when all was over; null while it is open", optional=True),
    Column("version", Integer, nullable=False, doc="grows with each change"),
    _text("content", "JSON: the whole of it"),
    _monitor(key=False),
    _seal(),
    Index("incidents_closed_at", "closed_at", "opened_at"),
    Index("incidents_opened_at", "opened_at"),
    info={ABOUT: "What people are told of: one cause, from firing to resolved."},
)

SILENCES: Final = Table(
    "silences",
    METADATA,
    _key("id", "of the silence"),
    _instant("ends_at", "when it is over, or was ended"),
    Column("version", Integer, nullable=False, doc="grows with each change"),
    _text("content", "JSON: matchers, author, comment, begin"),
    _monitor(key=False),
    _seal(),
    Index("silences_ends_at", "ends_at"),
    info={ABOUT: "Somebody wanted no message about something for some time."},
)

DECISIONS: Final = Table(
    "decisions",
    METADATA,
    _key("noun", "what the fault is about: site, link, device, service, provider or monitor"),
    _key("subject", "its id"),
    _key("alertname", "the kind of fault"),
    _key("requirement", "which requirement it is about; else empty"),
    _key_instant("at", "from when on this holds"),
    _text("outcome", "one word: told, or why not"),
    _text("incident", "the incident that tells of it; empty where none does"),
    _text("content", "JSON: what it was decided on"),
    _monitor(),
    _seal(),
    Index("decisions_at", "at"),
    info={ABOUT: "Why somebody was told of a fault, or nobody: each time the answer changed."},
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    _key_instant("at", "when"),
    _text("who", "JSON text: a person, or a part of the program"),
    _text("action", "one word"),
    _text("content", "JSON: on what, and why"),
    _monitor(),
    _seal(key=True),
    info={ABOUT: "Who did what."},
)

INVENTORIES: Final = Table(
    "inventories",
    METADATA,
    _key("digest", "of the inventory"),
    _key_instant("since", "from when on the monitor worked by it"),
    _monitor(),
    _seal(),
    info={ABOUT: "Which inventory was in force."},
)

TERMS: Final = Table(
    "terms",
    METADATA,
    _key("noun", "link or service"),
    _key("subject", "its id"),
    _key_instant("since", "from when on it holds"),
    _text("inventory", "digest of the inventory that says so"),
    _text("content", "JSON: requirement, provider, contract, plan of speed tests; null once it is gone", optional=True),
    _monitor(),
    _seal(),
    info={ABOUT: "What a link or service had to deliver, and by whom, from when on."},
)

KEPT_MONTHS: Final = Table(
    "kept_months",
    METADATA,
    _key("ward", "its id, as in `rollups`"),
    _key_instant("start", "begin of the month by the ward's clock"),
    _key_instant("end", "end of it"),
    _text("basis", "digest of all that it was computed from: where that is another today, the row says nothing"),
    _instant("kept_at", "when it was computed; the later one stays"),
    _text("content", "JSON: what the reviews of later months need of it"),
    _monitor(),
    _seal(),
    info={ABOUT: "What later reviews need of a month that is over: computed from the other tables, and so no fact."},
)

GROWS: Final[Mapping[str, str]] = {
    "heartbeats": "until",
    "rollups": "end",
    "sketches": "end",
    "notifications": "step",
    "incidents": "version",
    "silences": "version",
    "kept_months": "kept_at",
}
"""Tables whose rows may be written again with more in them, and the column that tells which one is further."""
