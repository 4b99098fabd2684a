"""Verdicts with their evidence, in the words of each language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from exporters.figures import bound, figure
from exporters.pages.telling import Telling
from exporters.pages.tongue import Tongue, apart
from exporters.pages.words import OUTCOMES, QUALITIES, WORDS
from model.inventory import Language
from model.verdict import Outcome, Quality, Verdict, Why

_COUNTED: Final = "counted"
_TESTS: Final = "tests"
_AVAILABILITY: Final = "availability"
_NO_HOURS: Final = "no_hours"
_UNMEASURED_HOURS: Final = "unmeasured_hours"

EVIDENCE: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        _COUNTED: "{bad} of {n} probes in {window} broke the limit",
        _TESTS: "{bad} of {n} speed tests in {window} fell short",
        _AVAILABILITY: "it depends on the time of which nothing is known",
        _NO_HOURS: "no service hours have passed yet this month",
        _UNMEASURED_HOURS: "nothing is known of this month's service hours yet",
        "too_few": "{counted}: too few to tell",
        "none": "what was measured supports neither",
        Why.REACHED: "that speed was seen",
        Why.NEGOTIATED: "the port itself is slower than required",
        Why.BOUNDS: "whatever happened while nothing was known",
        Why.HELD: "better again, but not for long enough yet",
        Why.COVERAGE: "only {coverage} of {window} was measured",
        Why.NOT_MEASURED: "nothing was measured",
        Why.NO_CONTRACT: "a share of a contracted speed, which the inventory does not state",
    },
    "vi": {
        _COUNTED: "{bad}/{n} lần đo trong {window} vượt ngưỡng",
        _TESTS: "{bad}/{n} lần đo tốc độ trong {window} không đạt",
        _AVAILABILITY: "còn tùy vào khoảng thời gian không có số liệu",
        _NO_HOURS: "tháng này chưa có giờ phục vụ nào",
        _UNMEASURED_HOURS: "chưa có số liệu trong giờ phục vụ của tháng này",
        "too_few": "{counted}: chưa đủ để kết luận",
        "none": "kết quả đo chưa đủ để kết luận",
        Why.REACHED: "đã ghi nhận tốc độ đó",
        Why.NEGOTIATED: "bản thân cổng mạng chậm hơn yêu cầu",
        Why.BOUNDS: "dù trong thời gian không có số liệu xảy ra điều gì",
        Why.HELD: "đã tốt trở lại nhưng chưa đủ lâu",
        Why.COVERAGE: "mới đo được {coverage} của {window}",
        Why.NOT_MEASURED: "chưa đo được gì",
        Why.NO_CONTRACT: "yêu cầu theo tỷ lệ hợp đồng nhưng danh mục chưa ghi tốc độ hợp đồng",
    },
    "id": {
        _COUNTED: "{bad} dari {n} pengukuran dalam {window} melewati batas",
        _TESTS: "{bad} dari {n} uji kecepatan dalam {window} tidak mencapai",
        _AVAILABILITY: "tergantung pada waktu yang tidak diketahui",
        _NO_HOURS: "belum ada jam layanan bulan ini",
        _UNMEASURED_HOURS: "belum ada data dari jam layanan bulan ini",
        "too_few": "{counted}: terlalu sedikit untuk menilai",
        "none": "hasil ukur tidak mendukung keduanya",
        Why.REACHED: "kecepatan itu pernah terlihat",
        Why.NEGOTIATED: "port itu sendiri lebih lambat dari syarat",
        Why.BOUNDS: "apa pun yang terjadi saat tidak ada data",
        Why.HELD: "sudah membaik, tetapi belum cukup lama",
        Why.COVERAGE: "baru {coverage} dari {window} yang terukur",
        Why.NOT_MEASURED: "tidak ada yang terukur",
        Why.NO_CONTRACT: "bagian dari kecepatan kontrak yang tidak dicantumkan inventaris",
    },
}
"""What a verdict rests on."""

MARKS: Final = {Outcome.BREACHED: "✕", Outcome.UNKNOWN: "?", Outcome.MET: "✓"}
"""A sign for each outcome beside its word: the colour only repeats it; in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict in words.

    Attributes:
        quality: Of what.
        outcome: Which.
        mark: Its sign.
        word: Its word.
        measured: What was; empty where nothing was.
        required: What is; empty where nobody can tell.
        evidence: What it rests on.
        since: The time from which it holds.
    """

    quality: str
    outcome: Outcome
    mark: str
    word: str
    measured: str
    required: str
    evidence: str
    since: str


def rows(verdicts: Iterable[Verdict], tell: Telling) -> list[Row]:
    """Verdicts in words, what is not met first."""
    order = list(MARKS)
    return [_row(verdict, tell) for verdict in sorted(verdicts, key=lambda verdict: order.index(verdict.outcome))]


def _row(verdict: Verdict, tell: Telling) -> Row:
    measured, required = _figures(verdict, tell)
    return Row(
        quality=QUALITIES[tell.language][verdict.requirement],
        outcome=verdict.outcome,
        mark=MARKS[verdict.outcome],
        word=OUTCOMES[tell.language][verdict.outcome],
        measured=measured,
        required=required,
        evidence=evidence(verdict, tell),
        since=tell.briefly(verdict.since),
    )


def threshold(quality: Quality, value: float, tell: Tongue) -> str:
    """What is required: ``≤ 30 ms``."""
    return f"{bound(quality)}\u00a0{tell.marked(apart(figure(quality, value)))}"


def sentence(verdict: Verdict, tell: Tongue) -> str:
    """All of a verdict, without a full stop."""
    measured, required = _figures(verdict, tell)
    figures = [measured, f"{WORDS[tell.language]['required']} {required}" if required else ""]
    told = "; ".join(filter(None, (", ".join(filter(None, figures)), evidence(verdict, tell))))
    quality, outcome = QUALITIES[tell.language][verdict.requirement], OUTCOMES[tell.language][verdict.outcome]
    return f"{quality}: {outcome.lower()}: {told}"


def _figures(verdict: Verdict, tell: Tongue) -> tuple[str, str]:
    """What was measured and what is required; empty where nobody can tell."""
    quality = verdict.requirement
    measured = "" if verdict.value is None else tell.marked(apart(figure(quality, verdict.value)))
    return measured, "" if verdict.threshold is None else threshold(quality, verdict.threshold, tell)


def evidence(verdict: Verdict, tell: Tongue) -> str:
    """What a verdict rests on, in words."""
    words = EVIDENCE[tell.language]
    counted = words[_TESTS if verdict.unit == "bit/s" else _COUNTED]
    counted = counted.format(bad=verdict.bad, n=verdict.n, window=tell.duration(verdict.window))
    match verdict.why:
        case Why.PROBES | Why.TESTS:
            return counted
        case Why.UNDECIDED if verdict.requirement is Quality.AVAILABILITY:
            return words[_AVAILABILITY]
        case Why.UNDECIDED:
            return words["too_few"].format(counted=counted) if verdict.n else words["none"]
        case Why.NOT_MEASURED if verdict.requirement is Quality.AVAILABILITY:
            return words[_UNMEASURED_HOURS if verdict.window else _NO_HOURS]
        case why:
            return words[why].format(coverage=f"{verdict.coverage:.0%}", window=tell.duration(verdict.window))


def judged(verdicts: Iterable[Verdict], tell: Telling) -> Iterator[tuple[Outcome, str, str, str]]:
    """For each outcome that there is: the outcome, its sign, its word, and which requirements it is of."""
    held = list(verdicts)
    for outcome, mark in MARKS.items():
        some = [verdict for verdict in held if verdict.outcome is outcome]
        if some:
            named = ", ".join(_named(verdict, tell) for verdict in some)
            yield outcome, mark, OUTCOMES[tell.language][outcome], named


def _named(verdict: Verdict, tell: Telling) -> str:
    """The requirement; of a breach with what was measured and what is required."""
    row = _row(verdict, tell)
    if verdict.outcome is not Outcome.BREACHED or not row.measured or not row.required:
        return row.quality
    # A comma as the decimal mark is no comma of the sentence, which has a space behind it.
    return f"{row.quality} ({row.measured}, {WORDS[tell.language]['required']} {row.required})"
