"""Rules inside one record of the inventory that its types cannot state: each finding has the key that breaks it."""

from collections.abc import Iterator
from typing import Final

from pydantic import SecretStr

from model.finding import Finding, Path
from model.inventory import Credentials, Device, Inventory, Link, Service, Site, SnmpPolling
from model.requirement import Requirement
from model.units import spell_duration

_SHORTEST_PASSPHRASE: Final = 8  # characters, RFC 3414 §11.2
_SHORTEST_TIMEOUT: Final = 0.001  # seconds
_SHORTEST_INTERVAL: Final = 0.01  # seconds
_OF_VERSION_3: Final = ("user", "auth", "auth_passphrase", "privacy", "privacy_passphrase")


def check_records(inventory: Inventory) -> Iterator[Finding]:
    """Everything that is wrong inside single records, in the order of the file."""
    yield from _wards(inventory)
    for name, credentials in inventory.credentials.items():
        yield from _credentials(("credentials", name), credentials)
    for number, site in enumerate(inventory.sites):
        yield from _site(("sites", number), site)
    yield from _traps(inventory)


def _traps(inventory: Inventory) -> Iterator[Finding]:
    devices = [
        (("sites", number, "devices", place), device)
        for number, site in enumerate(inventory.sites)
        for place, device in enumerate(site.devices)
    ]
    if inventory.traps is None:
        for path, device in devices:
            if device.trap_sources:
                mend = "add `traps: {}` at the top level, or take it out"
                yield Finding((*path, "trap_sources"), "no trap is listened for", mend)
        return
    mend = "add `snmp: {credentials: …}` to a device, or `credentials: [NAME]` to `traps`"
    if not inventory.traps.credentials and not any(device.snmp for _, device in devices):
        yield Finding(("traps",), "no device may say anything: none has credentials", mend)


def _wards(inventory: Inventory) -> Iterator[Finding]:
    if inventory.ward and inventory.wards:
        yield Finding(("wards",), "`ward` and `wards` are both there", "keep `ward` for one ward, `wards` for several")
    if not inventory.sites:
        yield Finding((), "there is no site, so nothing is watched", "list one under `sites`", is_warning=True)


def _credentials(path: Path, credentials: Credentials) -> Iterator[Finding]:
    if credentials.version == "3":
        yield from _version_3(path, credentials)
    else:
        yield from _community_version(path, credentials)


def _community_version(path: Path, credentials: Credentials) -> Iterator[Finding]:
    version = credentials.version
    if credentials.community is None:
        yield Finding(path, f"`community` is missing, which version {version} needs", "add `community: …`")
    for key in _OF_VERSION_3:
        if getattr(credentials, key) is not None:
            yield Finding((*path, key), f"`{key}` means nothing in version {version}", "take it out or write version 3")


def _version_3(path: Path, credentials: Credentials) -> Iterator[Finding]:
    if not credentials.user:
        yield Finding(path, "`user` is missing, which version 3 needs", "add `user: …`, the security name")
    if credentials.community is not None:
        yield Finding((*path, "community"), "`community` means nothing in version 3", "take it out or write version 2c")
    if credentials.privacy and not credentials.auth:
        yield Finding((*path, "privacy"), "`privacy` needs `auth`", "add `auth: SHA-256` and `auth_passphrase`")
    yield from _passphrase(path, "auth", credentials.auth, credentials.auth_passphrase)
    yield from _passphrase(path, "privacy", credentials.privacy, credentials.privacy_passphrase)


def _passphrase(path: Path, protocol: str, name: str | None, passphrase: SecretStr | None) -> Iterator[Finding]:
    key = f"{protocol}_passphrase"
    if name is None and passphrase is not None:
        yield Finding(
            (*path, key), f"`{key}` means nothing without `{protocol}`", f"add `{protocol}: …` or take it out"
        )
    elif name is not None and passphrase is None:
        yield Finding(path, f"`{key}` is missing, which `{protocol}: {name}` needs", f"add `{key}: …`")
    elif passphrase is not None and len(passphrase.get_secret_value()) < _SHORTEST_PASSPHRASE:
        yield Finding((*path, key), f"`{key}` is too short", f"write at least {_SHORTEST_PASSPHRASE} characters")


