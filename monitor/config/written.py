"""Values as a person would write them into an inventory: plain where YAML lets them be, else in quotes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from monitor.config.substitution import PLAIN_WORDS

Written: TypeAlias = "str | int | float | bool | Sequence[Written] | Mapping[str, Written]"
"""What can stand in an inventory: scalars, lists and mappings of them."""

Record: TypeAlias = Mapping[str, Written]
"""One record: keys with their values, in the order in which they are written."""

# Fewer texts than YAML takes without quotes; none that a reader could mistake.
_PLAIN: Final = re.compile(r"[^\W_](?:[\w .+/-]*[\w.+/-])?(?::(?://)?[\w./:@-]*[\w/])?")
_NEVER_RAW: Final = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_INDENT: Final = "  "


def flow(value: Written) -> str:
    """A value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)


def block(record: Record, indent: str) -> list[str]:
    """A record as an item of a list, key by key; lists of records inside of it likewise.

    Args:
        record: What to write.
        indent: Blanks before the dash.
    """
    lines = keys(record, indent + _INDENT)
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def keys(record: Record, indent: str) -> list[str]:
    """The keys of a record, each on its line or lines; lists of records inside of it as ``block`` writes them."""
    return list(_keys(record, indent))


def _keys(record: Record, indent: str) -> Iterator[str]:
    for key, value in record.items():
        if _holds_records(value):
            yield f"{indent}{key}:"
            yield from (line for item in value for line in block(item, indent + _INDENT))  # type: ignore[arg-type, union-attr]  # told by _holds_records
        else:
            yield f"{indent}{key}: {flow(value)}"


def _holds_records(value: Written) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _text(text: str) -> str:
    # What comes from a device or a spreadsheet must never be looked up in the environment or in a file.
    text = text.replace("${", "$${")
    if _PLAIN.fullmatch(text) and text not in PLAIN_WORDS and "$" not in text:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _NEVER_RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
