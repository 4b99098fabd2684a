"""The inventory: what is watched, what it must deliver, who is told.

Every class is one table of the configuration file, and ``docs/configuration.md`` is generated from them.
References between records are checked by ``model.references``.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from model.alerting import Alerts, MaintenanceWindow, Person, Storage, Team
from model.fields import (
    Address,
    BitRate,
    ChannelUrl,
    ClockTime,
    Described,
    Duration,
    FalseMeansNone,
    Flag,
    Host,
    Hours,
    Id,
    Location,
    OneOrMany,
    Pattern,
    Port,
    PositiveDuration,
    ProbeSource,
    PublicUrl,
    Record,
    Secret,
    Server,
    Size,
    ZoneName,
)
from model.requirement import NameOrRequirement, Requirement
from model.speed_url import SpeedUrl, is_reflector
from model.target import Target

Language = Literal["vi", "en", "id"]
ReviewFormat = Literal["pdf", "html", "xlsx", "json"]
RecordType = Literal["A", "AAAA", "CAA", "CNAME", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TXT"]


SnmpVersion = Annotated[Literal["1", "2c", "3"], BeforeValidator(str), WithJsonSchema({"enum": ["1", "2c", "3", 1, 3]})]
HttpStatus = Annotated[int, Field(ge=100, le=599)]


class Ward(Record):
    """One ward: the unit of administration, of the status page and of the monthly review."""

    id: Id = Field(description="Names the ward in metrics and pages.")
    name: str = Field("", description="As people call it; the id where it is left out.")
    timezone: ZoneName = Field("UTC", description="IANA name, such as Asia/Ho_Chi_Minh.")
    language: Language = Field("en", description="Language of alerts, pages and the review.")


class Credentials(Record):
    """How to ask an SNMP agent."""

    version: SnmpVersion = Field(description="SNMP version.")
    community: Secret | None = Field(None, description="Versions 1 and 2c.")
    user: str | None = Field(None, description="Version 3: security name.")
    auth: Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] | None = Field(
        None, description="Version 3: authentication protocol; left out means noAuthNoPriv."
    )
    auth_passphrase: Secret | None = Field(None, description="Version 3: at least 8 characters.")
    privacy: Literal["DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"] | None = Field(
        None, description="Version 3: privacy protocol; the forms with -C extend the key in Cisco's manner."
    )
    privacy_passphrase: Secret | None = Field(None, description="Version 3: at least 8 characters.")


class SnmpPolling(Record):
    """How a device is polled."""

    credentials: str = Field(description="A name under `credentials`.")
    port: Port = Field(161, description="UDP port of the agent.")
    interval: PositiveDuration = Field(60.0, description="From one poll to the next.")
    timeout: PositiveDuration = Field(1.0, description="Of one request.")
    retries: int = Field(2, ge=0, le=10, description="Further requests after the first has timed out.")
    engine: Literal["gufo", "pysnmp"] = Field(
        "gufo", description="`pysnmp` is slower, for an agent that gufo cannot talk to."
    )
    profile: str = Field("auto", description="Which profile says what to read of its health; `auto`: what fits best.")


class EchoProbing(Record):
    """How a device is pinged."""

    interval: PositiveDuration = Field(5.0, description="From one echo to the next.")
    timeout: PositiveDuration = Field(1.0, description="After which an echo counts as lost.")


class Device(Record):
    """Managed equipment with an address."""

    id: Id = Field(description="Names the device in metrics and references; unique in the whole inventory.")
    name: str = Field("", description="As people call it; the id where it is left out.")
    address: Host = Field(description="Name or address.")
    role: Literal["router", "switch", "ap", "ont", "ups", "server", "camera", "other"] = Field(
        "other", description="What it is here for."
    )
    snmp: SnmpPolling | None = Field(None, description="Left out: not polled.")
    icmp: Annotated[EchoProbing | None, FalseMeansNone()] = Field(
        EchoProbing(), description="How it is pinged, which it is by default; `false`: not pinged."
    )
    depends_on: tuple[Id, ...] = Field((), description="Devices or links without which this one cannot be reached.")
    trap_sources: Annotated[tuple[Address, ...], OneOrMany(), Described("an address, or a list of them")] = Field(
        (), description="Where its traps come from, beside `address`: another of its own addresses, or that of a NAT."
    )


class Contracted(Record):
    """What the provider sells, as seen from the site."""

    download: BitRate = Field(description="Towards the site.")
    upload: BitRate = Field(description="Away from the site.")


class SpeedTest(Record):
    """Throughput tests of a link."""

    url: SpeedUrl = Field(
        description="A `linkward reflect` peer such as `http://10.20.0.9:8862`, a large file of any web server, or "
        "`iperf3://HOST`."
    )
    windows: tuple[Hours, ...] = Field((), description="Local times of tests; empty means on demand only.")
    per_day: int = Field(2, ge=0, le=96, description="Tests a day, spread over the windows.")
    budget_per_month: Size | None = Field(None, description="Most bytes a month; left out means no limit.")
    key: Secret | None = Field(None, description="Shared with the reflector, which answers to nobody without it.")
    peer: Literal["site", "beyond"] | None = Field(
        None,
        description="Where the peer is: at the link's `site`, or `beyond` the link, where the monitor is at the site. "
        "Left out, a reflector is at the site and anything else beyond.",
    )

    @property
    def is_reflector(self) -> bool:
        """Whether the URL names a peer of our own: one without a path."""
        return is_reflector(self.url)

    @property
    def is_peer_at_site(self) -> bool:
        """Whether what the tester sends to the peer is download."""
        return self.is_reflector if self.peer is None else self.peer == "site"


class Link(Record):
    """A line that the site stands on; what a requirement is about."""

    id: Id = Field(description="Names the link in metrics and references; unique in the whole inventory.")
    name: str = Field("", description="As people call it; the id where it is left out.")
    provider: str = Field("", description="Who sells the line.")
    circuit: str = Field("", description="The provider's number of the line.")
    role: Literal["primary", "backup"] = Field(
        "primary", description="Whether the site works on it, or falls back to it."
    )
    contracted: Contracted | None = Field(None, description="Speed by the contract.")
    requirement: NameOrRequirement | None = Field(
        None, description="A name under `requirements`, a preset, or its own thresholds."
    )
    interface: Annotated[str, Described("a device's id and an ifName such as `office-rt1/ether1`")] | None = Field(
        None,
        description="device/ifName: status, counters, negotiated speed.",
        pattern=r"^[a-z0-9][a-z0-9-]*/.+$",
    )
    targets: Annotated[
        tuple[Target, ...], OneOrMany(), Described("a target such as `icmp://203.0.113.1`, or a list of them")
    ] = Field(
        alias="target",
        min_length=1,
        description="What is probed; of several, all must be silent before the link is.",
    )
    interval: PositiveDuration = Field(1.0, description="From one probe to the next.")
    timeout: PositiveDuration = Field(1.0, description="After which a probe counts as lost.")
    source: ProbeSource | None = Field(None, description="Address or interface to probe from.")
    depends_on: tuple[Id, ...] = Field((), description="Devices or links without which this one cannot work.")
    metered: Flag = Field(False, description="Data costs money: no speed tests by themselves.")
    speed_test: SpeedTest | None = Field(None, description="Throughput tests; left out: none.")

    @property
    def interface_parts(self) -> tuple[str, str] | None:
        """The device's id and the ifName, or ``None``."""
        if self.interface is None:
            return None
        device, _, name = self.interface.partition("/")
        return device, name


