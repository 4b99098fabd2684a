"""Sites and links of spreadsheets: as people write them, with every mistake named at once by its cell."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from model.invalid import InvalidValueError
from model.sheet_columns import COLUMNS, as_flag, as_number, as_rate, as_target, as_text, as_words, column_of
from monitor.cli import main
from monitor.config import load

HEADER = (
    "Mã điểm;Tên điểm;Loại;Vĩ độ;Kinh độ;Nhà mạng;Mã kênh;Vai trò;Tải xuống (Mb/s);Tải lên (Mb/s);Yêu cầu;Địa chỉ đo"
)
SHEET = f"""{HEADER}
tdp-1;Nhà văn hóa Tổ dân phố 1;Nhà văn hóa;21,0712;105,7843;VNPT;HN-1;chính;300;150,5;community-point;10.1.0.1
;;;;;Viettel;HN-2;dự phòng;100;100;backup-4g;10.1.0.1
tdp-2;Đường Xuân Đỉnh;Trụ sở;;;FPT;HN-3;chính;1Gbps;100;office;10.2.0.1 tcp://10.2.0.1:443
"""


def run(file: Path, *options: str) -> Result:
    """Import a file."""
    return CliRunner().invoke(main, ["import", str(file), *options])


def ward(folder: Path, sites: str = "sites: []\n") -> Path:
    """An inventory."""
    path = folder / "ward.yml"
    path.write_text(f"ward: {{id: w, language: en}}  # ours\n{sites}")
    return path


def windows(text: str) -> bytes:
    """A text as Viet Nam's Windows writes it: accents of tone behind their letters."""
    octets = b""
    for letter in text:
        try:
            octets += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = list(unicodedata.normalize("NFD", letter))
            tone = next(mark for mark in reversed(marks) if mark in "\u0300\u0301\u0303\u0309\u0323")
            rest = "".join(mark for mark in marks if mark != tone)
            octets += unicodedata.normalize("NFC", base + rest).encode("cp1258") + tone.encode("cp1258")
    return octets


@pytest.mark.parametrize(
    "content",
    [
        SHEET.encode(),
        SHEET.encode("utf-8-sig"),
        SHEET.encode("utf-16"),
        windows(SHEET),
        SHEET.replace("\n", "\r\n").encode(),
        ("sep=;\n" + SHEET).encode(),
        SHEET.replace(";", "\t").encode(),
    ],
    ids=["plain", "mark", "utf-16", "windows", "crlf", "sep", "tabs"],
)
def test_however_the_file_was_saved(tmp_path: Path, content: bytes) -> None:
    """Encodings, delimiters and line ends of Excel and LibreOffice give the same inventory, letter by letter."""
    file, path = tmp_path / "sites.csv", ward(tmp_path)
    file.write_bytes(content)
    result = run(file, f"--config.file={path}", "--yes")
    assert result.exit_code == 0, result.output
    first, second = load(path).sites
    assert (first.id, first.name, first.kind, first.location) == (
        "tdp-1",
        "Nhà văn hóa Tổ dân phố 1",
        "community-point",
        (21.0712, 105.7843),
    )
    main_line, spare = first.links
    assert (main_line.id, main_line.provider, main_line.circuit, main_line.role) == (
        "tdp-1-vnpt",
        "VNPT",
        "HN-1",
        "primary",
    )
    assert main_line.contracted is not None
    assert (main_line.contracted.download, main_line.contracted.upload) == (300e6, 150.5e6)
    assert (spare.role, [str(each) for each in spare.targets]) == ("backup", ["icmp://10.1.0.1"])
    assert second.name == "Đường Xuân Đỉnh"
    assert [str(each) for each in second.links[0].targets] == ["icmp://10.2.0.1", "tcp://10.2.0.1:443"]
    assert path.read_text().startswith("ward: {id: w, language: en}  # ours\n")


def test_a_workbook(tmp_path: Path) -> None:
    """Numbers are numbers, merged cells are those above, and a sheet can be named."""
    book = Workbook()
    book.active.title = "Ghi chú"  # type: ignore[union-attr]  # a new book has a sheet
    sheet = book.create_sheet("Điểm")
    sheet.append(["Site", "Site name", "Latitude", "Longitude", "Provider", "Download", "Upload", "Target", "Metered"])
    sheet.append(["tdp-1", "Tổ 1", 21.5, 105.25, "VNPT", 300, 300, "10.1.0.1", "không"])
    sheet.append([None, None, None, None, "Viettel", 50.5, 20, "10.1.0.2", "có"])
    sheet.append([None] * 9)
    sheet.merge_cells("A2:A3")
    file, path = tmp_path / "sites.xlsx", ward(tmp_path)
    book.save(file)
    assert run(file, f"--config.file={path}", "--yes", "--sheet=Điểm").exit_code == 0
    (site,) = load(path).sites
    assert [(link.provider, link.metered) for link in site.links] == [("VNPT", False), ("Viettel", True)]
    assert "no sheet `X`" in run(file, f"--config.file={path}", "--sheet=X").stderr


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    """Eight mistakes, eight lines with file, row and column, status 2, and nothing written."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([
        "Site",
        "Site name",
        "Kind",
        "Latitude",
        "Provider",
        "Circuit",
        "Download",
        "Upload",
        "Requirement",
        "Target",
        "Sitee",
    ])
    sheet.append(["a", "A", "kitchen", 21, "VNPT", "1", 300, 300, "office", "10.0.0.1"])
    sheet.append(["b", "B", "office", "north", "VNPT", "1", "1.000", 300, "ofice", "10.0.0.2"])
    sheet.append(["c", "C", "office", 21, "VNPT", date(2026, 1, 2), 300, "fast", "office", "10.0.0.999"])
    file, path = tmp_path / "sites.xlsx", ward(tmp_path)
    book.save(file)
    before = path.read_bytes()
    result = run(file, f"--config.file={path}", "--yes")
    assert result.exit_code == 2
    places = [line.removeprefix(f"{file}:").split(": ")[0] for line in result.stderr.splitlines()]
    assert places == ["1:K", "2:C", "3:D", "3:G", "3:I", "4:F", "4:H"]
    assert "did you mean `office`?" in result.stderr
    assert "Excel has made a date of it" in result.stderr
    assert path.read_bytes() == before


def test_values_that_pydantic_refuses_have_their_cell_too(tmp_path: Path) -> None:
    """An id with capitals, an impossible address and a speed of zero: the cell of each, in the inventory's words."""
    file = tmp_path / "sites.csv"
    file.write_text("site,link,target,download,upload\nA,l1,10.0.0.1,1,1\nb,l2,10.0.0.999,1,1\nc,l3,10.0.0.3,0,1\n")
    result = run(file)
    assert [line.split(": ")[0].removeprefix(f"{file}:") for line in result.stderr.splitlines()] == [
        "2:A",
        "3:C",
        "4:D",
    ]


