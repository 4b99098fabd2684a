"""What the page of a site shows of how its devices are."""

import re
from dataclasses import replace

import pytest

from exporters.health_view import HealthDesk
from exporters.latest import Latest
from exporters.pages.health_lines import health_lines
from exporters.pages.health_words import FIGURES, SYMPTOMS
from exporters.pages.jinja import Templates
from exporters.pages.places import SitePage, site_view
from model.health import DeviceHealth, DeviceIdentity, HealthReading, Measure
from model.health_rules import Symptom
from model.inventory import Language
from tests.peers.places import Drawn, drawn_ward

M = Measure
HEALTH = DeviceHealth(
    "mikrotik",
    DeviceIdentity("MikroTik", "RB760iGS", "E1F1", "7.1.1"),
    (
        HealthReading(M.CPU, "cpu 1", 0.25),
        HealthReading(M.CPU, "cpu 2", 0.75),
        HealthReading(M.TEMPERATURE, "board", 41.0),
        HealthReading(M.TEMPERATURE, "cpu", 61.4),
        HealthReading(M.OPTICAL_RX, "sfp1", -8.25),
        HealthReading(M.OPTICAL_RX, "sfp2", -21.75),
        HealthReading(M.UPS_RUNTIME, "", 1_260.0),
        HealthReading(M.WIRELESS_CLIENTS, "2.4 GHz", 3.0),
        HealthReading(M.WIRELESS_CLIENTS, "5 GHz", 9.0),
    ),
)


def test_one_figure_stands_for_all_parts() -> None:
    """The mean of the processors, the hottest part, the weakest light, all stations together."""
    lines = health_lines(HEALTH, ["fan"])
    assert lines.what == "MikroTik RB760iGS · 7.1.1"
    assert lines.told("en") == [
        ("Processor", "", "50 %"),
        ("Hottest part", "cpu", "61 °C"),
        ("Weakest light", "sfp2", "-21.8 dBm"),
        ("Lasts for", "", "21 min"),
        ("Wi-Fi stations", "", "12"),
    ]
    assert lines.wrong("vi") == ["quạt không quay"]


def test_a_vendor_is_not_named_twice() -> None:
    """Where the model holds the name already, and where nothing is known."""
    eaton = replace(HEALTH, identity=DeviceIdentity("Eaton", "Eaton 9PX 1000i", "", "01.16"))
    assert health_lines(eaton, []).what == "Eaton 9PX 1000i · 01.16"
    assert health_lines(DeviceHealth("generic"), []).what == ""


@pytest.mark.parametrize("language", ["vi", "en", "id"])
def test_every_language_has_every_word(language: Language) -> None:
    """No symptom and no figure without a name."""
    assert set(SYMPTOMS[language]) == set(Symptom)
    assert set(FIGURES[language]) == set(FIGURES["en"])


@pytest.mark.parametrize(("language", "hot"), [("vi", "quá nóng"), ("en", "too hot"), ("id", "terlalu panas")])
def test_the_page_of_a_site_says_how_its_devices_are(language: Language, hot: str) -> None:
    """What it is, what is wrong with it, and the figures with the decimal mark of the language."""
    ward = drawn_ward(language=language)
    latest = Latest()
    latest.load(ward)
    latest.healthy("rt", "192.0.2.1", HEALTH, 60.0)
    latest.ailing("rt", {"temperature": True, "fan": False})
    sources = replace(Drawn(ward).sources, healths=HealthDesk(latest, lambda: 1.0))
    site = next(site for site in ward.sites if site.id == "office")
    page = re.sub(r"\s+", " ", SitePage(Templates()).html(site_view(sources, site)))
    device = page[page.index('id="device-rt"') :]
    device = device[: device.index("</article>")]
    assert "MikroTik RB760iGS · 7.1.1" in device
    assert f"<b>{hot}</b>" in device
    assert SYMPTOMS[language][Symptom.FAN] not in device
    mark = "." if language == "en" else ","
    assert f"(sfp2): <b>-21{mark}8 dBm</b>" in device
    assert device.count("breached") == 1
