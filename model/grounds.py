"""Why somebody was told of a fault or nobody: a code and what belongs to it. Whoever shows it has the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Ground(StrEnum):
    """On what it was decided; in parentheses the names of its values."""

    PARENT_ASKED = "parent_asked"  # (noun, name) what it hangs on is being asked
    PARENT_BACK = "parent_back"  # (noun, name) what it hangs on is just back
    PARENTS_ANSWER = "parents_answer"  # what it hangs on answers again
    ANCHORS_ASKED = "anchors_asked"  # perhaps the monitor itself is cut off
    ANSWERS_AGAIN = "answers_again"
    ASKED_ONCE_MORE = "asked_once_more"
    PROVIDER_ASKED = "provider_asked"  # (provider) other links of it
    SIBLINGS_ASKED = "siblings_asked"  # (noun, name) other links that hang on the same
    SITE_ASKED = "site_asked"  # another line of the same site
    EXPLAINED = "explained"  # (alertname, noun, name) by another fault
    VIA_PROMETHEUS = "via_prometheus"
    WINDOW = "window"  # (window, until, zone, reason) of maintenance
    SILENCE = "silence"  # (silence, author, until, zone, comment)
    SERVICE_HOURS = "service_hours"  # (site, until, zone) it lies outside of them
    NO_ROUTE = "no_route"
    GROUP_WAIT = "group_wait"  # (seconds) others of its group may follow
    TOLD = "told"  # (kind, receiver, person)


@dataclass(frozen=True, slots=True)
class Grounds:
    """One ground with its values.

    Attributes:
        code: Which.
        values: By name, as the code lists them: ids, names as people wrote them, ``until`` as ISO 8601 in UTC with the
            ``zone`` of the place beside it. What is not known is empty or left out.
    """

    code: Ground
    values: Mapping[str, str | float] = field(default_factory=dict, hash=False)  # equal ones are equal in their code

    def plain(self) -> dict[str, str | float]:
        """As JSON has it."""
        return {"code": self.code.value, **self.values}


def grounds_from(written: object) -> Grounds | None:
    """What ``plain`` wrote; ``None`` for anything else, such as what an older or newer version wrote."""
    match written:
        case {"code": str(code), **values} if code in set(Ground):
            kept = {str(name): value for name, value in values.items() if isinstance(value, str | float | int)}
            return Grounds(Ground(code), kept)
    return None
