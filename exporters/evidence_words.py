"""What a transition was decided on, in a sentence."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from exporters.evidence_sentences import COUNTED, OCCASIONS, SAID, SENTENCES
from exporters.pages.tongue import Tongue
from exporters.pages.verdicts import sentence
from exporters.told import Told
from model.inventory import Language
from model.occasion import ANSWERED, Occasion, probe_said
from model.shortfall import breach_from
from model.text import harmless
from model.units import format_duration
from model.verdict import Quality

Evidence = Mapping[str, str | float]


_QUALITIES: Final = frozenset(Quality)
_NOBODY_ASKS: Final = datetime.fromtimestamp(0, UTC)  # since when a breach lasts, which no sentence tells

_SENTENCES: Final[Mapping[frozenset[str], str]] = {
    frozenset({
        "silences",
        "silences_needed",
        "seconds",
        "seconds_needed",
        "loss_bound",
        "burst_bound",
        "lost_after",
        "targets",
    }): "silence",
    frozenset({"answers", "losses", "late"}): "return",
    frozenset({"rtt", "timeout"}): "late",
    frozenset({"rtt"}): "answer",
    frozenset({"seconds"}): "unmeasured",
}
"""Evidence of ``model.detection``, by its keys; each value there is a number."""

_TIMES: Final = frozenset({"seconds", "seconds_needed", "lost_after", "rtt", "timeout"})
_SHARES: Final = frozenset({"loss_bound"})


def evidence_in_words(evidence: Evidence) -> str:
    """One English sentence without its full stop; empty where nothing was noted. What has no sentence is listed."""
    return evidence_told(evidence, "en").text


def evidence_told(evidence: Evidence, language: Language) -> Told:
    """The same in any language; what was written down as a sentence long ago stays as it is."""
    key = _SENTENCES.get(frozenset(evidence))
    if key is not None and not any(isinstance(value, str) for value in evidence.values()):
        return Told(_of_detector(key, {name: float(value) for name, value in evidence.items()}, language))
    parts = list(_parts(evidence, language))
    if language == "en":
        return Told(harmless("; ".join(part.text for part in parts)))
    own = "; ".join(part.own for part in parts if part.own)
    return Told(own, harmless("; ".join(part.english for part in parts if part.english)))


def _parts(evidence: Evidence, language: Language) -> Iterator[Told]:
    if (because := evidence.get("because")) is not None:
        yield _because(str(because), language)
    for name, value in evidence.items():
        if name == "because" or _is_figure(name, evidence) or (name == "child" and language != "en"):
            continue  # the child is what all of it is about
        if name in _QUALITIES and isinstance(value, str):
            yield _shortfall(evidence, Quality(name), value, language)
        else:
            yield Told("", f"{name.replace('_', ' ')} {value if isinstance(value, str) else f'{value:g}'}")


def _is_figure(name: str, evidence: Evidence) -> bool:
    """Whether the sentence about a breach says it already."""
    return any(name.startswith(f"{quality}_") and f"{quality}_why" in evidence for quality in _QUALITIES)


def _because(written: str, language: Language) -> Told:
    if written in set(Occasion):
        return Told(OCCASIONS[language][Occasion(written)])
    probe = probe_said(written)
    if probe is None or language == "en":
        return Told("", written)
    kind, reason = probe
    return Told(f"{kind.upper()}: {SAID[language][reason or ANSWERED]}")


def _shortfall(evidence: Evidence, quality: Quality, words: str, language: Language) -> Told:
    breach = breach_from(evidence, quality, _NOBODY_ASKS)
    return Told("", words) if breach is None or language == "en" else Told(sentence(breach, Tongue(language)))


def _of_detector(key: str, evidence: Mapping[str, float], language: Language) -> str:
    said = SENTENCES[language]
    values = {name: _figure(name, value, language) for name, value in evidence.items()}
    if "late" in values:
        values["late"] = said["return_late"].format(late=values["late"]) if evidence["late"] else ""
    return said[key].format_map(values)


def _figure(name: str, value: float, language: Language) -> str:
    if name in _TIMES:
        return format_duration(value) if language == "en" else Tongue(language).seconds(value)
    if name in _SHARES:
        return Tongue(language).share(value)
    counted = COUNTED[language].get(name)
    return f"{value:g} {counted[value != 1]}" if counted else f"{value:g}"
