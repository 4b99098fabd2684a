"""What held for a link, and since when, is written down once and only when it changes."""

from datetime import UTC, datetime
from typing import Any

from history.facts import Document, InventoryVersion, Terms
from model.inventory import Inventory
from model.measurement import SubjectKey
from monitor.terms import digest_of, news_of, terms_of

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def inventory(**link: Any) -> Inventory:
    """One site with one link, and a credential that must not be written down."""
    return Inventory.model_validate({
        "credentials": {"c": {"version": "2c", "community": "canary-5f1e"}},
        "requirements": {"office": {"availability": "99.9%"}},
        "sites": [
            {"id": "office", "links": [{"id": "one", "target": "icmp://192.0.2.1", "requirement": "office", **link}]}
        ],
    })


def test_the_terms_are_what_a_review_asks_for() -> None:
    """Provider, contract and requirement, and no secret."""
    contract = {"download": "300Mbit/s", "upload": "100Mbit/s"}
    terms = terms_of(inventory(provider="VNPT", contracted=contract))
    (document,) = terms.values()
    assert document["provider"] == "VNPT"
    assert document["contracted"] == {"download": 3e8, "upload": 1e8}
    requirement = document["requirement"]
    assert isinstance(requirement, dict)
    assert requirement["availability"] == 0.999
    assert "canary" not in str(terms)


def test_the_plan_of_speed_tests_is_among_the_terms() -> None:
    """Without address and key; a link that is tested on demand only has none."""
    test = {"url": "http://192.0.2.9:8862", "key": "canary-5f1e-9c21", "windows": ["02:00-05:00"]}
    (planned,) = terms_of(inventory(speed_test=test)).values()
    assert planned["speed_test"] == {"windows": ["02:00-05:00"], "per_day": 2}
    (asked,) = terms_of(inventory(speed_test=test | {"windows": []})).values()
    assert "speed_test" not in asked
    assert "canary" not in str(planned)


def test_a_change_is_written_down_and_nothing_else() -> None:
    """A new provider is a fact; the same terms again are none; a link that is gone has no terms."""
    first, second = terms_of(inventory(provider="VNPT")), terms_of(inventory(provider="FPT"))
    version, terms = news_of(first, second, NOON)
    assert version == InventoryVersion(digest_of(second), NOON)
    assert isinstance(terms, Terms)
    assert terms.content is not None
    assert terms.content["provider"] == "FPT"
    assert news_of(second, second, NOON) == []
    assert [fact.content for fact in news_of(second, {}, NOON) if isinstance(fact, Terms)] == [None]


def test_the_digest_does_not_depend_on_order() -> None:
    """The same terms, written in another order, are the same version."""
    terms: dict[SubjectKey, Document] = {("link", name): {"provider": name} for name in ("a", "b", "c")}
    assert digest_of(terms) == digest_of(dict(reversed(terms.items())))
