"""The shipped alert rules before a real promtool: what fires, when, and what it says."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from model.availability import Tally
from model.budget import BURN_RULES, BurnRule
from model.inventory import Inventory
from model.measurement import Noun, ProbeKind, SubjectKey
from model.state import State
from model.units import spell_duration
from model.verdict import Outcome, Quality
from tests.peers.board import Health, verdict
from tests.peers.rules import DAEMON, INTERVAL, Alert, Story, ward

pytestmark = pytest.mark.live

MINUTE = 60 // INTERVAL
WARD = {"ward": "xuan-dinh"}
LINK = {
    **WARD,
    "alertname": "LinkDown",
    "severity": "critical",
    "link": "office-fpt",
    "provider": "FPT",
    "site": "office",
}
BACKUP = {
    **WARD,
    "alertname": "LinkDown",
    "severity": "warning",
    "link": "office-4g",
    "provider": "Viettel",
    "site": "office",
}
ROUTER = {**WARD, "alertname": "DeviceDown", "severity": "critical", "device": "office-rt1", "site": "office"}
SWITCH = {**WARD, "alertname": "DeviceDown", "severity": "warning", "device": "office-sw1", "site": "office"}
AP = {**SWITCH, "device": "house-ap1", "site": "house"}
PAGE = {**WARD, "alertname": "ServiceDown", "severity": "critical", "service": "mot-cua", "site": "office"}
OFFICE = {**WARD, "alertname": "SiteUnreachable", "severity": "critical", "site": "office"}
OUTAGE = {**WARD, "alertname": "ProviderOutage", "severity": "critical", "provider": "VNPT"}
BLIND = {**WARD, "alertname": "MonitorBlind", "severity": "critical"}
FLAPPING = {**LINK, "alertname": "LinkFlapping", "severity": "warning"}
SLOW = {**LINK, "alertname": "LinkBelowRequirement", "severity": "warning", "requirement": "rtt"}
BURNING = {**LINK, "alertname": "ErrorBudgetBurn", "severity": "critical", "requirement": "availability"}
AGENT = {**ROUTER, "alertname": "SnmpAgentSilent", "severity": "warning"}
CERTIFICATE = {**PAGE, "alertname": "CertificateExpiring", "severity": "warning"}
AT = {"job": "linkward", "instance": DAEMON}
DEAD = {"alertname": "LinkwardDown", "severity": "critical", **AT}


def point(number: int) -> Alert:
    """A point whose one line is down."""
    link, site = f"tdp-{number}-vnpt", f"tdp-{number}"
    return {**OFFICE, "site": site, "link": link, "provider": "VNPT"}


def line(number: int) -> str:
    """The one line of a point."""
    return f"tdp-{number}-vnpt"


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A ward in which all is well; what a test has told of it goes before promtool."""
    story = Story()
    story.scrape(3)
    story.fires()
    yield story
    story.check(tmp_path)


def test_a_link_fires_at_once_and_is_over_at_once(story: Story) -> None:
    """The daemon has confirmed it, so nothing is waited for; the other link of the site is told apart by its role."""
    story.be("link", State.DOWN, "office-fpt")
    story.scrape()
    story.fires(LINK)
    description = (
        "Nothing answers over link office-fpt of FPT, circuit HN-0123, at site office (Trụ sở UBND phường), and "
        "nothing that it depends on is down. The site has another link. First look at the modem and its cable, then "
        "call the provider."
    )
    texts = {"summary": "Link office-fpt of FPT is down", "description": description}
    story.reads("LinkDown", (LINK, texts))
    story.be("link", State.UP, "office-fpt")
    story.be("link", State.DOWN, "office-4g")
    story.scrape()
    story.fires(BACKUP)


def test_a_device_hides_what_hangs_on_it(story: Story) -> None:
    """The daemon calls the switch behind a dead router unreachable, and a switch alone waits for the morning."""
    story.be("device", State.DOWN, "office-rt1")
    story.be("device", State.UNREACHABLE, "office-sw1")
    story.scrape()
    story.fires(ROUTER)
    description = (
        "Device office-rt1 at 10.20.0.1, site office (Trụ sở UBND phường), does not answer, and nothing that it "
        "depends on is down. What hangs on it is unreachable and not told of. First look at its power and its uplink."
    )
    texts = {"summary": "Device office-rt1 at office is down", "description": description}
    story.reads("DeviceDown", (ROUTER, texts))
    story.be("device", State.UP, "office-rt1")
    story.be("device", State.DOWN, "office-sw1")
    story.scrape()
    story.fires(SWITCH)


