"""What messages say, and what they must not say."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.labels import Places
from alerts.notice import Kind, Words
from alerts.words import annotations_of, words_of
from alerts.words.forms import lasted, measured, moment, span
from alerts.words.text import clean, shorten, unaccented, whole_words
from model.incident import Acknowledgement, AlertName, Entry, Fault, Incident
from model.inventory import Inventory, Language
from tests.alerts.words.stories import (
    BEGAN,
    FAULTS,
    INVENTORY,
    LANGUAGES,
    LINE,
    MAIN,
    closed,
    fault,
    incident,
    links,
    point,
    telling,
)

SOON = BEGAN + timedelta(seconds=4)


def told(found: Incident, kind: Kind = Kind.OPENED, language: Language = "vi", **more: object) -> Words:
    """A message a moment after it began."""
    return words_of(found, kind, telling(language, SOON, **more))


def without_citizens(*sites: str) -> Places:
    """The ward, where nobody has written down how many citizens these sites serve."""
    updated = [
        site.model_copy(update={"citizens_per_hour": None}) if site.id in sites else site for site in INVENTORY.sites
    ]
    return Places(INVENTORY.model_copy(update={"sites": tuple(updated)}))


def test_citizens_are_never_invented() -> None:
    """Where nobody wrote down how many citizens a site serves, none are spoken of."""
    words = told(FAULTS["LinkDown"], places=without_citizens("tdp-06"))
    assert "người dân" not in words.text
    assert "dan/gio" not in words.sms


def test_citizens_of_some_sites_are_a_least_number() -> None:
    """Where some of the sites are known, the sum is at least that."""
    found = incident(fault(AlertName.PROVIDER_OUTAGE, ("provider", "VNPT")), hidden=links(3, 6, provider=0))
    assert "khoảng 45 người dân" in told(found).text
    assert "ít nhất 20 người dân" in told(found, places=without_citizens("tdp-03")).text


def test_a_certificate_hits_nobody_yet() -> None:
    """A page whose certificate has days left serves citizens as before: none are said to be affected."""
    assert "ảnh hưởng" not in told(FAULTS["CertificateExpiring"]).text


def test_a_blind_monitor_says_nothing_of_the_ward() -> None:
    """When the monitor itself is cut off, no site is called affected, whatever fell silent."""
    found = incident(fault(AlertName.MONITOR_BLIND, ("monitor", "")), hidden=(*links(1, 9), *point(3)))
    words = told(found)
    assert "Nhà văn hóa" not in words.text
    assert "chưa thể kết luận" in words.text
    assert "affected" not in annotations_of(found.entries[0], found, telling("vi", SOON))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_called_resolved_that_lasts(language: Language) -> None:
    """Whoever asks for the end of an open incident gets an update."""
    found = FAULTS["LinkDown"]
    resolved = words_of(closed(found), Kind.RESOLVED, telling(language, SOON)).title.partition(":")[0]
    assert resolved not in words_of(found, Kind.RESOLVED, telling(language, SOON)).title


def test_what_turned_out_to_be_a_part_is_not_resolved() -> None:
    """An incident that another one tells of from now on is not said to be over."""
    words = told(replace(closed(FAULTS["LinkDown"]), merged_into="vnpt-12ab34"), Kind.RESOLVED)
    assert "KHẮC PHỤC" not in words.title
    assert "KHAC PHUC" not in words.sms
    assert "đến" not in words.text


def test_a_service_that_is_back_at_one_site_is_not_back_at_the_others() -> None:
    """Of a service seen from several sites, each is told of as it is."""
    found = FAULTS["ServiceDown at many places"]
    first, second, *rest = found.entries
    assert "(truy cập từ 13 điểm) không dùng được." in told(found).text
    one_back = replace(found, entries=(replace(first, ended_at=SOON), second, *rest))
    text = told(one_back, Kind.UPDATED).text
    assert "(truy cập từ Trụ sở UBND phường Xuân Đỉnh) đã dùng được trở lại" in text
    assert "Vẫn còn: Cổng Dịch vụ công quốc gia (truy cập từ Nhà văn hóa tổ dân phố số 1), " in text
    assert "điểm) đã dùng được" not in text
    another_back = replace(found, entries=(first, replace(second, ended_at=SOON), *rest))
    text = told(another_back, Kind.UPDATED).text
    assert "(truy cập từ 12 điểm) không dùng được." in text
    assert "Đã hết: Cổng Dịch vụ công quốc gia (truy cập từ Nhà văn hóa tổ dân phố số 1) đã dùng được" in text
    over = closed(found)
    assert "(truy cập từ 13 điểm) đã dùng được trở lại." in told(over, Kind.RESOLVED).text


def test_who_has_taken_it_on_is_not_asked_again() -> None:
    """An escalation of what somebody took meanwhile does not say that nobody has, and has no link to take it."""
    words = told(replace(FAULTS["LinkDown"], acknowledged=Acknowledgement("an", SOON)), Kind.ESCALATED)
    assert "Đã tiếp nhận: Nguyễn Văn An" in words.text
    assert "ai tiếp nhận" not in words.text.lower() + words.title.lower()
    assert "/ack/" not in words.text


def test_a_new_fault_is_marked_as_new() -> None:
    """An update says which of the faults the receiver has not heard of."""
    first = fault(AlertName.LINK_DOWN, LINE)
    later = fault(AlertName.CERTIFICATE_EXPIRING, ("service", "dvc"), after_minutes=2)
    words = words_of(
        incident(first, later), Kind.UPDATED, telling("vi", BEGAN + timedelta(minutes=3), told_at=SOON, told_revision=1)
    )
    assert "Mới phát sinh: Cổng Dịch vụ công quốc gia" in words.text


def test_an_update_that_did_not_grow_does_not_say_so() -> None:
    """Only a revision that widened it after the last message is growth."""
    found = replace(FAULTS["ProviderOutage"], revision=3, widened=2)
    assert "lan rộng" not in told(found, Kind.UPDATED, told_at=SOON, told_revision=2).text
    assert "lan rộng" in told(found, Kind.UPDATED, told_at=SOON, told_revision=1).text


def test_the_backup_is_named_only_while_it_may_work() -> None:
    """The line to fall back to is named where it is not silent itself."""
    down = fault(AlertName.LINK_DOWN, MAIN)
    assert "chuyển sang Đường truyền dự phòng" in told(incident(down)).text
    assert "chuyển sang" not in told(incident(down, hidden=(("link", "office-viettel"),))).text


def test_hidden_names_give_way_first() -> None:
    """Where a text is too long, names of what is hidden go; cause, first step and links stay."""
    sites = [{"id": f"s{number}", "name": f"{number} " + "tên " * 40} for number in range(30)]
    office = {"id": "s", "links": [{"id": "l", "provider": "VNPT", "target": "icmp://127.0.0.1"}]}
    found = incident(
        *(
            fault(AlertName.LINK_DOWN, ("link", "l")),
            *(fault(AlertName.LINK_FLAPPING, ("link", f"{n}" * 70)) for n in range(9)),
        ),
        hidden=tuple(("site", f"s{number}") for number in range(30)),
    )
    words = told(found, places=Places(Inventory.model_validate({"sites": [office, *sites]})))
    assert len(words.text) > 900
    assert 0 < len(re.findall(r"\d+ tên", words.text)) < 8
    for kept in ("bị mất kết nối", "gọi VNPT", "31 điểm", "/incidents/", "/ack/"):
        assert kept in words.text


def test_an_sms_is_never_cut_within_a_word() -> None:
    """A long name ends at a word; what is left of it stands in the name."""
    site = {"id": "s", "name": " ".join(f"tu{number}x" for number in range(60))}
    ward = Inventory.model_validate({"sites": [{**site, "links": [{"id": "l", "target": "icmp://127.0.0.1"}]}]})
    sms = told(incident(fault(AlertName.LINK_DOWN, ("link", "l"))), places=Places(ward)).sms
    assert re.fullmatch(r"MAT KET NOI: (tu\d+x ?)+(\.\.\.)? \(l\)\. .*Tu 10:32:05 24/11", sms)


def test_a_name_without_a_latin_letter_is_its_id_in_an_sms() -> None:
    """An SMS names the place by the inventory's id where nothing of its name can be written."""
    site = {"id": "dong", "name": "東村", "links": [{"id": "dong-vnpt", "target": "icmp://127.0.0.1"}]}
    places = Places(Inventory.model_validate({"sites": [site]}))
    assert "dong (dong-vnpt)" in told(incident(fault(AlertName.LINK_DOWN, ("link", "dong-vnpt"))), places=places).sms


