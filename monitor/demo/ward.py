"""The plan of a simulated ward: its sites, devices, links and services, from a number of sites and a seed."""

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final, Literal

from monitor.demo.equipment import OFFICE_MODELS, POINT_EXTRAS, POINT_ROUTERS, POINT_SWITCHES, Model, Port
from monitor.demo.ground import MOST_SITES, Endpoint, Ground
from monitor.demo.places import OFFICE, OFFICE_LOCATION, Place, community_points
from monitor.demo.services import ServicePlan, services_of
from monitor.demo.traffic import SILENCE, Traffic, draw_traffic

PROVIDERS: Final = ("VNPT", "Viettel", "FPT", "CMC")
_SHARES: Final = (40, 32, 20, 8)  # how the points choose among them, in percent
_MEGABIT: Final = 125_000.0  # bytes
_THREE_DEVICES: Final = 0.85  # share of the points that have them; the others have two
_TESTED_SITES: Final = 2  # the first link of each has a peer, where there is Linux: more would make the demo heavy
_SUFFIXES: Final = {"router": "rt", "switch": "sw", "ap": "ap", "ups": "ups"}
_LAN_ALIASES: Final = ("", "Phòng tiếp dân", "Máy tính một cửa", "Camera", "Wi-Fi công cộng")


@dataclass(frozen=True, slots=True)
class Path:
    """A healthy line, each way.

    Attributes:
        delay: Seconds that every packet takes.
        jitter: Further seconds, drawn evenly from zero to this.
        loss: Share of packets that are lost, each by itself.
    """

    delay: float
    jitter: float
    loss: float


@dataclass(frozen=True, slots=True)
class InterfacePlan:
    """A port of one device with its traffic."""

    port: Port
    alias: str
    physical_address: str
    inward: Traffic
    outward: Traffic


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """A simulated device.

    Attributes:
        id: Its id in the inventory.
        model: What it is.
        endpoint: Where its SNMP agent answers.
        interfaces: In order of ifIndex.
        uptime: Seconds that it has been running when the world starts.
        depends_on: What it cannot be reached without.
    """

    id: str
    model: Model
    endpoint: Endpoint
    interfaces: tuple[InterfacePlan, ...]
    uptime: float
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """A simulated line.

    Attributes:
        id: Its id in the inventory.
        provider: Who sells it.
        circuit: The provider's number of it.
        role: As in the inventory.
        speed: Contracted Mbit/s, download and upload.
        interface: ``device/ifName`` that it stands on.
        endpoint: Where its STAMP reflector answers.
        source: Address to probe it from.
        path: How it is when it is healthy.
        depends_on: What it cannot work without.
        has_peer: Whether its speed can be tested: a throughput peer listens where its reflector answers, over TCP.
    """

    id: str
    provider: str
    circuit: str
    role: Literal["primary", "backup"]
    speed: tuple[int, int]
    interface: str
    endpoint: Endpoint
    source: str | None
    path: Path
    depends_on: tuple[str, ...] = ()
    has_peer: bool = False


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A simulated place."""

    id: str
    name: str
    kind: Literal["office", "community-point"]
    location: tuple[float, float]
    citizens_per_hour: int
    service_hours: tuple[str, ...]
    devices: tuple[DevicePlan, ...]
    links: tuple[LinkPlan, ...]
    services: tuple[ServicePlan, ...]


@dataclass(frozen=True, slots=True)
class WardPlan:
    """The whole simulated ward.

    Attributes:
        ground: Where it stands.
        seed: What it was drawn from.
        sites: The office first.
        anchors: Reflectors that never fail.
    """

    ground: Ground
    seed: int
    sites: tuple[SitePlan, ...]
    anchors: tuple[Endpoint, ...]


def plan_ward(ground: Ground, sites: int = 41, seed: int = 1) -> WardPlan:
    """One office and ``sites`` - 1 community points.

    Raises:
        ValueError: Fewer than 1 or more than 800 sites.
    """
    if not 1 <= sites <= MOST_SITES:
        raise ValueError(f"a simulated ward has 1 to {MOST_SITES} sites, not {sites}")
    points = community_points(sites - 1, seed)
    planned = (_office(ground, seed), *(_point(ground, 1 + n, place, seed) for n, place in enumerate(points)))
    return WardPlan(ground, seed, planned, (ground.anchor(0), ground.anchor(1)))


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a site is planned.

    Attributes:
        ground: The ward's.
        number: Of the site; 0 is the office.
        random: Its own, so that a larger ward begins with the same sites as a smaller one.
        busy: How many community points its traffic is worth.
    """

    ground: Ground
    number: int
    random: Random
    busy: int


def _spot(ground: Ground, number: int, seed: int) -> _Spot:
    random = Random(f"ward {seed} site {number}")  # noqa: S311  # a simulation must be repeatable
    return _Spot(ground, number, random, busy=1 if number else 8)


