"""Web addresses taken apart, and put together without doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.probes.web_address import WebAddress


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://Web.Example", "http://web.example/"),
        ("http://web.example:80/a b?q=ô#top", "http://web.example/a%20b?q=%C3%B4"),
        ("https://an:secret@web.example:8443/x", "https://web.example:8443/x"),
        ("https://web.example:443?q", "https://web.example/?q"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        (b"http://web.example/\xff", "http://web.example/%FF"),
        ("http://a%2eexample/", "http://a.example/"),
        ("http://good@evil.example\\@x/", "http://x/"),
    ],
)
def test_a_url_is_read(url: str | bytes, read: str) -> None:
    """Lower-case host, default port left out, everything else percent-encoded, no userinfo and no fragment."""
    assert str(WebAddress.parse(url)) == read


@pytest.mark.parametrize(
    "url",
    [
        "",
        "web.example",
        "//web.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://a..b/",
        "http://-a.example/",
        "http://a b/",
        "http://a%2fb/",
        "http://a%00b/",
        "http://web.example:0/",
        "http://web.example:99999/",
        "http://web.example:x/",
        "http://[::1/",
        "http://[::g]/",
        "http://" + "a" * 300 + "/",
        b"http://\xff\xfe/",
    ],
)
def test_what_is_in_doubt_is_refused(url: str | bytes) -> None:
    """No scheme of ours, no host, no port: a sentence."""
    with pytest.raises(ValueError, match=r"^it"):
        WebAddress.parse(url)


@given(st.binary(max_size=60))
def test_reading_twice_changes_nothing(tail: bytes) -> None:
    """What was put together reads as itself, so libcurl sees what was checked; anything else is refused."""
    try:
        once = WebAddress.parse(b"http://" + tail)
    except ValueError:
        return
    assert str(once).isascii()
    assert str(once).isprintable()
    assert " " not in str(once)
    assert WebAddress.parse(str(once)) == once


def test_an_origin_is_scheme_host_and_port() -> None:
    """Another path is the same origin; another port, host or scheme is not."""
    one = WebAddress.parse("http://a.example/x")
    assert one.same_origin(WebAddress.parse("http://a.example:80/y"))
    for other in ("https://a.example/", "http://b.example/", "http://a.example:81/"):
        assert not one.same_origin(WebAddress.parse(other))