def test_two_wards_are_told_apart() -> None:
    """Where one monitor watches several wards, a site is named with its ward."""
    site = {"id": "s", "name": "Tổ 1", "ward": "b", "devices": [{"id": "d", "name": "Máy chủ", "address": "127.0.0.1"}]}
    wards = [{"id": "a", "name": "Phường A"}, {"id": "b", "name": "Phường B"}]
    places = Places(Inventory.model_validate({"wards": wards, "sites": [site]}))
    assert "(Tổ 1, Phường B)" in told(incident(fault(AlertName.DEVICE_DOWN, ("device", "d"))), places=places).title


def test_what_a_device_says_is_one_line() -> None:
    """A reason with line breaks and terminal escapes is shown on one line."""
    found = incident(fault(AlertName.DEVICE_UNHEALTHY, ("device", "office-ups"), because="nhiệt độ\n\x1b[31m 71 °C"))
    assert "hoạt động bất thường: nhiệt độ [31m 71 °C." in told(found).text


@pytest.mark.parametrize("evidence", [{}, {"value": float("inf")}, {"value": float("nan")}, {"value": "many"}])
def test_figures_that_are_not_known_are_left_out(evidence: dict[str, float | str]) -> None:
    """Evidence that is missing or no number leaves its part of the sentence out."""
    text = told(incident(replace(fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "loss"), evidence=evidence))).text
    assert "nhiều hơn mức yêu cầu.\n" in text


