"""What the history keeps of incidents, silences and decisions, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Table, select, update

from history.database import Database
from history.errors import DamagedError, HistoryError
from history.facts import Decision, Fact, IncidentRecord, Notification, SilenceRecord
from history.inspection import check_whole
from history.schema import DECISIONS, INCIDENTS, NOTIFICATIONS, SILENCES
from history.seal import sealed
from history.store import Store
from model.incident import About, Acknowledgement, Incident
from model.measurement import SubjectKey
from model.state import State
from tests.peers.facts import START, incident, moment, opened, transition

LINK: SubjectKey = ("link", "office-vnpt")
PROVIDER: About = ("provider", "VNPT")
FAR = moment(10**9)


def records(*incidents: Incident) -> list[Fact]:
    """As they are recorded."""
    return [IncidentRecord(each) for each in incidents]


def decision(
    seconds: float, outcome: str = "told", about: About = LINK, name: str = "LinkDown", requirement: str = ""
) -> Decision:
    """What was decided about a fault."""
    return Decision(about, name, moment(seconds), outcome, "x-1", {"why": "đứt"}, requirement)


async def everything(store: Store) -> None:
    """Read each of the tables."""
    await store.open_incidents()
    await store.silences(START)
    await store.decisions(START, FAR)
    await store.notifications(START, FAR)


async def test_an_older_version_of_an_incident_never_comes_back(store: Store) -> None:
    """In one transaction or a later one: what was closed stays closed, whoever is late."""
    versions = [incident("a", 0, 1), incident("a", 0, 2), incident("a", 0, 3, closed=9)]
    await store.record(*records(versions[1], versions[2], versions[0]))
    await store.record(*records(versions[1]))
    assert await store.incident("a") == versions[2]
    assert await store.open_incidents() == []
    reopened = incident("a", 0, 4)
    await store.record(*records(reopened))
    assert await store.open_incidents() == [reopened]


async def test_open_incidents_outlive_the_process(url: str) -> None:
    """A monitor that starts finds what is open, as it was to the microsecond, the oldest first."""
    acknowledged = replace(incident("b", 5.000001), acknowledged=Acknowledgement("an", moment(9), "đang xem"))
    async with opened(url) as store:
        await store.record(*records(acknowledged, incident("c", 1, closed=8), incident("a", 7), incident("d", 4)))
    async with opened(url) as store:
        assert await store.open_incidents() == [incident("d", 4), acknowledged, incident("a", 7)]


async def test_an_incident_and_its_messages_are_there_together(store: Store) -> None:
    """They are one transaction; one part that cannot be stored keeps the other out, too."""
    whole = IncidentRecord(incident("a", 0)), Notification("key", "duty", moment(3)), decision(3)
    broken = IncidentRecord(incident("b", 0)), Notification("key", "mail", moment(3).replace(tzinfo=None))
    await store.record(*whole)
    await store.record(*broken)
    assert await store.open_incidents() == [incident("a", 0)]
    assert await store.outbox() == [whole[1]]


async def test_a_period_holds_the_incidents_that_were_open_in_it(store: Store) -> None:
    """Half-open: one that was closed at the begin, or opened at the end, is outside."""
    touching = [incident("before", 0, closed=11), incident("within", 10, closed=15), incident("open", 12)]
    outside = [incident("ended", 0, closed=10), incident("later", 17)]  # told of three seconds after they began
    momentary = replace(incident("momentary", 7), closed_at=moment(10))
    await store.record(*records(*touching, *outside, momentary))
    assert await store.incidents(moment(10), moment(20)) == [touching[0], momentary, *touching[1:]]


async def test_an_incident_is_found_by_its_id(store: Store) -> None:
    """Or not at all."""
    await store.record(*records(incident("a", 0), incident("b", 0)))
    assert await store.incident("b") == incident("b", 0)
    assert await store.incident("c") is None


async def test_each_monitor_of_a_shared_history_can_ask_for_its_own(store: Store, url: str) -> None:
    """It must not close what another one sees; whoever wrote an incident last has it."""
    await store.record(*records(incident("a", 0), incident("b", 0)))
    async with opened(url, "south") as south:
        await south.record(*records(incident("b", 0, version=2), incident("c", 0)))
        assert await south.open_incidents("south") == [incident("b", 0, version=2), incident("c", 0)]
        assert await south.open_incidents("north") == [incident("a", 0)]
        assert len(await south.open_incidents()) == 3


async def test_what_a_newer_program_wrote_is_refused_with_words(store: Store, url: str) -> None:
    """A kind of fault that is not known here is no damage, and is not passed over either."""
    await store.record(*records(incident("a", 0)))
    database = Database(url)
    with database.writing() as connection:
        row = dict(connection.execute(select(INCIDENTS)).mappings().one())
        row["content"] = row["content"].replace("LinkDown", "MoonDown")
        connection.execute(update(INCIDENTS).values(sealed(row)))
    database.forget_connections()
    with pytest.raises(HistoryError, match="the incident a cannot be understood: 'MoonDown' is not") as error:
        await store.open_incidents()
    assert not isinstance(error.value, DamagedError)
    assert error.value.mend == "use the version of Linkward that wrote it, or a newer one"


async def test_a_silence_that_was_ended_stays_ended(store: Store) -> None:
    """The larger version stays, and a silence is told of until a day after its end."""
    day = timedelta(days=1)
    made = SilenceRecord("s", moment(900), 1, {"author": "An"})
    ended = SilenceRecord("s", moment(60), 2, {"author": "An", "ended_by": "Bình"})
    other = SilenceRecord("later", moment(900), 1)
    await store.record(ended, other)
    await store.record(made)
    assert await store.silences(moment(0)) == [ended, other]
    assert await store.silences(moment(60) + day) == [ended, other]
    assert await store.silences(moment(60.000001) + day) == [other]


async def test_decisions_are_asked_for_by_time_and_subject(store: Store) -> None:
    """Half-open, in order of time; a fault of one requirement is not that of another."""
    written = [
        decision(1, "held"),
        decision(2, about=PROVIDER, name="ProviderOutage"),
        decision(3, "silenced", name="LinkBelowRequirement", requirement="loss"),
        decision(3, "told", name="LinkBelowRequirement", requirement="rtt"),
        decision(4),
    ]
    await store.record(*reversed(written))
    assert await store.decisions(START, FAR) == written
    assert await store.decisions(moment(1), moment(4), LINK) == [written[0], *written[2:4]]
    assert await store.decisions(START, FAR, PROVIDER) == [written[1]]
    assert await store.decisions(START, FAR, ("link", "nowhere")) == []


async def test_the_last_decision_about_each_fault_says_what_held(store: Store) -> None:
    """Before an instant, of every name and requirement, for one subject or all."""
    written = [
        decision(1, "held"),
        decision(2, about=PROVIDER, name="ProviderOutage"),
        decision(3, "silenced", name="LinkBelowRequirement", requirement="loss"),
        decision(4, "told", name="LinkBelowRequirement", requirement="rtt"),
        decision(5, "told"),
        decision(6, "over"),
    ]
    await store.record(*written)
    assert await store.last_decisions(moment(6), LINK) == written[2:5]
    assert await store.last_decisions(moment(4)) == [*written[:3]]
    assert await store.last_decisions(moment(1)) == []


async def test_of_two_decisions_at_one_instant_the_first_stays(store: Store) -> None:
    """A fact that is written twice is there once, and no fact is rewritten."""
    await store.record(decision(1, "held"), decision(1, "told"))
    assert await store.decisions(START, FAR) == [decision(1, "held")]


async def test_the_last_states_are_those_that_were_known(store: Store) -> None:
    """Of each subject the newest transition that was noticed before the instant, three seconds after it began."""
    await store.record(
        *(transition(1), transition(5, State.UP), transition(9)), *(transition(2, link=link) for link in ("a", "b"))
    )
    assert await store.last_states(moment(8.000001)) == {
        LINK: transition(5, State.UP),
        ("link", "a"): transition(2, link="a"),
        ("link", "b"): transition(2, link="b"),
    }
    assert (await store.last_states(moment(8)))[LINK] == transition(1)
    assert await store.last_states(moment(4)) == {}


@pytest.mark.parametrize(
    ("table", "column"),
    [(INCIDENTS, "version"), (SILENCES, "version"), (DECISIONS, "at"), (NOTIFICATIONS, "given_up_at")],
    ids=["incidents", "silences", "decisions", "notifications"],
)
async def test_a_changed_byte_is_noticed_where_it_is_read(store: Store, url: str, table: Table, column: str) -> None:
    """By the seal over the row, and by the check at a start."""
    ended = Notification("key", "duty", moment(0), given_up_at=moment(1), detail={"why": "đứt"})
    await store.record(IncidentRecord(incident("a", 0)), SilenceRecord("s", FAR, 1, {"a": 1}), decision(1), ended)
    database = Database(url)
    check_whole(database)
    with database.writing() as connection:
        connection.execute(update(table).values({column: table.c[column] + 1}))
    with pytest.raises(DamagedError, match=f"a row of the table {table.name}"):
        check_whole(database)
    database.forget_connections()
    with pytest.raises(DamagedError, match=f"a row of the table {table.name} is damaged"):
        await everything(store)
