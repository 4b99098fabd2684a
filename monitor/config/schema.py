"""The inventory as a JSON Schema, so that an editor completes keys and marks mistakes while they are typed."""

from typing import Any, Final

from model.fields import Record
from model.inventory import Inventory
from monitor.config.shape import fields_of, file_default, records

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def inventory_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of an inventory in one file.

    What only the whole inventory can tell (dangling names, ids that are there twice) is left to ``linkward check``.
    """
    schema = Inventory.model_json_schema(by_alias=True)
    for _, record in records():
        _spell(schema if record is Inventory else schema["$defs"][record.__name__], record)
    return {"$schema": DIALECT, **schema, "title": "Linkward inventory"}


def _spell(table: dict[str, Any], record: type[Record]) -> None:
    for key, field in fields_of(record).items():
        entry = table["properties"][key]
        # pydantic's titles repeat the key, its defaults are the numbers inside the program, and a description that a
        # key shares with its table it leaves out.
        entry.pop("title", None)
        entry.pop("default", None)
        entry["description"] = field.description
        default = file_default(field)
        if default is not None:
            entry["default"] = default
