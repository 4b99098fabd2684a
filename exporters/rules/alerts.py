"""The alerts about what is watched: which verdict is told, and which is part of another that is told already."""

from typing import Final

from exporters.rules.outages import IN_OUTAGE, OUTAGE, SITE_IN_OUTAGE
from exporters.rules.rule import AlertRule
from exporters.rules.verdicts import (
    AGENT_SILENT,
    BLIND,
    BREACHED,
    BURNING,
    DEVICE_DOWN,
    EXPIRING,
    FLAPPING,
    LINK_DOWN,
    SERVICE_DOWN,
    SITE_DOWN,
    UNHEALTHY,
    UNWELL,
)
from model.health_rules import RULES
from model.incident import AlertName, Severity

_OF_SITE: Final = f"unless on (job, instance, site) {SITE_DOWN}"
_OF_LINK: Final = f"""unless on (job, instance, site, link) {LINK_DOWN}
    unless on (job, instance, site, link) {FLAPPING}
    unless on (job, instance, site, link) linkward_link_state{{state="unreachable"}} == 1"""
_OF_SERVICE: Final = f"""unless on (job, instance, site, service) {SERVICE_DOWN}
    unless on (job, instance, site, service) linkward_service_state{{state="unreachable"}} == 1"""


def _symptoms(severity: Severity) -> str:
    """What matters so much, as a regular expression."""
    return "|".join(sorted({rule.symptom.value for rule in RULES if rule.severity is severity}))


def _told(labels: str, verdict: str, *hidden: str) -> str:
    """One alert for each that is not hidden, whichever daemon says so, with these labels and no others."""
    lines = "\n    ".join([verdict, *hidden])
    return f"max by ({labels}) (\n  {lines}\n)"


def _asked(query: str, text: str, otherwise: str = "") -> str:
    """Text about the answer to a query, or another where there is none."""
    return f"{{{{ with {query} | query }}}}{text}{otherwise and '{{ else }}'}{otherwise}{{{{ end }}}}"


def _fact(noun: str, fact: str, text: str) -> str:
    """Text with a fixed fact in it, where the inventory states it; ``{}`` is where it goes."""
    known = f'{{{{ with . | first | label "{fact}" }}}}{text.format("{{ . }}")}{{{{ end }}}}'
    return _asked(f'printf "linkward_{noun}_info{{ward=%q,{noun}=%q}}" $labels.ward $labels.{noun}', known)


_SITE_NAME: Final = _fact("site", "name", " ({})")
_PROVIDER: Final = "{{ with $labels.provider }} of {{ . }}{{ end }}"
_SUBJECT: Final = "{{ if $labels.link }}link {{ $labels.link }}{{ else }}service {{ $labels.service }}{{ end }}"
_THE_SUBJECT: Final = "{{ if $labels.link }}Link {{ $labels.link }}{{ else }}Service {{ $labels.service }}{{ end }}"
_CIRCUIT: Final = _fact("link", "circuit", ", circuit {}")
_ADDRESS: Final = _fact("device", "address", " at {}")
_PAGE: Final = _fact("service", "address", ", {},")


def _measured(metric: str, text: str) -> str:
    """Text and what a metric says of the requirement, with its unit; nothing where it says nothing."""
    selector = f"{metric}{{site=%q,link=%q,service=%q,requirement=%q}}"
    by_unit = (
        '{{ if match "^(rtt|delay_variation)$" $labels.requirement }}{{ humanizeDuration . }}'
        '{{ else if match "^(download|upload)$" $labels.requirement }}{{ humanize . }}bit/s'
        "{{ else }}{{ humanizePercentage . }}{{ end }}"
    )
    return _asked(
        f'printf "{selector}" $labels.site $labels.link $labels.service $labels.requirement',
        f"{text}{{{{ with . | first | value }}}}{by_unit}{{{{ end }}}}",
    )


_VALUE: Final = _measured("linkward_requirement_value", "; measured ")
_THRESHOLD: Final = _measured("linkward_requirement_threshold", "; required ")
_BUDGET_LEFT: Final = _asked(
    'printf "linkward_error_budget_remaining_ratio{site=%q,link=%q,service=%q}" '
    "$labels.site $labels.link $labels.service",
    " {{ . | first | value | humanizePercentage }} of its budget is left.",
)
_DAYS_LEFT: Final = _asked(
    'printf "(min(probe_ssl_earliest_cert_expiry{service=%q,site=%q}) - time()) / 86400" $labels.service $labels.site',
    ' in {{ . | first | value | printf "%.1f" }} days',
    " soon",
)
_LINKS_OUT: Final = _asked(
    f'printf "count({IN_OUTAGE}{{provider=%q}})" $labels.provider', "{{ . | first | value }} links", "Links"
)


