"""The head of an official document in the layout of Decree 30/2020, and what the review is about."""

from collections.abc import Iterator
from datetime import timedelta

from reports.document.blocks import Letterhead
from reports.locale import forms
from reports.locale.words import Words
from reports.monthly import Provenance, ReportPeriod, Scope


def letterhead(scope: Scope, period: ReportPeriod, words: Words, narrowed: tuple[str, ...] = ()) -> Letterhead:
    """The head; ``narrowed`` are the sites that the review is narrowed to, as people call them."""
    name = forms.clean(scope.name or scope.ward)
    year = (period.span.end.astimezone(words.zone)).year
    kind = "city" if scope.wards else "ward"
    return Letterhead(
        superior=words.say(f"letter.superior.{kind}"),
        agency=name.upper() or words.say("letter.agency.unknown"),
        nation=words.say("letter.nation"),
        motto=words.say("letter.motto"),
        number=words.say("letter.number"),
        place_and_date=words.say("letter.date", place=_place(name, words), year=str(year)),
        kind=words.say("letter.kind"),
        subject=words.say("letter.subject", month=forms.month(period.name, words)),
        period=tuple(_period(scope, period, words, narrowed)),
        recipients=tuple(
            words.say(f"letter.{line}") for line in ("recipients", "recipients.superior", "recipients.file")
        ),
        signer=words.say("letter.signer"),
    )


def _place(name: str, words: Words) -> str:
    """The name without the word for what it is, as a date line has it."""
    kinds = words.say("letter.kinds_of_place").split("|")
    kind = next((kind for kind in kinds if name.lower().startswith(f"{kind} ")), "")
    return name[len(kind) :].strip() or "……"


def _period(scope: Scope, period: ReportPeriod, words: Words, narrowed: tuple[str, ...]) -> Iterator[str]:
    last = period.span.end - timedelta(microseconds=1)
    yield words.say("period.span", start=forms.day(period.span.start, words), end=forms.day(last, words))
    if not period.is_over:
        yield words.say("period.until", until=forms.moment(period.until, words))
    if narrowed:
        yield words.say("period.sites", sites=forms.clean(", ".join(narrowed), 255))
    if scope.provider:
        yield words.say("period.provider", provider=forms.clean(scope.provider))


def title_of(scope: Scope, period: ReportPeriod, words: Words) -> str:
    """The review in one line."""
    said = words.say("letter.subject", month=forms.month(period.name, words))
    name = forms.clean(scope.name or scope.ward)
    return f"{said} – {name}" if name else said


def provenance_lines(origin: Provenance, words: Words) -> tuple[str, ...]:
    """Hashes and version, three lines; when it was made only where that is known."""
    lines = [
        words.say("origin.data", hash=origin.data_hash or forms.NOTHING),
        words.say("origin.configuration", hash=origin.configuration_hash or forms.NOTHING),
        words.say("origin.version", version=forms.clean(origin.version) or forms.NOTHING),
    ]
    if origin.generated_at is not None:
        lines[-1] += f". {words.say('origin.made', at=forms.moment(origin.generated_at, words))}"
    return tuple(lines)