def test_a_service_fires(story: Story) -> None:
    """With the page that was asked for, and where it was seen from."""
    story.be("service", State.DOWN, "mot-cua")
    story.scrape()
    story.fires(PAGE)
    description = (
        "Service mot-cua, https://motcua.example/, does not answer as it should, seen from site office (Trụ sở UBND "
        "phường), though the way to it is there. First open it yourself, then tell whoever runs it."
    )
    texts = {"summary": "Service mot-cua fails, seen from office", "description": description}
    story.reads("ServiceDown", (PAGE, texts))
    story.be("service", State.UP, "mot-cua")
    story.scrape()
    story.fires()


def test_a_site_hides_its_parts(story: Story) -> None:
    """Dead links and devices, an agent, a page and its certificate are one alert; a single line is named in it."""
    story.be("link", State.DOWN, "office-fpt", "office-4g")
    story.be("device", State.DOWN, "office-rt1")
    story.be("device", State.DEGRADED, "office-sw1")
    story.be("service", State.DOWN, "mot-cua")
    story.be("link", State.DOWN, line(1))
    story.scrape(more=[_expiry(86_400)])
    story.fires(OFFICE, point(1))
    description = (
        "Site {} cannot be reached: all its links are down, or, where it has none, all its devices. They and its "
        "services are part of this alert. First ask by telephone whether the site has power, then look at its router, "
        "then call the provider."
    )
    office = {
        "summary": "Site office is unreachable",
        "description": description.format("office (Trụ sở UBND phường)"),
    }
    tdp = {"summary": "Site tdp-1 is unreachable", "description": description.format("tdp-1")}
    story.reads(
        "SiteUnreachable",
        (OFFICE, office),
        (point(1), tdp),
    )
    story.be("link", State.UP, "office-4g", line(1))
    story.scrape()
    story.fires(LINK, ROUTER, {**AGENT, "device": "office-sw1"}, PAGE, CERTIFICATE)


def test_a_site_of_devices_alone_is_its_devices(story: Story) -> None:
    """Where there is no link, one dead device is a device, and all of them are the site."""
    story.be("device", State.DOWN, "house-ap1")
    story.scrape()
    story.fires(AP)
    story.be("device", State.DOWN, "house-ap2")
    story.scrape()
    story.fires({**OFFICE, "site": "house"})


def test_a_provider_whose_links_fail_together_is_one_alert(story: Story) -> None:
    """Three sites at once are the provider's outage, with whatever joins it, until fewer than three are left."""
    story.be("link", State.DOWN, line(1), line(2))
    story.scrape()
    story.be("link", State.DOWN, line(3))
    story.scrape()
    story.fires(OUTAGE)
    story.scrape(10 * MINUTE)
    story.be("link", State.DOWN, line(4))
    story.scrape(3)
    story.fires(OUTAGE)
    description = (
        "4 links of VNPT at several sites went down together. They, and the sites that have no other link, are part "
        "of this alert. First call the provider."
    )
    texts = {"summary": "VNPT has an outage", "description": description}
    story.reads("ProviderOutage", (OUTAGE, texts))
    story.be("link", State.UP, line(1), line(2))
    story.scrape()
    story.fires(point(3), point(4))


def test_two_sites_of_a_provider_may_be_chance(story: Story) -> None:
    """So are three that fail one after the other."""
    story.be("link", State.DOWN, line(1), line(2))
    story.scrape(3)
    story.be("link", State.DOWN, line(3))
    story.scrape(3)
    story.fires(point(1), point(2), point(3))


def test_what_was_told_before_an_outage_goes_on(story: Story) -> None:
    """Nobody reads that a site is mended because its provider has lost others as well."""
    story.be("link", State.DOWN, line(1))
    story.scrape(MINUTE)
    story.be("link", State.DOWN, line(2), line(3), line(4))
    story.scrape()
    story.fires(OUTAGE, point(1))
    story.scrape(MINUTE)
    story.fires(OUTAGE, point(1))


@pytest.mark.parametrize("link", ["school-vnpt", "school-4g"])
def test_an_outage_hides_the_links_of_sites_that_have_another(story: Story, link: str) -> None:
    """Whatever they would matter by themselves."""
    story.be("link", State.DOWN, line(1), line(2), link)
    story.scrape()
    story.fires(OUTAGE)


def test_an_outage_does_not_explain_what_was_down_before(story: Story) -> None:
    """A site whose other link had failed long before has lost two things, of which the provider's is but one."""
    story.be("link", State.DOWN, "school-4g")
    story.scrape(MINUTE)
    story.fires({**BACKUP, "site": "school", "link": "school-4g", "provider": "VNPT"})
    story.be("link", State.DOWN, line(1), line(2), "school-vnpt")
    story.scrape()
    story.fires(OUTAGE, {**OFFICE, "site": "school"})