class DnsQuery(Record):
    """A name that a resolver must answer."""

    server: Server = Field(description="The resolver, with :port where it is not 53.")
    name: Host = Field(description="The name to ask for.")
    type: RecordType = Field("A", description="Type of the records to ask for.")
    protocol: Literal["udp", "tcp"] = Field("udp", description="How to ask.")


class Expectation(Record):
    """What a healthy answer looks like."""

    status: tuple[HttpStatus, ...] = Field((), description="Accepted HTTP statuses; empty means 200 to 299.")
    body: Pattern | None = Field(
        None,
        description="Regular expression that the body must hold within its first 1 MB (HTTP), or a record the answer "
        "must hold (DNS). Without one, a body of more than 1 MB is a failure.",
    )
    certificate_days: int = Field(21, ge=0, description="Warn when the certificate has fewer days left.")


class TlsOptions(Record):
    """How a certificate is checked."""

    ca_file: str | None = Field(None, description="PEM file of trusted roots; default: the system's.")
    server_name: str | None = Field(None, description="Name to ask for and to check; default: the URL's host.")
    verify: Flag = Field(True, description="`false` accepts any certificate; its dates are exported all the same.")


class Service(Record):
    """Something that people come to use: a web page or a resolver, seen from this site."""

    id: Id = Field(description="Names the service in metrics and references; unique in the whole inventory.")
    name: str = Field("", description="As people call it; the id where it is left out.")
    url: PublicUrl | None = Field(None, description="A web page. Either this or `dns`.")
    dns: DnsQuery | None = Field(None, description="A name that is looked up. Either this or `url`.")
    interval: PositiveDuration = Field(30.0, description="From one probe to the next.")
    timeout: PositiveDuration = Field(10.0, description="After which a probe has failed.")
    expect: Expectation = Field(Expectation(), description="What a healthy answer looks like.")
    tls: TlsOptions = Field(TlsOptions(), description="How a certificate is checked.")
    ip_version: Literal["any", "4", "6"] = Field("any", description="Which addresses of the host are used.")
    source: ProbeSource | None = Field(None, description="Address or interface to probe from.")
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects that are followed.")
    requirement: NameOrRequirement | None = Field(
        None, description="A name under `requirements`, a preset, or its own thresholds."
    )
    depends_on: tuple[Id, ...] = Field((), description="Devices or links without which this one cannot be reached.")


