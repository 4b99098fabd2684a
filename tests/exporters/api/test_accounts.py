"""GET /api/v1/availability."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from exporters.past import PastUnavailableError
from model.alerting import MaintenanceWindow
from model.inventory import Inventory
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.state import State
from tests.peers.api import Ward
from tests.peers.board import AT, ward
from tests.peers.past import Kept, change, span

_PATH = "/api/v1/availability"
_LINK: SubjectKey = ("link", "office-vnpt")
_MONTH = int((AT - datetime.fromisoformat("2026-10-31T17:00+00:00")).total_seconds())


def _cut(kept: Kept) -> None:
    """The link is seen up all month, but for 100 s down and 50 s behind a lost parent."""
    kept.runs = [span(-2 * _MONTH, 0)]
    kept.log = [
        change(_LINK, State.UNKNOWN, State.UP, -_MONTH - 60),
        change(_LINK, State.UP, State.DOWN, -1_000),
        change(_LINK, State.DOWN, State.UP, -900),
        change(_LINK, State.UP, State.UNREACHABLE, -500),
        change(_LINK, State.UNREACHABLE, State.UP, -450),
    ]


async def _link(client: httpx.AsyncClient, query: str = "link=office-vnpt") -> dict[str, Any]:
    answer = await client.get(f"{_PATH}?{query}")
    assert answer.status_code == 200, answer.text
    (link,) = answer.json()["links"]
    found: dict[str, Any] = link
    return found


async def test_the_month_so_far(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Without a period it is this month of the ward until now; every state adds up to it."""
    _cut(daemon.kept)
    whole = (await client.get(_PATH)).json()
    assert (whole["start"], whole["end"]) == ("2026-10-31T17:00:00Z", "2026-11-24T07:00:00Z")
    assert whole["timezone"] == "Asia/Ho_Chi_Minh"
    assert [link["id"] for link in whole["links"]] == ["office-vnpt", "point-1-viettel"]
    assert [service["id"] for service in whole["services"]] == ["public-services", "resolver"]
    for part in (*whole["links"], *whole["services"]):
        assert sum(part["milliseconds"]["net"].values()) == _MONTH * 1_000
        assert sum(part["milliseconds"]["gross"].values()) == _MONTH * 1_000


async def test_the_figures_of_a_link(client: httpx.AsyncClient, daemon: Ward) -> None:
    """The line is judged without the time it was unreachable, which people had no link either."""
    _cut(daemon.kept)
    link = await _link(client)
    assert link["milliseconds"]["net"] == {
        "up": (_MONTH - 150) * 1_000,
        "degraded": 0,
        "down": 100_000,
        "unreachable": 50_000,
        "unknown": 0,
        "maintenance": 0,
    }
    assert link["line"]["ratio"] == pytest.approx(1 - 100 / (_MONTH - 50))
    assert link["experienced"]["ratio"] == pytest.approx(1 - 150 / _MONTH)
    assert (link["coverage"], link["outages"], link["micro_outages"]) == (1.0, 1, 0)
    assert (link["mttr_seconds"], link["mtbf_seconds"]) == (100.0, _MONTH - 150)
    assert 0 < link["mtbf_at_least_seconds"] < link["mtbf_seconds"]
    assert (link["verdict"], link["why"]) == ("met", "it is, even if all that is unknown was down")
    assert link["longest"] == link["events"][0]
    assert link["events"] == [
        {
            "start": "2026-11-24T06:43:20Z",
            "end": "2026-11-24T06:45:00Z",
            "kind": "outage",
            "seconds": 100.0,
            "seconds_in_service_hours": 100.0,
            "start_uncertainty_seconds": 0.5,
            "end_uncertainty_seconds": 0.5,
            "began_before": False,
            "goes_on": False,
        }
    ]


