"""``GET /sd``: every target that can be asked for, as Prometheus' HTTP service discovery wants it (``http_sd_config``).

The target is the address of a group; relabeling moves it into ``__param_target`` and ``instance``. Path, module and the
parameter that says for whom it is meant are labels already, so that one scrape job serves all.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from exporters.breathing import breathing, sliced
from exporters.labels import clean
from exporters.targets.aim import shown
from exporters.targets.asked import RefusedError
from exporters.targets.kept import Kept
from exporters.targets.modules import IF_MIB, MODULE_OF
from exporters.targets.place import place_of
from model.inventory import Device, Inventory, Link, Service, Site, SnmpPolling
from model.measurement import ProbeKind
from model.text import one_line

KINDS: Final = ("links", "devices", "services")

_SNMP_PORT: Final = 161
_COMMA: Final = b",\n"

Group = Mapping[str, object]
"""One element of the answer."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The groups of one kind: JSON with commas between them, in pieces, and its hash.

    The first piece begins with the first group, each further one with the comma before it.
    """

    pieces: tuple[bytes, ...]
    digest: bytes


class DiscoveryPage:
    """Answers ``/sd`` from what was made of the inventory once.

    Args:
        parts: The groups of each kind.
    """

    def __init__(self, parts: "Kept[Mapping[str, _Part]]") -> None:
        self._parts = parts

    async def answer(self, request: Request, inventory: Inventory) -> Response:
        """The whole list, each time; 304 to whoever has it already."""
        kinds = request.query_params.getlist("kind") or KINDS
        unknown = next((kind for kind in kinds if kind not in KINDS), None)
        if unknown is not None:
            words = f"kind={one_line(unknown)!r} is unknown: the kinds are {', '.join(KINDS)}"
            return RefusedError(HTTPStatus.BAD_REQUEST, words).answer()
        made = await self._parts.of(inventory)
        parts = [made[kind] for kind in KINDS if kind in kinds]
        tag = f'"{sha256(b"".join(part.digest for part in parts)).hexdigest()[:32]}"'
        headers = {"etag": tag, "cache-control": "no-cache"}
        if _has(tag, request.headers.get("if-none-match", "")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        pieces = _whole(parts)
        # A city's list is 16 MB: written as one it held the loop for 50 ms.
        long = {"content-type": "application/json", "content-length": str(sum(map(len, pieces)))}
        return StreamingResponse(breathing(pieces), headers=headers | long)


def discovery_parts(inventory: Inventory) -> Mapping[str, _Part]:
    """The groups of an inventory by their kind."""
    made = {
        "links": groups_of_links(inventory),
        "devices": groups_of_devices(inventory),
        "services": groups_of_services(inventory),
    }
    return {kind: _part(groups) for kind, groups in made.items()}


def _part(groups: Iterator[Group]) -> _Part:
    texts = (json.dumps(group, ensure_ascii=False).encode() for group in groups)
    pieces = tuple(sliced([_COMMA, text] if at else [text] for at, text in enumerate(texts)))
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return _Part(pieces, digest.digest())


def _whole(parts: Sequence[_Part]) -> list[bytes]:
    """The list of these parts, in pieces."""
    pieces = [b"["]
    for part in parts:
        pieces += [_COMMA, *part.pieces] if part.pieces and len(pieces) > 1 else part.pieces
    return [*pieces, b"]\n"]


def _has(tag: str, condition: str) -> bool:
    """Whether an If-None-Match header names this tag (RFC 9110 §13.1.2)."""
    named = {part.strip().removeprefix("W/") for part in condition.split(",")}
    return tag in named or "*" in named


def groups_of_links(inventory: Inventory) -> Iterator[Group]:
    """One for each link and way of probing it; a target that is a device is among the devices."""
    for site, link in inventory.links():
        targets: dict[ProbeKind, list[str]] = {}
        for target in link.targets:
            if target.kind is not ProbeKind.SNMP:
                targets.setdefault(target.kind, []).append(shown(target))
        for kind, written in targets.items():
            yield _group(inventory, site, link, written, MODULE_OF[kind])


def groups_of_devices(inventory: Inventory) -> Iterator[Group]:
    """One for each device that is pinged, and one for each that is polled."""
    for site, device in inventory.devices():
        if device.icmp:
            yield _group(inventory, site, device, [device.address], MODULE_OF[ProbeKind.ICMP])
        if device.snmp:
            yield _group(inventory, site, device, [_agent(device, device.snmp)], IF_MIB)


def groups_of_services(inventory: Inventory) -> Iterator[Group]:
    """One for each page and resolver; of a page without its query, which may hold a key."""
    for site, service in inventory.services():
        kind = ProbeKind.DNS if service.dns else ProbeKind.HTTP
        written = service.dns.server if service.dns else str(service.url).partition("?")[0]
        if place_of(kind, written):
            yield _group(inventory, site, service, [written], MODULE_OF[kind])


def _agent(device: Device, polling: SnmpPolling) -> str:
    if polling.port == _SNMP_PORT:
        return device.address
    host = f"[{device.address}]" if ":" in device.address else device.address
    return f"{host}:{polling.port}"


def _group(
    inventory: Inventory,
    site: Site,
    item: Link | Device | Service,
    targets: Collection[str],
    module: str,
) -> Group:
    noun, path = type(item).__name__.lower(), "/snmp" if module == IF_MIB else "/probe"
    ward = inventory.ward_of(site)
    own = {
        "site": site.id,
        "ward": ward.id if ward else "",
        "provider": item.provider if isinstance(item, Link) else "",
        noun: item.id,
    }
    about = {
        "kind": noun,
        "name": item.name,
        "site_name": site.name,
        "site_kind": site.kind,
        "role": "" if isinstance(item, Service) else item.role,
        "circuit": item.circuit if isinstance(item, Link) else "",
        "interval_seconds": _interval(item, path),
    }
    asked = {"__metrics_path__": path, "__param_module": module, f"__param_{noun}": item.id}
    meta = {f"__meta_linkward_{name}": value for name, value in (own | about).items()}
    labels = {name: clean(value) for name, value in (asked | own | meta).items() if value}
    return {"targets": list(targets), "labels": labels}


def _interval(item: Link | Device | Service, path: str) -> str:
    """How often the daemon itself probes it, in seconds."""
    if not isinstance(item, Device):
        return f"{item.interval:g}"
    probing = item.snmp if path == "/snmp" else item.icmp
    return f"{probing.interval:g}" if probing else ""
