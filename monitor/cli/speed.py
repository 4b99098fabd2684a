"""``linkward speed``: a throughput test of a link now, through the running daemon."""

import time
from datetime import timedelta
from typing import Final

import click
from pydantic import TypeAdapter

from exporters.speed_desk import SpeedMonth, SpeedResult, SpeedView
from model.text import harmless
from monitor.cli.answers import read, who_option
from monitor.cli.client import Client, daemon_options
from monitor.cli.console import Refusal

_VIEW: Final = TypeAdapter(SpeedView)
_ASK_EVERY: Final = 1.0
_PATIENCE: Final = 300.0
_MARGIN: Final = timedelta(seconds=2)


@click.command()
@click.argument("link", metavar="LINK")
@click.option("--last", is_flag=True, help="Test nothing: print what the tests of the last days gave.")
@who_option
@daemon_options
def speed(link: str, who: str, client: Client, *, last: bool) -> None:
    """Test how fast a link is, both directions, and print what was found. LINK is its id.

    Download is towards the site. The daemon refuses while another test has the line, while the link is down, and where
    the month's budget is spent. Ends with status 1 where no figure was found.

    \b
    Example: linkward speed office-vnpt --url=http://127.0.0.1:9841
    """
    path = f"/api/v1/links/{link}/speed"
    if last:
        view = read(_VIEW, client.get(path))
        _print(view.tests, link)
        for month in view.month:
            click.echo(_month(month))
        return
    began = read(_VIEW, client.post(path, {"who": who}))
    click.echo(f"{harmless(link)}: testing …", err=True)
    found = [test for test in _awaited(client, path).tests if test.at >= began.now - _MARGIN and not test.skip]
    _print(found, link)
    if not any(test.bits_per_second for test in found):
        raise SystemExit(1)


def _awaited(client: Client, path: str) -> SpeedView:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        view = read(_VIEW, client.get(path))
        if view.running_since is None:
            return view
        time.sleep(_ASK_EVERY)
    raise Refusal("the test has not come to an end within five minutes: ask later with --last")


def _print(tests: list[SpeedResult], link: str) -> None:
    if not tests:
        click.echo(f"{harmless(link)}: no test of the last days")
    for test in reversed(tests):
        click.echo(f"{test.at:%Y-%m-%d %H:%M:%SZ} {test.direction}: {harmless(_told(test))}")


def _told(test: SpeedResult) -> str:
    if test.skip:
        return f"planned, and not run: {test.skip}"
    if test.bits_per_second is None:
        return f"no figure: {test.ending}{f': {test.detail}' if test.detail else ''}"
    least = "at least " if test.is_lower_bound else ""
    why = f" ({test.why_lower_bound})" if test.is_lower_bound and test.why_lower_bound else ""
    words = [f"{least}{_megabits(test.bits_per_second)}{why} on the wire"]
    if test.goodput is not None:
        words.append(f"{_megabits(test.goodput)} of payload")
    if test.others:
        words.append(f"{_megabits(test.others)} of others")
    words.append(f"{test.streams} streams, {test.seconds:.1f} s, {test.octets / 1e6:.0f} MB")
    if test.base_rtt is not None and test.loaded_rtt is not None:
        words.append(f"round trip {test.base_rtt * 1e3:.1f} ms idle, {test.loaded_rtt * 1e3:.1f} ms under load")
    if test.efficiency is not None:
        words.append(f"TCP efficiency {test.efficiency:.2%}")
    return "; ".join(words)


def _month(month: SpeedMonth) -> str:
    """Both forms of a verdict on the contract."""
    if month.mean is None and not month.lower_bounds:
        return f"{month.direction}, 31 days: no figure; the contract is held to {_megabits(month.limit)}"
    words = [f"{month.direction}, 31 days, against {_megabits(month.limit)}"]
    if month.mean is not None:
        bounds = ""
        if month.at_least is not None and month.at_most is not None:
            bounds = f" ({_megabits(month.at_least)} to {_megabits(month.at_most)}, 95 % each side)"
        words.append(
            f"mean {_megabits(month.mean)}{bounds} of {month.tests} tests on {month.days} days: {month.by_mean}"
        )
    words.append(f"{month.short} fell short, {month.lower_bounds} are lower bounds, 80 % reach it: {month.by_share}")
    return "; ".join(words)


def _megabits(rate: float) -> str:
    return f"{rate / 1e6:.1f} Mbit/s"
