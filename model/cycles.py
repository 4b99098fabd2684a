"""Circles among names that point at names."""

from collections.abc import Iterator, Mapping, Sequence

from model.finding import Finding, Path

Arrows = Mapping[str, Sequence[tuple[Path, str]]]
"""For each name the names that it points at, each with its place in the file."""


def find_cycles(arrows: Arrows) -> Iterator[Finding]:
    """One finding for each arrow that closes a circle, at that arrow; a name that points at itself is a circle.

    Takes time in proportion to the arrows, whatever their depth.
    """
    finished: set[str] = set()
    for start in arrows:
        if start not in finished:
            yield from _walk(start, arrows, finished)


def _walk(start: str, arrows: Arrows, finished: set[str]) -> Iterator[Finding]:
    # Depth first without recursion: a chain may be as long as the inventory.
    trail = {start: iter(arrows[start])}
    while trail:
        name, ahead = next(reversed(trail.items()))
        path, following = next(ahead, (None, ""))
        if path is None:
            finished.add(name)
            del trail[name]
        elif following in trail:
            yield _circle(path, [*trail], following)
        elif following not in finished:
            trail[following] = iter(arrows.get(following, ()))


def _circle(path: Path, trail: list[str], closing: str) -> Finding:
    circle = [*trail[trail.index(closing) :], closing]
    return Finding(path, f"this closes a circle: {' → '.join(circle)}", "take one of its arrows out")
