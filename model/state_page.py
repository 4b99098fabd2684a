"""``docs/states.md``, written from the table of ``model.state``."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from model.state import TRANSITIONS, Event, State

_STATES: Final[Mapping[State, str]] = MappingProxyType({
    State.UP: "It answers, and its requirement is not known to be breached.",
    State.DEGRADED: "It answers, but breaches its requirement or has a fault, such as an SNMP agent that is silent.",
    State.DOWN: "Confirmed silent, and all that it depends on is there.",
    State.UNREACHABLE: "Nothing proves its path, and something that it depends on is down: an excuse.",
    State.UNKNOWN: "No evidence: the monitor was stopped or blind, or has not measured yet. Never up, never down.",
    State.MAINTENANCE: "A maintenance window over it is open: an excuse, laid over whatever it shows.",
})

_EVENTS: Final[Mapping[Event, str]] = MappingProxyType({
    Event.ANSWERS: "a measurement of its own proves the path, and nothing else is wrong",
    Event.FALLS_SHORT: "it answers, but breaches its requirement or has a fault",
    Event.FALLS_SILENT: "silence is confirmed, and all that it depends on is there",
    Event.IS_CUT_OFF: "nothing proves its path, and something that it depends on is lost",
    Event.PARENT_RETURNS: "what it depends on is there again; silence from before that is forgotten",
    Event.EVIDENCE_ENDS: "the monitor is stopped or blind, or the last measurement is too old",
    Event.MAINTENANCE_BEGINS: "a window over it opens",
    Event.MAINTENANCE_ENDS: "the last open window over it closes",
})

_HEAD: Final = """\
# States

<!-- Written by `make docs` from the table in model/state.py; edit it there. -->

Everything that is watched is in exactly one of six states at every instant: four honest ones and two excuses.

"""

_AFTER_DIAGRAM: Final = """
What is not drawn cannot happen; the code raises an error where it is asked for.

"""

_TAIL: Final = """
## Four facts make a state

| asked in this order | if so |
|---|---|
| Is a maintenance window over it open? | maintenance |
| Is the monitor stopped, or cut off itself? | unknown |
| Does it answer? | up, or degraded |
| Is something lost that it depends on? | unreachable |
| otherwise | what its own measurements show: down or unknown |

Three rules follow.

- **An answer proves the path**, whatever is said of the parents: a point that answers over its second line is up.
- **Evidence is worth nothing after what it was gathered behind.** When a parent returns, a child that was silent is
  unknown until a measurement of its own is there. So it is not called down for the time of its parent's outage, and
  is called down when it really is. When a blind monitor sees again, everything is unknown until it is measured.
- **History keeps what lies beneath maintenance.** Work that was not announced excuses nothing, so the window is laid
  over the facts when something is shown or [added up](availability.md), never written into them.

From unreachable to down, and out of maintenance, the way leads through unknown. Where fresh evidence is there
already, the unknown lasts no time.

## What a subject depends on

`depends_on` lists devices and links. **All of them are needed, but links of one site stand in for each other**: one
of them is enough.

| | `depends_on` | is cut off when |
|---|---|---|
| a switch behind a router | `[office-rt1]` | the router is lost |
| a point behind the office's uplink | `[office-vnpt]` | the uplink is lost |
| a router on two uplinks | `[office-vnpt, office-viettel]` | both are lost |
| a camera behind a switch and a line | `[tdp-01-sw1, tdp-01-fpt]` | either is lost |

Lost is what is down or unreachable. A parent of which nothing is known is lost when it is cut off itself. A chain
needs only its next element: what that one depends on is looked up.

## Wholes and their parts

A **link** with several targets is up when one answers, and down only when all are silent. A **device** that answers
pings while its SNMP agent is silent is degraded; one that is watched by SNMP alone is down when its agent is silent,
since nothing else can be known of it. A **service** that answers wrongly is as good as silent.

| links of a **site** (its devices, where it has no link) | the site |
|---|---|
| all down, or down and unreachable | down |
| all unreachable | unreachable |
| some lost, or some degraded | degraded |
| some up, the others in maintenance or unknown | up |
| all in maintenance, or in maintenance and unknown | maintenance |
| nothing known | unknown |
"""


def states_page() -> str:
    """The page, in Markdown."""
    return _HEAD + "\n".join(_lines()) + "\n" + _TAIL


def _lines() -> Iterator[str]:
    yield from ("| state | meaning |", "|---|---|")
    yield from (f"| **{state}** | {_STATES[state]} |" for state in State)
    yield from ("", "```mermaid", "stateDiagram-v2", f"    [*] --> {State.UNKNOWN}")
    for state, row in TRANSITIONS.items():
        yield from (f"    {state} --> {following}: {event}" for event, following in row.items())
    yield from ("```", _AFTER_DIAGRAM.rstrip("\n"), "", "| event | when |", "|---|---|")
    yield from (f"| {event} | {_EVENTS[event]} |" for event in Event)