def _site(path: Path, site: Site) -> Iterator[Finding]:
    for number, device in enumerate(site.devices):
        yield from _device((*path, "devices", number), device)
    for number, link in enumerate(site.links):
        yield from _link((*path, "links", number), link)
    for number, service in enumerate(site.services):
        yield from _service((*path, "services", number), service)


def _device(path: Path, device: Device) -> Iterator[Finding]:
    if device.icmp:
        yield from _pace((*path, "icmp"), device.icmp.interval, device.icmp.timeout)
    if device.snmp:
        yield from _pace((*path, "snmp"), device.snmp.interval, device.snmp.timeout)
        yield from _retries((*path, "snmp"), device.snmp)


def _retries(path: Path, snmp: SnmpPolling) -> Iterator[Finding]:
    longest = snmp.timeout * (1 + snmp.retries)
    if snmp.timeout <= snmp.interval < longest:
        interval = spell_duration(snmp.interval)
        what = f"a silent agent takes {spell_duration(longest)}, longer than `interval` ({interval})"
        yield Finding((*path, "retries"), what, "write fewer retries, a shorter timeout or a longer interval")


def _link(path: Path, link: Link) -> Iterator[Finding]:
    yield from _pace(path, link.interval, link.timeout)
    own = link.requirement
    if isinstance(own, Requirement) and link.contracted is None:
        yield from _share_of_nothing((*path, "requirement"), own, link.id)
    if link.speed_test and link.speed_test.per_day and link.metered:
        what = "a metered link is never tested by itself"
        yield Finding((*path, "speed_test"), what, "write `per_day: 0`, or take `metered` out", is_warning=True)
    if link.speed_test and link.speed_test.is_reflector and link.speed_test.key is None:
        what = "a reflector answers to nobody without a `key`"
        mend = "add `key: ${file:PATH}` with the one that `linkward reflect` has, or the path of a file to the URL"
        yield Finding((*path, "speed_test"), what, mend, is_warning=True)


def _share_of_nothing(path: Path, own: Requirement, link: str) -> Iterator[Finding]:
    changes = (((*path, "changes", number), change) for number, change in enumerate(own.changes))
    for place, thresholds in ((path, own), *changes):
        if thresholds.contracted_share is not None:
            what = "`contracted_share` has no contracted speed to be a share of"
            yield Finding((*place, "contracted_share"), what, "add `contracted` to the link", about=link)


def _service(path: Path, service: Service) -> Iterator[Finding]:
    yield from _pace(path, service.interval, service.timeout)
    if service.url is None and service.dns is None:
        yield Finding(path, f"service `{service.id}` has neither `url` nor `dns`", "add one of them")
    if service.url is not None and service.dns is not None:
        yield Finding((*path, "dns"), "`url` and `dns` are both there", "make two services of them")


def _pace(path: Path, interval: float, timeout: float) -> Iterator[Finding]:
    if interval < _SHORTEST_INTERVAL:
        yield _too_short((*path, "interval"), interval, _SHORTEST_INTERVAL)
    if timeout < _SHORTEST_TIMEOUT:
        yield _too_short((*path, "timeout"), timeout, _SHORTEST_TIMEOUT)
    if timeout > interval:
        what = f"`timeout` ({spell_duration(timeout)}) is longer than `interval` ({spell_duration(interval)})"
        yield Finding((*path, "timeout"), what, f"write `timeout: {spell_duration(interval)}` or less")


def _too_short(path: Path, seconds: float, shortest: float) -> Finding:
    what = f"`{path[-1]}` is {spell_duration(seconds)}, which no probe can keep"
    return Finding(path, what, f"write {spell_duration(shortest)} or more")
