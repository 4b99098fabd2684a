"""``docs/configuration.md``, made of the types that read the file."""

from collections.abc import Iterator, Mapping
from typing import Final, get_origin

from pydantic.fields import FieldInfo

from model.fields import Record
from monitor.config.presets import Preset, presets
from monitor.config.shape import fields_of, file_default, records, shape_of_field, words

_OPENING: Final = """\
# Configuration

<!-- Written by `make docs` from the types that read the file; edit those. -->

One YAML file describes what is watched, what it must deliver and who is told; or a folder, whose `*.yml` are merged:
lists append, tables merge, and what can be there only once is an error the second time. `linkward check FILE` says
everything that is wrong with it, each with file, line and a mend, and ends with status 0 when nothing is.
`linkward export schema` gives a JSON Schema for editors.

- **Values with units are text**: durations `30ms`, `5m`, `1h30m`; bit rates `200Mbit/s`; shares `0.5%`; sizes `20GB`.
  Nothing goes without its unit, a share not without its `%`; a fraction has a point, not a comma.
- **Words are words**: by YAML 1.2 only `true` and `false` are truth values; `yes`, `no`, `on` and `off` are text.
- **Looked up**: `${NAME}` and `${NAME:-default}` in the environment, `${file:PATH}` in a file, relative to the one that
  says it, without the line end at its end. `$${` stands for `${` itself. Put such text in quotes; between
  braces it needs them: `{community: "${SNMP_COMMUNITY}"}`. What was looked up is never printed, and a secret that is
  empty is an error.
- **Ids** of wards, sites, devices, links and services are unique across the whole inventory.
- **Repeating**: `&name` on a mapping and `<<: *name` in another take its keys over.
"""


def configuration_page(example: str) -> str:
    """The page, in Markdown.

    Args:
        example: The text of the worked example that stands on top.
    """
    parts = [_OPENING, f"## A whole ward\n\n```yaml\n{example.strip()}\n```\n", *_presets(presets()), "## Every key\n"]
    places: dict[type[Record], list[str]] = {}
    for place, record in records():
        places.setdefault(record, []).append(place)
    return "\n".join([*parts, *("\n".join(key_rows(record, found)) for record, found in places.items())])


def _presets(found: Mapping[str, Preset]) -> Iterator[str]:
    yield (
        "## Requirements that are built in\n\n"
        "An entry of its name under `requirements` replaces a preset, or overlays it with `extends`. A number that\n"
        "was not seen in the source itself is marked; each is to be agreed by whoever signs the contract.\n"
    )
    for name, preset in found.items():
        rows = [
            f"| `{key}` | {threshold.value} | {'yes' if threshold.verified else '**no**'} | {_cell(threshold.note)} |"
            for key, threshold in preset.thresholds.items()
        ]
        head = ["| key | value | seen in the source | note |", "|---|---|---|---|"]
        about = f"### `{name}`\n\n{preset.title}. Source: {preset.source}; {preset.date}.\n"
        yield "\n".join([about, *head, *rows, ""])


def key_rows(record: type[Record], places: list[str]) -> Iterator[str]:
    """The lines of one table of a file: where it stands, and each of its keys."""
    where = " · ".join(f"`{place}`" for place in places if place)
    yield f"### {where or 'At the top'}\n\n{_first_line(record)}\n"
    yield "| key | write | default | meaning |\n|---|---|---|---|"
    for key, field in fields_of(record).items():
        yield f"| `{key}` | {_cell(_write(field))} | {_default(field)} | {_cell(field.description or '')} |"
    yield ""


def _write(field: FieldInfo) -> str:
    shape = shape_of_field(field)
    if shape.record and not shape.branches:
        return "a table, see below"
    if shape.item().record and not shape.branches:
        return (
            "a list of tables, see below" if get_origin(shape.base) is tuple else "names with a table each, see below"
        )
    return words(shape)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    default = file_default(field)
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return "" if default is None else f"`{default}`"


def _first_line(record: type[Record]) -> str:
    return (record.__doc__ or "").strip().partition("\n")[0]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
