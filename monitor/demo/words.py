"""The faults of the story in plain words, one sentence each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from monitor.demo.fault import Fault, FaultKind
from monitor.demo.ward import WardPlan

_BEGUN: Final[Mapping[FaultKind, Callable[[float], str]]] = {
    FaultKind.LINK_CUT: lambda _: "is cut",
    FaultKind.PACKET_LOSS: lambda share: f"loses {share:.0%} of the packets towards the site",
    FaultKind.DELAY: lambda seconds: f"takes {2_000 * seconds:.0f} ms longer for a round trip",
    FaultKind.SPEED_REDUCED: lambda speed: f"has fallen to {speed:.0f} Mbit/s",
    FaultKind.INTERFACE_ERRORS: lambda rate: f"receives {rate:.0f} damaged frames a second",
    FaultKind.PROVIDER_OUTAGE: lambda _: "are cut together",
    FaultKind.AGENT_SILENT: lambda _: "works, but its SNMP agent has fallen silent",
    FaultKind.SERVICE_SLOW: lambda seconds: f"takes {seconds:.1f} s to answer",
    FaultKind.SERVICE_FAILING: lambda status: f"answers {status:.0f}, without the page that people need",
    FaultKind.RESOLVER_FAILING: lambda _: "answers SERVFAIL",
    FaultKind.POWER_CUT: lambda _: "has no power",
}
_OVER: Final[Mapping[FaultKind, str]] = {
    FaultKind.LINK_CUT: "carries packets again",
    FaultKind.PACKET_LOSS: "loses no more packets than usual",
    FaultKind.DELAY: "is as fast as before",
    FaultKind.SPEED_REDUCED: "is back at its full speed",
    FaultKind.INTERFACE_ERRORS: "receives whole frames again",
    FaultKind.PROVIDER_OUTAGE: "carry packets again",
    FaultKind.AGENT_SILENT: "answers over SNMP again",
    FaultKind.SERVICE_SLOW: "is no longer slow",
    FaultKind.SERVICE_FAILING: "works again",
    FaultKind.RESOLVER_FAILING: "resolves names again",
    FaultKind.POWER_CUT: "has power again",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """A fault that begins or ends.

    Attributes:
        time: Seconds since the start of the world.
        begun: Whether it begins.
        words: What happens, as a sentence without its stop.
        fault: The fault.
    """

    time: float
    begun: bool
    words: str
    fault: Fault

    def to_json(self) -> dict[str, Any]:
        """Itself as plain data."""
        return {"time": self.time, "begun": self.begun, "words": self.words, "fault": self.fault.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Happening":
        """The happening that plain data describes."""
        return cls(data["time"], data["begun"], data["words"], Fault.from_json(data["fault"]))


class Narrator:
    """Knows the names of a ward and tells its faults."""

    def __init__(self, ward: WardPlan) -> None:
        self._names = dict(_names(ward))
        self._providers = {link.id: link.provider for site in ward.sites for link in site.links}
        self._sites = {device.id: site.name for site in ward.sites for device in site.devices}

    def begun(self, fault: Fault) -> Happening:
        """What happens now."""
        words = f"{self._subject(fault)} {_BEGUN[fault.kind](fault.strength)}"
        return Happening(fault.start, begun=True, words=_capitalised(words), fault=fault)

    def over(self, fault: Fault) -> Happening:
        """What is well again."""
        words = f"{self._subject(fault)} {_OVER[fault.kind]}"
        return Happening(fault.end, begun=False, words=_capitalised(words), fault=fault)

    def _subject(self, fault: Fault) -> str:
        first = fault.subjects[0] if fault.subjects else ""
        if fault.kind is FaultKind.POWER_CUT:
            return self._sites.get(first, first)
        if fault.kind is FaultKind.PROVIDER_OUTAGE:
            links = [subject for subject in fault.subjects if subject in self._providers]
            return f"{len(links)} lines of {self._providers.get(first, 'one provider')}"
        return self._names.get(first, first)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _names(ward: WardPlan) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for site in ward.sites:
        found += [(service.id, f"{service.name} (seen from {site.name})") for service in site.services]
        found += [(link.id, f"the {link.provider} line of {site.name}") for link in site.links]
        for device in site.devices:
            named = f"the {device.model.product} of {site.name}"
            found.append((device.id, named))
            found += [(f"{device.id}/{row.port.name}", f"port {row.port.name} on {named}") for row in device.interfaces]
    return found
