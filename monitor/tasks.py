"""From an inventory to the tasks of probing it."""

from collections.abc import Awaitable, Callable, Hashable, Iterator
from functools import partial

from model.inventory import Credentials, Device, Inventory, Service, SnmpPolling
from model.lateness import LATEST
from model.measurement import Failure, ProbeKind, Reading, Subject, SubjectKey
from model.target import Target
from monitor.instruments import Instruments
from monitor.probes.http_request import HttpRequest
from monitor.task import Task, TaskKey

_ANCHOR_INTERVAL = 1.0
_ANCHOR_TIMEOUT = 1.0
_NO_DEADLINE_BUT_ITS_OWN = 10.0
_SIGN_WITHIN = 1.0

Probe = Callable[[], Awaitable[Reading | Failure]]


class TaskBuilder:
    """Makes the tasks for one inventory.

    A task's key holds everything that decides what it does, so that a reload disturbs only what it changes.
    """

    def __init__(self, inventory: Inventory, instruments: Instruments) -> None:
        self._inventory = inventory
        self._use = instruments
        self._agents = {device.id: device for _, device in inventory.devices()}

    def tasks(self) -> list[Task]:
        """Every probe of every link, device, service and anchor."""
        return [*self.watched(), *self.plain()]

    def watched(self) -> list[Task]:
        """The probes of links and anchors, whose detectors want to know of late answers too."""
        return [*self._of_links(), *self._of_anchors()]

    def plain(self) -> list[Task]:
        """The probes of devices and services."""
        return [*self._of_devices(), *self._of_services()]

    def asks(self) -> dict[SubjectKey, Task]:
        """For each device the shortest sign of life, which speaks for the probe whose key it bears."""
        return {(task.subject.kind, task.subject.id): task for task in self._signs_of_life()}

    def timeouts(self) -> dict[str, float]:
        """Seconds after which a probe of a link or anchor counts as lost, by its id."""
        links = {link.id: link.timeout for _, link in self._inventory.links()}
        return links | {str(anchor): _ANCHOR_TIMEOUT for anchor in self._inventory.anchors}

    def _of_links(self) -> Iterator[Task]:
        for site, link in self._inventory.links():
            patience = max(link.timeout, LATEST)
            for number, target in enumerate(link.targets):
                subject = Subject("link", link.id, site.id, instance_of(target))
                probe = self._at(target, patience, link.source)
                key = TaskKey(subject, target, link.timeout, link.source, self._agent_key(target))
                yield Task(key, subject, target.kind, link.interval, patience, probe, is_first=number == 0)

    def _of_devices(self) -> Iterator[Task]:
        for site, device in self._inventory.devices():
            subject = Subject("device", device.id, site.id, device.address)
            if device.icmp:
                ping = partial(self._use.ping, device.address, device.icmp.timeout)
                key = TaskKey(subject, device.icmp)
                yield Task(key, subject, ProbeKind.ICMP, device.icmp.interval, device.icmp.timeout, ping)
            if device.snmp:
                polling, credentials = device.snmp, self._inventory.credentials[device.snmp.credentials]
                poll = partial(self._use.poll, device, polling, credentials)
                key = TaskKey(subject, polling, credentials)
                yield Task(key, subject, ProbeKind.SNMP, polling.interval, _patience(polling), poll)

    def _signs_of_life(self) -> Iterator[Task]:
        for site, device in self._inventory.devices():
            subject = Subject("device", device.id, site.id, device.address)
            if device.snmp and not device.icmp:
                polling, credentials = device.snmp, self._inventory.credentials[device.snmp.credentials]
                wait = min(polling.timeout, _SIGN_WITHIN)
                ask = partial(self._use.ask_agent, device, polling, credentials, wait)
                key = TaskKey(subject, polling, credentials)
                yield Task(key, subject, ProbeKind.SNMP, polling.interval, wait, ask)
        yield from (task for task in self._of_devices() if task.kind is ProbeKind.ICMP)

    def _of_services(self) -> Iterator[Task]:
        for site, service in self._inventory.services():
            kind, instance, probe = self._serve(service)
            subject = Subject("service", service.id, site.id, instance)
            yield Task(TaskKey(subject, service), subject, kind, service.interval, service.timeout, probe)

    def _serve(self, service: Service) -> tuple[ProbeKind, str, Probe]:
        if service.dns:
            return ProbeKind.DNS, service.dns.server, partial(self._use.look_up, service, service.dns)
        request = HttpRequest.of(service)
        # The query may hold a key, and everybody may read an instance.
        return ProbeKind.HTTP, str(service.url).partition("?")[0], partial(self._use.fetch, request, service.timeout)

    def _of_anchors(self) -> Iterator[Task]:
        for target in self._inventory.anchors:
            subject = Subject("anchor", str(target), "", instance_of(target))
            key = TaskKey(subject, target, self._agent_key(target))
            yield Task(key, subject, target.kind, _ANCHOR_INTERVAL, LATEST, self._at(target, LATEST, None))

    def _at(self, target: Target, timeout: float, source: str | None) -> Probe:
        match target.kind:
            case ProbeKind.ICMP:
                return partial(self._use.ping, target.host, timeout, source)
            case ProbeKind.STAMP:
                return partial(self._use.stamp, target, timeout, source)
            case ProbeKind.TCP:
                return partial(self._use.connect, target, timeout, source)
            case _:
                device, polling, credentials = self._agent(target)
                return partial(self._use.ask_agent, device, polling, credentials, timeout)

    def _agent(self, target: Target) -> tuple[Device, SnmpPolling, Credentials]:
        device = self._agents[target.host]
        if device.snmp is None:
            raise AssertionError  # model.references has refused such an inventory
        return device, device.snmp, self._inventory.credentials[device.snmp.credentials]

    def _agent_key(self, target: Target) -> Hashable:
        return self._agent(target) if target.kind is ProbeKind.SNMP else None


def instance_of(target: Target) -> str:
    """The ``instance`` label of a target: its address, with the port where it has one."""
    return str(target).partition("://")[2]


def _patience(polling: SnmpPolling) -> float:
    """Seconds that one poll may take: an agent that is silent for one whole request ends it."""
    return polling.timeout * (polling.retries + 1) + _NO_DEADLINE_BUT_ITS_OWN
