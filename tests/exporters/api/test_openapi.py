"""The description of the API."""

import re
from pathlib import Path
from typing import Any

import httpx

from tests.peers.api import Ward
from tests.peers.desk import rich_incident

_DOCS = (Path(__file__).parents[3] / "docs" / "http.md").read_text(encoding="utf-8")


async def _description(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/v1/openapi.json")).json()
    return found


_READ = ("status", "sites", "links", "devices", "services", "availability", "explain", "incidents/{id}")
_METHODS = {
    **{f"/api/v1/{name}": {"get"} for name in (*_READ, "incidents")},
    **{f"/api/v1/{name}": {"get", "post"} for name in ("silences", "maintenance")},
    **{f"/api/v1/{name}/{{id}}": {"delete"} for name in ("silences", "maintenance")},
    "/api/v1/incidents/{id}/ack": {"post", "delete"},
    "/api/v1/devices/{id}/health": {"get"},
    "/api/v1/links/{id}/speed": {"get", "post"},
    "/api/v1/topology/drift": {"get"},
}


async def test_every_path_is_described_and_documented(client: httpx.AsyncClient) -> None:
    """What programs can ask is in the description and on the page, each with its parameters and its body."""
    paths = (await _description(client))["paths"]
    assert {path: set(methods) for path, methods in paths.items()} == _METHODS
    for path, methods in paths.items():
        assert f"`{path}`" in _DOCS
        for method, described in methods.items():
            assert ("requestBody" in described) == (method == "post")
            for parameter in described.get("parameters", ()):
                assert parameter["description"]
                assert parameter["required"] == (parameter["in"] == "path")
                assert parameter["in"] == "path" or f"?{parameter['name']}=" in _DOCS
            body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            for name, key in body.get("properties", {}).items():
                assert f"`{name}`" in _DOCS, (path, name)
                assert key["description"]


async def test_every_reference_leads_somewhere(client: httpx.AsyncClient) -> None:
    """It is whole: every schema that it refers to is in it, and every operation has a name of its own."""
    description = await _description(client)
    assert description["openapi"].startswith("3.1")
    references = set(re.findall(r"'#/components/schemas/([^']+)'", str(description)))
    assert references
    assert references <= set(description["components"]["schemas"])
    operations = [method["operationId"] for path in description["paths"].values() for method in path.values()]
    assert len(operations) == len(set(operations))


async def test_every_answer_has_a_shape(client: httpx.AsyncClient) -> None:
    """Success is JSON of a known shape, each refusal a problem."""
    paths = (await _description(client))["paths"]
    for path, described in ((path, one) for path, methods in paths.items() for one in methods.values()):
        answers = described["responses"]
        (success,) = {"200", "201", "202"} & set(answers)
        assert "$ref" in answers[success]["content"]["application/json"]["schema"], path
        assert "content" not in answers.pop("304", {})
        refusals = {status: answer["content"] for status, answer in answers.items() if status != success}
        assert all(list(content) == ["application/problem+json"] for content in refusals.values()), (path, refusals)


async def test_what_is_answered_has_the_shape_that_is_described(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Each member of an answer is one that its schema names, and none is missing."""
    description = await _description(client)
    schemas = description["components"]["schemas"]
    daemon.desk.put(rich_incident())
    for query in (
        *("status", "sites", "links", "services", "availability", "explain?link=office-vnpt"),
        *("incidents", f"incidents/{rich_incident().id}", "silences", "maintenance"),
    ):
        path = f"/api/v1/{query.partition('?')[0]}".replace(rich_incident().id, "{id}")
        content = description["paths"][path]["get"]["responses"]["200"]["content"]
        answer = (await client.get(f"/api/v1/{query}")).json()
        _compare(answer, content["application/json"]["schema"], schemas)


async def test_what_holds_everywhere_is_described(client: httpx.AsyncClient) -> None:
    """A password may be wanted, and a request that has none or fails is refused as a problem, at every operation."""
    description = await _description(client)
    assert description["security"] == [{}, {"password": []}]
    assert description["components"]["securitySchemes"]["password"]["scheme"] == "basic"
    for methods in description["paths"].values():
        for described in methods.values():
            assert {"401", "429", "500"} <= set(described["responses"])


def _compare(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    for choice in schema.get("anyOf", ()):
        if value is not None and choice.get("type") != "null":
            _compare(value, choice, schemas)
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"])
        for name, member in value.items():
            _compare(member, schema["properties"][name], schemas)
    if isinstance(value, list) and "items" in schema:
        for member in value:
            _compare(member, schema["items"], schemas)
