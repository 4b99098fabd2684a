"""What people call the tables of the inventory."""

from collections.abc import Mapping
from typing import Final

from model.alerting import (
    Alerts,
    Escalation,
    MaintenanceWindow,
    Override,
    Person,
    Receiver,
    Retention,
    Route,
    Storage,
    Team,
)
from model.fields import Record
from model.inventory import (
    Contracted,
    Credentials,
    Device,
    DnsQuery,
    EchoProbing,
    Expectation,
    Inventory,
    Link,
    Reports,
    Service,
    Site,
    SnmpPolling,
    SpeedTest,
    TlsOptions,
    Traps,
    Ward,
)
from model.profile import Condition, Exposed, Match, Place, Profile, Source
from model.requirement import Change, Requirement
from model.web import Headers, HttpServer, RateLimit, TlsServer, WebSettings

NOUNS: Final[Mapping[type[Record], str]] = {
    Inventory: "the inventory",
    Ward: "a ward",
    Credentials: "SNMP credentials",
    Requirement: "a requirement",
    Change: "a change of a requirement",
    Site: "a site",
    Device: "a device",
    SnmpPolling: "a device's `snmp`",
    EchoProbing: "a device's `icmp`",
    Link: "a link",
    Contracted: "a contracted speed",
    SpeedTest: "a speed test",
    Service: "a service",
    DnsQuery: "a service's `dns`",
    Expectation: "a service's `expect`",
    TlsOptions: "a service's `tls`",
    Traps: "the traps",
    Person: "a person",
    Team: "a team",
    Override: "an override",
    Alerts: "the alerts",
    Receiver: "a receiver",
    Route: "a route",
    Escalation: "an escalation",
    Reports: "the monthly review",
    MaintenanceWindow: "a maintenance window",
    Storage: "the storage",
    Retention: "what `keep` holds",
}
"""Each table in words that continue "is not a key of …"."""

WEB_NOUNS: Final[Mapping[type[Record], str]] = {
    WebSettings: "the web configuration",
    TlsServer: "`tls_server_config`",
    HttpServer: "`http_server_config`",
    Headers: "the headers that can be set",
    RateLimit: "`rate_limit`",
}
"""The same of the web configuration file."""


PROFILE_NOUNS: Final[Mapping[type[Record], str]] = {
    Profile: "a profile",
    Match: "a `match` of a profile",
    Place: "a place in a profile",
    Source: "a reading of a profile",
    Condition: "a condition of a profile",
    Exposed: "what a profile exposes",
}
"""The same of a profile of devices."""


def noun_of(record: type[Record]) -> str:
    """What a table is called."""
    return next(nouns[record] for nouns in (NOUNS, WEB_NOUNS, PROFILE_NOUNS) if record in nouns)
