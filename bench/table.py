"""The report as one table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bench.figures import Figure, Goal, Result, Verdict

_COLOURS: Final = {Verdict.MET: "green", Verdict.MISSED: "bold red", Verdict.UNKNOWN: "yellow", Verdict.NO_GOAL: ""}


def report(results: Sequence[Result]) -> RenderableType:
    """The table, the notes, and what it comes to."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("measured", "Linkward", "beside", "ratio", "goal", ""):
        table.add_column(heading, justify="left" if heading in {"measured", ""} else "right")
    for result in results:
        table.add_section()
        table.add_row(Text(result.title, style="bold"), "", "", "", "", _standing(result))
        for figure in result.findings.figures:
            table.add_row(*_cells(figure))
    return Group(table, *(Text(line) for line in _notes(results)), Text(summary(results), style="bold"))


def _standing(result: Result) -> Text:
    return Text("cannot run", style="yellow") if result.cannot_run else Text(f"{result.seconds:.0f} s", style="dim")


def _cells(figure: Figure) -> tuple[str | Text, ...]:
    beside = "" if figure.reference is None else f"{amount(figure.reference)} {figure.unit} {figure.beside}"
    verdict = Text(figure.verdict, style=_COLOURS[figure.verdict])
    return (
        f"  {figure.what}",
        f"{amount(figure.value)} {figure.unit}",
        beside,
        ratio(figure.share),
        goal_text(figure.goal, figure.unit),
        verdict,
    )


def amount(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(share: float | None) -> str:
    """A share of the reference the way people say it: 1/8.6, or 1.2 where it is more."""
    if share is None:
        return ""
    return f"1/{amount(1 / share)}" if 0 < share < 1 else amount(share)


def goal_text(goal: Goal | None, unit: str) -> str:
    """The goal for a person."""
    if goal is None:
        return ""
    return f"≤ {ratio(goal.at_most)}" if goal.of_reference else f"≤ {amount(goal.at_most)} {unit}"


def _notes(results: Iterable[Result]) -> Iterator[str]:
    for result in results:
        if result.cannot_run:
            yield f"{result.name} cannot run: {result.cannot_run}"
        yield from (f"{result.name}: {note}" for note in result.findings.notes)


def summary(results: Iterable[Result]) -> str:
    """How many goals are met, and by name those that are not."""
    judged = [(result, figure) for result in results for figure in result.findings.figures if figure.goal]
    met = sum(figure.verdict is Verdict.MET for _, figure in judged)
    line = f"{met} of {len(judged)} goals met"
    for verdict in (Verdict.MISSED, Verdict.UNKNOWN):
        names = [f"{result.name}: {figure.what}" for result, figure in judged if figure.verdict is verdict]
        line += f"; {verdict}: {', '.join(names)}" if names else ""
    return line