def test_a_provider_of_two_sites_needs_no_third(tmp_path: Path) -> None:
    """Both of them at once are its outage."""
    sites = [
        {"id": site, "links": [{"id": f"{site}-l", "provider": "Viettel", "target": "icmp://203.0.113.9"}]}
        for site in "ab"
    ]
    story = Story(Inventory.model_validate({"ward": {"id": "xuan-dinh"}, "sites": sites}))
    story.scrape(3)
    story.be("link", State.DOWN, "a-l", "b-l")
    story.scrape()
    story.fires({**OUTAGE, "provider": "Viettel"})
    story.check(tmp_path)


def test_a_link_that_flaps_is_told_of_once(story: Story) -> None:
    """Its short outages are no news; one of a minute is, and then that is what is told."""
    story.latest.flapping("office-fpt", is_flapping=True)
    for _ in range(3):
        story.scrape()
        story.fires(FLAPPING)
        story.be("link", State.DOWN, "office-fpt")
        story.scrape()
        story.fires(FLAPPING)
        story.be("link", State.UP, "office-fpt")
    description = (
        "Link office-fpt of FPT, circuit HN-0123, site office (Trụ sở UBND phường), goes down so often that its single "
        "outages are not told of, until one lasts for a minute. First look at the cable, the plug and the power of the "
        "modem."
    )
    texts = {"summary": "Link office-fpt of FPT goes up and down", "description": description}
    story.reads("LinkFlapping", (FLAPPING, texts))
    story.be("link", State.DOWN, "office-fpt")
    story.scrape(MINUTE + 1)
    story.fires(LINK)
    story.be("link", State.UP, "office-fpt")
    story.latest.flapping("office-fpt", is_flapping=False)
    story.scrape()
    story.fires()


def test_a_site_on_a_line_that_flaps_is_not_lost_each_time(story: Story) -> None:
    """Neither is its site, until the line has been down for a minute."""
    flaps = {**point(1), "alertname": "LinkFlapping", "severity": "warning"}
    story.latest.flapping(line(1), is_flapping=True)
    story.be("link", State.DOWN, line(1))
    story.scrape()
    story.fires(flaps)
    story.scrape(MINUTE)
    story.fires(point(1))


def test_a_lost_site_hides_that_its_link_flaps(story: Story) -> None:
    """Even where that link itself is only cut off."""
    story.latest.flapping("office-4g", is_flapping=True)
    story.be("link", State.DOWN, "office-fpt")
    story.be("link", State.UNREACHABLE, "office-4g")
    story.scrape()
    story.fires(OFFICE)


@pytest.mark.parametrize(
    ("quality", "value", "threshold", "words"),
    [
        (Quality.RTT, 0.045, 0.03, "measured 45ms; required 30ms"),
        (Quality.LOSS, 0.0125, 0.001, "measured 1.25%; required 0.1%"),
        (Quality.DELAY_VARIATION, 0.1, 0.03, "measured 100ms; required 30ms"),
        (Quality.DOWNLOAD, 42e6, 200e6, "measured 42Mbit/s; required 200Mbit/s"),
        (Quality.UPLOAD, 42e6, None, "measured 42Mbit/s"),
        (Quality.DELAY_VARIATION, float("inf"), 0.03, "required 30ms"),
    ],
)
def test_a_breach_is_told_in_its_unit(
    story: Story, quality: Quality, value: float, threshold: float | None, words: str
) -> None:
    """What was measured and what is required; what is not known is left out."""
    story.latest.judged(("link", "office-fpt"), [verdict(quality, Outcome.BREACHED, value, threshold)])
    story.scrape()
    labels = {**SLOW, "requirement": quality.value}
    story.fires(labels)
    description = (
        f"The {quality} of link office-fpt, site office (Trụ sở UBND phường), is not what is required; {words}. First "
        "look whether the line is full; if not, show the provider the figures."
    )
    texts = {"summary": f"Link office-fpt of FPT does not keep its {quality}", "description": description}
    story.reads("LinkBelowRequirement", (labels, texts))


def test_a_breach_lasts_until_it_is_met_again(story: Story) -> None:
    """What the measurements cannot tell ends nothing; an outage of the link itself hides it."""
    link: SubjectKey = ("link", "office-fpt")
    story.latest.judged(link, [verdict(Quality.RTT, Outcome.BREACHED)])
    story.scrape()
    story.fires(SLOW)
    story.latest.judged(link, [verdict(Quality.RTT, Outcome.UNKNOWN)])
    story.scrape(2)
    story.fires(SLOW)
    story.be("link", State.DOWN, "office-fpt")
    story.scrape()
    story.fires(LINK)
    story.be("link", State.UP, "office-fpt")
    story.scrape()
    story.fires(SLOW)
    story.latest.judged(link, [verdict(Quality.RTT, Outcome.MET)])
    story.scrape()
    story.fires()


