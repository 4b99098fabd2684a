"""From cells to readings: scales, invalid values, shares, text, conditions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.health import TRAITS, HealthReading, Measure
from model.health_cells import (
    Cell,
    exposed_rows,
    first_of_each,
    number_in,
    reading_of,
    rows_of,
    text_in,
)
from model.profile import Exposed, Place, Source

VALUE, NAME, SCALE, DIGITS, KIND, STATE = (f"1.3.6.1.4.1.99999.1.{arc}" for arc in range(1, 7))


def source(**keys: Any) -> Source:
    """A table of temperatures, unless said otherwise."""
    return Source.model_validate({"measure": "temperature", "column": VALUE} | keys)


def nameless(_index: str) -> None:
    """No entity and no interface has a name."""


def read(given: Source, cells: dict[str, Cell], *indices: str, names: dict[str, str] | None = None) -> dict[str, float]:
    """Part → value of what these rows tell."""
    rows = rows_of(given, cells, indices or ("1",), (names or {}).get)
    found = [reading_of(row, cells) for row in rows]
    return {each.part: each.value for each in found if each is not None}


@pytest.mark.parametrize(
    ("keys", "raw", "value"),
    [
        pytest.param({}, 35, 35.0, id="plain"),
        pytest.param({"factor": 0.1}, 351, 35.1, id="tenths"),
        pytest.param({"factor": 0.1, "invalid": [2147483647, 0]}, 0, None, id="invalid"),
        pytest.param({}, 2147483647, None, id="impossible"),
        pytest.param({}, -70, None, id="colder than can be"),
        pytest.param({"signed": 32}, 2**32 - 5, -5.0, id="two's complement"),
        pytest.param(
            {"measure": "optical_rx", "signed": 16, "factor": 0.002, "offset": -30}, 2_500, -25.0, id="raw power"
        ),
        pytest.param(
            {"measure": "optical_rx", "signed": 16, "factor": 0.002, "offset": -30}, 65_036, -31.0, id="below"
        ),
        pytest.param({"measure": "optical_rx", "milliwatts": True, "factor": 0.001}, 1_000, 0.0, id="1 mW is 0 dBm"),
        pytest.param({"measure": "optical_rx", "milliwatts": True, "factor": 0.001}, 0, None, id="no light has no dBm"),
        pytest.param({"measure": "cpu", "factor": 0.01}, 101, None, id="more than all"),
        pytest.param({"measure": "cpu", "factor": 0.01, "is_free": True}, 75, 0.25, id="what is free"),
        pytest.param({"measure": "fan_ok", "true_for": [1], "false_for": [2]}, 1, 1.0, id="good"),
        pytest.param({"measure": "fan_ok", "true_for": [1], "false_for": [2]}, 2, 0.0, id="bad"),
        pytest.param({"measure": "fan_ok", "true_for": [1], "false_for": [2]}, 3, None, id="neither is unknown"),
    ],
)
def test_a_number_means_what_the_profile_says(keys: dict[str, Any], raw: int, value: float | None) -> None:
    """Factor, offset, sign, power and flags; what is invalid or cannot be is no reading."""
    assert read(source(**keys), {f"{VALUE}.1": raw}) == ({} if value is None else {"1": pytest.approx(value)})


@pytest.mark.parametrize(
    ("scale", "digits", "raw", "value"),
    [(9, 0, 31, 31.0), (8, 0, 21_625, 21.625), (9, 1, 346, 34.6), (9, -1, 3, 30.0), (10, 3, 25, 25.0)],
)
def test_scale_and_precision_are_those_of_rfc_3433(scale: int, digits: int, raw: int, value: float) -> None:
    """Value times a thousand to the power of scale - 9, times ten to the power of minus precision."""
    cells: dict[str, Cell] = {f"{VALUE}.1": raw, f"{SCALE}.1": scale, f"{DIGITS}.1": digits}
    assert read(source(scale=SCALE, precision=DIGITS), cells) == {"1": value}


@pytest.mark.parametrize(("scale", "digits"), [(0, 0), (18, 0), (9, 99), (b"x", 0), (9, "1.3.6")])
def test_a_scale_that_is_none_spoils_the_row_alone(scale: Cell, digits: Cell) -> None:
    """An agent that lies about a scale gives no reading, and no error."""
    cells: dict[str, Cell] = {f"{VALUE}.1": 30, f"{SCALE}.1": scale, f"{DIGITS}.1": digits}
    assert read(source(scale=SCALE, precision=DIGITS), cells) == {}


def test_a_share_is_of_a_whole_or_of_itself_and_a_rest() -> None:
    """Used of all, used beside free, and what is free with the caches that would be given back."""
    cells: dict[str, Cell] = {f"{VALUE}.1": 30, f"{SCALE}.1": 120, f"{DIGITS}.1": 90, f"{KIND}.1": 18}
    assert read(source(measure="memory", whole=SCALE), cells) == {"1": 0.25}
    assert read(source(measure="memory", rest=DIGITS), cells) == {"1": 0.25}
    assert read(source(measure="memory", whole=SCALE, plus=[KIND], is_free=True), cells) == {"1": 0.6}
    assert read(source(measure="memory", whole=SCALE, less=[KIND]), cells) == {"1": 0.1}


@pytest.mark.parametrize("whole", [0, -5, b"", None])
def test_a_share_of_nothing_is_none(whole: Cell | None) -> None:
    """A whole that is zero, negative, text or absent gives no share."""
    cells: dict[str, Cell] = {f"{VALUE}.1": 30} | ({} if whole is None else {f"{SCALE}.1": whole})
    assert read(source(measure="memory", whole=SCALE), cells) == {}


def test_a_row_is_named_by_its_column_its_index_or_an_entity() -> None:
    """A name in a column, the index where it is empty, the name of an entity, letters in the index."""
    cells: dict[str, Cell] = {f"{VALUE}.7": 30, f"{VALUE}.8": 31, f"{NAME}.7": b"Slot 7\r\n", f"{NAME}.8": b""}
    assert read(source(named_by=NAME), cells, "7", "8") == {"Slot 7": 30.0, "8": 31.0}
    assert read(source(index="entity"), cells, "7", names={"7": "Board"}) == {"Board": 30.0}
    assert read(source(part="cpu {}"), cells, "7") == {"cpu 7": 30.0}
    spelled = "4.87.73.70.73"
    assert read(source(index="text", part="{} 5 GHz"), {f"{VALUE}.{spelled}": 30}, spelled) == {"WIFI 5 GHz": 30.0}


def test_names_choose_rows_and_are_shortened() -> None:
    """A regular expression leaves rows out, and its group is the name."""
    cells: dict[str, Cell] = {
        f"{VALUE}.1": 30,
        f"{VALUE}.2": 31,
        f"{NAME}.1": b"Gi1 Receive Power",
        f"{NAME}.2": b"Gi1 Transmit Power",
    }
    assert read(source(named_by=NAME, named="^(.+) Receive"), cells, "1", "2") == {"Gi1": 30.0}


def test_conditions_are_looked_at_when_they_can_change() -> None:
    """A static one decides which rows there are, one of each time whether a row tells something now."""
    where = [{"column": KIND, "is": [8]}, {"column": STATE, "is": [1], "each_time": True}]
    cells: dict[str, Cell] = {f"{VALUE}.1": 30, f"{VALUE}.2": 31, f"{KIND}.1": 8, f"{KIND}.2": 10, f"{STATE}.1": 1}
    (row,) = rows_of(source(where=where), cells, ("1", "2"), nameless)
    assert row.oids == (f"{VALUE}.1", f"{STATE}.1")
    assert reading_of(row, cells) == HealthReading(Measure.TEMPERATURE, "1", 30.0)
    assert reading_of(row, cells | {f"{STATE}.1": 2}) is None


@pytest.mark.parametrize(
    ("cell", "pattern", "number"),
    [
        (b"-14.76", None, -14.76),
        (b"0.03 mW (-14.76 dBm)", r"(-?[0-9.]+) dBm", -14.76),
        (b"no light", r"(-?[0-9.]+) dBm", None),
        (b"", None, None),
        (b"nan", None, None),
        ("1.3.6.1", None, None),
        (12, "ignored", 12),
        (None, None, None),
    ],
)
def test_numbers_are_read_from_text(cell: Cell | None, pattern: str | None, number: float | None) -> None:
    """Where a device writes its numbers; what is no number is none, NaN among it."""
    found = number_in(cell, pattern)
    row = next(rows_of(source(measure="optical_rx"), {}, ("1",), nameless))
    assert found == number or (found is not None and reading_of(row, {f"{VALUE}.1": cell or 0}) is None)


def test_the_first_source_of_a_part_is_believed() -> None:
    """What a vendor's own table says comes before what a standard one says of the same part."""
    first, second = HealthReading(Measure.CPU, "cpu", 0.1), HealthReading(Measure.CPU, "cpu", 0.9)
    assert first_of_each([None, first, second]) == (first,)


