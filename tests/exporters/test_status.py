"""The state of everything."""

import json
from datetime import UTC, datetime, timedelta

from exporters.status import status_json, status_of
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from tests.peers.board import AT, ward


def test_the_shape_that_programs_rely_on() -> None:
    """Ward, now, sites with links, devices and services, each with id, state and since."""
    states: dict[SubjectKey, State] = {("site", "office"): State.UP, ("link", "office-vnpt"): State.UP}
    whole = json.loads(status_json(status_of(ward(), states, {("link", "office-vnpt"): AT}, AT)))
    assert whole["ward"] == "xuan-dinh"
    assert whole["now"] == "2026-11-24T07:00:00Z"
    office, point = whole["sites"]
    assert (office["id"], office["state"], point["state"]) == ("office", "up", "unknown")
    link = office["links"][0]
    assert (link["id"], link["state"], link["since"]) == ("office-vnpt", "up", "2026-11-24T07:00:00Z")
    assert [device["id"] for device in office["devices"]] == ["office-rt1"]
    assert [service["id"] for service in office["services"]] == ["public-services", "resolver"]


def test_what_has_no_state_is_unknown_since_nobody_knows() -> None:
    """Without a state there is no since either."""
    link = status_of(ward(), {}, {}, AT).sites[0].links[0]
    assert (link.state, link.since) == (State.UNKNOWN, None)


def test_a_city_has_no_single_ward() -> None:
    """Where the inventory lists several wards, none of them is named."""
    city = Inventory.model_validate({"wards": [{"id": "a"}, {"id": "b"}], "sites": [{"id": "s", "ward": "a"}]})
    whole = status_of(city, {}, {}, datetime.now(UTC) + timedelta(0))
    assert (whole.ward, whole.language, whole.timezone) == (None, "en", "UTC")


def test_no_secret_is_in_it() -> None:
    """Neither a community nor the query of a URL is shown."""
    assert "planted" not in status_json(status_of(ward(), {}, {}, AT)).decode()
