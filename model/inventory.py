"""The inventory: what is watched, what it must deliver, who is told.

Every class is one table of the configuration file, and ``docs/configuration.md`` is generated from them.
References between records are checked by ``model.references``.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl

from model.alerting import Alerts, MaintenanceWindow, Person, Storage, Team
from model.fields import BitRate, Id, Port, PositiveDuration, Record, Secret, Size
from model.requirement import Requirement
from model.target import Target
from model.zones import check_zone

Language = Literal["vi", "en", "id"]
ZoneName = Annotated[str, AfterValidator(check_zone)]


# What the file may write in a shorter form. One type inside keeps each error message to one line.
_FALSE_MEANS_NONE = BeforeValidator(lambda value: None if value is False else value)
_ONE_OR_MANY = BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)


class Ward(Record):
    """One ward: the unit of administration, of the status page and of the monthly review."""

    id: Id
    name: str = Field("", description="As people call it; the id where it is left out.")
    timezone: ZoneName = Field("UTC", description="IANA name, such as Asia/Ho_Chi_Minh.")
    language: Language = Field("en", description="Language of alerts, pages and the review.")


class Credentials(Record):
    """How to ask an SNMP agent."""

    version: Literal["1", "2c", "3"] = Field(description="SNMP version.")
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
    port: Port = 161
    interval: PositiveDuration = 60.0
    timeout: PositiveDuration = Field(1.0, description="Of one request.")
    retries: int = Field(2, ge=0, le=10, description="Further requests after the first has timed out.")
    engine: Literal["gufo", "pysnmp"] = Field(
        "gufo", description="`pysnmp` is slower, for an agent that gufo cannot talk to."
    )
    profile: str = Field("auto", description="How to read vendor values; `auto` goes by sysObjectID.")


class EchoProbing(Record):
    """How a device is pinged."""

    interval: PositiveDuration = 5.0
    timeout: PositiveDuration = 1.0


class Device(Record):
    """Managed equipment with an address."""

    id: Id
    name: str = ""
    address: str = Field(description="Name or address.", min_length=1)
    role: Literal["router", "switch", "ap", "ont", "ups", "server", "camera", "other"] = "other"
    snmp: SnmpPolling | None = Field(None, description="Left out: not polled.")
    icmp: Annotated[EchoProbing | None, _FALSE_MEANS_NONE] = Field(EchoProbing(), description="`false`: not pinged.")
    depends_on: tuple[Id, ...] = Field((), description="Devices or links without which this one cannot be reached.")


class Contracted(Record):
    """What the provider sells, as seen from the site."""

    download: BitRate
    upload: BitRate


class SpeedTest(Record):
    """Throughput tests of a link."""

    url: str = Field(description="A `linkward reflect` peer, a large file, or iperf3://.")
    windows: tuple[str, ...] = Field((), description="Local times such as 02:00-05:00; empty means on demand only.")
    per_day: int = Field(2, ge=0)
    budget_per_month: Size | None = None
    key: Secret | None = Field(None, description="Shared with the reflector.")


class Link(Record):
    """A line that the site stands on; what a requirement is about."""

    id: Id
    name: str = ""
    provider: str = ""
    circuit: str = Field("", description="The provider's number of the line.")
    role: Literal["primary", "backup"] = "primary"
    contracted: Contracted | None = None
    requirement: str | Requirement | None = Field(
        None, description="A name under `requirements`, a preset, or its own thresholds."
    )
    interface: str | None = Field(
        None,
        description="device/ifName: status, counters, negotiated speed.",
        pattern=r"^[a-z0-9][a-z0-9-]*/.+$",
    )
    targets: Annotated[tuple[Target, ...], _ONE_OR_MANY] = Field(
        alias="target",
        min_length=1,
        description="What is probed; of several, all must be silent before the link is.",
    )
    interval: PositiveDuration = 1.0
    timeout: PositiveDuration = Field(1.0, description="After which a probe counts as lost.")
    source: str | None = Field(None, description="Address or interface to probe from.")
    depends_on: tuple[Id, ...] = Field((), description="Devices or links without which this one cannot work.")
    metered: bool = Field(False, description="Data costs money: no speed tests by themselves.")
    speed_test: SpeedTest | None = None

    @property
    def interface_parts(self) -> tuple[str, str] | None:
        """The device's id and the ifName, or ``None``."""
        if self.interface is None:
            return None
        device, _, name = self.interface.partition("/")
        return device, name


