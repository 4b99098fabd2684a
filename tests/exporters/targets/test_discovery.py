"""GET /sd: what Prometheus is to scrape."""

from typing import Any

import httpx
import pytest

from exporters.breathing import PIECE
from exporters.targets.aim import Held
from exporters.targets.discovery import discovery_parts
from exporters.targets.modules import MODULES
from model.inventory import Inventory
from tests.peers.board import ward
from tests.peers.past import Kept


def labels(groups: list[Any], noun: str) -> dict[str, str]:
    """The labels of the one group of a noun."""
    (found,) = (group["labels"] for group in groups if noun in group["labels"])
    assert isinstance(found, dict)
    return found


async def test_the_list_is_what_prometheus_wants(client: httpx.AsyncClient) -> None:
    """JSON in UTF-8, objects with targets and labels, and every value a string."""
    answer = await client.get("/sd")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert "Cổng Dịch vụ công quốc gia" in answer.text
    for group in answer.json():
        assert group.keys() == {"targets", "labels"}
        assert group["targets"]
        assert all(isinstance(value, str) and value for value in group["labels"].values())


async def test_a_link_is_described(client: httpx.AsyncClient) -> None:
    """Where it is asked for, by which module, whose it is; and as meta labels whatever a rule may go by."""
    groups = [group for group in (await client.get("/sd?kind=links")).json() if group["labels"]["site"] == "office"]
    assert [(group["targets"], group["labels"]["__param_module"]) for group in groups] == [
        (["203.0.113.1"], "icmp"),
        (["203.0.113.1:443"], "tcp_connect"),
    ]
    assert groups[0]["labels"] == {
        "__metrics_path__": "/probe",
        "__param_module": "icmp",
        "__param_link": "office-vnpt",
        "site": "office",
        "ward": "xuan-dinh",
        "provider": "VNPT",
        "link": "office-vnpt",
        "__meta_linkward_site": "office",
        "__meta_linkward_ward": "xuan-dinh",
        "__meta_linkward_provider": "VNPT",
        "__meta_linkward_link": "office-vnpt",
        "__meta_linkward_kind": "link",
        "__meta_linkward_site_name": "Trụ sở UBND phường",
        "__meta_linkward_site_kind": "office",
        "__meta_linkward_role": "primary",
        "__meta_linkward_circuit": "HN-0123",
        "__meta_linkward_interval_seconds": "1",
    }


async def test_a_device_is_pinged_and_polled(client: httpx.AsyncClient) -> None:
    """One group for each way."""
    groups = (await client.get("/sd?kind=devices")).json()
    ways = [
        (group["targets"], group["labels"]["__metrics_path__"], group["labels"]["__param_module"]) for group in groups
    ]
    assert ways == [(["10.20.0.1"], "/probe", "icmp"), (["10.20.0.1"], "/snmp", "if_mib")]


async def test_a_page_is_told_without_its_query(client: httpx.AsyncClient) -> None:
    """Everybody may read this list, and a query may hold a key."""
    answer = await client.get("/sd?kind=services")
    assert [group["targets"] for group in answer.json()] == [["https://dichvucong.example/"], ["10.20.0.53"]]
    assert "planted" not in answer.text


async def test_whatever_is_listed_is_held(client: httpx.AsyncClient) -> None:
    """No target of the list is refused by /probe or /snmp."""
    held = Held(ward())
    for group in (await client.get("/sd")).json():
        found = group["labels"]
        who = {noun: found[f"__param_{noun}"] for noun in ("link", "device", "service") if f"__param_{noun}" in found}
        for target in group["targets"]:
            if found["__metrics_path__"] == "/snmp":
                assert held.agent(target, who)
            else:
                assert held.aim(MODULES[found["__param_module"]], target, who)


async def test_an_agent_on_another_port(client: httpx.AsyncClient, kept: Kept) -> None:
    """Is told with it, in brackets where it is IPv6; a target that is a device is not told twice."""
    kept.inventory = Inventory.model_validate({
        "credentials": {"v2": {"version": "2c", "community": "x"}},
        "sites": [
            {
                "id": "a",
                "devices": [
                    {"id": "rt", "address": "2001:db8::1", "icmp": False, "snmp": {"credentials": "v2", "port": 1161}}
                ],
                "links": [{"id": "l", "target": "snmp://rt"}],
            }
        ],
    })
    assert [group["targets"] for group in (await client.get("/sd")).json()] == [["[2001:db8::1]:1161"]]


@pytest.mark.parametrize("query", ["", "?kind=links", "?kind=services&kind=devices"])
async def test_nothing_is_an_empty_list(client: httpx.AsyncClient, kept: Kept, query: str) -> None:
    """Not an error: Prometheus would keep the old targets."""
    kept.inventory = Inventory()
    assert (await client.get(f"/sd{query}")).json() == []


async def test_kinds_are_parts_of_the_whole(client: httpx.AsyncClient) -> None:
    """All three together are all there is; one that is not known is refused."""
    parts = [
        group for kind in ("links", "devices", "services") for group in (await client.get(f"/sd?kind={kind}")).json()
    ]
    assert parts == (await client.get("/sd")).json()
    assert (await client.get("/sd?kind=services&kind=links")).json() == [*parts[:3], *parts[-2:]]
    unknown = await client.get("/sd?kind=link")
    assert (unknown.status_code, unknown.text) == (
        400,
        "kind='link' is unknown: the kinds are links, devices, services\n",
    )


async def test_who_has_it_already_is_told_so(client: httpx.AsyncClient, kept: Kept) -> None:
    """Until something changes, and for each kind by itself."""
    tag = (await client.get("/sd")).headers["etag"]
    again = await client.get("/sd", headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get("/sd?kind=links", headers={"if-none-match": tag})).status_code == 200
    kept.inventory = ward().model_copy(update={"sites": ward().sites[:1]})
    assert (await client.get("/sd", headers={"if-none-match": tag})).status_code == 200


async def test_a_long_list_is_one_list_in_short_pieces(client: httpx.AsyncClient, kept: Kept) -> None:
    """Of links alone, of services alone and of both: valid, complete, of the length that is announced."""
    links = [{"id": f"l-{n}", "target": f"icmp://10.0.{n // 250}.{n % 250}"} for n in range(1_000)]
    services = [{"id": f"s-{n}", "url": f"https://s{n}.example.vn/"} for n in range(1_000)]
    kept.inventory = Inventory.model_validate({"sites": [{"id": "a", "links": links, "services": services}]})
    for query, count in (("?kind=links", 1_000), ("?kind=services", 1_000), ("", 2_000)):
        answer = await client.get(f"/sd{query}")
        assert len(answer.json()) == count
        assert int(answer.headers["content-length"]) == len(answer.content) > 2 * PIECE
    for part in discovery_parts(kept.inventory).values():
        assert all(len(piece) < PIECE + 2_000 for piece in part.pieces)
