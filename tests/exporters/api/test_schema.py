"""The API is questioned by schemathesis, which makes requests of its description: right ones, and wrong ones."""

from datetime import timedelta
from typing import Any, Final

import hypothesis
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from model.alerting import MaintenanceWindow
from model.matcher import parse_matcher
from model.silence import make_silence
from tests.peers.api import Ward
from tests.peers.board import AT
from tests.peers.desk import incident, rich_incident

EXAMPLES: Final = 15
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    unsupported_method,
]
SETTINGS: Final = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
TIMES: Final = st.sampled_from(["2026-11-01", "2026-11-24T07:30:00+07:00", "2026-11-24T07:00:00Z", "9999-12-31", ""])
QUIET: Final = make_silence((parse_matcher("site=office"),), AT, AT + timedelta(hours=2), "An", "UPS", now=AT)
WORK: Final = MaintenanceWindow.model_validate({"id": "work", "links": ["office-vnpt"], "every": "Sun 02:00-03:00"})
NEEDED: Final = {
    "/api/v1/silences": ("matchers", "author", "comment", "for"),
    "/api/v1/maintenance": ("links", "who", "for"),
    "/api/v1/incidents/{id}/ack": ("who",),
    "/api/v1/links/{id}/speed": ("who",),
}
# By chance schemathesis would hardly ever ask for something that is there.
FITTING: Final[dict[str, st.SearchStrategy[Any]]] = {
    "id": st.sampled_from([incident().id, WORK.id, QUIET.id, "office-vnpt", "none"]),
    "site": st.sampled_from(["office", "none"]),
    "link": st.just("office-vnpt"),
    "device": st.just("office-rt1"),
    "service": st.just("resolver"),
    "state": st.sampled_from(["up", "unknown", "open", "closed", "all", "active", "pending", "ended"]),
    "limit": st.sampled_from(["1", "1000", "1001"]),
    "after": st.sampled_from(["office", "office-vnpt", incident().id]),
    "at": TIMES,
    "from": TIMES,
    "to": TIMES,
    "who": st.sampled_from(["An", "Nguyễn", "\u202e"]),
    "author": st.just("An"),
    "comment": st.just("UPS"),
    "reason": st.just("UPS"),
    "every": st.sampled_from(["Sun 02:00-03:00", "always"]),
    "for": st.sampled_from(["2h", "500y", "0s"]),
    "matchers": st.sampled_from([["site=office"], ["alertname=~Link.*", "link!=x"], ["site=~("]]),
    "starts_at": TIMES,
    "ends_at": TIMES,
    "sites": st.sampled_from([["office"], ["none"]]),
    "links": st.just(["office-vnpt"]),
    "devices": st.just(["office-rt1"]),
}


def _schema() -> schemathesis.BaseSchema:
    ward = Ward()
    ward.desk.put(incident(), rich_incident())
    ward.desk.quiet[QUIET.id] = QUIET
    ward.desk.work[WORK.id] = WORK, False
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", ward.app())


SCHEMA: Final = _schema()


@SCHEMA.parametrize()
@SETTINGS
def test_every_answer_is_one_that_is_described(case: schemathesis.Case[Any]) -> None:
    """No 5xx, no status, type or shape that the description does not name, whatever is asked."""
    case.call_and_validate(checks=CHECKS)


@SCHEMA.given(data=st.data())
@SCHEMA.parametrize()
@hypothesis.settings(SETTINGS, phases=[hypothesis.Phase.generate])  # the examples of the description leave no choice
def test_so_is_every_answer_about_something_that_is_there(case: schemathesis.Case[Any], data: st.DataObject) -> None:
    """The same with ids and values of the ward, until it is taken on, silenced, announced, and over again."""
    case.path_parameters = {name: data.draw(FITTING[name]) for name in case.path_parameters}
    case.query = {name: data.draw(FITTING[name]) for name in case.query.keys() & FITTING.keys()}
    if isinstance(case.body, dict):
        names = {*(case.body.keys() & FITTING.keys()), *NEEDED[case.operation.path]}
        case.body = {name: data.draw(FITTING[name]) for name in sorted(names)}
    case.call_and_validate(checks=CHECKS)
