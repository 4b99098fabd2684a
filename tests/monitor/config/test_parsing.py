"""YAML without its library: places, bounds, and the words for what the parser says."""

import pytest
import yaml

from monitor.config.parsing import parse
from monitor.config.syntax import syntax_problem
from monitor.config.tree import Listing, Mapping, Scalar, locate, without

TEXT = "sites:\n  - id: a\n    devices:\n    - {id: d,\n       role: ups}\n  - id: b\n"


def tree_of(text: str) -> Mapping:
    """The tree of a text that has no problems."""
    tree, problems = parse(text, "ward.yml")
    assert not problems
    assert tree is not None
    return tree


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("sites",), 1),
        (("sites", 0), 2),
        (("sites", 0, "id"), 2),
        (("sites", 0, "devices"), 3),
        (("sites", 0, "devices", 0), 4),
        (("sites", 0, "devices", 0, "role"), 5),
        (("sites", 1), 6),
    ],
)
def test_every_value_knows_the_line_of_its_key(path: tuple[str | int, ...], line: int) -> None:
    """That is where the reader looks."""
    node, found = locate(tree_of(TEXT), path)
    assert (node.line, found) == (line, path)


def test_a_path_that_leads_nowhere_ends_at_the_last_thing_that_is_there() -> None:
    """A missing key is shown at its record; names that stand in no file are passed over."""
    node, found = locate(tree_of(TEXT), ("sites", 0, "(own)", "devices", 7, "role"))
    assert isinstance(node, Listing)
    assert found == ("sites", 0, "devices")


def test_cutting_leaves_the_tree_as_it_was() -> None:
    """The pruned tree is a copy; places count from the items that are left; the root always stays."""
    tree = tree_of(TEXT)
    pruned = without(tree, [("sites", 0), ("sites", 1, "id"), ("sites", 0, "devices", 0)])
    node, _ = locate(pruned, ("sites", 0))
    assert isinstance(node, Mapping)
    assert (node.line, node.entries) == (6, {})
    assert locate(tree, ("sites", 0, "id"))[0].line == 2
    assert without(tree, [()]) == Mapping({}, "ward.yml", 1)
    scalar = Scalar("x", is_plain=True, file="ward.yml", line=1)
    assert without(scalar, [("a", "b")]) is scalar


@pytest.mark.parametrize(
    "text", ["a: |\n  text\n", "a: >-\n  text\n", "a: 'text'\n", 'a: "text"\n', "a: text # comment\n"]
)
def test_text_may_be_written_in_every_style_of_yaml(text: str) -> None:
    """Blocks, folds and both quotes."""
    node, _ = locate(tree_of(text), ("a",))
    assert isinstance(node, Scalar)
    assert node.written.strip() == "text"


def test_an_error_that_is_not_known_is_passed_on() -> None:
    """With the parser's words, at the first line where it tells none."""
    problem = syntax_problem(yaml.YAMLError("odd"), "", "ward.yml")
    assert (problem.line, problem.what) == (1, "this is not YAML (odd)")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a:\n  - b\n c: d\n", "does not fit"),
        ("a: [b, c\nd: e\n", "not closed"),
        ("a: [}\n", "a sign too many"),
        ("a: 'b\n---\nc'\n", "a quote is not closed"),
        ("a: &b\n  - *b\n", "stands inside"),
        ("a: %b\n", "cannot begin"),
        ("a: b\n...\nc: d\n", "does not belong"),
        ("a: b\n\tc: d\n", "a tab"),
        ("- a\nb: c\n", "does not fit"),
        ("a: 'it's'\n", "goes on after its closing quote"),
        ('a: {b: "c" d: e}\n', "goes on after its closing quote"),
        ('a: {b: "c"}}\n', "does not fit"),
        ('a: "b”\nc: d\n', "a curly quote"),
        ('a: "b"\n   c: d\n', "does not fit"),
        ("a: {b: $", "is not closed"),
        ("a: ['b\n  c', d\n", "is opened here"),
        ("a: [b, {c: d\n  e: f}]\n", "not closed"),
        ("# 'a\nb: [}\n", "a sign too many"),
    ],
)
def test_what_the_parser_says_is_put_in_plain_words(text: str, what: str) -> None:
    """The mistakes that people make most."""
    tree, problems = parse(text, "ward.yml")
    assert tree is None
    assert what in problems[-1].what


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: [${X\n", [1]),
        ("a: {b: ${X:-canary}}\n", [1]),
        ("a:\n  - {b: c,\n     community: x${file:secrets/c}}\n", [3]),
        ("a: 1\nb: [\n  c,\n  {d: e},\n\n", [2]),
        ("a: {b: c,\n\n# end\n", [1]),
        ("a:\n  b: 'c\nd:\n  e: 'f'\n", [2]),
        ('a:\n  b: "c\n\n', [2]),
        ("a: “b\n  c: d\n", [1, 2]),
        ("a: “b: c”\n", [1]),
    ],
)
def test_the_line_to_mend_is_told_rather_than_the_one_where_the_parser_gave_up(text: str, lines: list[int]) -> None:
    """Where something was opened, not where its end was missed; each line once, and no default of a variable."""
    tree, problems = parse(text, "ward.yml")
    assert tree is None
    assert [problem.line for problem in problems] == lines
    assert "canary" not in str(problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a: 1,5Gbit/s, b: c}", {"a": "1.5Gbit/s", "b": "c"}),
        ("{a: b, c: 2,5}", {"a": "b", "c": "2.5"}),
        ("{id: l, provider:VNPT, name:x}", {"id": "l", "provider": "VNPT", "name": "x"}),
        ("{a: “b”, 'c': \u2018d\u2019}", {"a": "b", "c": "d"}),
    ],
)
def test_a_slip_in_a_brace_is_told_and_read_as_it_was_meant(text: str, expected: dict[str, str]) -> None:
    """So that nothing else is told that only follows from it."""
    tree, problems = parse(text, "ward.yml")
    assert problems
    assert tree is not None
    assert {key: node.written for key, node in tree.entries.items() if isinstance(node, Scalar)} == expected


@pytest.mark.parametrize(
    "text", ["{a: 1, 'x': 5}", "{a: b, c}", '{a: "1", 5}', "{a: [1], 5}", "{[a]: 1, 5}", "{1, 5}", "{? [a] : , 5}"]
)
def test_a_key_without_a_value_may_be_no_slip(text: str) -> None:
    """What is no number in two parts stays as YAML reads it."""
    _, problems = parse(text, "ward.yml")
    assert "comma divides" not in str(problems)


def test_anchors_on_plain_values_and_lists_are_repeated_at_their_own_line() -> None:
    """An alias is a place of its own."""
    tree = tree_of("a: &s x\nb: &l [y]\nc: *s\nd: *l\n")
    assert [(node.line, type(node)) for node in tree.entries.values()] == [
        (1, Scalar),
        (2, Listing),
        (3, Scalar),
        (4, Listing),
    ]
