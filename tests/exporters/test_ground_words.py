"""Why somebody was told or nobody, in words."""

import json

import pytest

from exporters.ground_words import grounds_in_words
from history.facts import Decision
from model.grounds import Ground, Grounds, grounds_from
from model.inventory import Language
from monitor.rulings import decided
from tests.peers.board import AT

_WINDOW = Grounds(
    Ground.WINDOW,
    {"window": "fibre", "until": "2026-12-24T04:00:00+00:00", "zone": "Asia/Ho_Chi_Minh", "reason": "kéo {cáp}"},
)


def _said(grounds: Grounds, language: Language) -> str:
    return grounds_in_words(grounds, language, lambda noun, name: f"<{noun} {name}>", lambda name: f"<{name}>")


@pytest.mark.parametrize(
    ("grounds", "en", "vi", "id_"),
    [
        (
            _WINDOW,
            "maintenance window `fibre` until 2026-12-24 11:00 Asia/Ho_Chi_Minh: kéo {cáp}",
            "lịch bảo trì `fibre` đến 11:00 24/12/2026: kéo {cáp}",
            "jadwal pemeliharaan `fibre` sampai 11:00 24/12/2026: kéo {cáp}",
        ),
        (
            Grounds(Ground.TOLD, {"kind": "opened", "receiver": "duty", "person": "an"}),
            *("opened to duty (an)", "báo mới tới duty (an)", "kabar baru ke duty (an)"),
        ),
        (
            Grounds(Ground.GROUP_WAIT, {"seconds": 30.0}),
            "for others of its group, 30 s",
            "chờ 30 giây để báo chung với các sự cố cùng nhóm",
            "menunggu 30 detik untuk diberitahukan bersama kelompoknya",
        ),
        (
            Grounds(Ground.SERVICE_HOURS, {"site": "office"}),
            "outside the service hours of <site office>",
            "ngoài giờ phục vụ của <site office>",
            "di luar jam layanan <site office>",
        ),
        (
            Grounds(Ground.EXPLAINED, {"alertname": "DeviceDown", "noun": "device", "name": "rt1"}),
            "explained by <DeviceDown> of <device rt1>",
            "do sự cố khác gây ra: <DeviceDown>, <device rt1>",
            "akibat gangguan lain: <DeviceDown>, <device rt1>",
        ),
    ],
)
def test_words(grounds: Grounds, en: str, vi: str, id_: str) -> None:
    """The same in each language, with times of the place; what people wrote stays as they wrote it."""
    assert (_said(grounds, "en"), _said(grounds, "vi"), _said(grounds, "id")) == (en, vi, id_)


@pytest.mark.parametrize("code", Ground)
def test_what_is_missing_is_no_error(code: Ground) -> None:
    """An odd row of the history is shown with gaps, and without a brace; a zone of nowhere leaves its time out."""
    for values in ({}, {"until": "noon", "zone": "x"}, {"until": "2026-12-24T04:00:00+00:00", "zone": "No/where"}):
        assert not set("{}") & set(_said(Grounds(code, values), "vi"))


def test_a_ground_survives_the_history() -> None:
    """As a code and values of JSON; a code of a newer version is none."""
    assert grounds_from(json.loads(json.dumps(_WINDOW.plain()))) == _WINDOW
    for odd in (None, "fibre", {}, {"code": "new"}, {"code": 3}):
        assert grounds_from(odd) is None


def test_a_decision_of_an_earlier_version_keeps_its_sentence() -> None:
    """What is written since has its sentence made of the code."""
    old = decided(Decision(("link", "x"), "LinkDown", AT, "told", "", {"detail": "duty: An"}))
    new = decided(Decision(("link", "x"), "LinkDown", AT, "maintenance", "", {"because": _WINDOW.plain()}))
    assert (old.detail, old.because) == ("duty: An", None)
    assert (new.detail, new.because) == (_said(_WINDOW, "en"), _WINDOW)
