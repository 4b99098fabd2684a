"""The phrases of the languages: the same in each, composed, and all of them used."""

import re
import string
import unicodedata
from pathlib import Path

import pytest

from alerts.words.telling import CATALOGUES
from model.health_rules import Symptom
from model.incident import AlertName
from model.inventory import Language
from model.verdict import Quality
from tests.alerts.words.stories import LANGUAGES

ROOT = Path(__file__).parents[3]
PARTS = ("state", "opened", "over", "step", "brief")
COMPUTED = re.compile(
    r"(state|opened|over|step|brief|title|role|more|contact)\..+|(site|link|device|service|item|day|hour|minute|second)"
    r"\.(one|other)|.+\.(one|other)|what\.(link|service)|detail\.(most|least)"
)


def blanks(phrase: str) -> set[str]:
    """The names of its placeholders."""
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase(language: Language) -> None:
    """No language lacks a phrase, nor a figure or name within one."""
    english = {key: blanks(phrase) for key, phrase in CATALOGUES["en"].items()}
    assert {key: blanks(phrase) for key, phrase in CATALOGUES[language].items()} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_its_phrases(language: Language) -> None:
    """Each kind of fault, and each quality that a requirement may be about, is told of in its own words."""
    wanted = {f"{part}.{alert}" for part in PARTS for alert in AlertName}
    wanted |= {f"{part}.LinkBelowRequirement.{quality}" for part in PARTS[1:] for quality in Quality}
    wanted |= {f"{part}.DeviceUnhealthy.{symptom}" for part in PARTS[1:] for symptom in Symptom}
    wanted |= {f"{part}.InterfaceSpeedReduced.duplex" for part in PARTS[1:]}
    assert wanted - set(CATALOGUES[language]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_composed_and_clean(language: Language) -> None:
    """Unicode NFC, one line, no blank too many."""
    bad = [
        key
        for key, phrase in CATALOGUES[language].items()
        if not unicodedata.is_normalized("NFC", phrase)
        or not phrase.isprintable()
        or phrase != " ".join(phrase.split())
    ]
    assert bad == []


def test_no_phrase_is_left_over() -> None:
    """Every phrase is named by the code, or by a key that the code puts together."""
    modules = (path for path in (ROOT / "alerts/words").glob("*.py") if path.stem not in LANGUAGES)
    code = "".join(path.read_text() for path in modules)
    named = set(re.findall(r"""["']([a-z.]+)["']""", code))
    assert [key for key in CATALOGUES["en"] if key not in named and not COMPUTED.fullmatch(key)] == []