def test_what_is_there_is_compared_and_nothing_is_lost(tmp_path: Path) -> None:
    """A cell that differs changes one value, with its comment kept; empty cells and other sites change nothing."""
    path = ward(
        tmp_path,
        "sites:\n  - id: tdp-1\n    name: Old  # renamed\n    kind: office\n    links:\n      - id: own-id\n"
        "        circuit: HN-1\n        contracted: {download: 100Mbit/s, upload: 50Mbit/s}\n        target: icmp://10.1.0.1\n"
        "  - {id: other, name: Other}\n",
    )
    file = tmp_path / "sites.csv"
    file.write_text("site,site name,kind,circuit,download\ntdp-1,New,,HN-1,300\n")
    result = run(file, f"--config.file={path}", "--yes")
    assert result.exit_code == 0, result.output
    changed = [line for line in result.stdout.splitlines() if line[:1] in "+-"][2:]
    assert changed == [
        "-    name: Old  # renamed",
        "+    name: New  # renamed",
        "-        contracted: {download: 100Mbit/s, upload: 50Mbit/s}",
        "+        contracted: {download: 300Mbit/s, upload: 50Mbit/s}",
    ]
    again = run(file, f"--config.file={path}", "--yes")
    assert "the inventory says all of it already" in again.stderr


def test_a_link_of_another_site_is_not_taken_away(tmp_path: Path) -> None:
    """Its number stands at another site: that is said, and nothing moved."""
    path = ward(tmp_path, "sites: [{id: a, links: [{id: l, target: 'icmp://10.0.0.1'}]}, {id: b}]\n")
    file = tmp_path / "sites.csv"
    file.write_text("site,link,target\nb,l,10.0.0.1\n")
    result = run(file, f"--config.file={path}", "--yes")
    assert "link `l` is in the inventory at site `a`" in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the sheet is empty"),
        (b"colour,shape\n1,2\n", "no column names the sites"),
        (b"site,site\na,b\n", "there twice"),
        (b"PK\x03\x04 not a workbook", "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old form"),
    ],
)
def test_what_is_no_sheet_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    """Status 2 and one sentence, never a traceback."""
    file = tmp_path / "sites.csv"
    file.write_bytes(content)
    result = run(file)
    assert result.exit_code == 2
    assert said in result.stderr


def test_without_an_inventory_the_lines_are_printed(tmp_path: Path) -> None:
    """What is printed is an inventory, once a ward is put above it."""
    file, path = tmp_path / "sites.csv", tmp_path / "made.yml"
    file.write_text(SHEET)
    path.write_text(run(file).stdout)
    assert len(load(path).sites) == 2


def test_numbers_as_people_write_them() -> None:
    """Commas and points, units and none; what can be read in two ways is not guessed."""
    assert as_number("21,0712") == as_number(21.0712) == as_number(" 21.0712 ")
    assert [as_rate(cell) for cell in (300, "300", "1Gbps", "2,5 Gbit/s", "512 kbps", "100 Mb/s")] == [
        "300Mbit/s",
        "300Mbit/s",
        "1Gbit/s",
        "2.5Gbit/s",
        "512kbit/s",
        "100Mbit/s",
    ]
    for wrong in ("1.000", "1,000", "fast", "300 MB/h", "1.0.0"):
        with pytest.raises(InvalidValueError):
            as_rate(wrong)
    assert as_text(84123456.0) == "84123456"
    assert as_target("2001:db8::1; gw.example") == ["icmp://[2001:db8::1]", "icmp://gw.example"]
    assert (as_flag("Có"), as_flag("không"), as_flag(True)) == (True, False, True)
    with pytest.raises(InvalidValueError, match="neither yes nor no"):
        as_flag("perhaps")
    assert as_words("Mon-Fri 07:30-11:30; Sat 08:00-11:00\nSun 08:00-09:00") == [
        "Mon-Fri 07:30-11:30",
        "Sat 08:00-11:00",
        "Sun 08:00-09:00",
    ]


def test_every_title_means_one_column() -> None:
    """No header of one language is another column's in another, and units in brackets do not count."""
    for column in COLUMNS:
        for title in column.titles:
            assert column_of(title) is column, title
            assert column_of(f"{title.upper()} (Mb/s)") is column, title
    assert column_of("download_mbps") is column_of("tải xuống")
    assert column_of("màu") is None