class Site(Record):
    """A place with links, devices and services."""

    id: Id = Field(description="Names the site in metrics and references; unique in the whole inventory.")
    name: str = Field("", description="As people call it; the id where it is left out.")
    ward: Id | None = Field(None, description="Needed where the file lists `wards`.")
    kind: Literal["office", "community-point", "datacentre", "other"] = Field("other", description="What it is.")
    location: Location | None = Field(None, description="Latitude, longitude in degrees.")
    citizens_per_hour: float | None = Field(None, ge=0, description="Weight of an hour lost here.")
    team: str | None = Field(None, description="A name under `teams`.")
    service_hours: tuple[Hours, ...] = Field(
        (), description="Such as `Mon-Fri 07:30-11:30`, local time; empty means always."
    )
    devices: tuple[Device, ...] = Field((), description="Its equipment.")
    links: tuple[Link, ...] = Field((), description="Its lines.")
    services: tuple[Service, ...] = Field((), description="What people come to use, seen from here.")


class Reports(Record):
    """The monthly review: how it is made, and what the daemon does with it by itself."""

    folder: str | None = Field(
        None, description="Where the daemon lays the review of each month once it is over; left out: nowhere."
    )
    receivers: tuple[str, ...] = Field(
        (), description="Names under `alerts.receivers` with a mail URL, to which it is mailed."
    )
    mail_to: tuple[ChannelUrl, ...] = Field((), description="Further mail URLs to which it is mailed.")
    at: ClockTime = Field("06:00", description="Local time of the day after a period's end from which on it is made.")
    formats: tuple[ReviewFormat, ...] = Field(
        ("pdf", "html", "xlsx", "json"), min_length=1, description="Which files are made."
    )
    languages: tuple[Language, ...] = Field(
        (), description="In which languages; empty means the ward's, or `en` where wards have several."
    )
    cut_day: int = Field(
        1, ge=1, le=28, description="On which day of the month a period begins: 15 for the 15th to the end of the 14th."
    )
    notice: Duration = Field(
        0.0, description="How long before its begin maintenance must be announced to excuse anything in the review."
    )

    @property
    def is_planned(self) -> bool:
        """Whether the daemon makes it by itself: there is somewhere to put it."""
        return bool(self.folder or self.receivers or self.mail_to)


