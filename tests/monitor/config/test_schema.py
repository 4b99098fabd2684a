"""The JSON Schema, checked by a small validator of its own and against the loader."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from model.fields import Record
from model.inventory import Inventory
from monitor.config.parsing import parse
from monitor.config.schema import DIALECT, inventory_schema
from monitor.config.shape import fields_of, records
from monitor.config.substitution import substitute
from monitor.config.tree import plain_values

SCHEMA = inventory_schema()
KEYWORDS = {
    *("$schema", "$defs", "$ref", "title", "description", "type", "properties", "required", "additionalProperties"),
    *(
        "anyOf",
        "oneOf",
        "items",
        "prefixItems",
        "enum",
        "const",
        "pattern",
        "format",
        "writeOnly",
        "examples",
        "default",
    ),
    *("minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems", "maxItems"),
}
EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yml"))
TYPES: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema with all that are inside it."""
    if isinstance(schema, bool):
        return
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    inner += [part for key in ("anyOf", "oneOf", "prefixItems") for part in schema.get(key, [])]
    inner += [schema[key] for key in ("items", "additionalProperties") if key in schema]
    for part in inner:
        yield from schemas(part)


def accepts(schema: Any, value: Any) -> bool:
    """Whether a value keeps the parts of a schema that say what may stand where."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema:
        return accepts(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value)
    branches = schema.get("anyOf") or schema.get("oneOf") or [True]
    is_chosen = value in schema.get("enum", [value]) and value is schema.get("const", value)
    is_like = not isinstance(value, str) or re.search(schema.get("pattern", ""), value)
    is_fit = is_chosen and is_like and has_type(schema.get("type"), value)
    return bool(is_fit) and any(accepts(branch, value) for branch in branches) and keeps_inside(schema, value)


def has_type(name: str | None, value: Any) -> bool:
    """Whether a value has a type; a number is text here, since the tree of a file holds only text."""
    if name in {"integer", "number"}:
        return isinstance(value, str) and re.fullmatch(r"-?[0-9.]+", value) is not None
    return name is None or isinstance(value, TYPES[name])


def keeps_inside(schema: dict[str, Any], value: Any) -> bool:
    """Whether what a value holds keeps the schema."""
    if isinstance(value, list):
        places = schema.get("prefixItems", [schema.get("items", True)] * len(value))
        return all(accepts(part, item) for part, item in zip(places, value, strict=True))
    if isinstance(value, dict):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        needed = set(schema.get("required", [])) <= set(value)
        return needed and all(accepts(properties.get(key, others), item) for key, item in value.items())
    return True


def test_the_schema_names_its_dialect_and_itself() -> None:
    """An editor must know how to read it."""
    assert (SCHEMA["$schema"], SCHEMA["title"]) == (DIALECT, "Linkward inventory")
    assert SCHEMA["description"]


def test_only_keywords_of_the_dialect_are_used_and_every_reference_leads_somewhere() -> None:
    """No key of the generator's own, no dangling $ref, no pattern that does not compile."""
    for schema in schemas(SCHEMA):
        assert set(schema) <= KEYWORDS | {"discriminator"}
        if "$ref" in schema:
            assert schema["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
        re.compile(schema.get("pattern", ""))


@pytest.mark.parametrize(("place", "record"), list(records()), ids=[place or "top" for place, _ in records()])
def test_every_key_is_in_the_schema_with_its_meaning(place: str, record: type[Record]) -> None:
    """The schema has each key of each table, described, and refuses others."""
    table = SCHEMA if record is Inventory else SCHEMA["$defs"][record.__name__]
    assert list(table["properties"]) == list(fields_of(record)), place
    assert all(entry.get("description") for entry in table["properties"].values())
    assert table["additionalProperties"] is False


def test_defaults_stand_in_the_spelling_of_the_file() -> None:
    """`60s`, not 60.0; and no default that is only the absence of one."""
    properties = SCHEMA["$defs"]["SnmpPolling"]["properties"]
    assert properties["interval"]["default"] == "60s"
    assert properties["port"]["default"] == 161
    assert "default" not in SCHEMA["$defs"]["Device"]["properties"]["snmp"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_schema_accepts_the_examples(path: Path) -> None:
    """What loads is not marked by an editor."""
    assert accepts(SCHEMA, data(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        "sities: []",
        "sites: [{name: x}]",
        "sites: [{id: Office}]",
        "sites: [{id: a, kind: ward}]",
        "sites: [{id: a, devices: [{id: d, address: h, icmp: true}]}]",
        "sites: [{id: a, links: [{id: l, target: 'http://h'}]}]",
        "credentials: {c: {version: '4'}}",
    ],
)
def test_the_schema_refuses_what_the_loader_would(text: str) -> None:
    """The commonest mistakes are marked while they are typed."""
    assert not accepts(SCHEMA, data(text))


def data(text: str) -> Any:
    """A text as lists, dicts and text."""
    tree, _ = parse(text, "ward.yml")
    assert tree is not None
    substitute(tree, {})
    return plain_values(tree)
