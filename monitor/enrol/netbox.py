"""Sites, devices and circuits of a NetBox, read over its REST API and never written (NetBox 3.7 to 4.x).

A site is a site, a device with a primary address is a device, a circuit is a link: its provider, its id, what was
bought (``port_speed`` and ``upstream_speed`` of the termination, else ``commit_rate``, all in kbit/s), the port that
the termination's cable leads to, and, to be probed, the address of that device. What the inventory has already is known
by its address, or by the circuit's number, and keeps its id.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from model.inventory import Inventory
from model.measurement import ProbeKind
from model.naming import free_id, slug
from model.placement import Role
from model.target import Target
from model.text import one_line
from monitor.config.written import Written
from monitor.enrol.reconciling import Entry, EntryProblem

MOST_PAGES: Final = 200
"""Of one list; a page has a hundred entries or more."""
LARGEST: Final = 32 * 2**20
"""Bytes of one page."""

_PATIENCE: Final = (5.0, 60.0)  # seconds to connect, and between two pieces of an answer
_PAGE: Final = 200
_LIVE: Final = frozenset({"active", "staged", "planned", "provisioning"})
_ROLES: Final[Mapping[str, Role]] = {
    "router": "router",
    "gateway": "router",
    "firewall": "router",
    "switch": "switch",
    "access-point": "ap",
    "ap": "ap",
    "wifi": "ap",
    "ont": "ont",
    "onu": "ont",
    "ups": "ups",
    "server": "server",
    "camera": "camera",
}

Item = Mapping[str, Any]


class NetBoxError(Exception):
    """NetBox does not answer as it should: one sentence, without the token."""


class NetBox:
    """Reads lists of one NetBox.

    Args:
        url: Its address, such as ``https://netbox.example``.
        token: Of a user that may read.
        ca_file: The authority that signed its certificate; ``None`` for those that everybody trusts.

    Raises:
        NetBoxError: The address is none, or holds a password.
    """

    def __init__(self, url: str, token: str, ca_file: str | None = None) -> None:
        parts = urlsplit(url.rstrip("/"))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NetBoxError("not the address of a NetBox: write it as https://netbox.example")
        if parts.password is not None or parts.username is not None:
            raise NetBoxError("everybody on this machine could read a password in the address: use --token-file")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._base = f"{self._origin}{parts.path.removesuffix('/api')}/api"
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy or a .netrc of the environment is for others than NetBox
        self._session.verify = ca_file or True
        # Tokens of NetBox 4.5 say of themselves that they are of the second kind.
        self._session.headers["Authorization"] = f"{'Bearer' if token.startswith('nbt_') else 'Token'} {token}"
        self._session.headers["Accept"] = "application/json"

    def items(self, path: str, **query: str | int) -> Iterator[Item]:
        """All entries of a list, page by page.

        Raises:
            NetBoxError: It cannot be reached, refuses the token, or does not answer as NetBox does.
        """
        url: str | None = f"{self._base}/{path}/"
        parameters: Mapping[str, str | int] = {"limit": _PAGE, **query}
        for _ in range(MOST_PAGES):
            page = self._page(str(url), parameters)
            yield from (each for each in page.get("results", ()) if isinstance(each, dict))
            url, parameters = page.get("next"), {}
            if not url:
                return
            if not url.startswith(f"{self._origin}/"):
                # Behind a proxy NetBox may name itself otherwise; the token goes to nobody but whom it was meant for.
                url = self._origin + (parts := urlsplit(url)).path + (f"?{parts.query}" if parts.query else "")
        raise NetBoxError(f"{path}: more than {MOST_PAGES} pages: narrow it in NetBox, with a user who sees one ward")

    def _page(self, url: str, parameters: Mapping[str, str | int]) -> Item:
        try:
            with self._session.get(
                url, params=parameters, timeout=_PATIENCE, allow_redirects=False, stream=True
            ) as answer:
                content = _bounded(answer)
        except requests.exceptions.SSLError:
            raise NetBoxError("its certificate is not trusted: name who signed it with --ca-file") from None
        except (requests.RequestException, ValueError):
            raise NetBoxError(f"nothing answers at {self._origin}: compare the address") from None
        if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise NetBoxError(
                "it refuses the token: compare it, and whether its user may view sites, devices, circuits"
            )
        found = _object(content)
        if answer.status_code != HTTPStatus.OK or "results" not in found:
            where = f"{urlsplit(url).path} with HTTP status {answer.status_code}"
            raise NetBoxError(f"what answers there is no NetBox ({where}): compare the address")
        return found

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


def _bounded(answer: requests.Response) -> bytes:
    content = bytearray()
    for piece in answer.iter_content(2**16):
        content += piece
        if len(content) > LARGEST:
            raise NetBoxError(f"a page has more than {LARGEST} bytes")
    return bytes(content)


def _object(content: bytes) -> Item:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read_netbox(netbox: NetBox, inventory: Inventory) -> tuple[list[Entry], list[EntryProblem]]:
    """Its sites with their devices and lines, and what of it cannot be taken over.

    Raises:
        NetBoxError: As ``NetBox.items``.
    """
    return _Reading(netbox, inventory).read()


class _Reading:
    """One reading of a NetBox beside an inventory."""

    def __init__(self, netbox: NetBox, inventory: Inventory) -> None:
        self._netbox = netbox
        self._by_address = {device.address: device.id for _, device in inventory.devices()}
        self._by_circuit = {link.circuit: link for _, link in inventory.links() if link.circuit}
        names = list(inventory.credentials)
        self._credentials = names[0] if len(names) == 1 else None
        self._sites: dict[int, Entry] = {}
        self._devices: dict[int, Entry] = {}

    def read(self) -> tuple[list[Entry], list[EntryProblem]]:
        """Sites, and what cannot be taken over."""
        items = self._netbox.items
        self._sites = {item["id"]: _site(item) for item in items("dcim/sites") if _is_live(item)}
        for item in items("dcim/devices", has_primary_ip="true"):
            owner = self._sites.get(_id(item.get("site")))
            if owner is not None and _is_live(item):
                self._devices[item["id"]] = entry = self._device(item)
                owner.devices.append(entry)
        problems: list[EntryProblem] = []
        ends: dict[int, list[Item]] = {}
        for end in items("circuits/circuit-terminations"):
            ends.setdefault(_id(end.get("circuit")), []).append(end)
        for circuit in items("circuits/circuits"):
            if _is_live(circuit):
                problems += self._add_circuit(circuit, ends.get(circuit["id"], []))
        return list(self._sites.values()), problems

    def _device(self, item: Item) -> Entry:
        name = _text(item.get("name") or item.get("display"))
        address = str((item.get("primary_ip") or {}).get("address", "")).partition("/")[0]
        there = self._by_address.get(address)
        values: dict[str, Written] = {"id": there or slug(name), "name": name, "address": address}
        role = _role(item.get("role") or item.get("device_role") or {})
        if role is not None:
            values["role"] = role
        if there is None and self._credentials is not None:
            values["snmp"] = {"credentials": self._credentials}
        return Entry("device", item["id"], values)

    def _add_circuit(self, circuit: Item, ends: list[Item]) -> Iterator[EntryProblem]:
        """The line at each of the circuit's ends that is at one of the sites."""
        for end in ends:
            place = end.get("site") or (end.get("termination") if end.get("termination_type") == "dcim.site" else None)
            owner = self._sites.get(_id(place))
            if owner is None:
                continue
            link = self._link(circuit, end, owner)
            if "target" in link.values or _text(circuit.get("cid")) in self._by_circuit:
                owner.links.append(link)
            else:
                what = f"circuit {_text(circuit.get('cid'))} leads to no device with a primary address"
                mend = "connect its termination to a port, or give the site's router its address"
                yield link.problem("", what, mend)

    def _link(self, circuit: Item, end: Item, site: Entry) -> Entry:
        provider, number = _text((circuit.get("provider") or {}).get("name")), _text(circuit.get("cid"))
        there = self._by_circuit.get(number)
        made = free_id(slug(f"{site.id}-{provider}") or f"{site.id}-link", {each.id for each in site.links})
        values: dict[str, Written] = {"id": there.id if there else made, "provider": provider, "circuit": number}
        download = end.get("port_speed") or circuit.get("commit_rate")
        upload = end.get("upstream_speed") or download
        if download and upload:
            values |= {"download": f"{download / 1000:.10g}Mbit/s", "upload": f"{upload / 1000:.10g}Mbit/s"}
        if there is None:  # what is probed somebody has chosen, where it is there
            values |= self._probed(end, site)
        return Entry("link", circuit["id"], values)

    def _probed(self, end: Item, site: Entry) -> dict[str, Written]:
        peer, port = self._far_end(end)
        router = peer or next((each for each in site.devices if each.values.get("role") == "router"), None)
        values: dict[str, Written] = {}
        if peer is not None and port:
            values["interface"] = f"{peer.id}/{port}"
        if router is not None:
            values["target"] = str(Target(ProbeKind.ICMP, str(router.values["address"])))
        return values

    def _far_end(self, end: Item) -> tuple[Entry | None, str]:
        """The device and port that the cable leads to."""
        for peer in end.get("link_peers") or ():
            found = self._devices.get(_id(peer.get("device")))
            if found is not None:
                return found, _text(peer.get("name"))
        return None, ""


def _site(item: Item) -> Entry:
    name = _text(item.get("name"))
    values: dict[str, Written] = {"id": slug(str(item.get("slug") or name)), "name": name}
    for key in ("latitude", "longitude"):
        if item.get(key) is not None:
            values[key] = float(item[key])
    return Entry("site", item["id"], values)


def _role(kind: Item) -> Role | None:
    told = slug(str(kind.get("slug") or kind.get("name") or ""))
    return next((role for word, role in _ROLES.items() if word in told), None)


def _is_live(item: Item) -> bool:
    status = item.get("status")
    value = status.get("value") if isinstance(status, dict) else status
    return value is None or value in _LIVE


def _id(item: object) -> int:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, int) else -1


def _text(value: object) -> str:
    return one_line(str(value or ""))