def test_a_month_that_is_lost_is_for_information(story: Story) -> None:
    """Nobody can mend the availability of a link or a service tonight."""
    lost = verdict(Quality.AVAILABILITY, Outcome.BREACHED, 0.98, 0.99)
    story.latest.judged(("service", "mot-cua"), [lost])
    story.latest.judged(("link", "office-fpt"), [lost])
    story.scrape()
    info = {"severity": "info", "requirement": "availability"}
    story.fires({**SLOW, **info}, {**PAGE, "alertname": "LinkBelowRequirement", **info})
    story.be("service", State.DOWN, "mot-cua")
    story.be("link", State.UNREACHABLE, "office-fpt")
    story.scrape()
    story.fires(PAGE)


def test_a_budget_that_burns_in_both_windows(story: Story) -> None:
    """The long window alone is past, the short one alone is too little; of two rules the worse is told."""
    link: SubjectKey = ("link", "office-fpt")
    story.latest.accounted(link, Tally(), 0.9, 0.62, {})
    for rates in ({3600.0: 20.0, 300.0: 1.0}, {3600.0: 1.0, 300.0: 20.0}, {86400.0: 2.9, 7200.0: 5.0}):
        story.latest.burning(link, rates)
        story.scrape()
        story.fires()
    story.latest.burning(link, {86400.0: 3.0, 7200.0: 3.0})
    story.scrape()
    story.fires({**BURNING, "severity": "warning"})
    story.latest.burning(link, {86400.0: 3.0, 7200.0: 3.0, 21600.0: 6.0, 1800.0: 6.5})
    story.scrape()
    story.fires(BURNING)
    description = (
        "At this pace link office-fpt, site office (Trụ sở UBND phường), misses its required availability of this "
        "month. 62% of its budget is left. It answers now; look at its outages of the last hours and days."
    )
    texts = {"summary": "Link office-fpt of FPT loses its error budget too fast", "description": description}
    story.reads("ErrorBudgetBurn", (BURNING, texts))
    story.be("link", State.DOWN, "office-fpt")
    story.scrape()
    story.fires(LINK)


@pytest.mark.parametrize("rule", BURN_RULES, ids=lambda rule: spell_duration(rule.long))
def test_each_rule_of_burning_asks_both_of_its_windows(story: Story, rule: BurnRule) -> None:
    """From the factor on, of the severity that the model gives it."""
    below = {rule.long: rule.factor, rule.short: rule.factor - 0.1}
    for rates in (below, {rule.long: rule.factor - 0.1, rule.short: rule.factor}):
        story.latest.burning(("link", "office-fpt"), rates)
        story.scrape()
        story.fires()
    story.latest.burning(("link", "office-fpt"), {rule.long: rule.factor, rule.short: rule.factor})
    story.scrape()
    story.fires({**BURNING, "severity": rule.severity})


@pytest.mark.parametrize("rule", [BURN_RULES[0], BURN_RULES[-1]], ids=lambda rule: rule.severity)
def test_what_is_worse_hides_that_a_requirement_is_not_kept(story: Story, rule: BurnRule) -> None:
    """An outage, flapping or whatever cuts off a link or service explains why it breaches and burns."""
    breaches = [verdict(Quality.RTT, Outcome.BREACHED), verdict(Quality.AVAILABILITY, Outcome.BREACHED, 0.98, 0.99)]
    told: dict[str, list[Alert]] = {}
    subjects: tuple[tuple[Noun, Alert], ...] = (("link", LINK), ("service", PAGE))
    for noun, labels in subjects:
        story.latest.judged((noun, labels[noun]), breaches)
        story.latest.burning((noun, labels[noun]), {rule.long: rule.factor, rule.short: rule.factor})
        below = {**labels, "alertname": "LinkBelowRequirement"}
        told[noun] = [
            {**below, "severity": "warning", "requirement": "rtt"},
            {**below, "severity": "info", "requirement": "availability"},
            {**labels, "alertname": "ErrorBudgetBurn", "severity": rule.severity, "requirement": "availability"},
        ]
    story.scrape()
    story.fires(*told["link"], *told["service"])
    outages: tuple[tuple[State, list[Alert], list[Alert]], ...] = (
        (State.DOWN, [LINK], [PAGE]),
        (State.UNREACHABLE, [], []),
    )
    for state, link, service in outages:
        story.be("link", state, "office-fpt")
        story.scrape()
        story.fires(*link, *told["service"])
        story.be("link", State.UP, "office-fpt")
        story.be("service", state, "mot-cua")
        story.scrape()
        story.fires(*told["link"], *service)
        story.be("service", State.UP, "mot-cua")
    story.latest.flapping("office-fpt", is_flapping=True)
    story.scrape()
    story.fires(FLAPPING, *told["service"])
    story.be("link", State.DOWN, "office-fpt", "office-4g")
    story.scrape(MINUTE + 1)
    story.fires(OFFICE)


