"""What ``linkward add`` says of what will be read: the profile by its name, and what the device tells by it."""

from dataclasses import replace

import pytest

from model.health import Measure
from model.inventory import Language
from model.measurement import SystemFacts
from model.survey import Port, Survey
from monitor.config.profiles import load_profiles
from monitor.enrol.reading import kinds_of, reading_line
from monitor.enrol.surveying import survey
from monitor.enrol.words.en import EN
from monitor.snmp.engines import Engines
from tests.peers.snmp import SnmpPeer
from tests.peers.snmp_sessions import PUBLIC, OpenSession
from tests.peers.vendor_agent import Agent, mib_of

SWITCH = Survey(
    SystemFacts(),
    profile="mikrotik",
    ports=(Port(1, "ether1"), Port(2, "sfp1")),
    measures=frozenset({Measure.OPTICAL_RX, Measure.OPTICAL_TX, Measure.CPU}),
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "it is read by the profile `mikrotik`: 2 ports, processor, optical light"),
        ("vi", "thiết bị được đọc theo hồ sơ `mikrotik`: 2 cổng, bộ xử lý, tín hiệu quang"),
        ("id", "perangkat dibaca dengan profil `mikrotik`: 2 port, prosesor, cahaya optik"),
    ],
)
def test_the_profile_and_what_it_reads_are_said_in_each_language(language: Language, said: str) -> None:
    """Each kind once, in one order, after the ports."""
    assert reading_line(SWITCH, language) == said


def test_a_device_that_no_profile_knows_is_said_to_be_one() -> None:
    """The standard tables are read of it; of one that tells nothing, that is said."""
    mute = replace(SWITCH, profile="generic", ports=(), measures=frozenset())
    said = reading_line(mute, "en")
    assert said.startswith("no profile knows this kind of device; what standard tables tell is read (`generic`)")
    assert said.endswith(": it tells nothing of itself")


def test_each_measure_has_one_word() -> None:
    """None is left out of what is said, and none is said twice."""
    assert [len(kinds_of(frozenset({measure}))) for measure in Measure] == [1] * len(Measure)
    assert {f"reads_{kind}" for kind in kinds_of(frozenset(Measure))} <= EN.keys()


async def test_a_survey_tells_which_profile_was_chosen_and_what_the_device_has_of_it() -> None:
    """A thermometer that says that it is none is not named."""
    cells = """
        1.3.6.1.4.1.14988.1.1.
        3.8.0 238
        3.10.0 0
        14.1.1.90.1 c:7
    """
    agent = Agent("14988.1", "RouterOS hAP", cells, "mikrotik", ("", "", "", ""), {})
    engines = Engines()
    async with SnmpPeer(mib_of(agent)) as peer:
        with OpenSession(engines) as opens:
            found = await survey(await opens(peer.port, credentials=PUBLIC), load_profiles())
    engines.close()
    assert (found.profile, found.measures) == ("mikrotik", frozenset({Measure.VOLTAGE, Measure.LINK_DOWNS}))
