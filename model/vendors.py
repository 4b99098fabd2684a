"""Who makes a device, by the enterprise number in its sysObjectID (IANA, Private Enterprise Numbers)."""

from typing import Final

_ENTERPRISES: Final = "1.3.6.1.4.1."
_VENDORS: Final = {
    9: "Cisco",
    11: "HPE",
    171: "D-Link",
    311: "Microsoft",
    318: "APC",
    534: "Eaton",
    674: "Dell",
    705: "Eaton",
    890: "Zyxel",
    1588: "Brocade",
    2011: "Huawei",
    2435: "Brother",
    2636: "Juniper",
    3808: "CyberPower",
    3902: "ZTE",
    4413: "Ubiquiti",
    4526: "Netgear",
    4881: "Ruijie",
    6486: "Alcatel-Lucent",
    6574: "Synology",
    6876: "VMware",
    7367: "DrayTek",
    8072: "net-snmp",
    10002: "Ubiquiti",
    11863: "TP-Link",
    12325: "FreeBSD",
    12356: "Fortinet",
    14823: "Aruba",
    14988: "MikroTik",
    16972: "TP-Link",
    25461: "Palo Alto",
    25506: "H3C",
    37950: "V-SOL",
    39165: "Hikvision",
    41112: "Ubiquiti",
    47196: "Aruba",
}


def vendor_of(object_id: str) -> str:
    """The vendor's name; ``enterprise N`` where it is none of the common ones, empty where the OID is no vendor's."""
    if not object_id.startswith(_ENTERPRISES):
        return ""
    number = object_id.removeprefix(_ENTERPRISES).partition(".")[0]
    return _VENDORS.get(int(number), f"enterprise {number}") if number.isdigit() else ""