def test_a_silent_agent_is_not_a_dead_device(story: Story) -> None:
    """A device that answers pings is degraded by nothing but its agent."""
    story.be("device", State.DEGRADED, "office-rt1")
    story.scrape()
    story.fires(AGENT)
    description = (
        "Device office-rt1 at 10.20.0.1, site office (Trụ sở UBND phường), answers pings, but its SNMP agent does not "
        "answer as it should: nothing is known of its interfaces. First try `linkward probe snmp`; look at "
        "credentials, access list and load of the device."
    )
    texts = {"summary": "The SNMP agent of office-rt1 at office does not answer", "description": description}
    story.reads("SnmpAgentSilent", (AGENT, texts))
    story.be("device", State.DOWN, "office-rt1")
    story.scrape()
    story.fires(ROUTER)


@pytest.mark.parametrize(("symptom", "severity"), [("fan", "warning"), ("battery_low", "critical"), ("cpu", "info")])
def test_a_device_that_is_unwell_is_told_of_by_its_symptom(story: Story, symptom: str, severity: str) -> None:
    """Until it says that all is well, and while its agent is silent."""
    unwell = {**ROUTER, "alertname": "DeviceUnhealthy", "severity": severity, "requirement": symptom}
    story.scrape(more=[_unhealthy(symptom, 1)])
    story.fires(unwell)
    story.be("device", State.DEGRADED, "office-rt1")
    story.scrape(2)
    story.fires(unwell, AGENT)
    story.be("device", State.UP, "office-rt1")
    story.scrape(more=[_unhealthy(symptom, 0)])
    story.fires()


@pytest.mark.parametrize(
    ("symptom", "alert"),
    [
        ("errors", {"alertname": "InterfaceErrors"}),
        ("speed", {"alertname": "InterfaceSpeedReduced"}),
        ("duplex", {"alertname": "InterfaceSpeedReduced", "requirement": "duplex"}),
    ],
)
def test_a_port_that_is_unwell_is_told_of(story: Story, symptom: str, alert: Mapping[str, str]) -> None:
    """Until it is well; while the link is down that is what counts."""
    unwell = {**LINK, **alert, "severity": "warning"}
    story.scrape(more=[_unwell(symptom, 1)])
    story.fires(unwell)
    story.scrape(more=[_unwell(symptom, 0)])
    story.fires()


def test_a_certificate_fires_at_its_own_threshold(story: Story) -> None:
    """Fourteen days, as the inventory says of this page; while it cannot be read, what was read holds."""
    days = 86_400
    story.scrape(more=[_expiry(15 * days)])
    story.fires()
    story.scrape(more=[_expiry(13 * days)])
    story.fires(CERTIFICATE)
    description = (
        "The certificate of service mot-cua, https://motcua.example/, expires in 13.0 days, seen from site "
        "office (Trụ sở UBND phường). First tell whoever runs it, before browsers refuse it."
    )
    texts = {"summary": "The certificate of mot-cua is about to expire", "description": description}
    story.reads("CertificateExpiring", (CERTIFICATE, texts))
    story.be("service", State.DOWN, "mot-cua")
    story.scrape(2)
    story.fires(CERTIFICATE, PAGE)
    story.be("service", State.UP, "mot-cua")
    story.scrape(more=[_expiry(90 * days)])
    story.fires()


def test_a_certificate_of_a_page_that_is_watched_no_more(story: Story) -> None:
    """It leaves with the page."""
    story.scrape(more=[_expiry(86_400)])
    story.fires(CERTIFICATE)
    office, *others = story.inventory.sites
    without = office.model_copy(update={"services": ()})
    story.load(story.inventory.model_copy(update={"sites": (without, *others)}))
    story.scrape()
    story.fires()