def _link_down(severity: Severity, roles: str) -> AlertRule:
    return AlertRule(
        alert=AlertName.LINK_DOWN,
        severity=severity,
        expr=_told(
            "ward, site, link, provider",
            f"{LINK_DOWN}{{{roles}}}",
            f"unless on (job, instance, site, link) {IN_OUTAGE}",
            _OF_SITE,
        ),
        summary=f"Link {{{{ $labels.link }}}}{_PROVIDER} is down",
        description=(
            f"Nothing answers over link {{{{ $labels.link }}}}{_PROVIDER}{_CIRCUIT}, at site "
            f"{{{{ $labels.site }}}}{_SITE_NAME}, and nothing that it depends on is down. The site has another link. "
            "First look at the modem and its cable, then call the provider."
        ),
    )


def _device_down(severity: Severity, roles: str) -> AlertRule:
    return AlertRule(
        alert=AlertName.DEVICE_DOWN,
        severity=severity,
        expr=_told("ward, site, device", f"{DEVICE_DOWN}{{{roles}}}", _OF_SITE),
        summary="Device {{ $labels.device }} at {{ $labels.site }} is down",
        description=(
            f"Device {{{{ $labels.device }}}}{_ADDRESS}, site {{{{ $labels.site }}}}{_SITE_NAME}, does not answer, and "
            "nothing that it depends on is down. What hangs on it is unreachable and not told of. First look at its "
            "power and its uplink."
        ),
    )


def _unhealthy(severity: Severity) -> AlertRule:
    return AlertRule(
        alert=AlertName.DEVICE_UNHEALTHY,
        severity=severity,
        expr=_told(
            "ward, site, device, requirement",
            f'{UNHEALTHY}{{requirement=~"{_symptoms(severity)}"}}',
            f"unless on (job, instance, site, device) {DEVICE_DOWN}",
            _OF_SITE,
        ),
        summary="Device {{ $labels.device }} at {{ $labels.site }} is unwell: {{ $labels.requirement }}",
        description=(
            f"Device {{{{ $labels.device }}}}{_ADDRESS}, site {{{{ $labels.site }}}}{_SITE_NAME}, reports that "
            "something is wrong with its {{ $labels.requirement }}. Its page in Linkward says which part. First see "
            "whether it is hot, whether the air can pass, and whether it has mains power."
        ),
    )


def _unwell(alert: AlertName, symptom: str, what: str, first: str) -> AlertRule:
    # One requirement beside the other of the same alert: half duplex is told apart from a speed that is too low.
    verdict = f'label_replace({UNWELL}{{symptom=~"{symptom}"}}, "requirement", "$1", "symptom", "(duplex)")'
    return AlertRule(
        alert=alert,
        severity=Severity.WARNING,
        expr=_told(
            "ward, site, link, provider, requirement",
            verdict,
            f"unless on (job, instance, site, link) {LINK_DOWN}",
            _OF_SITE,
        ),
        summary=f"The port of link {{{{ $labels.link }}}}{_PROVIDER} {what}",
        description=(
            f"The port that link {{{{ $labels.link }}}}{_PROVIDER}{_CIRCUIT} ends at, site {{{{ $labels.site }}}}"
            f"{_SITE_NAME}, {what}. {first}"
        ),
    )


def _below(severity: Severity, requirements: str) -> AlertRule:
    return AlertRule(
        alert=AlertName.LINK_BELOW_REQUIREMENT,
        severity=severity,
        expr=_told(
            "ward, site, link, service, provider, requirement",
            f"{BREACHED}{{{requirements}}}",
            _OF_LINK,
            _OF_SERVICE,
            _OF_SITE,
        ),
        summary=f"{_THE_SUBJECT}{_PROVIDER} does not keep its {{{{ $labels.requirement }}}}",
        description=(
            f"The {{{{ $labels.requirement }}}} of {_SUBJECT}, site {{{{ $labels.site }}}}{_SITE_NAME}, is not what is "
            f"required{_VALUE}{_THRESHOLD}. First look whether the line is full; if not, show the provider the figures."
        ),
    )


def _burn(severity: Severity, *hidden: str) -> AlertRule:
    return AlertRule(
        alert=AlertName.ERROR_BUDGET_BURN,
        severity=severity,
        expr=_told(
            "ward, site, link, service, provider",
            f"{BURNING}_{severity}",
            *hidden,
            _OF_LINK,
            _OF_SERVICE,
            _OF_SITE,
        ),
        summary=f"{_THE_SUBJECT}{_PROVIDER} loses its error budget too fast",
        description=(
            f"At this pace {_SUBJECT}, site {{{{ $labels.site }}}}{_SITE_NAME}, misses its required availability of "
            f"this month.{_BUDGET_LEFT} It answers now; look at its outages of the last hours and days."
        ),
        labels={"requirement": "availability"},
    )


_WORST_IS_TOLD: Final = f"unless on (job, instance, site, link, service) {BURNING}_critical"

