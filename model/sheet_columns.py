"""The columns of a spreadsheet of sites and links: what they may be called, and what their cells mean.

Cells come from people: with a comma before the decimals, with units or without, in Vietnamese, English or Indonesian.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal, TypeAlias

from model.invalid import InvalidValueError
from model.measurement import ProbeKind
from model.naming import slug
from model.target import Target

Cell: TypeAlias = "str | int | float | bool | datetime | date | time | None"
"""What a cell holds; ``None`` where it is empty."""
Meaning: TypeAlias = "str | float | bool | list[str]"
"""What a cell means, as the inventory writes it."""

_THOUSANDS_OR_DECIMALS: Final = re.compile(r"\d{1,3}[.,]\d{3}")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_RATE: Final = re.compile(r"(?P<number>[\d.,\s]+?)\s*(?P<unit>[A-Za-z/]*)")
_UNITS: Final = {
    **dict.fromkeys(("", "m", "mb", "mbps", "mbit", "mbit/s", "mb/s"), "Mbit/s"),
    **dict.fromkeys(("g", "gb", "gbps", "gbit", "gbit/s", "gb/s"), "Gbit/s"),
    **dict.fromkeys(("k", "kb", "kbps", "kbit", "kbit/s", "kb/s"), "kbit/s"),
}
_DATE_MEND: Final = "Excel has made a date of it: format the column as text, and write it again"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        record: Whether it says something of the site or of the link.
        key: Of the inventory; ``latitude``, ``download`` and the like are parts of one.
        titles: What its header may say, in any case, without what stands in brackets.
        read: From a cell that is not empty to its meaning; raises InvalidValueError.
        about: For people.
    """

    record: Literal["site", "link"]
    key: str
    titles: tuple[str, ...]
    read: Callable[[Cell], Meaning]
    about: str


def as_text(cell: Cell) -> str:
    """A cell as text; a number without the decimals that Excel adds."""
    if isinstance(cell, datetime | date | time):
        raise InvalidValueError(
            f"this is the date {cell:%d/%m/%Y}" if isinstance(cell, date) else "this is a time", _DATE_MEND
        )
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def as_number(cell: Cell) -> float:
    """A number, with a point or a comma before its decimals."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = re.sub(r"\s", "", as_text(cell))
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise InvalidValueError(f"{as_text(cell)!r} is no number", "write a number such as 21.0712 or 21,0712")
    return float(text)


def as_rate(cell: Cell) -> str:
    """A speed; a number alone is in Mbit/s."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:.10g}Mbit/s"
    text = as_text(cell)
    match = _RATE.fullmatch(text)
    unit = _UNITS.get(match["unit"].casefold()) if match else None
    number = re.sub(r"\s", "", match["number"]) if match else ""
    if match is None or unit is None or not number:
        raise InvalidValueError(f"{text!r} is no speed", "write 300, or 300Mbit/s, or 1Gbit/s")
    if _THOUSANDS_OR_DECIMALS.fullmatch(number):
        plain, broken = re.sub(r"[.,]", "", number), number.replace(",", ".").rstrip("0").rstrip(".")
        raise InvalidValueError(f"{text!r} can be read in two ways", f"write {plain}, or {broken}")
    number = number.replace(",", ".")
    if not _NUMBER.fullmatch(number):
        raise InvalidValueError(f"{text!r} is no speed", "write 300, or 300Mbit/s, or 1Gbit/s")
    return f"{float(number):.10g}{unit}"


def as_target(cell: Cell) -> list[str]:
    """What is probed: addresses, which are pinged, or targets such as ``tcp://…:443``; several behind each other."""
    parts = [part for part in re.split(r"[\s;]+", as_text(cell)) if part]
    return [part if "://" in part else str(Target(ProbeKind.ICMP, part)) for part in parts]


def as_words(cell: Cell) -> list[str]:
    """Several texts, behind each other with semicolons or line breaks."""
    return [part for part in re.split(r"\s*[;\n]\s*", as_text(cell)) if part]


def as_flag(cell: Cell) -> bool:
    """Yes or no."""
    if isinstance(cell, bool):
        return cell
    told = slug(as_text(cell))
    if told in {"co", "yes", "true", "1", "x", "ya", "y"}:
        return True
    if told in {"khong", "no", "false", "0", "tidak", "n"}:
        return False
    raise InvalidValueError(f"{as_text(cell)!r} is neither yes nor no", "write có or không, yes or no")


def one_of(words: Mapping[str, str]) -> Callable[[Cell], str]:
    """Reads one of a few words, by their slugs."""

    def read(cell: Cell) -> str:
        told = as_text(cell)
        found = words.get(slug(told))
        if found is None:
            raise InvalidValueError(
                f"{told!r} is not among what can stand here", f"write {', '.join(dict.fromkeys(words.values()))}"
            )
        return found

    return read


