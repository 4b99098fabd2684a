"""The daemon's verdicts as recordings that last until they are known to be over.

A scrape that fails, a restart of the daemon or a blind monitor mends no link. So each of these series, once there,
stays while nothing is known: it asks for its own last value. The daemon keeps its faults in the same way.
"""

from textwrap import dedent
from typing import Final

from exporters.rules.rule import RecordingRule
from model.budget import BURN_RULES, BurnRule
from model.units import spell_duration

BLIND: Final = "daemon:linkward_monitor_blind:held"
SITE_DOWN: Final = "site:linkward_site_state:down"
LINK_DOWN: Final = "link:linkward_link_state:down"
DEVICE_DOWN: Final = "device:linkward_device_state:down"
SERVICE_DOWN: Final = "service:linkward_service_state:down"
AGENT_SILENT: Final = "device:linkward_device_state:agent_silent"
FLAPPING: Final = "link:linkward_link_flapping:held"
BREACHED: Final = "promise:linkward_requirement_met:breached"
BURNING: Final = "promise:linkward_error_budget_burn_rate:exceeded"
UNWELL: Final = "link:linkward_link_interface_unwell:held"
UNHEALTHY: Final = "device:linkward_device_unhealthy:held"
EXPIRING: Final = "service:probe_ssl_earliest_cert_expiry:near"
ONLY_WARD: Final = "daemon:linkward_site_info:only_ward"
"""The ward of a daemon that watches no other."""
_SITE_LOST: Final = "site:linkward_site_state:lost"

_SUBJECTS: Final = {
    "site": "job, instance, site",
    "link": "job, instance, site, link",
    "device": "job, instance, site, device",
    "service": "job, instance, site, service",
}
_PROMISE: Final = "job, instance, site, link, service"


def plain(record: str, expr: str) -> RecordingRule:
    """A recording of what is so now."""
    return RecordingRule(record, dedent(expr).strip())


def lasting(record: str, expr: str, *while_unknown: str) -> RecordingRule:
    """A recording that stays while its daemon cannot be scraped, and on whatever further conditions say."""
    kept = (f"{record} and on (job, instance) up == 0", *map(dedent, while_unknown))
    return RecordingRule(record, "\nor\n".join(part.strip() for part in (dedent(expr), *kept)))


def _of_state(record: str, noun: str, expr: str, while_unknown: str = "") -> RecordingRule:
    """A recording of a state, which stays while the state is unknown.

    Unless the monitor is blind and the recording not half a minute old: then it was the monitor that was cut off.

    Args:
        record: Its name.
        noun: Of what.
        expr: Since when on.
        while_unknown: What is so while nothing is known; left out, the state ``unknown``.
    """
    own = _SUBJECTS[noun]
    unknown = f"""
        {record}
          and on ({own}) {while_unknown or f'linkward_{noun}_state{{state="unknown"}} == 1'}
          unless on ({own}) (
            ({record} unless {record} offset 30s)
              and on (job, instance) linkward_monitor_blind == 1
          )
    """
    return lasting(record, expr, unknown)


# A link that flaps is told of as flapping, until it has been down for a minute without a break.
_LINK: Final = """
    max by (job, instance, ward, site, link, provider, role) (
      linkward_link_info
        and on (job, instance, site, link) linkward_link_state{state="down"} == 1
        unless on (job, instance, site, link) (
          linkward_link_flapping == 1
            unless on (job, instance, site, link) min_over_time(linkward_link_state{state="down"}[1m]) == 1
        )
    )
"""
_LOST: Final = f"""
    linkward_site_state{{state="down"}} == 1
      and on (job, instance, site) (
        linkward_link_info or count by (job, instance, site) (linkward_device_info) > 1
      )
      unless on (job, instance, site) (
        linkward_link_state{{state="down"}} == 1
          unless on (job, instance, site, link) {LINK_DOWN}
      )
"""
# Where a site has but one link, that one is named.
_SITE: Final = f"""
    max by (job, instance, ward, site, link, provider) (
      linkward_link_info
        and on (job, instance, site) {_SITE_LOST}
        and on (job, instance, site) count by (job, instance, site) (linkward_link_info) == 1
      or on (job, instance, site)
      linkward_site_info
        and on (job, instance, site) {_SITE_LOST}
    )
"""
# While one of its links is known to be down and another not known, it is degraded.
_NOTHING_PASSES: Final = """(
            linkward_site_state{state=~"unknown|degraded"} == 1
              unless on (job, instance, site) linkward_link_state{state=~"up|degraded"} == 1
              unless on (job, instance, site) (
                linkward_device_state{state=~"up|degraded"} == 1 unless on (job, instance, site) linkward_link_info
              )
          )"""
