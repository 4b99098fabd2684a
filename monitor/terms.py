"""What held for each link and service, and since when: so that a month is judged by what was valid then."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from history.errors import HistoryError
from history.facts import Document, Fact, InventoryVersion, Terms
from history.store import Store
from model.inventory import Inventory, Link, Service, Site
from model.measurement import SubjectKey
from model.requirement import Requirement
from monitor.speed.missed import stated


def terms_of(inventory: Inventory) -> dict[SubjectKey, Document]:
    """What the inventory says of each link and service that its review will ask for; no secret is among it."""
    found: dict[SubjectKey, Document] = {}
    for site, link in inventory.links():
        found["link", link.id] = {
            **_common(inventory, site, link),
            "provider": link.provider,
            "circuit": link.circuit,
            "role": link.role,
            "contracted": _plain(link.contracted),
            **_plan(link),
        }
    for site, service in inventory.services():
        found["service", service.id] = _common(inventory, site, service)
    return found


def digest_of(terms: Mapping[SubjectKey, Document]) -> str:
    """One word for all of them: equal for equal terms, in whatever order."""
    rows = sorted([*subject, json.dumps(document, sort_keys=True)] for subject, document in terms.items())
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def news_of(before: Mapping[SubjectKey, Document], after: Mapping[SubjectKey, Document], now: datetime) -> list[Fact]:
    """The facts of a change: a version, and the terms that are new, others or gone; nothing where nothing changed."""
    if before == after:
        return []
    digest = digest_of(after)
    changed: Iterable[SubjectKey] = (
        subject for subject in before.keys() | after.keys() if before.get(subject) != after.get(subject)
    )
    return [InventoryVersion(digest, now), *(Terms(key, now, digest, after.get(key)) for key in sorted(changed))]


async def known_terms(store: Store, now: datetime) -> dict[SubjectKey, Document]:
    """The terms that the history knows as the last; none where it cannot be read."""
    try:
        known = await store.terms(now, now)
    except HistoryError:
        return {}
    last = {subject: rows[-1].content for subject, rows in known.items() if rows}
    return {subject: content for subject, content in last.items() if content is not None}


def _common(inventory: Inventory, site: Site, item: Link | Service) -> dict[str, Any]:
    ward = inventory.ward_of(site)
    return {
        "name": item.name,
        "site": site.id,
        "ward": ward.id if ward else None,
        "service_hours": list(site.service_hours),
        "citizens_per_hour": site.citizens_per_hour,
        "requirement": _stated(inventory.requirement_of(item)),
        "profile": _profile(item),
    }


def _plan(link: Link) -> dict[str, Any]:
    # Only where there is one: what has no plan has the terms that it always had.
    plan = stated(link)
    return {} if plan is None else {"speed_test": plan}


def _profile(item: Link | Service) -> str | None:
    own = item.requirement
    return own if own is None or isinstance(own, str) else own.extends


def _stated(requirement: Requirement | None) -> Any:
    # What is not set has its default; a change that sets a threshold to null ends it.
    return None if requirement is None else requirement.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _plain(record: Any) -> Any:
    return None if record is None else record.model_dump(mode="json", exclude_none=True)
