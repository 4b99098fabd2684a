"""Why a device cannot be added, in words for somebody who does not know SNMP."""

from collections.abc import Iterator
from typing import Final

from model.inventory import Language
from model.text import one_line
from monitor.enrol.trying import Cause, Refused, Trial
from monitor.enrol.words import say

_SILENT: Final = frozenset({Cause.SILENT, Cause.SKIPPED})


def explain_failure(trial: Trial, address: str, port: int, language: Language) -> list[str]:
    """What to look at, the likeliest first, then what came of each of the credentials.

    Args:
        trial: In which none was found.
        address: As the person wrote it.
        port: That was asked.
        language: To speak.
    """
    return [
        say(language, _headline(trial), address=address, port=port, source=trial.source),
        *_tries(trial, port, language),
    ]


def _headline(trial: Trial) -> str:
    causes = {each.cause for each in trial.refused}
    if Cause.CLOSED in causes:
        return "closed"
    if Cause.NO_WAY in causes or not trial.source:
        return "no_way"
    if not causes <= _SILENT:
        return "none_taken"
    if trial.speaks_snmp3:
        return "wrong_community"
    return {True: "silent", False: "nothing_there", None: "silent_no_ping"}[trial.answers_ping]


def _tries(trial: Trial, port: int, language: Language) -> Iterator[str]:
    for each in trial.refused:
        yield f"  {each.credentials} (SNMPv{each.version}): {_tried(each, port, language)}"


def _tried(each: Refused, port: int, language: Language) -> str:
    return say(language, f"try_{each.cause}", port=port, detail=one_line(each.detail))
