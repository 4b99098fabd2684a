"""What pydantic and the cross-checks find, as problems with a place, in words of ours and without secrets."""

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from model.fields import Record
from model.finding import Finding, Path
from model.invalid import InvalidValueError
from model.inventory import Inventory
from monitor.config.mending import blamed_line, mend, nearest
from monitor.config.nouns import noun_of
from monitor.config.problem import Problem
from monitor.config.shape import Shape, fields_of, shape_at, words
from monitor.config.substitution import shown
from monitor.config.tree import Listing, Mapping, Node, Scalar, locate, problem_at

MOST_SUGGESTIONS: Final = 50
"""Dangling names for which a near name is looked for: among a city's 40,000 names that takes 0.1 s each."""
_LONGEST_QUOTE: Final = 60


def explain_errors(error: ValidationError, tree: Node, top: type[Record] = Inventory) -> list[tuple[Path, Problem]]:
    """The problems behind an error of pydantic, each with the path of the node to blame.

    A complaint about a whole list or record is left out where one about its inside says more.

    Args:
        error: As it was raised.
        tree: What was validated.
        top: As what.
    """
    details = error.errors(include_url=False)
    inner = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    kept = [
        detail for detail in details if detail["loc"] not in inner or detail["type"] not in {"too_short", "too_long"}
    ]
    located = [(locate(tree, detail["loc"])[1], detail) for detail in kept]
    return [(path, _explain(detail, path, tree, top)) for path, detail in located]


def explain_findings(findings: Sequence[Finding], tree: Node) -> Iterator[Problem]:
    """The problems behind the findings of the cross-checks."""
    suggestions = 0
    for finding in findings:
        node, path = locate(tree, finding.path)
        if isinstance(node, Scalar) and node.is_substituted:
            # The finding quotes the value, which may be a secret that stands in the wrong place.
            yield problem_at(node, f"{_key(path)} cannot be `{shown(node)}`", finding.mend)
            continue
        way = finding.mend
        if finding.sought is not None and suggestions < MOST_SUGGESTIONS:
            suggestions += 1
            way = nearest(finding.sought, finding.candidates) or way
        yield problem_at(node, finding.what + _other(finding, tree), way)


def _other(finding: Finding, tree: Node) -> str:
    if finding.other is None:
        return ""
    node, _ = locate(tree, finding.other)
    return f", at {node.file}:{node.line}"


def _explain(detail: ErrorDetails, path: Path, tree: Node, top: type[Record]) -> Problem:
    node, _ = locate(tree, path)
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    match detail["type"]:
        case "missing" if isinstance(detail["loc"][-1], str):
            return problem_at(node, f"`{key}` is missing", f"add `{key}: …`, {words(shape_at(detail['loc'], top))}")
        case "extra_forbidden":
            return _unknown_key(node, key, shape_at(path[:-1], top).record or top)
        case "value_error":
            return _invalid(detail, node, path, shape_at(path, top))
        case _:
            return _unfit(node, path, shape_at(path, top))


def _unknown_key(node: Node, key: str, record: type[Record]) -> Problem:
    known = list(fields_of(record))
    way = nearest(key, known) or f"take it out; known here are {', '.join(f'`{name}`' for name in known)}"
    return problem_at(node, f"`{key}` is not a key of {noun_of(record)}", way)


def _invalid(detail: ErrorDetails, node: Node, path: Path, shape: Shape) -> Problem:
    error = detail.get("ctx", {}).get("error")
    # The message of a validator quotes the value, or a part of it.
    if not isinstance(error, InvalidValueError) or _is_secret(node, shape):
        return _unfit(node, path, shape)
    return problem_at(node, f"{_subject(path)}{error.what}", error.mend)


def _unfit(node: Node, path: Path, shape: Shape) -> Problem:
    if shape.is_secret and isinstance(node, Scalar) and node.value == "":
        return _empty(node, path)
    what = f"{_key(path)} cannot be {_quoted(node, shape)}"
    return Problem(node.file, blamed_line(node, shape), what, mend(node, shape))


def _empty(node: Scalar, path: Path) -> Problem:
    if node.is_substituted:
        what = f"{_key(path)} is empty, because `{shown(node)}` gives nothing"
        return problem_at(node, what, "write the secret into the file or variable that it names")
    return problem_at(node, f"{_key(path)} is empty", "write the secret, or leave the key out")


def _quoted(node: Node, shape: Shape) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Listing):
        return "a list" if node.items else "an empty list"
    if node.value is None:
        return "null"
    if _holds_secrets(shape) or "@" in node.written:
        return "what is written here"
    text = shown(node)
    return f"`{text}`" if len(text) <= _LONGEST_QUOTE else f"`{text[:_LONGEST_QUOTE]}…`"


def _is_secret(node: Node, shape: Shape) -> bool:
    return _holds_secrets(shape) or (isinstance(node, Scalar) and (node.is_substituted or "@" in node.written))


def _holds_secrets(shape: Shape) -> bool:
    return shape.is_secret or shape.item().is_secret


def _subject(path: Path) -> str:
    return f"{_key(path)}: " if path else ""


def _key(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f"`{names[-1]}`" if names else "the file"