def test_text_is_the_first_that_is_told() -> None:
    """The first row with a text, one line of it, without what a pattern does not want."""
    cells: dict[str, Cell] = {f"{NAME}.1": b"", f"{NAME}.2": b"RB760iGS\0", f"{NAME}.3": b"other"}
    assert text_in(Place(column=NAME), cells, ("1", "2", "3")) == "RB760iGS"
    assert text_in(Place(oid=f"{NAME}.2", pattern="^RB([0-9]+)"), cells, ()) == "760"
    assert text_in(Place(oid=f"{NAME}.9"), cells, ()) == ""


def test_tables_are_exposed_as_they_are() -> None:
    """Raw numbers under their names, with labels from the index and from columns; text is left out."""
    exposed = Exposed(
        scalars={"memTotalReal": f"{STATE}.0"}, columns={"hrStorageUsed": VALUE}, labels={"i": "index", "d": NAME}
    )
    cells: dict[str, Cell] = {f"{STATE}.0": 9, f"{VALUE}.1": 5, f"{NAME}.1": b"/", f"{VALUE}.2": b"no number"}
    rows = list(exposed_rows(exposed, cells, ("1", "2")))
    assert [(row.labels, dict(row.values)) for row in rows] == [
        ((), {"memTotalReal": 9.0}),
        ((("i", "1"), ("d", "/")), {"hrStorageUsed": 5.0}),
    ]


CELLS = st.one_of(
    st.integers(-(2**63), 2**64), st.binary(max_size=40), st.sampled_from(["1.3.6", "0.0", "10.0.0.1"]), st.none()
)


@given(
    measure=st.sampled_from([each for each in Measure if not TRAITS[each].is_flag and TRAITS[each].unit != "ratio"]),
    raw=CELLS,
    scale=CELLS,
    digits=CELLS,
    factor=st.floats(-1e6, 1e6),
)
def test_no_lie_of_an_agent_becomes_an_impossible_value(
    measure: Measure, raw: Cell | None, scale: Cell | None, digits: Cell | None, factor: float
) -> None:
    """Whatever the cells hold, what is read lies within what the measure can be, or nothing is."""
    told = {f"{VALUE}.1": raw, f"{SCALE}.1": scale, f"{DIGITS}.1": digits}
    cells: dict[str, Cell] = {oid: cell for oid, cell in told.items() if cell is not None}
    given = source(measure=measure.value, scale=SCALE, precision=DIGITS, factor=factor)
    for value in read(given, cells).values():
        assert TRAITS[measure].low <= value <= TRAITS[measure].high
