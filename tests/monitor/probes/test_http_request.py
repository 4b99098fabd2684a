"""What an HTTP probe is told to ask for."""

import dataclasses

import pytest

from model.inventory import Service
from monitor.probes.http_request import HttpRequest
from monitor.probes.web_address import WebAddress


def test_a_service_says_what_is_asked_for() -> None:
    """Every option of a service in the inventory reaches the request."""
    service = Service.model_validate({
        "id": "portal",
        "url": "https://web.example:8443/a?b=c",
        "expect": {"status": [200, 204], "body": "ok"},
        "tls": {"ca_file": "/ca.pem", "server_name": "other.example", "verify": False},
        "ip_version": "6",
        "source": "::1",
        "max_redirects": 2,
    })
    assert HttpRequest.of(service) == HttpRequest(
        WebAddress("https", "web.example", 8443, "/a?b=c"),
        statuses=frozenset({200, 204}),
        body="ok",
        ca_file="/ca.pem",
        server_name="other.example",
        verify=False,
        ip_version="6",
        source="::1",
        max_redirects=2,
    )


def test_a_server_name_and_a_login_stay_where_they_belong() -> None:
    """Where a redirect leads, the certificate must be for the host there, and no password goes along."""
    request = dataclasses.replace(HttpRequest.to("https://an:pw@a.example/"), server_name="inner.example")
    there = WebAddress.parse("https://b.example/")
    assert (request.server_name_for(request.address), request.login_for(request.address)) == (
        "inner.example",
        ("an", "pw"),
    )
    assert request.server_name_for(WebAddress.parse("https://a.example:8443/")) == "inner.example"
    assert (request.server_name_for(there), request.login_for(there)) == (None, None)


def test_a_server_name_must_be_a_name() -> None:
    """It goes into a URL, so it is checked like a host."""
    with pytest.raises(ValueError, match="no name"):
        dataclasses.replace(HttpRequest.to("https://a.example/"), server_name="a/b")


def test_a_service_without_a_url_cannot_be_asked() -> None:
    """A resolver is no web service."""
    service = Service.model_validate({"id": "dns", "dns": {"server": "127.0.0.1", "name": "a.example"}})
    with pytest.raises(ValueError, match="no url"):
        HttpRequest.of(service)
