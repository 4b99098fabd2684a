"""Expressions that several boards share. None needs the recordings of ``rules/``, so that a board works without them.

Series of one subject that two daemons watch are one: everything is grouped by the ids of the inventory.
"""

from typing import Final

from exporters.dashboards.mappings import STATE_CODES, UNDECIDED

SITE: Final = "job, instance, site"
LINK: Final = "job, instance, site, link"
IN_WARD: Final = f'and on ({SITE}) linkward_site_info{{ward=~"$ward"}}'
"""Leaves what belongs to the chosen wards."""
CHOSEN_LINK: Final = 'link=~"$link"'
CHOSEN_DAEMON: Final = 'instance=~"$instance"'
RATE: Final = "[$__rate_interval]"
"""Behind a counter whose rate or increase is drawn."""


def state_code(noun: str, by: str, matchers: str = "", within: str = "") -> str:
    """The number of the state that each site, link, device or service is in.

    Args:
        noun: Which of them.
        by: Labels that are kept.
        matchers: Which series.
        within: A further condition, such as ``IN_WARD``.
    """
    comma = "," if matchers else ""
    terms = [
        f'linkward_{noun}_state{{{matchers}{comma}state="{state}"}} * {code}' for state, code in STATE_CODES.items()
    ]
    joined = " or ".join(terms)
    return f"max by ({by}) (({joined}) {within})" if within else f"max by ({by}) ({joined})"


def met(by: str, matchers: str, within: str = "") -> str:
    """1 where a requirement is met, 0 where it is breached, -1 where the measurements cannot tell."""
    known, stated = (
        f"max by ({by}) (linkward_requirement_{name}{{{matchers}}} {within})" for name in ("met", "threshold")
    )
    return f"{known} or {stated} * 0 + {UNDECIDED}"


def breached(matchers: str, within: str = "") -> str:
    """How many requirements are known to be breached: 0 where all that is known is met."""
    return f"sum(max by (link, service, requirement) ((linkward_requirement_met{{{matchers}}} == bool 0) {within}))"


def loss(matchers: str, by: str) -> str:
    """Lost probes of those sent."""
    lost, sent = (
        f"sum by ({by}) (rate(linkward_link_probes{name}_total{{{matchers}}}[$__rate_interval]))"
        for name in ("_lost", "")
    )
    return f"{lost} / ({sent} > 0)"


def rtt(share: float, matchers: str, by: str = "") -> str:
    """A quantile of the round-trip time in seconds, over all probes that were answered."""
    kept = f"le, {by}" if by else "le"
    buckets = f"sum by ({kept}) (rate(linkward_link_rtt_seconds_bucket{{{matchers}}}[$__rate_interval]))"
    return f"histogram_quantile({share}, {buckets})"
