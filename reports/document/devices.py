"""Devices, power and certificates."""

from typing import Final, NamedTuple

from reports.document.blocks import Block, Kind, Paragraph, Table, Value
from reports.document.fields import Field, facts, table
from reports.document.telling import Telling
from reports.sections.others import DeviceHealth, EquipmentRow, Trouble

_DEVICE: Final = "device"


class _Told(NamedTuple):
    """A trouble beside whose it is."""

    row: EquipmentRow
    trouble: Trouble


def devices(telling: Telling) -> tuple[Block, ...]:
    """The section on equipment."""
    health, words = telling.report.devices, telling.words
    if health.reason:
        return (Paragraph(words.word("devices", health.reason)),)
    figures, *tables = device_tables(telling)
    if not health.rows:
        return figures, Paragraph(words.say("devices.none"))
    return (figures, *(one for one in tables if one.rows))


def device_tables(telling: Telling) -> tuple[Table, ...]:
    """The figures, the devices that were down or unwell, and what was wrong; empty where there is nothing."""
    health, words = telling.report.devices, telling.words
    rows = [row for row in health.rows if row.noun == _DEVICE]
    told = [_Told(row, trouble) for row in health.rows for trouble in row.troubles]
    return (
        facts("device_figures", _figures(health), words),
        table("devices", device_fields(telling), rows, words, note=words.say("note.devices")),
        table("troubles", trouble_fields(telling), told, words, note=words.say("note.troubles"), is_wide=True),
    )


def _figures(health: DeviceHealth) -> list[tuple[str, Value, Kind]]:
    return [
        ("devices_watched", health.watched, Kind.COUNT),
        ("devices_unknown", None if health.reason else len(health.unknown), Kind.COUNT),
        ("devices_troubled", health.troubled, Kind.COUNT),
        ("on_battery", health.on_battery, Kind.COUNT),
    ]


def device_fields(telling: Telling) -> tuple[Field[EquipmentRow], ...]:
    """The columns of devices."""
    return (
        Field("device", Kind.TEXT, lambda row: row.id, 2.2),
        Field("site", Kind.TEXT, lambda row: telling.names.site(row.site), 2.6),
        Field("device_outages", Kind.COUNT, lambda row: row.outages, 0.9),
        Field("down", Kind.DURATION, lambda row: row.down_seconds, 1.2),
        Field("longest", Kind.DURATION, lambda row: row.longest_seconds, 1.2),
        Field("device_unknown", Kind.PERCENT, lambda row: row.unknown, 1.2),
    )


def trouble_fields(telling: Telling) -> tuple[Field[_Told], ...]:
    """The columns of what was wrong."""
    return (
        Field("equipment", Kind.TEXT, lambda one: _name(one.row, telling), 2.6),
        Field("site", Kind.TEXT, lambda one: telling.names.site(one.row.site), 2.4),
        Field("trouble", Kind.SENTENCE, lambda one: telling.words.word("trouble", one.trouble.what), 2.6),
        Field("times", Kind.COUNT, lambda one: one.trouble.times, 0.7),
        Field("first_there", Kind.MOMENT, lambda one: one.trouble.first, 1.7),
        Field("last_there", Kind.MOMENT, lambda one: one.trouble.last, 1.7),
        Field("lasted_in_all", Kind.DURATION, lambda one: one.trouble.seconds, 1.2),
        Field("unseen", Kind.DURATION, lambda one: one.trouble.unseen_seconds, 1.2),
        Field("at_end", Kind.WORD, lambda one: f"yes_no.{one.trouble.goes_on}", 0.8),
    )


def _name(row: EquipmentRow, telling: Telling) -> str:
    """A device by its id, which a site may have too."""
    match row.noun:
        case "link":
            return telling.names.link(row.id)
        case "service":
            return telling.names.services.get(row.id, row.id)
    return row.id