_KINDS: Final = {
    **dict.fromkeys(("office", "tru-so", "ubnd", "kantor"), "office"),
    **dict.fromkeys(
        ("community-point", "diem-cong-dong", "nha-van-hoa", "diem-phuc-vu", "titik-layanan", "balai"),
        "community-point",
    ),
    **dict.fromkeys(("datacentre", "datacenter", "trung-tam-du-lieu", "pusat-data"), "datacentre"),
    **dict.fromkeys(("other", "khac", "lain", "lainnya"), "other"),
}
_ROLES: Final = {
    **dict.fromkeys(("primary", "main", "chinh", "utama"), "primary"),
    **dict.fromkeys(("backup", "du-phong", "phu", "cadangan"), "backup"),
}

COLUMNS: Final = (
    Column(
        "site", "id", ("site", "site id", "mã điểm", "điểm", "titik"), as_text, "Id of the site; left out, of its name"
    ),
    Column(
        "site", "name", ("site name", "tên điểm", "tên", "name", "nama titik", "nama"), as_text, "As people call it"
    ),
    Column("site", "ward", ("ward", "phường", "xã", "mã phường", "kelurahan"), as_text, "Id of the ward, in a city"),
    Column(
        "site", "kind", ("kind", "type", "loại", "loại điểm", "jenis"), one_of(_KINDS), "office, community-point, …"
    ),
    Column("site", "latitude", ("latitude", "lat", "vĩ độ", "lintang"), as_number, "Degrees"),
    Column("site", "longitude", ("longitude", "lon", "lng", "kinh độ", "bujur"), as_number, "Degrees"),
    Column(
        "site",
        "citizens_per_hour",
        ("citizens per hour", "lượt dân mỗi giờ", "số dân mỗi giờ", "lượt mỗi giờ", "warga per jam"),
        as_number,
        "Weight of an hour that is lost there",
    ),
    Column("site", "team", ("team", "tổ", "tổ phụ trách", "nhóm", "tim"), as_text, "A name under `teams`"),
    Column(
        "site",
        "service_hours",
        ("service hours", "giờ phục vụ", "giờ làm việc", "jam layanan"),
        as_words,
        "Such as `Mon-Fri 07:30-11:30; Mon-Fri 13:30-17:00`",
    ),
    Column(
        "link",
        "id",
        ("link", "link id", "mã đường truyền", "đường truyền", "jalur"),
        as_text,
        "Id; left out, site and provider",
    ),
    Column("link", "name", ("link name", "tên đường truyền", "nama jalur"), as_text, "As people call it"),
    Column("link", "provider", ("provider", "isp", "nhà mạng", "nhà cung cấp", "penyedia"), as_text, "Who sells it"),
    Column(
        "link",
        "circuit",
        ("circuit", "circuit id", "mã kênh", "mã thuê bao", "số hợp đồng", "nomor sirkit"),
        as_text,
        "The provider's number",
    ),
    Column("link", "role", ("role", "vai trò", "peran"), one_of(_ROLES), "primary or backup"),
    Column(
        "link", "download", ("download", "tải xuống", "tốc độ tải xuống", "unduh"), as_rate, "By the contract, Mbit/s"
    ),
    Column("link", "upload", ("upload", "tải lên", "tốc độ tải lên", "unggah"), as_rate, "By the contract, Mbit/s"),
    Column(
        "link",
        "requirement",
        ("requirement", "yêu cầu", "persyaratan"),
        as_text,
        "A name under `requirements`, or a preset",
    ),
    Column("link", "interface", ("interface", "cổng", "antarmuka"), as_text, "A device's id and port, `rt1/ether1`"),
    Column(
        "link",
        "target",
        ("target", "ip", "address", "địa chỉ", "địa chỉ đo", "đích đo", "alamat"),
        as_target,
        "What is probed",
    ),
    Column("link", "source", ("source", "nguồn", "sumber"), as_text, "Address or interface to probe from"),
    Column(
        "link", "metered", ("metered", "tính cước", "tính theo dung lượng", "berbayar"), as_flag, "Data costs money"
    ),
)

_BY_TITLE: Final[Mapping[str, Column]] = {slug(title): column for column in COLUMNS for title in column.titles}


def column_of(header: str) -> Column | None:
    """The column that a header means; what stands in brackets, such as a unit, does not count."""
    bare = re.sub(r"[(\[].*?[)\]]", "", header).replace("_", " ")
    return _BY_TITLE.get(slug(bare)) or _BY_TITLE.get(re.sub(r"-(mbps|mbit-s|mb-s)$", "", slug(bare)))
