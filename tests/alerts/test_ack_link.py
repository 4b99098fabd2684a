"""Acknowledgement links."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.ack_link import LinkSigner
from model.ack_token import ExpiredTokenError, ForgedTokenError

AT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
KEY = "planted-key-of-the-links"


def _signer(key: str = KEY, at: datetime = AT) -> LinkSigner:
    return LinkSigner(key, "https://monitor.ward.example/", clock=lambda: at)


def _token(signer: LinkSigner, incident: str = "office-vnpt-3f9a1c", person: str = "an") -> str:
    (token,) = parse_qs(urlsplit(signer.ack_url(incident, person)).query)["token"]
    return token


def test_a_link_leads_to_the_page_of_its_incident() -> None:
    """It is a path of the daemon below the base, with one parameter; the key is not in it."""
    url = _signer().ack_url("office-vnpt-3f9a1c", "an")
    assert url.startswith("https://monitor.ward.example/incidents/office-vnpt-3f9a1c/ack?token=")
    assert KEY not in url


@given(st.text(), st.text())
def test_what_was_signed_comes_back(incident: str, person: str) -> None:
    """Whatever incident and person, they are opened as they were signed."""
    signer = _signer()
    token = _token(signer, incident, person)
    assert signer.opened(token, AT) == (incident, person)


def test_a_link_is_good_for_a_day() -> None:
    """In its last second it opens; a second later it is expired, and said to be."""
    signer = _signer()
    token = _token(signer)
    assert signer.opened(token, AT + timedelta(hours=24)) == ("office-vnpt-3f9a1c", "an")
    with pytest.raises(ExpiredTokenError, match="too old"):
        signer.opened(token, AT + timedelta(hours=24, seconds=1))


def test_a_restart_keeps_links_good() -> None:
    """Another signer with the same key opens them."""
    assert _signer().opened(_token(_signer()), AT) == ("office-vnpt-3f9a1c", "an")


def test_another_key_opens_nothing() -> None:
    """A link that somebody else signed is forged, even when it is old as well."""
    token = _token(_signer("another key"))
    for now in (AT, AT + timedelta(days=9)):
        with pytest.raises(ForgedTokenError):
            _signer().opened(token, now)


def test_a_link_from_the_future_is_forged() -> None:
    """Nobody gets a link that outlasts its day by a wrong clock."""
    with pytest.raises(ForgedTokenError):
        _signer().opened(_token(_signer(at=AT + timedelta(days=3))), AT)


@pytest.mark.parametrize("position", [0, 5, -1, -5])
def test_a_changed_letter_is_seen(position: int) -> None:
    """Whether it belongs to the content, the time or the signature."""
    token = _token(_signer())
    letter = "A" if token[position] != "A" else "B"
    letters = list(token)
    letters[position] = letter
    with pytest.raises(ForgedTokenError):
        _signer().opened("".join(letters), AT)


@given(st.text())
def test_any_text_is_refused_with_one_error(text: str) -> None:
    """Nothing that a stranger sends raises anything else."""
    with pytest.raises(ForgedTokenError):
        _signer().opened(text, AT)


def test_an_empty_key_signs_nothing() -> None:
    """Everybody could sign with it."""
    with pytest.raises(ValueError, match="long random text"):
        LinkSigner("", "http://x")


def test_the_key_is_never_shown() -> None:
    """Neither by repr nor by the errors."""
    signer = _signer()
    with pytest.raises(ForgedTokenError) as caught:
        signer.opened("x", AT)
    assert KEY not in f"{signer!r} {caught.value} {caught.value.__cause__}"
