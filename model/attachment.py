"""Attachments and paths as plain JSON: the same content gives the same text, wherever and whenever it is written."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from model.hosts import is_address
from model.incident import Attachment
from model.path import Hop, Note, Path, PathDifference

_MICROSECONDS: Final = 6  # digits


def plain(attachment: Attachment) -> Mapping[str, object]:
    """An attachment as JSON has it."""
    return {
        "about": list(attachment.about),
        "content": attachment.content,
        "kind": attachment.kind,
        "taken_at": attachment.taken_at.isoformat(),
    }


def digest(attachments: Iterable[Attachment]) -> str:
    """SHA-256 of attachments, in hex: of their JSON with sorted keys and without spaces, in UTF-8.

    Raises:
        ValueError: A content holds a number that JSON does not know.
        TypeError: A content holds something else that JSON does not know.
    """
    written = json.dumps(
        [plain(attachment) for attachment in attachments],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(written.encode()).hexdigest()


class Lack(StrEnum):
    """Why something that was to be looked at could not be had; in parentheses the names of its values."""

    NOT_POLLED = "not_polled"  # (device) the inventory gives it no ``snmp``
    TOO_SLOW = "too_slow"  # (seconds) it took longer than this
    OUR_ERROR = "our_error"  # (error) of this program
    NO_INTERFACES = "no_interfaces"  # the poll gave none
    NOT_TOLD_YET = "not_told_yet"  # (device, interface) since the start
    NOT_TOLD = "not_told"  # (device, interface) there is none of this name
    FAILED = "failed"  # (reason) a ``model.measurement.Reason``


def lack_json(lack: Lack, words: str, **values: str | float) -> dict[str, object]:
    """A lack as JSON has it: one English sentence for a person, and the same for programs."""
    return {"failed": words, "because": {"code": lack.value, **values}}


def path_json(path: Path) -> dict[str, object]:
    """A path as JSON has it; round-trip delays in seconds."""
    return {"target": path.target, "reached": path.reached, "hops": [hop_json(hop) for hop in path.hops]}


def hop_json(hop: Hop) -> dict[str, object]:
    """A hop as JSON has it."""
    rtt = None if hop.rtt is None else round(hop.rtt, _MICROSECONDS)
    return {"ttl": hop.ttl, "address": hop.address, "rtt_seconds": rtt, "note": hop.note.value, "said": hop.said}


def difference_json(difference: PathDifference) -> dict[str, object]:
    """A difference of paths as JSON has it."""
    last = difference.last_common
    return {
        "last_common": None if last is None else hop_json(last),
        "missing": [hop_json(hop) for hop in difference.missing],
        "new": [hop_json(hop) for hop in difference.new],
        "words": difference.words,
    }


def path_from(written: object) -> Path | None:
    """The path that ``path_json`` wrote; ``None`` for anything else."""
    match written:
        case {"target": str(target), "reached": bool(reached), "hops": [*rows]}:
            hops = [_hop_from(row, ttl) for ttl, row in enumerate(rows, 1)]
            whole = tuple(hop for hop in hops if hop is not None)
            return Path(target, whole, reached) if len(whole) == len(hops) and is_address(target) else None
    return None


def _hop_from(written: object, ttl: int) -> Hop | None:
    match written:
        case {
            "ttl": int(written_ttl),
            "address": str() | None as address,
            "rtt_seconds": float() | int() | None as rtt,
            "note": str(note),
            "said": str(said),
        } if written_ttl == ttl and note in set(Note):
            return Hop(ttl, address, rtt, Note(note), said)
    return None