_SERVICE: Final = """
    max by (job, instance, ward, site, service) (
      linkward_service_info and on (job, instance, site, service) linkward_service_state{state="down"} == 1
    )
"""
_FLAPS: Final = """
    max by (job, instance, ward, site, link, provider) (
      linkward_link_info and on (job, instance, site, link) linkward_link_flapping == 1
    )
"""
_BREACH: Final = f"""
    max by (job, instance, ward, site, link, service, provider, requirement) (
      (linkward_requirement_met == bool 0)
        * on ({_PROMISE}) group_left (ward, provider)
      (linkward_link_info or linkward_service_info)
    ) == 1
"""
_NOT_MET_AGAIN: Final = f"""
    {BREACHED}
      and on ({_PROMISE}, requirement) (
        linkward_requirement_threshold
          unless on ({_PROMISE}, requirement) linkward_requirement_met == 1
      )
"""
_ILL: Final = """
    max by (job, instance, ward, site, device, requirement) (
      label_replace(linkward_device_unhealthy == 1, "requirement", "$1", "symptom", "(.+)")
        * on (job, instance, site, device) group_left (ward)
      linkward_device_info
    )
"""
# A device whose agent answers and tells of it no more is no longer asked for it.
_NOT_TOLD_AGAIN: Final = f"""
    {UNHEALTHY}
      and on (job, instance, site, device) linkward_device_state{{state!="up"}} == 1
      unless on (job, instance, site, device, requirement)
        label_replace(linkward_device_unhealthy, "requirement", "$1", "symptom", "(.+)")
"""
_PORT_ILL: Final = """
    max by (job, instance, ward, site, link, provider, symptom) (
      (linkward_link_interface_unwell == 1)
        * on (job, instance, site, link) group_left (ward, provider)
      linkward_link_info
    )
"""
_PORT_NOT_TOLD_AGAIN: Final = f"""
    {UNWELL}
      and on (job, instance, site, link) linkward_link_info
      unless on (job, instance, site, link, symptom) linkward_link_interface_unwell
"""
_NEAR: Final = """
    max by (job, instance, ward, site, service) (
      linkward_service_info and on (job, site, service) (
        min by (job, site, service) (probe_ssl_earliest_cert_expiry) - time()
          < max by (job, site, service) (linkward_service_certificate_threshold_seconds)
      )
    )
"""
_NOT_SEEN_AGAIN: Final = f"""
    {EXPIRING}
      and on (job, instance, site, service) linkward_service_info
      unless on (job, site, service) probe_ssl_earliest_cert_expiry
"""
_WARD: Final = """
    max by (job, instance, ward) (linkward_site_info)
      and on (job, instance) count by (job, instance) (count by (job, instance, ward) (linkward_site_info)) == 1
"""
_BLIND: Final = f"""
    max by (job, instance, ward) (
      (linkward_monitor_blind == 1) * on (job, instance) group_left (ward) {ONLY_WARD}
      or on (job, instance)
      linkward_monitor_blind == 1
    )
"""


def _device(state: str) -> str:
    return f"""
        max by (job, instance, ward, site, device, role) (
          linkward_device_info and on (job, instance, site, device) linkward_device_state{{state="{state}"}} == 1
        )
    """


def _burning(severity: str) -> RecordingRule:
    both = "\n    or\n".join(_burns(rule) for rule in BURN_RULES if rule.severity == severity)
    expr = (
        "max by (job, instance, ward, site, link, service, provider) (\n"
        f"  (linkward_link_info or linkward_service_info) and on ({_PROMISE}) (\n{both}\n  )\n)"
    )
    return lasting(f"{BURNING}_{severity}", expr)


def _burns(rule: BurnRule) -> str:
    """Whether both windows burn too fast, without their label, so that one such pair is as good as the other."""
    long, short = (
        f'linkward_error_budget_burn_rate{{window="{spell_duration(window)}"}} >= {rule.factor:g}'
        for window in (rule.long, rule.short)
    )
    return f"    {long}\n      and on ({_PROMISE}) {short}"


VERDICTS: Final[tuple[RecordingRule, ...]] = (
    plain(ONLY_WARD, _WARD),
    lasting(BLIND, _BLIND),
    lasting(FLAPPING, _FLAPS),
    _of_state(LINK_DOWN, "link", _LINK),
    _of_state(DEVICE_DOWN, "device", _device("down")),
    # A device that answers pings is degraded by nothing but its agent.
    _of_state(AGENT_SILENT, "device", _device("degraded")),
    _of_state(SERVICE_DOWN, "service", _SERVICE),
    plain(_SITE_LOST, _LOST),
    _of_state(SITE_DOWN, "site", _SITE, _NOTHING_PASSES),
    lasting(BREACHED, _BREACH, _NOT_MET_AGAIN),
    _burning("critical"),
    _burning("warning"),
    lasting(UNHEALTHY, _ILL, _NOT_TOLD_AGAIN),
    lasting(UNWELL, _PORT_ILL, _PORT_NOT_TOLD_AGAIN),
    lasting(EXPIRING, _NEAR, _NOT_SEEN_AGAIN),
)