class DnsQuery(Record):
    """A name that a resolver must answer."""

    server: str = Field(description="Address of the resolver, with :port where it is not 53.")
    name: str
    type: str = "A"
    protocol: Literal["udp", "tcp"] = "udp"


class Expectation(Record):
    """What a healthy answer looks like."""

    status: tuple[int, ...] = Field((), description="Accepted HTTP statuses; empty means 200 to 299.")
    body: str | None = Field(
        None,
        description="Regular expression that the body must hold (HTTP), or a record the answer must hold (DNS).",
    )
    certificate_days: int = Field(21, ge=0, description="Warn when the certificate has fewer days left.")


class TlsOptions(Record):
    """How a certificate is checked."""

    ca_file: str | None = Field(None, description="PEM file of trusted roots; default: the system's.")
    server_name: str | None = Field(None, description="Name to ask for and to check; default: the URL's host.")
    verify: bool = Field(True, description="`false` accepts any certificate; its dates are exported all the same.")


class Service(Record):
    """Something that people come to use: a web page or a resolver, seen from this site."""

    id: Id
    name: str = ""
    url: HttpUrl | None = Field(None, description="http:// or https://.")
    dns: DnsQuery | None = None
    interval: PositiveDuration = 30.0
    timeout: PositiveDuration = 10.0
    expect: Expectation = Expectation()
    tls: TlsOptions = TlsOptions()
    ip_version: Literal["any", "4", "6"] = "any"
    source: str | None = Field(None, description="Address or interface to probe from.")
    max_redirects: int = Field(5, ge=0, le=20)
    requirement: str | Requirement | None = Field(
        None, description="A name under `requirements`, a preset, or its own thresholds."
    )
    depends_on: tuple[Id, ...] = ()


class Site(Record):
    """A place with links, devices and services."""

    id: Id
    name: str = ""
    ward: Id | None = Field(None, description="Needed where the file lists `wards`.")
    kind: Literal["office", "community-point", "datacentre", "other"] = "other"
    location: tuple[float, float] | None = Field(None, description="Latitude, longitude in degrees.")
    citizens_per_hour: float | None = Field(None, ge=0, description="Weight of an hour lost here.")
    team: str | None = Field(None, description="A name under `teams`.")
    service_hours: tuple[str, ...] = Field(
        (), description="Such as `Mon-Fri 07:30-11:30`, local time; empty means always."
    )
    devices: tuple[Device, ...] = ()
    links: tuple[Link, ...] = ()
    services: tuple[Service, ...] = ()


class Inventory(Record):
    """The whole configuration."""

    ward: Ward | None = Field(None, description="The ward, where there is one.")
    wards: tuple[Ward, ...] = Field((), description="The wards of a city; their sites say `ward: ID`.")
    credentials: Mapping[str, Credentials] = Field({}, description="SNMP credentials by name.")
    requirements: Mapping[str, Requirement] = Field({}, description="Requirements by name; they may replace a preset.")
    sites: tuple[Site, ...] = ()
    anchors: tuple[Target, ...] = Field((), description="Tell a blind monitor from a dead ward.")
    people: Mapping[str, Person] = {}
    teams: Mapping[str, Team] = {}
    alerts: Alerts = Alerts()
    maintenance: tuple[MaintenanceWindow, ...] = ()
    storage: Storage = Storage()

    def all_wards(self) -> tuple[Ward, ...]:
        """The wards, however they were written."""
        return (self.ward, *self.wards) if self.ward else self.wards

    def ward_of(self, site: Site) -> Ward | None:
        """The ward that a site belongs to."""
        if site.ward is None:
            return self.ward
        return next((ward for ward in self.all_wards() if ward.id == site.ward), None)

    def devices(self) -> Iterator[tuple[Site, Device]]:
        """Every device with its site."""
        return ((site, device) for site in self.sites for device in site.devices)

    def links(self) -> Iterator[tuple[Site, Link]]:
        """Every link with its site."""
        return ((site, link) for site in self.sites for link in site.links)

    def services(self) -> Iterator[tuple[Site, Service]]:
        """Every service with its site."""
        return ((site, service) for site in self.sites for service in site.services)

    def requirement_of(self, subject: Link | Service) -> Requirement | None:
        """The requirement that a link or service must keep; ``None`` where it states none."""
        if isinstance(subject.requirement, str):
            return self.requirements[subject.requirement]
        return subject.requirement
