"""Monthly reviews laid down by hand: a ward whose figures are made up, but fit together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from model.availability import Shares
from model.outages import OutageKind
from model.verdict import Outcome, Quality
from reports.monthly import CityReport, MonthlyReport, Provenance, ReportPeriod, Scope, WardRow
from reports.sections.common import Judged, Seconds, Span, Tested
from reports.sections.links import LinkRow, Required, SiteRow
from reports.sections.others import (
    Action,
    DeviceHealth,
    FollowUp,
    MaintenanceRow,
    Method,
    Owner,
    Progress,
    Recommendation,
    ServiceRow,
)
from reports.sections.outages import Cause, CauseRow, OutageRow, OutageSection, SaidBy, Sign
from reports.sections.providers import Claim, ClaimKind, ProviderRow, Repeater
from reports.sections.quality import Coverage, DataQuality, Gap
from reports.sections.speed import SpeedBy, SpeedRow, SpeedVerdict, Test
from reports.sections.summary import Figures, Loss, ProfileVerdict, QualityVerdict, Summary
from reports.sections.trend import CapacityRow, Direction, Measure, Prospect, Trend, TrendRow
from reports.sections.worst import DayStrip, WorstLink
from tests.peers.reports_devices import device_health

START: Final = datetime(2026, 9, 30, 17, tzinfo=UTC)
"""Midnight of 1 October in Hanoi."""
END: Final = START + timedelta(days=31)
MONTH: Final = Span(START, END)
PERIOD: Final = ReportPeriod("2026-10", MONTH, END, 1)
SCOPE: Final = Scope("xuan-dinh", "Phường Xuân Đỉnh", "Asia/Ho_Chi_Minh")
ORIGIN: Final = Provenance("0a" * 32, "b1" * 32, "0.1.0")
MONTHS: Final = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
OPEN_SECONDS: Final = 27 * 8 * 3_600.0
NOBODY_KNOWS: Final = Shares(None, None, None)

_PROVIDERS: Final = ("VNPT", "Viettel", "FPT")
_PASSED: Final = 31 * 86_400.0


def _outcome(number: int) -> Outcome:
    """Every seventh is breached, every ninth cannot be told."""
    if number % 7 == 3:
        return Outcome.BREACHED
    return Outcome.UNKNOWN if number % 9 == 5 else Outcome.MET


def _down(number: int) -> float:
    return {Outcome.BREACHED: 4_215.0 + 600 * number, Outcome.UNKNOWN: 62.5, Outcome.MET: 0.0}[_outcome(number)]


def site_name(number: int) -> str:
    """As people call a site."""
    return "Trụ sở UBND phường Xuân Đỉnh" if number == 0 else f"Nhà văn hóa tổ dân phố số {number}"


def link_row(number: int, *, per_site: int = 1) -> LinkRow:
    """A link."""
    site, down, outcome = number // per_site, _down(number), _outcome(number)
    unknown = 9_000.0 if outcome is Outcome.UNKNOWN else 0.0
    up = OPEN_SECONDS - down - unknown
    shares = Shares(up / (up + down), up / OPEN_SECONDS, (up + unknown) / OPEN_SECONDS)
    seconds = Seconds(_PASSED - down - unknown - 600, 600.0, down, 0.0, unknown, 0.0)
    outages = 3 if outcome is Outcome.BREACHED else int(down > 0)
    return LinkRow(
        id=f"tdp-{site:02}-{number % per_site + 1}",
        name="Đường truyền chính" if number % per_site == 0 else f"Đường truyền dự phòng {number % per_site}",
        site=f"tdp-{site:02}",
        site_name=site_name(site),
        provider=_PROVIDERS[number % 3],
        circuit=f"HN-{55_500 + number}",
        role="primary" if number % per_site == 0 else "backup",
        profile="office" if site == 0 else "community-point",
        present=(MONTH,),
        contracted_download=300e6,
        contracted_upload=150e6,
        required=(Required(MONTH, 0.995, 0.05, 0.01, 0.05, None, None, 0.8, 86_400.0),),
        verdict=outcome,
        judged=(
            Judged(Quality.AVAILABILITY, outcome, shares.ratio, 0.995, 0),
            Judged(Quality.RTT, Outcome.MET, 0.0123, 0.05, 44_640),
            Judged(Quality.LOSS, Outcome.MET, 0.0004, 0.01, 44_640),
        ),
        line=shares,
        line_gross=shares,
        service=shares,
        seconds=seconds,
        seconds_in_hours=Seconds(up, 0.0, down, 0.0, unknown, 0.0),
        coverage=1 - unknown / OPEN_SECONDS,
        outages=outages,
        micro_outages=number % 4,
        longest_seconds=down / 2 if outages else None,
        mttr_seconds=down / outages if outages else None,
        mtbf_seconds=up / outages if outages else None,
        mtbf_at_least_seconds=864_000.0,
        restored_late=0,
        budget_used=down / (OPEN_SECONDS * 0.005),
        stable_minutes=0.99871,
        minutes_stable=44_582,
        minutes_known=44_640,
        rtt_p50=0.0041,
        rtt_p95=0.0123 + number / 1e4,
        loss=0.0004,
        delay_variation_p99=0.0087,
        download_p95=123.4e6,
        upload_p95=41e6,
        utilization_p95=0.411,
        download_peak=281.5e6,
        upload_peak=99e6,
        octets=1_234_567_890_123,
        probes=44_640,
        citizen_hours=down / 3_600 * 15,
    )


def site_row(number: int, links: tuple[LinkRow, ...]) -> SiteRow:
    """The site of some links."""
    lost = min((row.seconds_in_hours.down for row in links), default=0.0)
    return SiteRow(
        id=f"tdp-{number:02}",
        name=site_name(number),
        links=tuple(row.id for row in links),
        citizens_per_hour=15.0,
        service=Shares(1 - lost / OPEN_SECONDS, 1 - lost / OPEN_SECONDS, 1 - lost / OPEN_SECONDS),
        open_seconds=OPEN_SECONDS,
        lost_seconds=lost,
        unknown_seconds=0.0,
        interruptions=int(lost > 0),
        citizen_hours=lost / 3_600 * 15,
        citizen_hours_at_most=lost / 3_600 * 15,
    )


def outage_rows(row: LinkRow) -> tuple[OutageRow, ...]:
    """The outages of a link, of the length that its row says."""
    each = row.seconds.down / row.outages if row.outages else 0.0
    first = START + timedelta(days=2, hours=int(row.id[4:6]) % 20)
    return tuple(_outage(row, first + timedelta(days=7 * index), each, index) for index in range(row.outages))


def _outage(row: LinkRow, start: datetime, seconds: float, index: int) -> OutageRow:
    cause = (Cause.POWER, Cause.LINE, Cause.UNKNOWN)[index]
    signs = ((Sign("devices_silent", row.site, 3.0),), (Sign("port_down", row.id),), ())[index]
    return OutageRow(
        id=f"{row.id}@{start:%Y-%m-%dT%H:%M:%SZ}",
        link=row.id,
        site=row.site,
        provider=row.provider,
        kind=OutageKind.OUTAGE,
        is_own=True,
        start=start,
        end=start + timedelta(seconds=seconds),
        start_uncertainty_seconds=0.5,
        end_uncertainty_seconds=0.5,
        down_seconds=seconds,
        down_seconds_in_hours=seconds,
        whole_seconds=seconds,
        began_before=False,
        goes_on=False,
        cause=cause,
        said_by=SaidBy.EVIDENCE if signs else SaidBy.NOBODY,
        signs=signs,
        incident="",
        ticket="VNPT-2026/1177" if index == 1 else "",
        note="",
        acknowledged_by="Nguyễn Văn Ổn" if index == 0 else "",
        detect_seconds=3.0,
        acknowledge_seconds=190.0 if index == 0 else None,
        citizen_hours=seconds / 3_600 * 15,
        restore_limit_seconds=86_400.0,
        is_restored_in_time=True,
    )


def speed_row(row: LinkRow, direction: str, number: int) -> SpeedRow:
    """The tests of one direction: one a day."""
    contracted = row.contracted_download if direction == "download" else row.contracted_upload
    assert contracted is not None
    outcome = _outcome(number)
    mean = contracted * {Outcome.MET: 0.97, Outcome.BREACHED: 0.61, Outcome.UNKNOWN: 0.82}[outcome]
    tests = tuple(
        Test(START + timedelta(days=day, hours=3), mean * (0.9 + day % 5 * 0.05), is_busy=True) for day in range(31)
    )
    return SpeedRow(
        link=row.id,
        site=row.site,
        provider=row.provider,
        direction=direction,
        contracted=contracted,
        tests=tests,
        failed=number % 3,
        mean=mean,
        mean_at_least=mean * 0.98,
        mean_at_most=mean * 1.02,
        least=mean * 0.9,
        p5=mean * 0.9,
        median=mean,
        p95=mean * 1.1,
        greatest=mean * 1.1,
        busy_mean=mean * 0.99,
        quiet_mean=mean * 1.03,
        reaching=0.96,
        peak=row.download_peak,
        contract=SpeedVerdict(contracted * 0.8, outcome, SpeedBy.TESTS, 2),
        need=None,
    )


def ward(sites: int = 41, *, per_site: int = 1) -> MonthlyReport:
    """A ward with some links that were breached and some that cannot be told."""
    links = tuple(link_row(number, per_site=per_site) for number in range(sites * per_site))
    site_rows = tuple(site_row(number, links[number * per_site : (number + 1) * per_site]) for number in range(sites))
    rows = tuple(sorted((one for row in links for one in outage_rows(row)), key=lambda one: one.start))
    providers = tuple(provider_row(name, links, rows) for name in sorted(_PROVIDERS))
    advice = _advice(links, providers)
    return MonthlyReport(
        scope=SCOPE,
        period=PERIOD,
        summary=_summary(links, site_rows, rows, advice),
        quality=_quality(links),
        links=links,
        sites=site_rows,
        outages=OutageSection(rows, _causes(rows)),
        speed=tuple(
            speed_row(row, direction, 2 * number + step)
            for number, row in enumerate(links)
            for step, direction in enumerate(("download", "upload"))
        ),
        providers=providers,
        worst=_worst(links),
        trend=Trend(MONTHS, _trends()),
        capacity=_capacity(links),
        services=tuple(_service(row, number) for number, row in enumerate(site_rows)),
        devices=device_health(),
        maintenance=(_maintenance(links),),
        recommendations=advice,
        follow_up=(FollowUp(advice[-1], Progress.BETTER),),
        method=_method(links),
        provenance=ORIGIN,
    )


def tested(rows: tuple[LinkRow, ...]) -> Tested:
    """How links were judged."""
    verdicts = [row.verdict for row in rows]
    return Tested(*(verdicts.count(outcome) for outcome in (Outcome.MET, Outcome.BREACHED, Outcome.UNKNOWN)))


def _figures(links: tuple[LinkRow, ...], sites: tuple[SiteRow, ...], rows: tuple[OutageRow, ...]) -> Figures:
    down = sum(row.seconds.down for row in links)
    up = sum(row.seconds_in_hours.up for row in links)
    lost = sum(row.lost_seconds for row in sites)
    whole = OPEN_SECONDS * len(sites)
    return Figures(
        links=tested(links),
        service=Shares(1 - lost / whole, 1 - (lost + 9_000) / whole, 1 - lost / whole),
        line=Shares(up / (up + down), up / (OPEN_SECONDS * len(links)), (up + 9_000) / (OPEN_SECONDS * len(links))),
        stable_minutes=0.99871,
        outages=len(rows),
        micro_outages=sum(row.micro_outages for row in links),
        down_seconds=down,
        longest_seconds=max((row.down_seconds for row in rows), default=None),
        mttr_seconds=down / len(rows) if rows else None,
        mtta_seconds=190.0,
        loss=Loss(lost, lost / 240, lost / 240 + 12.5, 0, "citizens", 0.61, lost / 60 / len(sites), 41.25),
    )


def _summary(
    links: tuple[LinkRow, ...],
    sites: tuple[SiteRow, ...],
    rows: tuple[OutageRow, ...],
    advice: tuple[Recommendation, ...],
) -> Summary:
    figures = _figures(links, sites, rows)
    before = replace(figures, outages=figures.outages + 4, mttr_seconds=5_400.0, mtta_seconds=None)
    profiles = tuple(
        ProfileVerdict(name, tested(tuple(row for row in links if row.profile == name)))
        for name in ("community-point", "office")
    )
    qualities = (
        QualityVerdict(Quality.RTT, Tested(len(links), 0, 0)),
        QualityVerdict(Quality.AVAILABILITY, tested(links)),
    )
    return Summary(figures, before, profiles, qualities, tuple(one.id for one in advice if one.needs_decision)[:3])


def _quality(links: tuple[LinkRow, ...]) -> DataQuality:
    gap = Gap(Span(START + timedelta(days=9), START + timedelta(days=9, hours=2, minutes=30)), "stopped")
    below = tuple(Coverage(row.id, 0.931, 0.94) for row in links if row.verdict is Outcome.UNKNOWN)
    return DataQuality(
        known=0.98765,
        is_low=False,
        monitor_seconds=_PASSED - 9_000,
        stopped_seconds=9_000.0,
        blind_seconds=0.0,
        gaps=(gap,),
        gaps_in_all=1,
        links_below=below,
        probes_sent=44_640 * len(links),
        probes_lost=1_234,
        probes_late=56,
        tests_run=62 * len(links),
        tests_failed=41,
        hours_expected=744,
        hours_stored=741,
    )


def _causes(rows: tuple[OutageRow, ...]) -> tuple[CauseRow, ...]:
    def of(cause: Cause) -> CauseRow:
        own = [row for row in rows if row.cause is cause]
        return CauseRow(
            cause, len(own), sum(row.down_seconds for row in own), sum(row.citizen_hours or 0 for row in own)
        )

    return tuple(of(cause) for cause in (Cause.POWER, Cause.LINE, Cause.UNKNOWN))


def provider_row(name: str, links: tuple[LinkRow, ...], rows: tuple[OutageRow, ...]) -> ProviderRow:
    """A provider, with a claim for every link that was breached."""
    own = tuple(row for row in links if row.provider == name)
    outages = [row for row in rows if row.provider == name]
    claims = tuple(
        Claim(
            link=row.id,
            circuit=row.circuit,
            site=row.site,
            kind=ClaimKind.AVAILABILITY,
            required=0.995,
            measured=row.line.ratio,
            n=row.outages,
            down_seconds=row.seconds_in_hours.down,
            outages=tuple(one.id for one in outages if one.link == row.id),
        )
        for row in own
        if row.verdict is Outcome.BREACHED
    )
    down = sum(row.seconds.down for row in own)
    return ProviderRow(
        name=name,
        links=tested(own),
        links_in_all=len(own),
        sites=len({row.site for row in own}),
        line=Shares(0.9978, 0.9971, 0.9989),
        outages=len(outages),
        micro_outages=sum(row.micro_outages for row in own),
        down_seconds=down,
        mttr_seconds=down / len(outages) if outages else None,
        restored_in_time=1.0 if outages else None,
        speed=Tested(2 * len(own), 0, 0),
        citizen_hours=sum(row.citizen_hours or 0 for row in own),
        repeaters=tuple(Repeater(claim.link, 3, 1) for claim in claims),
        claims=claims,
        outcome=Outcome.BREACHED if claims else Outcome.MET,
    )


def _worst(links: tuple[LinkRow, ...]) -> tuple[WorstLink, ...]:
    lost = sorted((row for row in links if row.seconds.down), key=lambda row: -row.seconds.down)[:5]
    return tuple(
        WorstLink(row.id, row.citizen_hours, row.seconds.down, row.outages, _strip(index))
        for index, row in enumerate(lost)
    )


def _strip(number: int) -> tuple[DayStrip, ...]:
    def share(day: int, hour: int) -> float:
        if (day, hour) == (9, 10):
            return 0.0
        return {0: 0.8, 1: 0.3, 2: 0.05}.get((day * 3 + hour + number) % 37, 0.0)

    return tuple(
        DayStrip(
            date(2026, 10, day),
            tuple(share(day, hour) for hour in range(24)),
            tuple(1.0 if day == 10 and hour < 3 else 0.0 for hour in range(24)),
        )
        for day in range(1, 32)
    )


def _trends() -> tuple[TrendRow, ...]:
    courses = {
        Measure.SERVICE: (0.9971, 0.9969, None, 0.9978, 0.9981, 0.9986),
        Measure.LINE: (0.9961, 0.9972, 0.9969, 0.9974, 0.9981, 0.9983),
        Measure.OUTAGES: (31.0, 27.0, 29.0, 24.0, 22.0, 19.0),
        Measure.MTTR: (5_400.0, 6_100.0, 4_980.0, 5_010.0, 5_700.0, 3_600.0),
        Measure.CITIZEN_HOURS: (210.5, 180.25, 199.0, 160.0, 150.0, 131.75),
        Measure.STABLE_MINUTES: (0.9981, 0.9984, 0.9979, 0.9986, 0.9985, 0.9987),
        Measure.SPEED: (None, None, None, None, 0.91, 0.93),
        Measure.UTILIZATION: (0.31, 0.33, 0.36, 0.38, 0.41, 0.44),
    }
    return tuple(_trend(measure, values) for measure, values in courses.items())


def _trend(measure: Measure, values: tuple[float | None, ...]) -> TrendRow:
    known = [value for value in values if value is not None]
    middle = sum(known) / len(known)
    room = 2.66 * sum(abs(one - other) for one, other in pairwise(known)) / (len(known) - 1)
    if len(known) < 5:
        return TrendRow(measure, values, Direction.INSUFFICIENT, None, None, middle, middle - room, middle + room, ())
    direction = Direction.RISING if measure is Measure.UTILIZATION else Direction.NO_TREND
    beyond = ("2026-10",) if measure is Measure.UTILIZATION else ()
    return TrendRow(measure, values, direction, 0.0028, 0.01, middle, middle - room, middle + room, beyond)


def _capacity(links: tuple[LinkRow, ...]) -> tuple[CapacityRow, ...]:
    rows = []
    for number, row in enumerate(links):
        for direction in ("download", "upload"):
            blank = CapacityRow(
                row.id,
                direction,
                300e6,
                (None,) * 5 + (0.411,),
                None,
                None,
                None,
                Prospect.INSUFFICIENT,
                None,
                None,
                None,
            )
            rows.append(blank)
        if number % 20 == 4:
            values = (0.5, 0.53, 0.57, 0.6, 0.62, 0.66)
            rows[-2] = replace(
                blank,
                direction="download",
                values=values,
                slope=0.031,
                slope_lowest=0.02,
                slope_highest=0.04,
                prospect=Prospect.EXPECTED,
                month="2027-03",
                earliest="2027-02",
                latest="2027-05",
            )
    return tuple(rows)


def _service(site: SiteRow, number: int) -> ServiceRow:
    down = 300.0 if number % 5 == 0 else 0.0
    shares = Shares(1 - down / OPEN_SECONDS, 1 - down / OPEN_SECONDS, 1 - down / OPEN_SECONDS)
    return ServiceRow(
        id=f"{site.id}-dvc",
        name="Cổng Dịch vụ công quốc gia",
        site=site.id,
        service=shares,
        seconds_in_hours=Seconds(OPEN_SECONDS - down, 0.0, down, 0.0, 0.0, 0.0),
        coverage=1.0,
        verdict=Outcome.MET,
        judged=(),
        outages=int(down > 0),
        down_seconds=down,
        fault_link_seconds=0.0,
        fault_other_seconds=down,
        fault_unknown_seconds=0.0,
        rtt_p95=0.312,
    )


def _maintenance(links: tuple[LinkRow, ...]) -> MaintenanceRow:
    begin = START + timedelta(days=20, hours=22)
    span = Span(begin, begin + timedelta(hours=2))
    return MaintenanceRow(
        id="bao-tri-1",
        reason="Nâng cấp bộ chuyển mạch",
        sites=(),
        links=tuple(row.id for row in links[:2]),
        devices=(),
        announced_at=START + timedelta(days=15),
        withdrawn_at=None,
        open=(span,),
        excused=(span,),
        down_seconds=1_800.0,
        overrun_seconds=0.0,
        to_come=(),
    )


def _advice(links: tuple[LinkRow, ...], providers: tuple[ProviderRow, ...]) -> tuple[Recommendation, ...]:
    breached = [row for row in links if row.verdict is Outcome.BREACHED]
    due = END + timedelta(days=30)
    ward_, technician = Owner.WARD, Owner.TECHNICIAN
    told = [
        *(
            Recommendation(
                f"claim/{row.name}",
                Action.CLAIM,
                row.name,
                ward_,
                row.citizen_hours,
                row.down_seconds,
                len(row.claims),
                None,
                due,
                True,
            )
            for row in providers
            if row.claims
        ),
        *(
            Recommendation(
                f"second_line/{row.site}",
                Action.SECOND_LINE,
                row.site,
                ward_,
                row.citizen_hours,
                row.seconds.down,
                3,
                None,
                due,
                True,
            )
            for row in breached
        ),
        Recommendation(f"upgrade/{links[-1].id}", Action.UPGRADE, links[-1].id, ward_, None, 0.0, 1, 0.66, due, True),
        Recommendation("test", Action.TEST, "", technician, None, 0.0, 5, None, due, False),
    ]
    return tuple(sorted(told, key=lambda one: (-(one.citizen_hours or 0.0), one.id)))


def _method(links: tuple[LinkRow, ...]) -> Method:
    constants = (("outage_seconds", 10.0), ("speed_share", 0.8), ("trend_p", 0.05))
    return Method(constants, 86_400.0, ((links[0].id, START + timedelta(days=12)),), ())


def nothing_known() -> MonthlyReport:
    """A ward of which nothing at all is stored."""
    unknown = replace(
        link_row(0),
        verdict=Outcome.UNKNOWN,
        judged=(),
        line=NOBODY_KNOWS,
        line_gross=NOBODY_KNOWS,
        service=NOBODY_KNOWS,
        seconds=Seconds(0.0, 0.0, 0.0, 0.0, _PASSED, 0.0),
        seconds_in_hours=Seconds(0.0, 0.0, 0.0, 0.0, OPEN_SECONDS, 0.0),
        coverage=None,
        outages=0,
        micro_outages=0,
        longest_seconds=None,
        mttr_seconds=None,
        mtbf_seconds=None,
        budget_used=None,
        stable_minutes=None,
        minutes_stable=0,
        minutes_known=0,
        rtt_p50=None,
        rtt_p95=None,
        loss=None,
        delay_variation_p99=None,
        download_p95=None,
        upload_p95=None,
        utilization_p95=None,
        download_peak=None,
        upload_peak=None,
        octets=None,
        probes=0,
        citizen_hours=None,
    )
    loss = Loss(0.0, None, None, 1, "sites", None, None, None)
    figures = Figures(Tested(0, 0, 1), NOBODY_KNOWS, NOBODY_KNOWS, None, 0, 0, 0.0, None, None, None, loss)
    empty = Trend(
        MONTHS,
        tuple(TrendRow(one, (None,) * 6, Direction.INSUFFICIENT, None, None, None, None, None, ()) for one in Measure),
    )
    return MonthlyReport(
        scope=SCOPE,
        period=PERIOD,
        summary=Summary(figures, None, (), (), ()),
        quality=DataQuality(None, None, 0.0, _PASSED, 0.0, (), 0, (), 0, 0, 0, 0, 0, 744, 0),
        links=(unknown,),
        sites=(),
        outages=OutageSection((), ()),
        speed=(),
        providers=(),
        worst=(),
        trend=empty,
        capacity=(),
        services=(),
        devices=DeviceHealth(),
        maintenance=(),
        recommendations=(),
        follow_up=(),
        method=Method((), 86_400.0, (), ()),
        provenance=ORIGIN,
    )


def renamed(report: MonthlyReport, name: str) -> MonthlyReport:
    """The same, with everything that people name called so."""
    return replace(
        report,
        scope=replace(report.scope, name=name),
        links=tuple(
            replace(row, name=name, site_name=name, provider=name, circuit=name, profile=name) for row in report.links
        ),
        sites=tuple(replace(row, name=name) for row in report.sites),
        services=tuple(replace(row, name=name) for row in report.services),
        providers=tuple(replace(row, name=name) for row in report.providers),
        maintenance=tuple(replace(row, reason=name) for row in report.maintenance),
        outages=replace(
            report.outages,
            rows=tuple(
                replace(row, note=name, ticket=name, acknowledged_by=name, provider=name) for row in report.outages.rows
            ),
        ),
    )


def city(wards: int = 126) -> CityReport:
    """A city whose wards are all alike."""
    one = ward(7)
    rows = tuple(
        WardRow(f"ward-{number:03}", f"Phường số {number}", f"{number:064x}", one.summary) for number in range(wards)
    )
    return CityReport(
        scope=Scope("", "Thành phố Hà Nội", "Asia/Ho_Chi_Minh", wards=tuple(row.ward for row in rows)),
        period=PERIOD,
        summary=replace(one.summary, decisions=()),
        wards=rows,
        providers=tuple(replace(row, claims=(), repeaters=()) for row in one.providers),
        recommendations=tuple(replace(each, id=f"ward-001/{each.id}") for each in one.recommendations),
        trend=one.trend,
        provenance=ORIGIN,
    )