def _office(ground: Ground, seed: int) -> SitePlan:
    spot = _spot(ground, 0, seed)
    router, switch, server = (
        _device(spot, number, f"office-{suffix}", model)
        for number, (suffix, model) in enumerate(zip(("rt1", "sw1", "srv1"), OFFICE_MODELS, strict=True))
    )
    return SitePlan(
        "office",
        "Trụ sở UBND phường Xuân Đỉnh",
        "office",
        OFFICE_LOCATION,
        OFFICE.citizens[0],
        OFFICE.hours,
        (router, replace(switch, depends_on=(router.id,)), replace(server, depends_on=(switch.id,))),
        (
            _link(spot, 0, "office-vnpt", provider="VNPT", speed=(300, 300), router=router),
            _link(spot, 1, "office-viettel", provider="Viettel", speed=(200, 200), router=router),
        ),
        services_of("office", ground),
    )


def _point(ground: Ground, number: int, place: Place, seed: int) -> SitePlan:
    spot = _spot(ground, number, seed)
    provider = spot.random.choices(PROVIDERS, weights=_SHARES)[0]
    link_id = f"{place.slug}-{provider.lower()}"
    router, *others = (
        _device(spot, rank, f"{place.slug}-{_SUFFIXES[model.role]}", model)
        for rank, model in enumerate(_point_models(spot.random))
    )
    speed = spot.random.choice([(100, 100), (150, 150), (200, 200), (200, 100)])
    return SitePlan(
        place.slug,
        place.name,
        "community-point",
        place.location,
        spot.random.randrange(place.use.citizens[0], place.use.citizens[1] + 1, 5),
        place.use.hours,
        (replace(router, depends_on=(link_id,)), *(replace(other, depends_on=(router.id,)) for other in others)),
        (_link(spot, 0, link_id, provider=provider, speed=speed, router=router),),
        services_of(place.slug, ground),
    )


def _point_models(random: Random) -> tuple[Model, ...]:
    models = (random.choice(POINT_ROUTERS), random.choice(POINT_SWITCHES), random.choice(POINT_EXTRAS))
    return models if random.random() < _THREE_DEVICES else models[:2]


def _device(spot: _Spot, rank: int, name: str, model: Model) -> DevicePlan:
    return DevicePlan(
        name,
        model,
        spot.ground.agent(spot.number, rank),
        tuple(
            _interface(spot, f"{model.oui}:{_station(spot, rank)}:{row:02x}", port)
            for row, port in enumerate(model.ports)
        ),
        uptime=spot.random.uniform(2, 220) * 86_400,
    )


def _station(spot: _Spot, rank: int) -> str:
    """Two octets of a physical address that no other device of the ward has."""
    high, low = divmod(spot.number, 256)
    return f"{low:02x}:{high * 16 + rank:02x}"


def _interface(spot: _Spot, physical: str, port: Port) -> InterfacePlan:
    alias = {"wan": "Uplink", "lan": spot.random.choice(_LAN_ALIASES)}.get(port.use, "")
    return InterfacePlan(port, alias, physical, *_traffic(port, spot))


def _traffic(port: Port, spot: _Spot) -> tuple[Traffic, Traffic]:
    """What comes in and goes out: a port towards the provider mostly receives, one towards people mostly sends."""
    if port.use not in {"wan", "lan"}:
        return SILENCE, SILENCE
    # Kept under 80 Mbit/s, so that a port that falls to 100 Mbit/s still carries it and the formula stays simple.
    scale = math.sqrt(spot.busy) * _MEGABIT
    much = draw_traffic(spot.random.uniform(2, 8) * scale, 80 * _MEGABIT, spot.random)
    little = draw_traffic(spot.random.uniform(0.4, 2) * scale, 20 * _MEGABIT, spot.random)
    return (much, little) if port.use == "wan" else (little, much)


def _link(spot: _Spot, rank: int, name: str, *, provider: str, speed: tuple[int, int], router: DevicePlan) -> LinkPlan:
    wan = [interface.port for interface in router.interfaces if interface.port.use == "wan"]
    at_office = spot.number == 0
    return LinkPlan(
        name,
        provider,
        f"HN-{spot.random.randrange(10_000, 99_999)}",
        "backup" if rank else "primary",
        speed,
        f"{router.id}/{wan[rank].name}",
        spot.ground.reflector(spot.number, rank),
        spot.ground.source(rank) if at_office else None,
        _path(spot.random),
        () if at_office else ("office-rt1",),
        has_peer=spot.number < _TESTED_SITES and not rank and spot.ground.octet is not None,
    )


def _path(random: Random) -> Path:
    return Path(random.uniform(0.001, 0.004), random.uniform(0.0002, 0.001), random.choice([0.0, 0.0, 0.0002]))
