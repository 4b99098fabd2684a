"""What is going to be read of a device, in words: the profile that fits it, and what it was found to tell."""

from collections.abc import Mapping
from typing import Final

from model.health import Measure
from model.inventory import Language
from model.profile import GENERIC
from model.survey import Survey
from monitor.enrol.words import say

M = Measure
_KINDS: Final[Mapping[str, frozenset[Measure]]] = {
    "cpu": frozenset({M.CPU}),
    "memory": frozenset({M.MEMORY}),
    "disks": frozenset({M.STORAGE, M.STORAGE_OK}),
    "temperature": frozenset({M.TEMPERATURE, M.TEMPERATURE_OK, M.TEMPERATURE_LIMIT, M.HUMIDITY}),
    "fans": frozenset({M.FAN_SPEED, M.FAN_OK}),
    "supplies": frozenset({M.POWER_SUPPLY_OK, M.VOLTAGE, M.CURRENT, M.POWER}),
    "system": frozenset({M.SYSTEM_OK}),
    "light": frozenset({
        *(M.OPTICAL_RX, M.OPTICAL_TX, M.OPTICAL_RX_LOW),
        *(M.OPTICAL_TEMPERATURE, M.OPTICAL_VOLTAGE, M.OPTICAL_BIAS),
    }),
    "ups": frozenset({
        *(M.UPS_ON_BATTERY, M.UPS_BATTERY_OK, M.UPS_CHARGE, M.UPS_RUNTIME, M.UPS_SECONDS_ON_BATTERY, M.UPS_LOAD),
        *(M.UPS_INPUT_VOLTAGE, M.UPS_OUTPUT_VOLTAGE, M.UPS_BATTERY_VOLTAGE, M.UPS_BATTERY_TEMPERATURE),
    }),
    "radio": frozenset({
        *(M.WIRELESS_CLIENTS, M.WIRELESS_SIGNAL, M.WIRELESS_NOISE),
        *(M.WIRELESS_UTILIZATION, M.WIRELESS_QUALITY),
    }),
    "mobile": frozenset({M.LTE_RSSI, M.LTE_RSRP, M.LTE_RSRQ, M.LTE_SINR}),
    "poe": frozenset({M.POE_OK, M.POE_POWER, M.POE_LIMIT}),
    "sessions": frozenset({M.PPP_SESSIONS, M.BGP_ESTABLISHED, M.BGP_TRANSITIONS}),
    "duplex": frozenset({M.FULL_DUPLEX, M.LINK_DOWNS}),
}
"""In the order in which they are named; each measure is in one of them."""


def kinds_of(measures: frozenset[Measure]) -> list[str]:
    """The kinds of what is measured, by the names of their words."""
    return [kind for kind, members in _KINDS.items() if members & measures]


def reading_line(survey: Survey, language: Language) -> str:
    """Which profile was chosen, and what is read because of it; the ports of any device are."""
    told = [say(language, "reads_ports", count=len(survey.ports))] if survey.ports else []
    told += [say(language, f"reads_{kind}") for kind in kinds_of(survey.measures)]
    what = ", ".join(told) or say(language, "reads_nothing")
    key = "profile_generic" if survey.profile == GENERIC else "profile"
    return say(language, key, profile=survey.profile, what=what)
