"""Every sentence is there in every language, with the same things filled in."""

import string

import pytest

from model.inventory import Language
from model.placement import Why
from monitor.enrol.explaining import explain_failure
from monitor.enrol.trying import Cause, Refused, Trial
from monitor.enrol.words.en import EN
from monitor.enrol.words.id import ID
from monitor.enrol.words.vi import VI


def fields(text: str) -> set[str]:
    """What is filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_languages_say_the_same() -> None:
    """No sentence lacks in one language, and none lacks a value."""
    assert EN.keys() == VI.keys() == ID.keys()
    for key, english in EN.items():
        assert fields(VI[key]) == fields(english) == fields(ID[key]), key


def test_every_cause_and_reason_has_its_sentence() -> None:
    """A cause without words would fail only when it comes."""
    assert {f"try_{cause}" for cause in Cause} <= EN.keys()
    assert {f"why_{why}" for why in Why} <= EN.keys()


def headline(trial: Trial, language: Language = "en") -> str:
    """The first line."""
    return explain_failure(trial, "10.20.0.7", 161, language)[0]


SILENT = (Refused("v2", "2c", Cause.SILENT),)


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        (Trial(None, (Refused("v2", "2c", Cause.CLOSED),), source="10.0.0.9"), "its SNMP is off"),
        (Trial(None, (Refused("v2", "2c", Cause.NO_WAY),), source="10.0.0.9"), "there is no way"),
        (Trial(None, SILENT, answers_ping=False, source="10.0.0.9"), "not even to a ping"),
        (Trial(None, SILENT, answers_ping=None, source="10.0.0.9"), "cannot be told from here"),
        (Trial(None, SILENT, answers_ping=True, speaks_snmp3=False, source="10.0.0.9"), "permit 10.0.0.9"),
        (
            Trial(None, SILENT, answers_ping=True, speaks_snmp3=True, source="10.0.0.9"),
            "takes none of these communities",
        ),
        (Trial(None, (Refused("v3", "3", Cause.USER),), source="10.0.0.9"), "none of the known credentials"),
    ],
)
def test_each_failure_has_its_own_first_line(trial: Trial, said: str) -> None:
    """Off, unreachable, filtered, another community: four things to do, four sentences."""
    assert said in headline(trial)


def test_each_of_the_credentials_has_its_line() -> None:
    """In the order in which they were tried, by their names and never by what is in them."""
    refused = tuple(Refused(f"c{number}", "3", cause) for number, cause in enumerate(Cause))
    lines = explain_failure(Trial(None, refused, source="10.0.0.9"), "10.20.0.7", 161, "vi")
    assert [line.split()[0] for line in lines[1:]] == [each.credentials for each in refused]
    assert len({line.partition(": ")[2] for line in lines[1:]}) == len(Cause)
