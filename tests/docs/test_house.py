"""The house keeps its own numbers and habits, which CONTRIBUTING.md names."""

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("model", "history", "alerts", "exporters", "reports", "monitor")
SHIPPED = sorted(path for folder in (*PACKAGES, "bench", "scripts") for path in (ROOT / folder).rglob("*.py"))
ALL = [*SHIPPED, *sorted((ROOT / "tests").rglob("*.py"))]
EXCEPTION = re.compile(
    r"#\s*(?:noqa\b(?:: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*)?|type: ignore\b(?:\[[a-z, -]+\])?)(?P<reason>.*)"
)
REASON = re.compile(r"\s+[#-] \S.*")
LATER = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|\bNotImplemented(?:Error)?\b")
EMPTY_NAMES = re.compile(r"(?:Manager|Helper|Util)s?(?![a-z])|(?:^|_)(?:manager|helper|util)s?(?:_|$)")
GROWING = {"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def place(path: Path, line: int) -> str:
    """Where to look."""
    return f"{path.relative_to(ROOT)}:{line}"


def functions() -> Iterator[tuple[Path, Function]]:
    """Every function and method that is shipped."""
    for path in SHIPPED:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Function):
                yield path, node


def length(function: Function) -> int:
    """Lines from ``def`` to the last, docstring and all."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every comment."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def is_unexplained(comment: str) -> bool:
    """Whether a comment makes an exception to a rule and does not say why."""
    match = EXCEPTION.search(comment)
    return match is not None and REASON.fullmatch(match["reason"]) is None


def grows(value: ast.expr | None) -> bool:
    """Whether a value is an empty container, which only makes sense if something is put into it later."""
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name))):
            return name in GROWING and not value.args and not value.keywords
        case _:
            return False


def test_no_function_is_over_sixty_lines() -> None:
    """A function fits in the head."""
    assert [place(path, node.lineno) for path, node in functions() if length(node) > 60] == []


def test_half_of_the_functions_are_under_ten_lines() -> None:
    """And nine of ten are under thirty."""
    lengths = [length(node) for _, node in functions()]
    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=10)[-1] < 30


def test_no_file_reaches_four_hundred_lines() -> None:
    """A file that does is two."""
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SHIPPED}
    assert {path: size for path, size in sizes.items() if size >= 400} == {}


def test_every_exception_to_a_rule_says_why() -> None:
    """No ``noqa`` and no ``type: ignore`` without a reason behind it."""
    found = [place(path, line) for path in ALL for line, text in comments(path) if is_unexplained(text)]
    assert found == []


@pytest.mark.parametrize(
    ("comment", "unexplained"),
    [
        ("# noqa: PLR2004", True),
        ("# noqa", True),
        ("# type: ignore[misc]", True),
        ("# noqa: S311, S104  # ", True),
        ("# noqa: S311, S104  # need not be secret", False),
        ("# noqa: DTZ001 - the clock on the wall", False),
        ("# type: ignore[misc]  # untyped in the library", False),
        ("# the kernel counts from 1", False),
    ],
)
def test_reasons_are_told_from_exceptions(comment: str, *, unexplained: bool) -> None:
    """The check itself sees what it must."""
    assert is_unexplained(comment) is unexplained


def test_nothing_is_left_for_later() -> None:
    """What is not done is in an issue, not in the code."""
    lines = ((path, line, text) for path in SHIPPED for line, text in enumerate(path.read_text().splitlines(), 1))
    assert [place(path, line) for path, line, text in lines if LATER.search(text)] == []


def test_no_name_is_empty() -> None:
    """A manager, a helper and a util say nothing about what they do."""
    names = [(path, 1, path.stem) for path in SHIPPED]
    for path in SHIPPED:
        nodes = ast.walk(ast.parse(path.read_text()))
        names += [(path, node.lineno, node.name) for node in nodes if isinstance(node, Function | ast.ClassDef)]
    assert [place(path, line) for path, line, name in names if EMPTY_NAMES.search(name)] == []


def test_modules_hold_no_state() -> None:
    """No module keeps a container to be filled, and none is written to from a function."""
    found = []
    for path in SHIPPED:
        tree = ast.parse(path.read_text())
        found += [place(path, node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Global)]
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and grows(node.value):
                found.append(place(path, node.lineno))
    assert found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("{}", True), ("[]", True), ("dict[str, int]()", True), ("set()", True), ("collections.deque()", True)),
        *(("{1: 2}", False), ("set(x)", False), ("()", False), ("frozenset()", False), ("deque(maxlen=3)", False)),
    ],
)
def test_growing_containers_are_told_from_constants(text: str, *, expected: bool) -> None:
    """The check itself sees what it must."""
    assert grows(ast.parse(text, mode="eval").body) is expected