ALERTS: Final[tuple[AlertRule, ...]] = (
    AlertRule(
        alert=AlertName.MONITOR_BLIND,
        severity=Severity.CRITICAL,
        expr=_told("ward", BLIND),
        summary="The monitor{{ with $labels.ward }} of {{ . }}{{ end }} is cut off",
        description=(
            "None of the anchors answers, so it is the monitor itself that is cut off: nothing is known of any site. "
            "First look at the network of the machine that Linkward runs on."
        ),
    ),
    AlertRule(
        alert=AlertName.PROVIDER_OUTAGE,
        severity=Severity.CRITICAL,
        expr=_told("ward, provider", OUTAGE),
        summary="{{ $labels.provider }} has an outage",
        description=(
            f"{_LINKS_OUT} of {{{{ $labels.provider }}}} at several sites went down together. They, and the sites that "
            "have no other link, are part of this alert. First call the provider."
        ),
    ),
    AlertRule(
        alert=AlertName.SITE_UNREACHABLE,
        severity=Severity.CRITICAL,
        expr=_told("ward, site, link, provider", SITE_DOWN, f"unless on (job, instance, site) {SITE_IN_OUTAGE}"),
        summary="Site {{ $labels.site }} is unreachable",
        description=(
            f"Site {{{{ $labels.site }}}}{_SITE_NAME} cannot be reached: all its links are down, or, where it has "
            "none, all its devices. They and its services are part of this alert. First ask by telephone whether the "
            "site has power, then look at its router, then call the provider."
        ),
    ),
    _link_down(Severity.CRITICAL, 'role!="backup"'),
    _link_down(Severity.WARNING, 'role="backup"'),
    _device_down(Severity.CRITICAL, 'role="router"'),
    _device_down(Severity.WARNING, 'role!="router"'),
    AlertRule(
        alert=AlertName.SERVICE_DOWN,
        severity=Severity.CRITICAL,
        expr=_told("ward, site, service", SERVICE_DOWN, _OF_SITE),
        summary="Service {{ $labels.service }} fails, seen from {{ $labels.site }}",
        description=(
            f"Service {{{{ $labels.service }}}}{_PAGE} does not answer as it should, seen from site "
            f"{{{{ $labels.site }}}}{_SITE_NAME}, though the way to it is there. First open it yourself, then tell "
            "whoever runs it."
        ),
    ),
    AlertRule(
        alert=AlertName.LINK_FLAPPING,
        severity=Severity.WARNING,
        expr=_told(
            "ward, site, link, provider", FLAPPING, f"unless on (job, instance, site, link) {LINK_DOWN}", _OF_SITE
        ),
        summary=f"Link {{{{ $labels.link }}}}{_PROVIDER} goes up and down",
        description=(
            f"Link {{{{ $labels.link }}}}{_PROVIDER}{_CIRCUIT}, site {{{{ $labels.site }}}}{_SITE_NAME}, goes down so "
            "often that its single outages are not told of, until one lasts for a minute. First look at the cable, "
            "the plug and the power of the modem."
        ),
    ),
    _below(Severity.WARNING, 'requirement!="availability"'),
    # What a month has lost stays lost until its end: nobody can mend it tonight.
    _below(Severity.INFO, 'requirement="availability"'),
    _burn(Severity.CRITICAL),
    _burn(Severity.WARNING, _WORST_IS_TOLD),
    AlertRule(
        alert=AlertName.SNMP_AGENT_SILENT,
        severity=Severity.WARNING,
        expr=_told("ward, site, device", AGENT_SILENT, _OF_SITE),
        summary="The SNMP agent of {{ $labels.device }} at {{ $labels.site }} does not answer",
        description=(
            f"Device {{{{ $labels.device }}}}{_ADDRESS}, site {{{{ $labels.site }}}}{_SITE_NAME}, answers pings, but "
            "its SNMP agent does not answer as it should: nothing is known of its interfaces. First try "
            "`linkward probe snmp`; look at credentials, access list and load of the device."
        ),
    ),
    _unhealthy(Severity.CRITICAL),
    _unhealthy(Severity.WARNING),
    _unhealthy(Severity.INFO),
    _unwell(
        AlertName.INTERFACE_ERRORS,
        "errors",
        "damages or drops packets",
        "First change the cable and the plug, and see whether both ends have the same duplex.",
    ),
    _unwell(
        AlertName.INTERFACE_SPEED_REDUCED,
        "speed|duplex",
        "works at half duplex, or at a lower speed than before or than the link needs",
        "First change the cable, then let both ends negotiate by themselves, then try another port.",
    ),
    AlertRule(
        alert=AlertName.CERTIFICATE_EXPIRING,
        severity=Severity.WARNING,
        expr=_told("ward, site, service", EXPIRING, _OF_SITE),
        summary="The certificate of {{ $labels.service }} is about to expire",
        description=(
            f"The certificate of service {{{{ $labels.service }}}}{_PAGE} expires{_DAYS_LEFT}, seen from site "
            f"{{{{ $labels.site }}}}{_SITE_NAME}. First tell whoever runs it, before browsers refuse it."
        ),
    ),
)
