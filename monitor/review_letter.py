"""The letter with which a review is mailed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from alerts.letter import Enclosure, Letter
from exporters.pages.report_words import month_in_words
from model.inventory import Inventory, Language
from monitor.formats import FORMATS
from monitor.review_making import Laid

MOST_ENCLOSED: Final = 15_000_000
"""Bytes of files in one letter: common mail servers take 25 MB, and base64 makes a third more of them."""

_ENCLOSED: Final = (".pdf", ".xlsx")
"""What a mail filter lets pass and an office opens; others only where the inventory wants none of these."""

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "vi": {
        "title": "Báo cáo rà soát hạ tầng mạng {month}{place}",
        "links": "{met} trên {total} đường truyền đạt yêu cầu; {breached} không đạt; {unknown} chưa đủ dữ liệu.",
        "enclosed": "Báo cáo gửi kèm thư này. Bản PDF để trình ký: số văn bản và chữ ký còn để trống.",
        "too_large": "Các tệp quá lớn nên không gửi kèm.",
        "folder": "Tất cả các tệp nằm trong thư mục {folder} trên máy giám sát.",
        "page": "Xem trên web: {url}",
        "nobody": "Thư do hệ thống giám sát mạng Linkward tự gửi.",
    },
    "en": {
        "title": "Review of the network infrastructure, {month}{place}",
        "links": "{met} of {total} links met what is required; {breached} did not; of {unknown} too little is known.",
        "enclosed": "The review comes with this letter. The PDF is for signing: number and signature are left blank.",
        "too_large": "The files are too large to come with this letter.",
        "folder": "All files are in the folder {folder} of the machine that monitors.",
        "page": "On the web: {url}",
        "nobody": "Sent by Linkward, the network monitor, by itself.",
    },
    "id": {
        "title": "Tinjauan infrastruktur jaringan {month}{place}",
        "links": "{met} dari {total} jalur memenuhi syarat; {breached} tidak; {unknown} belum cukup datanya.",
        "enclosed": "Tinjauan terlampir. PDF untuk ditandatangani: nomor dan tanda tangan masih kosong.",
        "too_large": "Berkasnya terlalu besar untuk dilampirkan.",
        "folder": "Semua berkas ada di folder {folder} pada mesin pemantau.",
        "page": "Di web: {url}",
        "nobody": "Dikirim sendiri oleh Linkward, pemantau jaringan.",
    },
}


@dataclass(frozen=True, slots=True)
class Sending:
    """What a letter is about.

    Attributes:
        month: Name of the month.
        language: Of the letter.
        folder: Where the files stay; ``None`` where they do not.
        written_at: Aware UTC.
    """

    month: str
    language: Language
    folder: Path | None
    written_at: datetime


def letter_of(laid: Laid, sending: Sending, inventory: Inventory) -> Letter:
    """The letter with the files that say it in short. It reads them.

    Raises:
        OSError: One of the files cannot be read.
    """
    files = tuple(_enclosures(laid.main))
    fit = sum(len(file.content) for file in files) <= MOST_ENCLOSED
    lines = _lines(laid, sending, inventory, are_enclosed=fit)
    place = _place(inventory)
    month = month_in_words(sending.month, sending.language)
    title = _WORDS[sending.language]["title"].format(
        month=month.lower() if sending.language == "vi" else month, place=f": {place}" if place else ""
    )
    key = f"review|{sending.month}|{'|'.join(ward.id for ward in inventory.all_wards())}"
    return Letter(
        hashlib.sha256(key.encode()).hexdigest(),
        sending.written_at,
        title,
        "\n".join(lines),
        sending.language,
        files if fit else (),
    )


def _enclosures(files: Iterable[Path]) -> Iterator[Enclosure]:
    every = list(files)
    for file in [one for one in every if one.suffix in _ENCLOSED] or every:
        yield Enclosure(file.name, FORMATS[file.suffix[1:]].media_type, file.read_bytes())


def _lines(laid: Laid, sending: Sending, inventory: Inventory, *, are_enclosed: bool) -> Sequence[str]:
    words, (met, breached, unknown) = _WORDS[sending.language], laid.links
    total = met + breached + unknown
    lines = [
        words["links"].format(met=met, total=total, breached=breached, unknown=unknown),
        words["enclosed" if are_enclosed else "too_large"],
    ]
    if sending.folder is not None:
        lines.append(words["folder"].format(folder=sending.folder))
    if (base := inventory.alerts.external_url) is not None:
        lines.append(words["page"].format(url=f"{str(base).rstrip('/')}/reports/{sending.month}"))
    return [*lines, "", words["nobody"]]


def _place(inventory: Inventory) -> str:
    wards = inventory.all_wards()
    return (wards[0].name or wards[0].id) if len(wards) == 1 else ""
