"""Matchers in Alertmanager's syntax, and regular expressions in bounded time."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.invalid import InvalidValueError
from model.matcher import Matcher, Operator, parse_matcher
from model.pattern import LONGEST_PATTERN, LONGEST_VALUE, check_pattern, matches

LABELS = {"severity": "critical", "site": "tdp-01", "provider": "VNPT"}


@pytest.mark.parametrize(
    ("text", "label", "operator", "value"),
    [
        ('severity="critical"', "severity", Operator.IS, "critical"),
        ("severity=critical", "severity", Operator.IS, "critical"),
        ('site=~"a|b"', "site", Operator.IS_LIKE, "a|b"),
        ("site!~tdp-.*", "site", Operator.IS_NOT_LIKE, "tdp-.*"),
        ("provider!=VNPT", "provider", Operator.IS_NOT, "VNPT"),
        ('  provider != "FPT Telecom" ', "provider", Operator.IS_NOT, "FPT Telecom"),
        ("provider=FPT Telecom", "provider", Operator.IS, "FPT Telecom"),
        ("link=", "link", Operator.IS, ""),
        ('link=""', "link", Operator.IS, ""),
        (r'a="say \"hi\"\n\\"', "a", Operator.IS, 'say "hi"\n\\'),
        (r'a=~"\d+"', "a", Operator.IS_LIKE, r"\d+"),
        ("a==b", "a", Operator.IS, "=b"),
    ],
)
def test_alertmanagers_syntax_is_read(text: str, label: str, operator: Operator, value: str) -> None:
    """Quotes may be left out, blanks stand around, three escapes are known and another backslash is itself."""
    assert parse_matcher(text) == Matcher(label, operator, value)


@pytest.mark.parametrize(
    "text", ["", "severity", '="x"', 'a b="x"', '1a="x"', 'a="x', 'a=x"', 'a="x"y"', "a~b", '{a="b"}', r'a="x\"']
)
def test_what_is_no_matcher_is_refused_with_a_mend(text: str) -> None:
    """Missing names, operators and quotes."""
    with pytest.raises(InvalidValueError) as caught:
        parse_matcher(text)
    assert "severity" in caught.value.mend


@given(st.sampled_from(["a", "site"]), st.sampled_from(Operator), st.text(max_size=20))
def test_a_matcher_is_read_back_as_it_is_written(label: str, operator: Operator, value: str) -> None:
    """Whatever the value holds."""
    if operator in {Operator.IS_LIKE, Operator.IS_NOT_LIKE}:
        value = re.escape(value)
    matcher = Matcher(label, operator, value)
    assert parse_matcher(str(matcher)) == matcher


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("severity=critical", True),
        ("severity=crit", False),
        ("severity=~crit", False),
        ("severity=~crit.*", True),
        ("severity=~crit|ical", False),
        ("severity=~(?i)CRITICAL", True),
        ("site=~tdp-0[1-3]|office", True),
        ("site!~tdp-0[1-3]|office", False),
        ("provider!=VNPT", False),
        ("link=", True),
        ("link!=office-vnpt", True),
        ("link=~.+", False),
        ("link=~.*", True),
        ("link!~.+", True),
    ],
)
def test_a_matcher_compares_the_whole_value_and_takes_what_is_missing_for_empty(text: str, *, matched: bool) -> None:
    """As Alertmanager does."""
    assert parse_matcher(text).matches(LABELS) is matched


@pytest.mark.parametrize(
    ("text", "takes"), [("a=b", False), ("a!=b", True), ("a=", True), ("a=~.*", True), ("a=~.+", False)]
)
def test_a_matcher_knows_whether_it_takes_what_has_no_such_label(text: str, *, takes: bool) -> None:
    """Those that do tell hardly anything apart."""
    assert parse_matcher(text).takes_the_missing is takes


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a+)+b", "(a|a)*b", "(a*)*", "(a?){30}a{30}", "(?:ab)+", "(.*a){12}"),
        *(".*.*.*.*x", "a?" * 30 + "a" * 30, "(a|a)" * 30, "(a|b?)" * 20, "[a-z]*" * 5, "a{0,}" * 4, "a{,9}" * 4),
        *("(?=a)b", "(?!a)b", "(?<=a)b", r"(a)\1", "(?P<n>a)(?P=n)", "(?>a)", "a(?#x)b"),
        *("[", "a**", "(", "(?i", "[[a]", "a" * (LONGEST_PATTERN + 1), "a{99999999999999999999}"),
    ],
)
def test_what_could_take_long_or_is_no_expression_is_refused(pattern: str) -> None:
    """Repeated groups, too many choices after another, looking around and back; and what Python cannot read."""
    with pytest.raises(InvalidValueError) as caught:
        check_pattern(pattern)
    assert caught.value.mend


@pytest.mark.parametrize(
    "pattern",
    [
        *("", ".*", ".+", "tdp-.*|office-.*|.*-fpt", "tdp-[0-9]{2}", "(tdp|office)-.*", "(?i)vnpt|fpt", r"\(x\)*"),
        *("|".join(f"tdp-{number:02}" for number in range(100)), "[a)*(]+", r"[\]+]*", "a{}", "a{x}", "(a(b|c)?)?"),
    ],
)
def test_what_people_write_is_let_through(pattern: str) -> None:
    """Alternatives of ids, beginnings and ends, classes; and signs that only look like repeats."""
    assert check_pattern(pattern) == pattern


def test_a_value_beyond_all_measure_matches_no_expression() -> None:
    """The time grows with its length."""
    assert matches(".*", "a" * LONGEST_VALUE)
    assert not matches(".*", "a" * (LONGEST_VALUE + 1))


PARTS = st.sampled_from([
    "a",
    "b",
    ".",
    "[ab]",
    "a*",
    "a?",
    "a+",
    "a{0,30}",
    "(a|b)",
    "(a|a)",
    "(a|ab)?",
    "|",
    "(a*|b?)",
])


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, max_size=40).map("".join))
def test_whatever_is_let_through_ends_soon(pattern: str) -> None:
    """On a value made to be gone back over; half a second is fifty times what it takes."""
    try:
        check_pattern(pattern)
    except InvalidValueError:
        return
    begun = time.thread_time()
    matches(pattern, "a" * 63 + "!")
    assert time.thread_time() - begun < 0.5
