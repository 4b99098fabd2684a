"""HTTP and HTTPS probes by libcurl: exact phases, every redirect checked, the certificate chain in view.

One probe is a fresh exchange from the name to the last byte. Names are resolved here and not by libcurl, whose own
lookup may block when it is given up; so each hop's addresses are known, and checked, before anything is connected to.

- A body is read up to its limit. One that goes on is ``too_large``, with what was measured, unless the expression that
  it must hold was found in what was read.
- An invalid certificate ends the probe before a byte of the request is sent; its facts are in the partial reading.
- A redirect may lead to any http or https place but this machine, the local link and a cloud's metadata service, unless
  the first answer came from that very class of places.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from model.hosts import is_address
from model.measurement import Failure, HttpReading, Reason
from model.text import counted, one_line
from model.units import format_duration
from monitor.probes.certificates import CertificateReader, Stamp, stamp, system_roots
from monitor.probes.curl_loop import CurlLoop
from monitor.probes.expression import Expressions
from monitor.probes.http_answer import Answer, failure_of_transfer
from monitor.probes.http_request import HttpRequest
from monitor.probes.http_transfer import Transfer
from monitor.probes.places import may_lead, place_of
from monitor.probes.web_address import WebAddress
from monitor.resolve import Lookup, NameService

__all__ = ["HttpProber", "HttpRequest"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SPARE_HANDLES: Final = 64
_EXPRESSION_PATIENCE: Final = 1.0


@dataclass(slots=True)
class _Journey:
    """One probe on its way through its redirects.

    Attributes:
        request: What was asked for.
        timeout: Seconds that it may take in all.
        deadline: When it ends, by the loop's clock.
        visited: Where it has been, and is.
        phases: Seconds by phase so far.
        origin: The address that the first answer came from.
        answer: The latest.
    """

    request: HttpRequest
    timeout: float
    deadline: float
    visited: list[WebAddress]
    phases: dict[str, float] = field(default_factory=dict)
    origin: str = ""
    answer: Answer | None = None

    @property
    def here(self) -> WebAddress:
        return self.visited[-1]

    def spend(self, phase: str, seconds: float) -> None:
        self.phases[phase] = self.phases.get(phase, 0.0) + seconds

    def take(self, answer: Answer) -> None:
        for phase, seconds in answer.phases.items():
            self.spend(phase, seconds)
        self.answer = answer
        self.origin = self.origin or answer.address

    def reading(self, answer: Answer, *, body_matches: bool | None = None) -> HttpReading:
        return HttpReading(
            phases=dict(self.phases),
            status=answer.status,
            version=answer.version if answer.status is not None else None,
            redirects=len(self.visited) - 1,
            content_length=answer.content_length,
            body_bytes=answer.body_bytes,
            address=answer.address,
            last_modified=answer.last_modified,
            body_matches=body_matches,
            tls=answer.tls,
        )

    def failed(self, reason: Reason, detail: str) -> Failure:
        """A failure that bears what was measured so far, if anything was."""
        measured = self.reading(self.answer) if self.answer is not None and self.phases else None
        return Failure(reason, detail, measured)


class HttpProber:
    """Probes of web services on the running event loop."""

    def __init__(self, names: NameService, expressions: Expressions | None = None) -> None:
        """Make ready.

        Args:
            names: Who knows addresses; it may serve others too, and stays theirs to close.
            expressions: Who searches bodies; it may serve others too, and is closed with this prober.
        """
        self._names = names
        self._expressions = expressions or Expressions()
        self._certificates = CertificateReader()
        self._system_roots = system_roots()
        # libcurl caches one parsed file of roots for each of its loops, so each file gets a loop of its own.
        self._loops: dict[Stamp | None, CurlLoop] = {}
        self._spare: list[Transfer] = []

    async def fetch(self, request: HttpRequest, timeout: float) -> HttpReading | Failure:
        """Ask once, follow redirects, judge the last response.

        Args:
            request: What to ask for.
            timeout: Seconds for everything, names and redirects and all.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        journey = _Journey(request, timeout, deadline, [request.address])
        outcome = await self._visit(journey)
        while isinstance(outcome, WebAddress):
            journey.visited.append(outcome)
            outcome = await self._visit(journey)
        return outcome

    def close(self) -> None:
        """End every probe under way; whoever waits for one gets a Failure."""
        for loop in self._loops.values():
            loop.close()
        self._loops.clear()
        for transfer in self._spare:
            transfer.close()
        self._spare.clear()
        self._expressions.close()

    async def _visit(self, journey: _Journey) -> HttpReading | Failure | WebAddress:
        hosts = await self._locate(journey)
        if isinstance(hosts, Failure):
            return hosts
        answer = await self._transfer(journey, hosts)
        if isinstance(answer, Failure):
            return answer
        if answer.location and answer.status in _REDIRECTS and journey.request.follows(answer.status):
            return _next(journey, answer.location)
        return await self._judge(journey, answer)

    async def _locate(self, journey: _Journey) -> tuple[str, ...] | Failure:
        """The addresses that may be connected to."""
        request, here = journey.request, journey.here
        found = await self._names.lookup(here.host, request.ip_version, self._left(journey))
        if isinstance(found, Failure):
            return journey.failed(found.reason, found.detail)
        if found.seconds is not None:
            journey.spend("resolve", found.seconds)
        refused = _forbidden(journey, found)
        if refused is not None:
            return refused
        hosts = _from_source(found.addresses, request.source)
        if not hosts:
            return journey.failed(
                Reason.LOCAL, f"{here.host} has no address of the same IP version as its source {request.source}"
            )
        return hosts

    async def _transfer(self, journey: _Journey, hosts: tuple[str, ...]) -> Answer | Failure:
        roots = self._roots(journey)
        if isinstance(roots, Failure):
            return roots
        transfer = self._spare.pop() if self._spare else Transfer()
        transfer.prepare(journey.request, journey.here, hosts, roots, self._left(journey))
        try:
            error = await self._loop_for(roots).perform(transfer.handle)
            answer = transfer.answer(error, self._certificates)
        finally:
            self._put_back(transfer)
        journey.take(answer)
        if error is None or answer.is_cut:
            return answer
        failure = failure_of_transfer(error, answer, journey.here, journey.timeout, datetime.now(UTC))
        return journey.failed(failure.reason, failure.detail)

    def _roots(self, journey: _Journey) -> Stamp | Failure | None:
        """The file of trusted roots that this hop needs."""
        if not journey.here.is_tls or not journey.request.verify:
            return None
        file = journey.request.ca_file or self._system_roots
        if file is None:
            mend = "install ca-certificates, or name a file in tls.ca_file"
            return journey.failed(Reason.LOCAL, f"this machine has no file of trusted roots: {mend}")
        try:
            return stamp(file)
        except OSError as error:
            return journey.failed(Reason.LOCAL, f"tls.ca_file {file} cannot be read: {error.strerror}")

    def _loop_for(self, roots: Stamp | None) -> CurlLoop:
        loop = self._loops.get(roots)
        if loop is None:
            # Of a file that has changed the old roots are dropped, once nobody uses them.
            for old in [key for key in self._loops if key and roots and key[0] == roots[0]]:
                if not self._loops[old].transfers:
                    self._loops.pop(old).close()
            loop = self._loops[roots] = CurlLoop()
        return loop

    def _put_back(self, transfer: Transfer) -> None:
        if len(self._spare) < _SPARE_HANDLES:
            self._spare.append(transfer)
        else:
            transfer.close()

    def _left(self, journey: _Journey) -> float:
        return max(journey.deadline - asyncio.get_running_loop().time(), 0.001)

    async def _judge(self, journey: _Journey, answer: Answer) -> HttpReading | Failure:
        request, where = journey.request, journey.here.authority
        if answer.status is None or not request.accepts(answer.status):
            wanted = ", ".join(map(str, sorted(request.statuses))) or "200 to 299"
            return journey.failed(Reason.STATUS, f"{where}: HTTP {answer.status}, expected {wanted}")
        if request.body is None:
            return _ran_on(journey, answer) if answer.is_cut else journey.reading(answer)
        patience = min(_EXPRESSION_PATIENCE, self._left(journey))
        found = await self._expressions.found(request.body, answer.text(), patience)
        return _judge_body(journey, answer, found=found, patience=patience)


