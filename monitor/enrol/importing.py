"""From the rows of a spreadsheet to changes of an inventory; everything that is wrong is told at once, cell by cell."""

from collections.abc import Mapping, Sequence

from model.invalid import InvalidValueError
from model.inventory import Inventory
from model.naming import free_id, slug
from model.sheet_columns import COLUMNS, Cell, Column, as_text, column_of
from monitor.config.mending import nearest
from monitor.enrol.reconciling import Entry, EntryProblem, Imported, reconcile
from monitor.enrol.sheets import Row, letter


def import_rows(rows: Sequence[Row], inventory: Inventory) -> Imported:
    """What the rows mean. The first one is the header.

    A row is a link with its site; a site's cells may be empty where the row above has the same site. A cell that is
    empty says nothing: what the inventory has stays. What the sheet does not name stays too.
    """
    if not rows:
        return Imported((), (EntryProblem(1, "", "the sheet is empty", "begin with a row of headers"),))
    header, problems = _header(rows[0])
    reader = _Reader(header, problems, {link.circuit: link.id for _, link in inventory.links() if link.circuit})
    for row in rows[1:]:
        reader.take(row)
    return reconcile(list(reader.sites.values()), inventory, problems)


def _header(row: Row) -> tuple[dict[int, Column], list[EntryProblem]]:
    found: dict[int, Column] = {}
    problems: list[EntryProblem] = []
    for place, cell in enumerate(row.cells):
        column = column_of(str(cell)) if cell is not None else None
        if column is not None and column in found.values():
            problems.append(
                EntryProblem(row.number, letter(place), f"`{cell}` is there twice", "take one of the two out")
            )
        elif column is not None:
            found[place] = column
        elif cell is not None:
            near = nearest(str(cell), [title for each in COLUMNS for title in each.titles])
            mend = near or "take the column out, or call it as docs/add-devices.md does"
            problems.append(EntryProblem(row.number, letter(place), f"there is no column `{cell}`", mend))
    keys = {(column.record, column.key) for column in found.values()}
    if not keys & {("site", "id"), ("site", "name")}:
        problems.append(EntryProblem(row.number, "", "no column names the sites", "call one `site` or `mã điểm`"))
    return found, problems


class _Reader:
    """Reads rows to sites with their links."""

    def __init__(self, header: Mapping[int, Column], problems: list[EntryProblem], circuits: Mapping[str, str]) -> None:
        self.sites: dict[str, Entry] = {}
        self._header = header
        self._problems = problems
        self._circuits = circuits
        self._links: dict[str, int] = {}
        self._last: Entry | None = None

    def take(self, row: Row) -> None:
        """Read one row."""
        site, link = Entry("site", row.number), Entry("link", row.number)
        for place, column in self._header.items():
            cell = row.cells[place] if place < len(row.cells) else None
            if cell is not None:
                self._read(cell_of=column, entry=site if column.record == "site" else link, cell=cell, place=place)
        owner = self._site(site)
        if owner is not None and link.values:
            self._add_link(owner, link)

    def _read(self, *, cell_of: Column, entry: Entry, cell: Cell, place: int) -> None:
        try:
            meaning = cell_of.read(_computed(cell))
        except InvalidValueError as error:
            entry.is_wounded = True
            self._problems.append(EntryProblem(entry.number, letter(place), error.what, error.mend, entry.kind))
            return
        entry.values[cell_of.key] = meaning
        entry.places[cell_of.key] = letter(place)

    def _site(self, site: Entry) -> Entry | None:
        if not site.values:
            if self._last is None:
                self._problems.append(EntryProblem(site.number, "", "the first row names no site", "name one"))
            return self._last
        site.values = {"id": site.values.get("id") or slug(as_text(str(site.values.get("name", "")))), **site.values}
        if not site.id:
            self._problems.append(EntryProblem(site.number, "", "the site has no id", "fill in `site` or `site name`"))
            return None
        first = self.sites.setdefault(site.id, site)
        first.is_wounded = first.is_wounded or site.is_wounded
        for key, value in site.values.items():
            if first.values.setdefault(key, value) != value:
                what = f"site `{site.id}` has another `{key}` in row {first.number}"
                self._problems.append(EntryProblem(site.number, site.places.get(key, ""), what, "write it alike"))
            first.places.setdefault(key, site.places.get(key, ""))
        self._last = first
        return first

    def _add_link(self, site: Entry, link: Entry) -> None:
        made = slug(f"{site.id}-{link.values.get('provider', '')}")
        there = self._circuits.get(str(link.values.get("circuit", "")))
        new = there or free_id(made or f"{site.id}-link", self._links)
        link.values = {"id": link.values.get("id") or new, **link.values}
        if link.id in self._links:
            what = f"link `{link.id}` is in row {self._links[link.id]} already"
            self._problems.append(
                EntryProblem(link.number, link.places.get("id", ""), what, "give each link an id of its own")
            )
            return
        self._links[link.id] = link.number
        site.links.append(link)


def _computed(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith("#"):  # as #N/A
        raise InvalidValueError(f"the cell holds {cell}", "mend its formula")
    return cell