def test_a_blind_monitor_accuses_nobody_else(story: Story) -> None:
    """What fell silent in the moment before was the monitor's own line; what was down long before still is."""
    story.own.blind(False)
    story.be("link", State.DOWN, "office-fpt")
    story.scrape(MINUTE)
    story.be("link", State.DOWN, line(1))
    story.scrape()
    story.fires(LINK, point(1))
    story.own.blind(True)
    story.all_are(State.UNKNOWN)
    story.scrape()
    story.fires(BLIND, LINK)
    description = (
        "None of the anchors answers, so it is the monitor itself that is cut off: nothing is known of any site. First "
        "look at the network of the machine that Linkward runs on."
    )
    texts = {"summary": "The monitor of xuan-dinh is cut off", "description": description}
    story.reads("MonitorBlind", (BLIND, texts))
    story.fail()
    story.fires(BLIND, LINK)
    story.own.blind(False)
    story.all_are(State.UP)
    story.scrape()
    story.fires()


def _of_every_kind(story: Story) -> list[Alert]:
    """Something of everything goes wrong at once; what must be firing by it."""
    story.be("link", State.DOWN, "office-4g", line(1), line(2), line(3))
    story.be("device", State.DOWN, f"{point(4)['site']}-rt", "house-ap1", "house-ap2")
    story.be("device", State.DEGRADED, "office-rt1")
    story.be("service", State.DOWN, "resolver")
    story.latest.flapping(line(4), is_flapping=True)
    story.latest.judged(("link", "office-fpt"), [verdict(Quality.RTT, Outcome.BREACHED)])
    story.latest.burning(("link", "office-fpt"), {3600.0: 20.0, 300.0: 20.0})
    story.latest.burning(("service", "mot-cua"), {86400.0: 4.0, 7200.0: 4.0})
    story.scrape(more=[_expiry(86_400)])
    return [
        *(BACKUP, OUTAGE, AGENT, SLOW, BURNING, CERTIFICATE),
        {**OFFICE, "site": "house"},
        {**ROUTER, "site": "tdp-4", "device": "tdp-4-rt"},
        {**PAGE, "service": "resolver"},
        {**FLAPPING, "site": "tdp-4", "link": line(4), "provider": "VNPT"},
        {**PAGE, "alertname": "ErrorBudgetBurn", "severity": "warning", "requirement": "availability"},
    ]


def test_a_restart_of_the_daemon_mends_nothing(story: Story) -> None:
    """While nothing is known again, what was down stays down, however short it had been."""
    alerts = _of_every_kind(story)
    story.fires(*alerts)
    story.all_are(State.UNKNOWN)
    story.scrape(4)
    story.fires(*alerts)
    story.all_are(State.UP)
    story.scrape()
    outages = {"LinkDown", "DeviceDown", "ServiceDown", "SiteUnreachable", "ProviderOutage", "SnmpAgentSilent"}
    story.fires(*(alert for alert in alerts if alert["alertname"] not in outages))


def test_a_restart_finds_the_links_of_a_site_one_after_the_other(story: Story) -> None:
    """The site is lost until one of them answers, not until one of them is known."""
    story.be("link", State.DOWN, "office-fpt", "office-4g")
    story.scrape(3)
    story.fires(OFFICE)
    story.be("link", State.UNKNOWN, "office-fpt", "office-4g")
    story.scrape()
    story.be("link", State.DOWN, "office-fpt")
    story.scrape(2)
    story.fires(OFFICE)
    story.be("link", State.UP, "office-4g")
    story.scrape()
    story.fires(LINK)


def test_a_restart_finds_the_devices_of_a_site_one_after_the_other(story: Story) -> None:
    """Where a site has no link, its devices decide in the same way."""
    story.be("device", State.DOWN, "house-ap1", "house-ap2")
    story.scrape(3)
    story.be("device", State.UNKNOWN, "house-ap2")
    story.scrape(2)
    story.fires({**OFFICE, "site": "house"})
    story.be("device", State.UP, "house-ap2")
    story.scrape()
    story.fires(AP)


def test_a_daemon_that_cannot_be_scraped_mends_nothing(story: Story) -> None:
    """All that was firing goes on, and after five minutes it is told that nobody watches."""
    alerts = _of_every_kind(story)
    story.fail(5 * MINUTE)
    story.fires(*alerts)
    story.fail()
    story.fires(*alerts, DEAD)
    description = (
        "Prometheus gets nothing from Linkward: nobody watches the ward. What was firing before goes on firing. First "
        "look at `systemctl status linkward`."
    )
    texts = {"summary": f"Linkward at {DAEMON} does not answer", "description": description}
    story.reads("LinkwardDown", (DEAD, texts))
    story.fail(30 * MINUTE)
    story.fires(*alerts, DEAD)
    story.all_are(State.UP)
    story.latest.flapping(line(4), is_flapping=False)
    story.latest.judged(("link", "office-fpt"), [verdict(Quality.RTT, Outcome.MET)])
    story.latest.burning(("link", "office-fpt"), {})
    story.latest.burning(("service", "mot-cua"), {})
    story.scrape(more=[_expiry(90 * 86_400)])
    story.fires()


