"""The simulated ward as an inventory file, written as a person would write it."""

import json
from collections.abc import Iterator
from pathlib import Path

from monitor.demo.services import ServicePlan
from monitor.demo.ward import DevicePlan, LinkPlan, SitePlan, WardPlan

COMMUNITY = "public"
PEER_KEY = "a key of the demo alone"

# By day, too, so that whoever watches for an hour sees one.
_TESTS = 'windows: ["00:00-24:00"], per_day: 12, budget_per_month: 20GB'

_HEAD = """\
# A simulated ward of {sites} sites on loopback. Everything in it is made up; nothing here leaves this machine.
ward:
  id: xuan-dinh
  name: Phường Xuân Đỉnh
  timezone: Asia/Ho_Chi_Minh
  language: vi

credentials:
  demo: {{version: 2c, community: {community}}}

people:
  an: {{name: An}}
  binh: {{name: Bình}}
teams:
  ict: {{members: [an, binh], rotation: weekly, handover: "Mon 08:00"}}

# Messages are written to the terminal; in a real ward they go to whoever is on call (docs/on-call.md).
alerts:
  receivers: {{terminal: {{log: true}}}}
  routes: [{{receiver: terminal}}]

storage: {{url: {storage}}}

# Two places that never fail: when they are silent, the monitor itself is cut off.
anchors: [{anchors}]

# What they must deliver is built in. Here it is judged over a minute, so that a newcomer need not wait for five.
requirements:
  office: {{extends: office, window: 1m}}
  community-point: {{extends: community-point, window: 1m}}

# The devices are not pinged: the kernel would answer for a box that is dead in the story.
# Agents and services are asked more often than in a real ward, so that a fault of a minute is seen.
sites:
"""


def inventory_text(ward: WardPlan, folder: Path) -> str:
    """The inventory as YAML.

    Args:
        ward: The plan.
        folder: Where the certificate of the simulated authority lies (``ca.pem``) and the history may be kept.
    """
    head = _HEAD.format(
        sites=len(ward.sites),
        community=COMMUNITY,
        storage=_quoted(f"sqlite:///{folder / 'linkward.db'}"),
        anchors=", ".join(f"stamp://{anchor}" for anchor in ward.anchors),
    )
    authority = folder / "ca.pem"
    return head + "\n".join(line for site in ward.sites for line in _site(site, authority)) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def _listed(words: tuple[str, ...]) -> str:
    return f"[{', '.join(words)}]"


def _site(site: SitePlan, authority: Path) -> Iterator[str]:
    latitude, longitude = site.location
    hours = ", ".join(map(_quoted, site.service_hours))
    yield f"  - id: {site.id}"
    yield f"    name: {site.name}"
    yield f"    kind: {site.kind}"
    yield f"    location: [{latitude}, {longitude}]"
    yield f"    citizens_per_hour: {site.citizens_per_hour}"
    yield "    team: ict"
    yield f"    service_hours: [{hours}]"
    yield "    devices:"
    yield from (line for device in site.devices for line in _device(device))
    yield "    links:"
    yield from (line for link in site.links for line in _link(link, site.kind))
    if site.services:
        yield "    services:"
        yield from (line for service in site.services for line in _service(service, authority))
    yield ""


def _device(device: DevicePlan) -> Iterator[str]:
    yield f"      - id: {device.id}"
    yield f"        name: {device.model.product}"
    yield f"        address: {device.endpoint.address}"
    yield f"        role: {device.model.role}"
    yield f"        snmp: {{credentials: demo, port: {device.endpoint.port}, interval: 10s}}"
    yield "        icmp: false"
    if device.depends_on:
        yield f"        depends_on: {_listed(device.depends_on)}"


def _link(link: LinkPlan, requirement: str) -> Iterator[str]:
    download, upload = link.speed
    yield f"      - id: {link.id}"
    yield f"        name: Đường truyền {link.provider}"
    yield f"        provider: {link.provider}"
    yield f"        circuit: {link.circuit}"
    yield f"        role: {link.role}"
    yield f"        contracted: {{download: {download}Mbit/s, upload: {upload}Mbit/s}}"
    yield f"        requirement: {requirement}"
    yield f"        interface: {_quoted(link.interface)}"
    yield f"        target: stamp://{link.endpoint}"
    if link.source:
        yield f"        source: {link.source}"
    if link.has_peer:
        test = f"url: http://{link.endpoint}, key: {PEER_KEY}, {_TESTS}"
        yield f"        speed_test: {{{test}}}"
    if link.depends_on:
        yield f"        depends_on: {_listed(link.depends_on)}"


def _service(service: ServicePlan, authority: Path) -> Iterator[str]:
    yield f"      - id: {service.id}"
    yield f"        name: {service.name}"
    if service.kind == "dns":
        yield f"        dns: {{server: {_quoted(str(service.endpoint))}, name: {service.host}, type: A}}"
    else:
        yield f"        url: {_quoted(service.url)}"
    yield "        interval: 5s"
    yield "        timeout: 4s"
    yield f"        expect: {{body: {_quoted(service.phrase)}}}"
    if service.kind == "https":
        yield f"        tls: {{ca_file: {_quoted(str(authority))}, server_name: {service.host}}}"
    yield "        requirement: public-service"
