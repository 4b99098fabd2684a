"""``GET /probe``: one probe now, as blackbox_exporter answers."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from exporters.exposition import Style
from exporters.targets import modules
from exporters.targets.aim import Held
from exporters.targets.answer import samples
from exporters.targets.asked import RefusedError, exposed, first, narrowed, not_held, patience, style_of
from exporters.targets.debug import debug_text
from exporters.targets.kept import Kept
from exporters.targets.probed import Probed, Probing, Wish
from exporters.targets.runs import CrowdedError, Runs
from exporters.targets.text import text_of
from model.hosts import check_host, split_port
from model.invalid import InvalidValueError
from model.inventory import Inventory
from model.measurement import ProbeKind
from model.text import one_line

AT_ONCE: Final = 32
"""Probes for requests at a time: so many silent targets hold up no other."""


class ProbePage:
    """Answers ``/probe``.

    A request never says where a probe goes: it only picks one of the targets that the inventory holds.

    Args:
        inventory: What is watched now.
        held: Its targets.
        probing: Who probes.
    """

    def __init__(self, inventory: Callable[[], Inventory], held: Kept[Held], probing: Probing) -> None:
        self._inventory = inventory
        self._held = held
        self._probing = probing
        self._runs = Runs[Probed](AT_ONCE, lambda probed: probed.succeeded)

    async def answer(self, request: Request) -> Response:
        """Metrics with status 200 whatever came of the probe; 400 and 404 for what is not probed."""
        try:
            wish = await self._wish(request)
            probed = await self._probed(wish)
        except RefusedError as refusal:
            return refusal.answer()
        if first(request, "debug") == "true":
            metrics = text_of(samples(wish, probed), Style.TEXT)
            return PlainTextResponse(debug_text(wish, probed, metrics), headers={"cache-control": "no-store"})
        style = style_of(request)
        return exposed(text_of(samples(wish, probed), style), style)

    async def _wish(self, request: Request) -> Wish:
        module = first(request, "module") or modules.DEFAULT
        kind = modules.MODULES.get(module)
        if kind is None:
            known = ", ".join(modules.MODULES)
            raise RefusedError(HTTPStatus.BAD_REQUEST, f'Unknown module "{one_line(module)}": the modules are {known}')
        target = first(request, "target")
        if not target:
            mend = "write ?target=, with a target of the inventory"
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"Target parameter is missing: {mend}")
        aim = (await self._held.of(self._inventory())).aim(kind, target, narrowed(request))
        if aim is None:
            raise not_held(target, f"target of module {module}", "only what it holds is probed, and /sd lists it")
        hostname = _hostname(first(request, "hostname")) if kind is ProbeKind.HTTP else None
        return Wish(aim, patience(request, aim.timeout), hostname)

    async def _probed(self, wish: Wish) -> Probed:
        key = (wish.aim.subject, wish.aim.place, wish.hostname)
        try:
            return await self._runs.get(
                key, wish.timeout, lambda left: self._probing.probe(Wish(wish.aim, left, wish.hostname))
            )
        except CrowdedError as crowded:
            words = f"{AT_ONCE} probes are under way and none ended in time: scrape fewer targets, or less often"
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, words) from crowded
        except TimeoutError as late:
            words = "the probe of this target that is under way for another request did not end in time"
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, words) from late


def _hostname(written: str) -> str | None:
    """What the Host header is to say.

    Raises:
        RefusedError: 400; it is no host.
    """
    if not written:
        return None
    host, _ = split_port(written) or ("", None)
    try:
        check_host(host)
    except InvalidValueError as error:
        words = f"hostname={one_line(written)!r} is no host: write a name such as dichvucong.example"
        raise RefusedError(HTTPStatus.BAD_REQUEST, words) from error
    return written
