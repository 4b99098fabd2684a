"""The JSON of a review: byte for byte the same, and read back as it was."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from model.invalid import InvalidValueError
from reports.city import city_report
from reports.json import from_json, rounded, sealed, to_json
from reports.monthly import MonthlyReport, Scope
from reports.review import review
from tests.reports.random_months import facts

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)


def report(seed: int = 4, months: int = 2) -> MonthlyReport:
    """A month at random, sealed."""
    return sealed(review(facts(seed, months=months)), "f00", "1.0", NOW)


@pytest.mark.parametrize("seed", range(4))
def test_the_same_facts_give_the_same_bytes(seed: int) -> None:
    """Computed twice, and at another time of the day."""
    later = sealed(review(facts(seed, months=2)), "f00", "1.0", NOW.replace(hour=9))
    assert to_json(report(seed)) == to_json(later)


@pytest.mark.parametrize("seed", range(4))
def test_a_review_comes_back_as_it_was(seed: int) -> None:
    """All that every rendering shows is in the JSON, but for the time at which it was made."""
    one = report(seed)
    again = from_json(to_json(one))
    assert isinstance(again, MonthlyReport)
    assert replace(again, provenance=one.provenance) == one
    assert to_json(again) == to_json(one)


def test_the_order_of_facts_does_not_matter() -> None:
    """Whoever reads the history may hand them over in any order."""
    given = facts(4)
    month = given.months[0]
    shuffled = replace(
        month,
        links=tuple(reversed(month.links)),
        services=tuple(reversed(month.services)),
        devices=tuple(reversed(month.devices)),
        runs=tuple(reversed(month.runs)),
        incidents=tuple(reversed(month.incidents)),
    )
    other = sealed(review(replace(given, months=(shuffled,))), "f00", "1.0")
    assert to_json(other) == to_json(sealed(review(given), "f00", "1.0"))


def test_a_changed_figure_is_noticed() -> None:
    """The hash names these very figures."""
    plain = json.loads(to_json(report()))
    plain["report"]["summary"]["figures"]["outages"] += 1
    with pytest.raises(InvalidValueError, match="they were changed"):
        from_json(json.dumps(plain).encode())
    for broken in (b"{}", b"[]", b"no", b'{"format": "other/9"}'):
        with pytest.raises(InvalidValueError):
            from_json(broken)


def test_numbers_are_rounded_to_ten_digits() -> None:
    """So that the order of summing does not show; what is whole has no point."""
    assert rounded(0.1 + 0.2) == 0.3
    assert rounded(1e8) == 100_000_000
    assert isinstance(rounded(5.0), int)
    assert rounded(1 / 3) == 0.3333333333


def test_the_file_says_what_it_is_and_not_when_it_was_made() -> None:
    """Form, kind, hashes and version stand beside the figures."""
    plain = json.loads(to_json(report()))
    assert plain["format"] == "linkward-monthly-review/1"
    assert plain["kind"] == "ward"
    assert set(plain["provenance"]) == {"configuration_hash", "data_hash", "version"}
    assert "provenance" not in plain["report"]


def test_a_city_has_the_sums_of_its_wards() -> None:
    """Two wards side by side, and what both come to."""
    given = facts(4)
    one = sealed(review(given), "a", "1")
    two = sealed(review(given), "b", "1")
    city = sealed(city_report(Scope("", "", "UTC", wards=("a", "b")), [one, two], []), "c", "1")
    assert from_json(to_json(city)) == replace(city, provenance=replace(city.provenance, generated_at=None))
    both = city.summary.figures
    assert both.outages == 2 * one.summary.figures.outages
    assert both.service == one.summary.figures.service
    assert [row.data_hash for row in city.wards] == [one.provenance.data_hash] * 2
    assert sum(row.outages for row in city.providers) == both.outages