@pytest.mark.parametrize(
    ("language", "value", "threshold", "unit", "said"),
    [
        ("vi", 0.0853, 0.05, "s", ("85,3 ms", "50 ms")),
        ("en", 0.0853, 0.05, "s", ("85.3 ms", "50 ms")),
        ("vi", 0.005, 0.00505, "ratio", ("0,5 %", "0,505 %")),
        ("id", 0.010_000_4, 0.01, "ratio", ("1,00004 %", "1 %")),
        ("vi", 0.9949996, 0.995, "ratio", ("99,49996 %", "99,5 %")),
        ("vi", 1.0, 0.9995, "ratio", ("100 %", "99,95 %")),
        ("en", 92.44e6, 1.5e9, "bit/s", ("92.4 Mbit/s", "1.5 Gbit/s")),
        ("vi", 0.0, 1_000.0, "bit/s", ("0 bit/s", "1 kbit/s")),
        ("vi", 1234.0, 2.0, "", ("1.234", "2")),
        ("en", 50.0, 50.0, "", ("50", "50")),
    ],
)
def test_figures_in_the_form_of_the_language(
    language: Language, value: float, threshold: float, unit: str, said: tuple[str, str]
) -> None:
    """Decimal marks, units, and enough digits to see which of the two is larger."""
    breach = fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "rtt", value=value, threshold=threshold, unit=unit)
    assert measured(breach, telling(language, SOON)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 giây"),
        (59.9, "1 phút"),
        (125, "2 phút 5 giây"),
        (899, "14 phút"),
        (4 * 3_600 + 65, "4 giờ 1 phút"),
        (86_400 * 3 + 60, "3 ngày"),
        (-5, "1 giây"),
    ],
)
def test_durations_in_two_units(seconds: float, said: str) -> None:
    """The two largest units that there are; seconds only below ten minutes."""
    assert lasted(seconds, telling("vi", SOON)) == said


