"""Changes of an inventory on their way into its files: drafted, proved, shown, and written whole or not at all."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from model.inventory import Device, Inventory, Link, Service, Site
from monitor.config.editing import Addition, Amendment, Change, Draft, Opening, Touched
from monitor.config.garbage import without_collecting_garbage
from monitor.config.loading import load_checked
from monitor.config.problem import WITHOUT_A_LINE, ConfigError, Problem
from monitor.config.reading import inventory_files, read_text
from monitor.config.whole_file import replace_whole
from monitor.config.written import Record

_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]


@dataclass(frozen=True, slots=True)
class Revision:
    """One file before and after.

    Attributes:
        path: The file.
        before: What it held when it was read.
        after: What it is to hold.
        touched: Which of its lines change.
    """

    path: Path
    before: str
    after: str
    touched: tuple[Touched, ...]


def revise(path: Path, changes: Sequence[Change], environ: Mapping[str, str] = os.environ) -> tuple[Revision, ...]:
    """The files of an inventory with changes in them; nothing is written yet.

    The result has been read as the daemon reads it: it is valid, and says what it said before and what was asked for.

    Args:
        path: The inventory, a file or a folder.
        changes: What is to change.
        environ: Where its variables are looked up.

    Returns:
        A revision for each file that changes.

    Raises:
        ConfigError: The inventory is invalid now or would be; or a file is laid out so that it cannot be edited.
    """
    with without_collecting_garbage():
        return _revised(path, changes, environ)


def _revised(path: Path, changes: Sequence[Change], environ: Mapping[str, str]) -> tuple[Revision, ...]:
    now = load_checked(path, environ)[0]
    texts = {file: read_text(file) for file in inventory_files(path)}
    drafts = {file: Draft(str(file), text) for file, text in texts.items()}
    for change in changes:
        if isinstance(change, Amendment):
            _draft_of(drafts, path, change.owner).amend(change)
        elif isinstance(change, Opening):
            _draft_for_sites(drafts).open(change)
    for (site, key), records in _grouped(changes).items():
        draft = _draft_of(drafts, path, site) if site else _draft_for_sites(drafts)
        draft.extend(site, key, records)
    revisions = tuple(
        Revision(file, texts[file], after, tuple(draft.touched()))
        for file, draft in drafts.items()
        if (after := draft.text()) != texts[file]
    )
    then, _ = load_checked(path, environ, {each.path: each.after for each in revisions})
    _prove(now, then, changes, path)
    return revisions


def difference(revisions: Iterable[Revision]) -> list[str]:
    """The lines of a unified difference, without line ends."""
    return [line for each in revisions for line in _difference(each)]


def _difference(revision: Revision) -> Iterator[str]:
    before, after = ([line.rstrip("\r") for line in text.split("\n")] for text in (revision.before, revision.after))
    yield f"--- {revision.path}"
    yield f"+++ {revision.path} (new)"
    for group in _matched(before, after, revision.touched).get_grouped_opcodes():
        (_, first, _, new_first, _), (_, _, last, _, new_last) = group[0], group[-1]
        yield f"@@ -{first + 1},{last - first} +{new_first + 1},{new_last - new_first} @@"
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                yield from (f" {line}" for line in before[start:end])
                continue
            yield from (f"-{line}" for line in before[start:end])
            yield from (f"+{line}" for line in after[new_start:new_end])


class _Known(SequenceMatcher[str]):
    """What differs is known already; only which lines stand around it is to be found."""

    def __init__(self, opcodes: list[_Opcode]) -> None:
        super().__init__(None, [], [])
        self._known = opcodes

    def get_opcodes(self) -> list[_Opcode]:
        """As they were given."""
        return self._known


def _matched(before: Sequence[str], after: Sequence[str], touched: Iterable[Touched]) -> _Known:
    """Both texts compared where they are known to differ: as wholes, those of a city would take minutes."""
    opcodes: list[_Opcode] = []
    line = new_line = 0
    for first, end, new_first, new_end in touched:
        opcodes.append(("equal", line, first, new_line, new_first))
        inside = SequenceMatcher(None, before[first:end], after[new_first:new_end], autojunk=False)
        for tag, a, b, c, d in inside.get_opcodes():
            opcodes.append((tag, a + first, b + first, c + new_first, d + new_first))
        line, new_line = end, new_end
    opcodes.append(("equal", line, len(before), new_line, len(after)))
    return _Known(_joined(opcodes))


def _joined(opcodes: Iterable[_Opcode]) -> list[_Opcode]:
    """Without those that span nothing, and what is equal one behind the other as one."""
    kept: list[_Opcode] = []
    for opcode in opcodes:
        tag, start, end, new_start, new_end = opcode
        if start == end and new_start == new_end:
            continue
        if kept and kept[-1][0] == tag == "equal":
            _, start, _, new_start, _ = kept.pop()
        kept.append((tag, start, end, new_start, new_end))
    return kept


def write(revision: Revision) -> None:
    """Replace a file, at once and for good: after a power cut it is the old one or the new one.

    Raises:
        ConfigError: It has changed since it was read, or it cannot be written.
    """
    try:
        content = _head(revision.path) + revision.after.encode()
        replace_whole(revision.path, content, lambda: _refuse_what_changed(revision))
    except OSError as error:
        mend = "let this user write to the file and its folder"
        what = f"cannot be written ({error.strerror})"
        raise ConfigError([Problem(str(revision.path), WITHOUT_A_LINE, what, mend)]) from error


def _head(path: Path) -> bytes:
    """The byte order mark, which reading leaves out, of a file that has one."""
    mark = b"\xef\xbb\xbf"
    with path.open("rb") as file:
        return mark if file.read(len(mark)) == mark else b""


def _refuse_what_changed(revision: Revision) -> None:
    if read_text(revision.path) != revision.before:
        what = "has been changed by somebody else in the meantime"
        raise ConfigError([Problem(str(revision.path), WITHOUT_A_LINE, what, "run the command again")])


def _grouped(changes: Iterable[Change]) -> Mapping[tuple[str | None, str], list[Record]]:
    groups: dict[tuple[str | None, str], list[Record]] = {}
    for change in changes:
        if isinstance(change, Addition):
            groups.setdefault((change.site, change.key), []).append(change.record)
    # What goes into the last site comes before the sites that follow it.
    return dict(sorted(groups.items(), key=lambda group: group[0][0] is None))


def _draft_of(drafts: Mapping[Path, Draft], path: Path, name: str) -> Draft:
    for draft in drafts.values():
        if draft.has(name):
            return draft
    what = f"no record with the id `{name}` is written out"
    raise ConfigError([Problem(str(path), WITHOUT_A_LINE, what, "look whether an alias or `<<` brings it in")])


def _draft_for_sites(drafts: Mapping[Path, Draft]) -> Draft:
    """The last file with sites; the last of all where there is none."""
    backwards = list(drafts.values())[::-1]
    return next((draft for draft in backwards if draft.has_sites), backwards[0])


def _prove(before: Inventory, after: Inventory, changes: Sequence[Change], path: Path) -> None:
    """Refuse an edit that has changed more than it was to, or less: anchors and merges reach far."""
    added = {name for change in changes if isinstance(change, Addition) for name in _ids(change.record)}
    amended = {change.owner for change in changes if isinstance(change, Amendment)}
    old, new = dict(_flat(before)), dict(_flat(after))
    is_kept = all(new.get(name) == record for name, record in old.items() if name not in amended)
    open_to_change: dict[str, object] = {"sites": ()} | {
        change.key: {} for change in changes if isinstance(change, Opening)
    }
    rest = before.model_copy(update=open_to_change) == after.model_copy(update=open_to_change)
    if not (is_kept and rest and new.keys() == old.keys() | added):
        what = "the change would reach other records too, through anchors or `<<`"
        raise ConfigError([Problem(str(path), WITHOUT_A_LINE, what, "write the lines by hand")])


def _ids(record: Record) -> Iterator[str]:
    yield str(record["id"])
    for key in ("devices", "links", "services"):
        inner = record.get(key, ())
        for each in inner if isinstance(inner, list | tuple) else ():
            yield str(each["id"])


def _flat(inventory: Inventory) -> Iterator[tuple[str, object]]:
    """Every record without those inside of it, by its id, with the site that it is in."""
    for site in inventory.sites:
        yield site.id, site.model_copy(update={"devices": (), "links": (), "services": ()})
        yield from ((each.id, (site.id, each)) for each in _parts(site))


def _parts(site: Site) -> Iterator[Device | Link | Service]:
    yield from site.devices
    yield from site.links
    yield from site.services