def test_a_daemon_that_is_not_even_looked_for(story: Story) -> None:
    """A scrape configuration without the job is told of too."""
    story.vanish(25 * MINUTE)
    story.fires({"alertname": "LinkwardDown", "severity": "critical", "job": "linkward"})


@pytest.mark.parametrize("state", [State.MAINTENANCE, State.UNREACHABLE])
def test_an_excuse_ends_an_alert(story: Story, state: State) -> None:
    """Under maintenance, or once something above is lost, a link is no longer told of."""
    story.be("link", State.DOWN, "office-fpt")
    story.scrape()
    story.fires(LINK)
    story.be("link", state, "office-fpt")
    story.scrape()
    story.fires()


def test_what_is_watched_no_more_is_told_of_no_more(story: Story) -> None:
    """A line that leaves the inventory leaves with its alert."""
    story.be("link", State.DOWN, line(1))
    story.scrape()
    story.fires(point(1))
    sites = [site for site in story.inventory.sites if site.id != "tdp-1"]
    story.load(story.inventory.model_copy(update={"sites": tuple(sites)}))
    story.scrape()
    story.fires()


def test_a_city_names_the_ward_of_a_site_and_none_of_a_provider(tmp_path: Path) -> None:
    """A provider's outage and a blind monitor belong to no ward where there are several."""
    story = Story(ward("tay-ho", "ba-dinh"))
    story.scrape(3)
    story.be("link", State.DOWN, "office-fpt", line(1), line(2), line(3))
    story.scrape()
    story.fires({**LINK, "ward": "tay-ho"}, {**OUTAGE, "ward": ""})
    story.be("link", State.UP, line(1), line(2))
    story.own.blind(True)
    story.scrape()
    story.fires({**LINK, "ward": "tay-ho"}, {**point(3), "ward": "ba-dinh"}, {**BLIND, "ward": ""})
    story.check(tmp_path)


def _unhealthy(symptom: str, told: int) -> str:
    """Whether a device has a symptom."""
    return f'linkward_device_unhealthy{{device="office-rt1",site="office",symptom="{symptom}"}} {told}'


def _unwell(symptom: str, told: int) -> str:
    """Whether the port of a link has a symptom."""
    return f'linkward_link_interface_unwell{{link="office-fpt",site="office",symptom="{symptom}"}} {told}'


def _expiry(at: float) -> str:
    """What a probe of the page tells of its certificate, at Unix time in seconds."""
    labels = 'instance="https://motcua.example/",service="mot-cua",site="office",probe="http"'
    return f"probe_ssl_earliest_cert_expiry{{{labels}}} {at}"


def _daemon_alert(name: str, severity: str, **labels: str) -> Alert:
    return {"alertname": name, "severity": severity, **AT, **labels}


def _told_after_five_minutes(story: Story, name: str, summary: str, description: str) -> None:
    story.scrape(5 * MINUTE)
    story.fires()
    story.scrape()
    alert = _daemon_alert(name, "warning")
    story.fires(alert)
    story.reads(name, (alert, {"summary": summary, "description": description}))


def test_a_refused_configuration_is_told(story: Story) -> None:
    """After five minutes, since whoever edits it may be about to mend it."""
    story.own.reloaded(successful=False, at=1.0)
    _told_after_five_minutes(
        story,
        "LinkwardConfigReloadFailed",
        f"Linkward at {DAEMON} refuses its configuration",
        "The inventory on the disk has a mistake, so the one before is still in force; a restart would fail. First run "
        "`linkward check` on it.",
    )
    story.own.reloaded(successful=True, at=2.0)
    story.scrape()
    story.fires()


def test_a_refused_web_configuration_is_told(story: Story) -> None:
    """After five minutes; and no more once it is taken over."""
    story.own.web_config_read(successful=False)
    _told_after_five_minutes(
        story,
        "LinkwardWebConfigReloadFailed",
        f"Linkward at {DAEMON} refuses its web configuration",
        "The web configuration file or a certificate in it has a mistake, so what was before is still in force: whom "
        "it was to shut out still gets in. First run `linkward check` with --web.config.file.",
    )
    story.own.web_config_read(successful=True)
    story.scrape()
    story.fires()