async def test_what_is_not_known_decides_nothing(client: httpx.AsyncClient, daemon: Ward) -> None:
    """A month of which an hour was seen is neither met nor breached; bounds and coverage say why."""
    daemon.kept.runs = [span(-3_600, 0)]
    daemon.kept.log = [change(_LINK, State.UNKNOWN, State.UP, -3_600)]
    link = await _link(client)
    assert (link["verdict"], link["why"]) == ("unknown", "it depends on what happened while nothing was known")
    assert link["line"]["ratio"] == 1.0
    assert link["line"]["lowest"] < 0.01
    assert link["coverage"] == pytest.approx(3_600 / _MONTH)
    nothing = await _link(client, "link=office-vnpt&to=2026-11-02")
    assert (nothing["verdict"], nothing["line"]["ratio"], nothing["coverage"]) == ("unknown", None, 0.0)
    assert nothing["why"] == "nothing is known of the service hours in the period"
    assert (nothing["longest"], nothing["mttr_seconds"], nothing["mtbf_seconds"]) == (None, None, None)


async def test_a_breach_holds_whatever_happened(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Within an hour a 100 s outage is more than 99.9 % tolerates."""
    _cut(daemon.kept)
    link = await _link(client, "link=office-vnpt&from=2026-11-24T13:00&to=2026-11-24T14:00")
    assert (link["verdict"], link["why"]) == ("breached", "it is not, even if all that is unknown was up")


async def test_maintenance_is_net_and_not_gross(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Announced work excuses what lies in it, and the gross figures show it all the same."""
    _cut(daemon.kept)
    work = {"id": "fibre", "links": ["office-vnpt"], "from": "2026-11-24T13:30", "to": "2026-11-24T13:50"}
    daemon.kept.announcements = [Announcement(MaintenanceWindow.model_validate(work), AT - timedelta(days=3))]
    figures = (await _link(client))["milliseconds"]
    assert (figures["net"]["down"], figures["net"]["maintenance"]) == (0, 1_200_000)
    assert (figures["gross"]["down"], figures["gross"]["maintenance"]) == (100_000, 0)


async def test_service_hours(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What a requirement is judged by lies inside service hours alone."""
    whole = ward()
    office, *others = whole.sites
    office = office.model_copy(update={"service_hours": ("Mon-Fri 07:30-11:30",)})
    daemon.kept.inventory = whole.model_copy(update={"sites": (office, *others)})
    _cut(daemon.kept)
    link = await _link(client, "link=office-vnpt&from=2026-11-24")
    assert sum(link["milliseconds"]["net"].values()) == 14 * 3_600_000
    assert sum(link["milliseconds"]["net_in_service_hours"].values()) == 4 * 3_600_000
    assert link["line"]["ratio"] == 1.0
    assert link["events"][0]["seconds_in_service_hours"] == 0.0


async def test_a_target_that_changed_is_not_judged_as_one(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Where the requirement changed within the period the parts are told, and each can be asked for."""
    _cut(daemon.kept)
    changes = [{"from": "2026-11-10", "loss": "1%"}, {"from": "2026-11-24", "availability": "99%"}]
    office = {"availability": "99.9%", "changes": changes}
    link = {"id": "office-vnpt", "requirement": "office", "target": "icmp://203.0.113.1"}
    daemon.kept.inventory = Inventory.model_validate({
        "ward": {"id": "xuan-dinh", "timezone": "Asia/Ho_Chi_Minh"},
        "requirements": {"office": office},
        "sites": [{"id": "office", "links": [link]}],
    })
    found = await _link(client)
    assert (found["verdict"], [target["availability"] for target in found["targets"]]) == ("unknown", [0.999, 0.99])
    assert found["targets"][1]["start"] == "2026-11-23T17:00:00Z"
    assert found["why"] == "the target changed within the period: ask for each part by itself"
    today = await _link(client, "link=office-vnpt&from=2026-11-24")
    assert (today["verdict"], len(today["targets"])) == ("met", 1)


async def test_without_a_target_there_is_no_verdict(client: httpx.AsyncClient) -> None:
    """Of a link without a requirement the figures are told, and nothing is judged."""
    link = await _link(client, "link=point-1-viettel")
    assert (link["verdict"], link["why"], link["targets"]) == (None, "no availability is required", [])


async def test_parts_of_it(client: httpx.AsyncClient) -> None:
    """A site, a link or a service alone."""
    site = (await client.get(f"{_PATH}?site=point-1")).json()
    assert ([link["id"] for link in site["links"]], site["services"]) == (["point-1-viettel"], [])
    service = (await client.get(f"{_PATH}?service=resolver")).json()
    assert (service["links"], [one["id"] for one in service["services"]]) == ([], ["resolver"])


async def test_the_end_is_never_beyond_now(client: httpx.AsyncClient) -> None:
    """Time to come is in no state, so that it is not reckoned; a day is its midnight by the ward's clock."""
    whole = (await client.get(f"{_PATH}?from=2026-11-01&to=2026-12-01")).json()
    assert (whole["start"], whole["end"]) == ("2026-10-31T17:00:00Z", "2026-11-24T07:00:00Z")
    october = (await client.get(f"{_PATH}?to=2026-11-01")).json()
    assert (october["start"], october["end"]) == ("2026-09-30T17:00:00Z", "2026-10-31T17:00:00Z")


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("form=2026-11-01", 400, "there is no parameter 'form': the parameters are from, to, site, link, service"),
        ("from=2026-11-01&from=2026-11-02", 400, "'from' is there more than once"),
        ("site=office&link=office-vnpt", 400, "site and link were given together"),
        ("site=nowhere", 404, "there is no site 'nowhere' in the inventory: see /api/v1/sites"),
        ("link=resolver", 404, "there is no link 'resolver' in the inventory: see /api/v1/links"),
        ("service=office-vnpt", 404, "there is no service"),
        ("from=yesterday", 422, "from='yesterday' is no time: write a day such as 2026-11-24"),
        ("from=", 422, "is no time"),
        ("from=2026-02-30", 422, "is no time"),
        ("to=2026-11-24T25:00", 422, "is no time"),
        ("from=0001-01-01T00:00:00%2B14:00", 422, "is out of reach"),
        ("to=9999-12-31T23:59:59-12:00", 422, "is out of reach"),
        ("from=2026-11-25", 422, "nothing has passed from 2026-11-25 00:00:00+07:00"),
        ("from=2026-11-02&to=2026-11-02", 422, "nothing has passed"),
    ],
)
async def test_what_cannot_be_answered_says_how_to_mend_it(
    client: httpx.AsyncClient, query: str, status: int, words: str
) -> None:
    """Every refusal is a problem of RFC 9457 with its mend, and never a fault of the server."""
    answer = await client.get(f"{_PATH}?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert words in f"{problem['detail']}: {problem['mend']}"


async def test_a_history_that_cannot_be_read_is_said(client: httpx.AsyncClient, daemon: Ward) -> None:
    """The refusal says why, and what to do."""
    daemon.kept.fault = PastUnavailableError("the history is locked", "end the other program")
    answer = await client.get(_PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert (answer.json()["detail"], answer.json()["mend"]) == ("the history is locked", "end the other program")


async def test_a_plus_that_became_a_space_is_a_plus(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Whoever writes the offset without %2B is understood."""
    _cut(daemon.kept)
    whole = (await client.get(f"{_PATH}?from=2026-11-24T00:00:00+07:00&to=2026-11-24t05:00:00.5z")).json()
    assert (whole["start"], whole["end"]) == ("2026-11-23T17:00:00Z", "2026-11-24T05:00:00.500000Z")


async def test_a_long_answer_is_made_in_pieces(client: httpx.AsyncClient, daemon: Ward) -> None:
    """More links than are made at once are all there, in their order, and each is whole."""
    targets = [{"id": f"l{number:03}", "target": "icmp://192.0.2.1"} for number in range(250)]
    daemon.kept.inventory = Inventory.model_validate({"sites": [{"id": "s", "links": targets}]})
    whole = (await client.get(_PATH)).json()
    assert [link["id"] for link in whole["links"]] == [target["id"] for target in targets]
    assert whole["timezone"] == "UTC"