@pytest.mark.parametrize(
    ("language", "today", "yesterday", "before"),
    [
        ("vi", "10:32:05 hôm nay 24/11", "10:32:05 hôm qua 24/11", "10:32:05 ngày 24/11/2026"),
        ("en", "10:32:05 today, 24 Nov", "10:32:05 yesterday, 24 Nov", "10:32:05 on 24 Nov 2026"),
        ("id", "10.32.05 hari ini, 24 Nov", "10.32.05 kemarin, 24 Nov", "10.32.05 tanggal 24 Nov 2026"),
    ],
)
def test_times_are_local_and_near(language: Language, today: str, yesterday: str, before: str) -> None:
    """Hanoi's clock and calendar; from 17:00 UTC on it is the next day there."""
    days = [BEGAN + timedelta(hours=13, minutes=27), BEGAN + timedelta(hours=14), BEGAN + timedelta(days=2)]
    assert [moment(BEGAN, telling(language, now)) for now in days] == [today, yesterday, before]


def test_a_span_over_midnight_names_both_days() -> None:
    """From when to when is unmistakable."""
    end = BEGAN + timedelta(hours=14)
    assert span(BEGAN, end, telling("vi", end)) == "10:32:05 hôm qua 24/11 đến 00:32:05 hôm nay 25/11"


def test_annotations_of_an_entry_tell_of_it_alone() -> None:
    """Each alert of an incident has its own sentence, figures and section of the runbook."""
    slow = fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "loss", value=0.032, threshold=0.01, unit="ratio")
    found = incident(fault(AlertName.LINK_DOWN, LINE), slow, hidden=point(6))
    annotations = annotations_of(Entry(slow), found, telling("en", SOON))
    assert annotations["summary"] == "Degraded: Nhà văn hóa tổ dân phố số 6 (VNPT)"
    assert annotations["description"].startswith("The VNPT line at Nhà văn hóa tổ dân phố số 6 loses more data")
    assert annotations["runbook_url"].endswith("/runbook#linkbelowrequirement")
    assert (annotations["value"], annotations["threshold"]) == ("3.2 %", "1 %")
    assert annotations["affected"] == "Nhà văn hóa tổ dân phố số 6"


def test_annotations_of_what_is_over_say_so() -> None:
    """The sentence of an ended alert tells from when to when."""
    found = closed(FAULTS["LinkDown"])
    description = annotations_of(found.entries[0], found, telling("en", SOON))["description"]
    assert "is connected again. Time: 10:32:05 to 10:47:10 today, 24 Nov (15 minutes)." in description


def test_annotations_leave_out_what_is_not_known() -> None:
    """No empty annotation, and no link without a base."""
    found = incident(fault(AlertName.LINK_DOWN, ("link", "gone")))
    annotations = annotations_of(found.entries[0], found, telling("en", SOON, runbook_url="", incident_url=""))
    assert set(annotations) == {"summary", "description"}


def test_names_are_cut_at_a_word() -> None:
    """A cut is marked, and falls behind a word where there is one."""
    assert shorten("Nhà văn hóa tổ dân phố", 12) == "Nhà văn hóa…"
    assert shorten("x" * 20, 5) == "xxxx…"
    assert shorten("abc", 0) == ""
    assert whole_words("Nha van hoa", 8) == "Nha van"
    assert whole_words("x" * 20, 5) == ""


def test_names_are_composed() -> None:
    """Decomposed letters become those that every phone shows."""
    assert clean("Nha\u0300  va\u0306n\thóa ") == "Nhà văn hóa"


def test_accents_are_dropped() -> None:
    """Vietnamese stays readable, and what costs two characters in an SMS is written otherwise."""
    assert unaccented("Đường truyền Nhà Ưu [đ] \N{EN DASH} 5 ~ 7…") == "Duong truyen Nha Uu (d) - 5 - 7..."


def fault_of_a_provider_without_a_name() -> Fault:
    """As a broken inventory might make it."""
    return fault(AlertName.PROVIDER_OUTAGE, ("provider", "\x00"))


def test_what_has_no_name_is_told_of_all_the_same() -> None:
    """A subject whose name cannot be shown is said to have none."""
    assert "không rõ tên" in told(incident(fault_of_a_provider_without_a_name())).title