@pytest.mark.parametrize("outcome", ["wrong", "wait"])
def test_many_wrong_passwords_are_told(story: Story, outcome: str) -> None:
    """Forty are, after five minutes; twenty are not, nor right ones however many; a quarter of an hour ends it."""
    story.scrape(2)
    for _ in range(20):
        story.own.authenticated(outcome)
        for _ in range(10):
            story.own.authenticated("right")
    story.scrape(6 * MINUTE)
    story.fires()
    for _ in range(20):
        story.own.authenticated(outcome)
    story.scrape(5 * MINUTE)
    story.fires()
    story.scrape(2)
    story.fires(_daemon_alert("LinkwardPasswordsGuessed", "warning"))
    story.scrape(11 * MINUTE)
    story.fires()


@pytest.mark.parametrize(("fault", "refused_each"), [("the disk is full", 0), (None, 5)])
def test_a_history_that_is_not_written_is_told(story: Story, fault: str | None, refused_each: int) -> None:
    """Whether it cannot be written at all or loses single facts."""
    health = Health(fault=None, refused=0)
    story.own.history(lambda: health)
    story.scrape(MINUTE)
    story.fires()
    health.fault = fault
    for _ in range(5 * MINUTE + 2):
        health.refused += refused_each
        story.scrape()
    alert = _daemon_alert("LinkwardHistoryNotWritten", "critical")
    story.fires(alert)
    description = (
        "What happens now may be missing from the month's availability. First look whether the disk is full or the "
        "data base is away; the log says which."
    )
    texts = {"summary": f"Linkward at {DAEMON} cannot write its history", "description": description}
    story.reads("LinkwardHistoryNotWritten", (alert, texts))


def test_probes_that_start_late_are_told(story: Story) -> None:
    """One in a hundred by more than a second, for five minutes; in time, nothing."""
    kind = ProbeKind.ICMP
    for late in (0.01, 1.5):
        for _ in range(12 * MINUTE):
            for _ in range(10):
                story.own.lag(kind, late)
            story.scrape()
        story.fires(*([_daemon_alert("LinkwardProbesLate", "warning", kind=kind.value)] if late > 1 else []))
    description = (
        f"One in a hundred {kind} probes starts 1.99s late or more, and cut links are noticed as much later. First "
        "look at the load of the machine."
    )
    texts = {"summary": f"Linkward at {DAEMON} probes too late", "description": description}
    alert = _daemon_alert("LinkwardProbesLate", "warning", kind=kind.value)
    story.reads("LinkwardProbesLate", (alert, texts))


def test_a_review_that_is_not_brought_is_told(story: Story) -> None:
    """After two hours, in which it is tried again; one that is where it should be, or is not planned, is no news."""
    overdue: list[float | None] = [None]
    story.own.reviews(lambda: overdue[0])
    for seconds in (None, 0.0, 7_200.0, 10_800.0):
        overdue[0] = seconds
        story.scrape(6 * MINUTE)
        story.fires(*([_daemon_alert("LinkwardReviewOverdue", "warning")] if seconds == 10_800 else []))
    description = (
        "The review of the last month has been due for 3h 0m 0s and is not where it should be. First look into the log "
        "for what the folder or the mail server answers; it is tried again each hour."
    )
    texts = {"summary": f"Linkward at {DAEMON} cannot bring the monthly review", "description": description}
    story.reads("LinkwardReviewOverdue", (_daemon_alert("LinkwardReviewOverdue", "warning"), texts))


@pytest.mark.parametrize("outcome", ["given_up", "refused"])
def test_messages_that_do_not_arrive_are_told(story: Story, outcome: str) -> None:
    """The first that is lost is enough; one that is delivered at the second attempt is not told of."""
    story.own.receivers(["hook"])
    story.own.notified("hook", "retried")
    story.own.notified("hook", "delivered")
    story.scrape(MINUTE)
    story.own.notified("hook", "retried")
    story.own.notified("hook", "fallback")
    story.scrape(6 * MINUTE)
    story.fires()
    story.own.notified("hook", outcome)
    story.scrape(6 * MINUTE)
    alert = _daemon_alert("LinkwardNotificationsFailing", "critical", receiver="hook")
    story.fires(alert)
    description = (
        "Messages to receiver hook are refused, given up or wait for more than five minutes. First look into the log "
        "for what the receiver answers, then tell the people yourself."
    )
    texts = {"summary": f"Linkward at {DAEMON} cannot tell hook", "description": description}
    story.reads("LinkwardNotificationsFailing", (alert, texts))


def test_messages_that_wait_are_told(story: Story) -> None:
    """Five minutes in the queue are too long, even while they are still tried."""
    story.own.queues(lambda: {"hook": (1, 301.0), "mail": (1, 299.0)})
    story.scrape(5 * MINUTE + 1)
    story.fires(_daemon_alert("LinkwardNotificationsFailing", "critical", receiver="hook"))
