"""What somebody meant, from what was written."""

import pytest

from monitor.config.slips import (
    curly_quote,
    divided_number,
    in_curly_quotes,
    known_keys,
    missing_blank,
    without_invisible,
)


@pytest.mark.parametrize(
    "text", ["plain", "Phường Xuân Đỉnh", "# \xa0 in a comment", "a: b # \u200b", "👨\u200d👩\u200d👧"]
)
def test_signs_that_do_no_harm_are_no_problem(text: str) -> None:
    """Plain text, text with accents, comments, and the joiner inside of an emoji."""
    assert without_invisible(text, "ward.yml")[1] == []


def test_invisible_signs_are_replaced_or_taken_out() -> None:
    """So that the rest of the file is judged as it was meant, at the lines where it stands."""
    text, problems = without_invisible("a:\r\n\xa0\xa0b: c\r\n\u202fd: e\u200bf\n", "ward.yml")
    assert text == "a:\r\n  b: c\r\n d: ef\n"
    assert [(problem.line, problem.what.partition(", ")[2]) for problem in problems] == [
        (2, "no-break space (U+00A0)"),
        (3, "narrow no-break space (U+202F)"),
    ]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“public”", "public"),
        ("”public”", "public"),
        ("\u2018public\u2019", "public"),
        ("„public“", "public"),
        ("“public", "public"),
        ("“Hoa Sen” school", None),
        ("\u2019t Hof", None),
        ("public”", None),
        ("public", None),
        ("", None),
    ],
)
def test_only_text_that_is_wrapped_in_curly_quotes_is_taken_out_of_them(text: str, inside: str | None) -> None:
    """Quotes that are a part of a name stay."""
    found = in_curly_quotes(text)
    assert (found and found[0]) == inside


@pytest.mark.parametrize(
    ("line", "is_likely"), [("  name: “a: b”", True), ('  name: "a”', True), ("  name: the “a” b: c", False)]
)
def test_a_curly_quote_is_blamed_only_where_a_quote_could_stand(line: str, *, is_likely: bool) -> None:
    """In the middle of a text it is a letter."""
    assert (curly_quote(line) is not None) is is_likely


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("provider:VNPT", "write a blank after the colon: `provider: VNPT`"),
        ("- id:office", "write a blank after the colon: `id: office`"),
        ("name:Trụ sở", "write a blank after the colon: `name: Trụ`"),
        ("community:canary", "write a blank after the colon: `community: …`"),
        ("name:${TEN:-canary}", "write a blank after the colon: `name: …`"),
        ("circuit:an@example", "write a blank after the colon: `circuit: …`"),
        ("-id: vnpt", "begin it with a dash and a space: `- id: …`"),
        ("-rt1 -rt2", "begin it with a dash and a space: `- rt1`"),
    ],
)
def test_a_missing_blank_is_shown_put_in(text: str, mend: str) -> None:
    """With the user's own words, where they cannot be a secret."""
    slip = missing_blank(text)
    assert slip is not None
    assert slip[1] == mend


@pytest.mark.parametrize("text", ["id: vnpt", "icmp://h", "dns::1", "https:x", "- id: a", "-5", "fe80::1", "text"])
def test_what_only_looks_like_a_missing_blank_is_none(text: str) -> None:
    """Addresses, targets, numbers and words that are no keys."""
    assert missing_blank(text) is None


@pytest.mark.parametrize(
    ("key", "first", "second", "mended", "mend"),
    [
        ("download", "1", "5Gbit/s", "1.5Gbit/s", "write 1.5Gbit/s"),
        ("download", "1", "000Mbit/s", "1000Mbit/s", "write 1000Mbit/s"),
        ("loss", "0", "5%", "0.5%", "write 0.5%"),
        ("community", "1", "5", "1.5", "write a decimal with a point"),
    ],
)
def test_a_number_that_a_comma_divides_is_put_together(
    key: str, first: str, second: str, mended: str, mend: str
) -> None:
    """With a point, or as thousands; not shown where it may be a secret."""
    found = divided_number(key, first, second)
    assert found is not None
    assert (found[0], found[1][1].partition(";")[0]) == (mended, mend)


@pytest.mark.parametrize(("first", "second"), [("a", "5"), ("1", "a"), ("1", ""), ("", "1")])
def test_other_things_beside_a_comma_are_no_number(first: str, second: str) -> None:
    """A key that has lost its value stays one."""
    assert divided_number("name", first, second) is None


def test_keys_that_hold_secrets_are_known() -> None:
    """Alone or in a list; whatever is a secret anywhere counts as one everywhere."""
    keys = known_keys()
    assert {key for key in ("community", "channels", "webhook", "url", "key") if keys[key]} == {
        *("community", "channels", "webhook", "url", "key")
    }
    assert not any(keys[key] for key in ("id", "name", "provider", "loss"))