class Traps(Record):
    """What devices say unasked: a reason to look at once, and never a verdict."""

    listen: Server = Field("0.0.0.0:162", description="Address and UDP port to listen at; `[::]:162` hears IPv6 too.")
    credentials: tuple[str, ...] = Field(
        (), description="Names under `credentials` in which any device may speak, beside those that it is polled with."
    )


class Inventory(Record):
    """The whole configuration."""

    ward: Ward | None = Field(None, description="The ward, where there is one.")
    wards: tuple[Ward, ...] = Field((), description="The wards of a city; their sites say `ward: ID`.")
    credentials: Mapping[str, Credentials] = Field({}, description="SNMP credentials by name.")
    profiles: str | None = Field(
        None, description="Folder with profiles of devices of your own, from the folder of this file; see devices.md."
    )
    requirements: Mapping[str, Requirement] = Field(
        {},
        description="Requirements by name. One with the name of a preset replaces it, or overlays it with `extends`.",
    )
    sites: tuple[Site, ...] = Field((), description="The places that are watched.")
    anchors: tuple[Target, ...] = Field((), description="Tell a blind monitor from a dead ward.")
    traps: Traps | None = Field(None, description="How traps and informs are heard; left out: not at all.")
    people: Mapping[str, Person] = Field({}, description="Who can be on call, by name.")
    teams: Mapping[str, Team] = Field({}, description="People who take turns, by name.")
    alerts: Alerts = Field(Alerts(), description="How alerts leave.")
    maintenance: tuple[MaintenanceWindow, ...] = Field((), description="Planned work.")
    reports: Reports = Field(Reports(), description="The monthly review.")
    storage: Storage = Field(Storage(), description="Where history is kept.")

    def all_wards(self) -> tuple[Ward, ...]:
        """The wards, however they were written."""
        return (self.ward, *self.wards) if self.ward else self.wards

    def ward_of(self, site: Site) -> Ward | None:
        """The ward that a site belongs to."""
        if site.ward is None:
            return self.ward
        return next((ward for ward in self.all_wards() if ward.id == site.ward), None)

    def language_of(self, *sites: Site) -> Language:
        """That which the wards of these sites share, or without a site all wards; English where they differ."""
        wards = [self.ward_of(site) for site in sites] or self.all_wards()
        languages = {ward.language for ward in wards if ward}
        return languages.pop() if len(languages) == 1 else "en"

    def devices(self) -> Iterator[tuple[Site, Device]]:
        """Every device with its site."""
        return ((site, device) for site in self.sites for device in site.devices)

    def links(self) -> Iterator[tuple[Site, Link]]:
        """Every link with its site."""
        return ((site, link) for site in self.sites for link in site.links)

    def services(self) -> Iterator[tuple[Site, Service]]:
        """Every service with its site."""
        return ((site, service) for site in self.sites for service in site.services)

    def requirement_of(self, subject: Link | Service, at: datetime | None = None) -> Requirement | None:
        """The requirement that a link or service must keep, with what it extends; ``None`` where it states none.

        Args:
            subject: The link or service.
            at: The moment whose version is wanted, in the ward's zone; left out, the requirement with all its changes.
        """
        own = subject.requirement
        found = self.requirements[own] if isinstance(own, str) else own
        if isinstance(own, Requirement) and own.extends:
            found = self.requirements[own.extends].overlaid(own)
        return found.at(at) if found and at else found
