"""What the command line gives to be probed, checked as the inventory is, in words of the command line."""

import re
from collections.abc import Mapping
from typing import Final

from model.hosts import check_host, is_address, split_port
from model.inventory import Credentials, Device, DnsQuery, Inventory, Service, SnmpPolling
from model.measurement import ProbeKind
from model.target import Target
from monitor.cli.console import Refusal
from monitor.config import ConfigError, Problem, load_values

# What the inventory calls by its keys, the command line takes as arguments and options.
_ARGUMENTS: Final[Mapping[str, str]] = {"name": "NAME", "server": "SERVER", "url": "URL", "address": "ADDRESS"}
_OPTIONS: Final[Mapping[str, str]] = {
    "body": "--expect",
    **{
        key: f"--{key.replace('_', '-')}"
        for key in (
            "type",
            "source",
            "ca_file",
            "port",
            "community",
            "user",
            "auth",
            "auth_passphrase",
            "privacy",
            "privacy_passphrase",
        )
    },
}
_KEY: Final = re.compile(r"`([a-z_]+)(?:: ([^`]+))?`")


def given_host(kind: ProbeKind, text: str) -> str:
    """A name or address, with the scheme of its probe or without.

    Raises:
        Refusal: It is neither.
    """
    try:
        return check_host(_without_scheme(kind, text))
    except ValueError as error:
        raise Refusal(str(error)) from None


def given_target(kind: ProbeKind, text: str) -> Target:
    """A target, with its scheme or without.

    Raises:
        Refusal: It is none.
    """
    place = _without_scheme(kind, text)
    try:
        return Target.parse(f"{kind}://[{place}]" if ":" in place and is_address(place) else f"{kind}://{place}")
    except ValueError as error:
        raise Refusal(str(error)) from None


def given_service(fields: Mapping[str, object]) -> Service:
    """A service with these keys.

    Raises:
        Refusal: They are not those of a service.
    """
    ((_, service),) = _checked({"sites": [{"id": "here", "services": [{"id": "given", **fields}]}]}).services()
    return service


def given_page(url: str, fields: Mapping[str, object]) -> Service:
    """A web page with these further keys.

    Raises:
        Refusal: As ``given_service``; or the URL has no scheme.
    """
    # What stands before an @ may be a password.
    if "://" not in url and "@" not in url:
        address = url if "/" in url else f"{url}/"
        raise Refusal(f"{url!r} has no scheme: write http://{address} or https://{address}")
    return given_service({"url": url, **fields})


def given_query(server: str, fields: Mapping[str, object]) -> tuple[Service, DnsQuery]:
    """A question to a DNS server, and a service that asks it; of the fields, ``expect`` and ``timeout`` are its own.

    Raises:
        Refusal: They are not those of a query.
    """
    own = {key: fields[key] for key in ("expect", "timeout")}
    query = {key: value for key, value in fields.items() if key not in own}
    service = given_service({"dns": {"server": _without_scheme(ProbeKind.DNS, server), **query}, **own})
    assert service.dns is not None  # noqa: S101  # it was given above
    return service, service.dns


def given_agent(
    address: str, port: int | None, polling: Mapping[str, object], credentials: Mapping[str, object]
) -> tuple[Device, SnmpPolling, Credentials]:
    """An SNMP agent and how to ask it.

    Args:
        address: Name or address, with the scheme and with :PORT or without.
        port: As an option gave it.
        polling: Further keys of ``snmp``.
        credentials: Keys of one entry of ``credentials``.

    Raises:
        Refusal: They are not those of an agent.
    """
    place = _without_scheme(ProbeKind.SNMP, address)
    host, own_port = split_port(place) or (place, None)
    if None not in {port, own_port} and port != own_port:
        raise Refusal(f"{address!r} names a port, and --port another: leave one of them out")
    where = {"port": own_port if port is None else port} if {port, own_port} != {None} else {}
    device = {"id": "given", "address": host, "snmp": {"credentials": "given", **where, **polling}}
    inventory = _checked({"credentials": {"given": credentials}, "sites": [{"id": "here", "devices": [device]}]})
    ((_, checked),) = inventory.devices()
    assert checked.snmp is not None  # noqa: S101  # it was given above
    return checked, checked.snmp, inventory.credentials["given"]


def _without_scheme(kind: ProbeKind, text: str) -> str:
    return text.removeprefix(f"{kind}://")


def _checked(values: Mapping[str, object]) -> Inventory:
    try:
        return load_values(values)
    except ConfigError as error:
        raise Refusal("\n".join(map(_sentence, error.problems))) from None


def _sentence(problem: Problem) -> str:
    return _KEY.sub(_as_option, f"{problem.what}: {problem.mend}")


def _as_option(key: re.Match[str]) -> str:
    name, value = key[1], key[2]
    if name in _ARGUMENTS:
        return _ARGUMENTS[name]
    option = _OPTIONS.get(name)
    if option is None:
        return key[0]
    return f"{option}={value}" if value else option
