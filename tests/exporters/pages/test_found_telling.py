"""What was looked at because of an incident, in another language."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from exporters.pages.found import Findings
from exporters.pages.found_telling import English, compared, told
from exporters.pages.path_words import COURSES, ERRORS, LACKS, PATH_WORDS
from model.attachment import Lack, lack_json, path_json
from model.icmp import ERROR_WORDS
from model.inventory import Language
from model.path import End, Hop, Note, Path, difference

A, B, C, TARGET = "10.0.0.1", "10.0.0.2", "10.0.0.3", "203.0.113.1"


def _passed(*addresses: str | None) -> tuple[Hop, ...]:
    return tuple(
        Hop(ttl, address, 0.01 if address else None, Note.PASSED if address else Note.SILENT)
        for ttl, address in enumerate(addresses, 1)
    )


_REACHED = Path(TARGET, (*_passed(A), Hop(2, TARGET, 0.02, Note.TARGET)), reached=True)
_SILENT = Path(TARGET, _passed(A, None, None), reached=False)
_NOBODY = Path(TARGET, _passed(None, None), reached=False)
_REFUSED = Path(TARGET, (*_passed(A, None), Hop(3, B, 0.1, Note.UNREACHABLE, "host unreachable")), reached=False)
_CIRCLE = Path(TARGET, _passed(A, B, A, B, A, B), reached=False)
_OTHER = Path(TARGET, (*_passed(A, C), Hop(3, TARGET, 0.02, Note.TARGET)), reached=True)


@pytest.mark.parametrize(
    ("usual", "now", "words"),
    [
        (_REACHED, _REACHED, "như thường ngày: tới đích sau 2 chặng"),
        (_REACHED, _SILENT, "sau 10.0.0.1 (chặng 1) không còn trả lời; thường ngày: tới đích sau 2 chặng"),
        (None, _NOBODY, "không chặng nào trên đường trả lời; chưa biết đường đi thường ngày"),
        (None, _REFUSED, "10.0.0.2 (chặng 2 đến 3) báo: không tới được máy đích; chưa biết đường đi thường ngày"),
        (None, _CIRCLE, "gói tin đi vòng tròn: 10.0.0.1 (chặng 1), 10.0.0.2 (chặng 2); chưa biết đường đi thường ngày"),
        (
            _REACHED,
            _OTHER,
            (
                "tới đích sau 3 chặng; thường ngày: tới đích sau 2 chặng; đi đường khác từ sau 10.0.0.1 (chặng 1): "
                "10.0.0.3 (chặng 2)"
            ),
        ),
        (
            replace(_NOBODY, target="203.0.113.9"),
            Path(TARGET, _passed(B), reached=False),
            (
                "trước đây 203.0.113.1 là 203.0.113.9; sau 10.0.0.2 (chặng 1) không còn trả lời; thường ngày: không "
                "chặng nào trên đường trả lời; đi đường khác ngay từ chặng đầu: 10.0.0.2 (chặng 1)"
            ),
        ),
    ],
)
def test_paths_in_vietnamese(usual: Path | None, now: Path, words: str) -> None:
    """From the hops that are written down, so that those of earlier versions are told too."""
    content = {
        **path_json(now),
        "words": difference(usual, now).words if usual else "reached; the usual path is not known",
        "usual": {"at": "x", **path_json(usual)} if usual else None,
    }
    assert told(content, "vi")["words"] == compared(usual, now, "vi") == words
    assert told(content, "en")["words"] == content["words"]


@pytest.mark.parametrize("language", ["vi", "id"])
def test_every_word_is_there(language: Language) -> None:
    """For each end of a path, each lack and whatever a router can say, with the same values as in Vietnamese."""
    assert (set(COURSES[language]), set(LACKS[language])) == (set(End), set(Lack))
    assert set(ERRORS[language]) == ERROR_WORDS
    assert set(PATH_WORDS[language]) == set(PATH_WORDS["vi"])
    for words in (COURSES, PATH_WORDS, LACKS):
        catalogue: Mapping[Language, Mapping[str, str]] = words  # type: ignore[assignment]  # enums are keys, too
        assert {key: _values(said) for key, said in catalogue[language].items()} == {
            key: _values(said) for key, said in catalogue["vi"].items()
        }


def _values(said: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", said))


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (
            lack_json(Lack.FAILED, "no answer within 3s", reason="timeout"),
            [("Không lấy được", "không có trả lời trong thời hạn"), ("Chi tiết", English("no answer within 3s"))],
        ),
        (lack_json(Lack.TOO_SLOW, "the trace took …", seconds=20.0), [("Không lấy được", "quá 20\u00a0s chưa xong")]),
        (
            lack_json(Lack.NOT_TOLD, "device …", device="core", interface="xe0"),
            [("Không lấy được", "thiết bị core không có cổng “xe0”")],
        ),
        (
            lack_json(Lack.NOT_TOLD, "an odd row"),
            [("Không lấy được", English("an odd row"))],
        ),
        ({"failed": "of an earlier version"}, [("Không lấy được", English("of an earlier version"))]),
    ],
)
def test_what_could_not_be_had(content: dict[str, object], facts: list[tuple[str, str]]) -> None:
    """From its code; what only English words are known of is marked as that, and the code itself is not shown."""
    (group,) = Findings("vi", str).groups(content)
    assert group.facts == facts
    assert [type(was) for _, was in group.facts] == [type(was) for _, was in facts]


def test_a_router_is_understood_in_the_table_too() -> None:
    """What it says by number only stays as it is."""
    rows = [{"ttl": 1, "said": "host unreachable"}, {"ttl": 2, "said": "ICMP type 9 code 9"}]
    (table,) = Findings("id", str).groups({"hops": rows})[0].tables
    assert table.rows == [["1", "host tujuan tidak terjangkau"], ["2", "ICMP type 9 code 9"]]
    assert isinstance(table.rows[1][1], English)
