"""``docs/profiles.md``, made of the built-in profiles and of the types that read them."""

from collections.abc import Iterator, Mapping
from typing import Final

from model.fields import Record
from model.health import TRAITS, Measure
from model.profile import Match, Profile, joined
from monitor.config.page import key_rows
from monitor.config.profiles import load_profiles
from monitor.config.shape import records

_OPENING: Final = """\
# Profiles of devices

<!-- Written by `make docs` from monitor/profiles/*.yml and from the types that read them; edit those. -->

What is read of which device, by which OIDs, and how a profile is written. How and when it is read, and when a device is
unwell, stands in [devices.md](devices.md).
"""
_WRITING: Final = """\
## Every key of a profile

A file `NAME.yml` in the folder that the inventory names as `profiles:` adds a profile, or replaces the built-in one of
that name. `linkward check` says what is wrong with it, with file and line.

```yaml
title: Routers of our ward
source: The maker's manual, page 12
vendor: Example
match: [{object_id: 1.3.6.1.4.1.99999}]
includes: [host-resources, entity]
model: [{oid: 1.3.6.1.4.1.99999.1.1.0}]
readings:
  - {measure: temperature, oid: 1.3.6.1.4.1.99999.2.1.0, factor: 0.1, part: board, invalid: [-1]}
  - measure: optical_rx
    column: 1.3.6.1.4.1.99999.3.1.5
    index: interface
    factor: 0.01
    where: [{column: 1.3.6.1.4.1.99999.3.1.2, is: [1]}]
```
"""


def profiles_page() -> str:
    """The page, in Markdown."""
    profiles = load_profiles()
    devices = {name: profile for name, profile in profiles.items() if profile.match}
    parts = {name: profile for name, profile in profiles.items() if not profile.match}
    return "\n".join([
        _OPENING,
        "## Devices\n",
        *_table(profiles, devices),
        "## Parts that profiles include\n",
        *_table(profiles, parts),
        "## Measures\n",
        *_measures(),
        _WRITING,
        *_keys(),
    ])


def _table(profiles: Mapping[str, Profile], chosen: Mapping[str, Profile]) -> Iterator[str]:
    yield "| profile | for | known by | reads | source |\n|---|---|---|---|---|"
    for name, profile in sorted(chosen.items()):
        measures = dict.fromkeys(source.measure.value for source in joined(profiles, name).readings)
        fits = "; ".join(map(_spelled, profile.match))
        cells = (f"`{name}`", profile.title, fits, ", ".join(measures), profile.source)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _spelled(match: Match) -> str:
    said = {"sysObjectID": match.object_id, "sysDescr": match.descr, "answers": match.exists}
    return ", ".join(f"{name} `{value}`" for name, value in said.items() if value)


def _measures() -> Iterator[str]:
    yield "| measure | metric | unit | from | to | meaning |\n|---|---|---|---|---|---|"
    for measure in Measure:
        trait = TRAITS[measure]
        unit = "1 or 0" if trait.is_flag else trait.unit
        yield f"| `{measure}` | `{trait.metric}` | {unit} | {trait.low:g} | {trait.high:g} | {trait.meaning} |"
    yield ""


def _keys() -> Iterator[str]:
    places: dict[type[Record], list[str]] = {}
    for place, record in records(Profile):
        places.setdefault(record, []).append(place)
    for record, found in places.items():
        yield from key_rows(record, found)