def _ran_on(journey: _Journey, answer: Answer) -> Failure:
    announced = f" ({counted(answer.content_length, 'byte')} were announced)" if answer.content_length else ""
    length = f"the body goes on after {counted(answer.body_bytes, 'byte')}{announced}"
    mend = "probe a smaller page, or name in `expect: {body: …}` what its beginning must hold"
    return journey.failed(Reason.TOO_LARGE, f"{journey.here.authority}: {length}: {mend}")


def _judge_body(journey: _Journey, answer: Answer, *, found: bool | None, patience: float) -> HttpReading | Failure:
    where, pattern = journey.here.authority, journey.request.body
    reading = journey.reading(answer, body_matches=found)
    if found:
        return reading
    if found is None:
        took = f"searching for {pattern!r} took longer than {format_duration(patience)}"
        return Failure(Reason.CONTENT, f"{where}: {took}: write a simpler expression", reading)
    if answer.is_cut:
        read = f"{pattern!r} is not in the first {counted(answer.body_bytes, 'byte')}, and the body goes on"
        return Failure(Reason.TOO_LARGE, f"{where}: {read}", reading)
    return Failure(Reason.CONTENT, f"{where}: the body does not hold {pattern!r}", reading)


def _next(journey: _Journey, location: bytes) -> WebAddress | Failure:
    """Where a redirect leads, if it may be followed."""
    limit = journey.request.max_redirects
    if len(journey.visited) > limit:
        return journey.failed(Reason.REDIRECTS, f"more than {limit} redirects, the last from {journey.here.authority}")
    try:
        there = WebAddress.parse(location)
    except ValueError as error:
        return journey.failed(Reason.REDIRECTS, f"{journey.here.authority} redirects to a place not allowed: {error}")
    there = _as_written(journey, there)
    if there in journey.visited:
        return journey.failed(Reason.REDIRECTS, f"redirects run in a circle, back to {_without_query(there)}")
    return there


def _as_written(journey: _Journey, there: WebAddress) -> WebAddress:
    """The same place by the host that the inventory writes: what a server name stands for is no other place."""
    here = journey.here
    name = journey.request.server_name_for(here)
    return there.named(here.host) if name and there.same_origin(here.named(name)) else there


def _without_query(address: WebAddress) -> str:
    # A query often holds a token.
    return one_line(str(address).partition("?")[0])


def _forbidden(journey: _Journey, found: Lookup) -> Failure | None:
    if len(journey.visited) == 1:
        return None
    origin = place_of(journey.origin)
    refused = [place for place in map(place_of, found.addresses) if not may_lead(origin, place)]
    if not refused:
        return None
    source, there = journey.visited[-2].authority, journey.here.authority
    return journey.failed(
        Reason.REDIRECTS, f"{source} redirects to {one_line(there)}, which is {refused[0]}: not followed"
    )


def _from_source(addresses: tuple[str, ...], source: str | None) -> tuple[str, ...]:
    """The addresses that a source address can reach: those of its own version."""
    if source is None or not is_address(source):
        return addresses
    return tuple(address for address in addresses if (":" in address) == (":" in source))
