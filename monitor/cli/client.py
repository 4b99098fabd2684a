"""What the commands ask of the running daemon, over HTTP; whatever goes wrong is one sentence."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import click
import requests

from model.text import one_line
from monitor.cli.console import Refusal

DEFAULT_URL: Final = "http://127.0.0.1:9841"

_PATIENCE: Final = (5.0, 60.0)  # seconds to connect, and between two pieces of an answer
_DONE: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"

url_option = click.option(
    "--url",
    default=DEFAULT_URL,
    show_default=True,
    metavar="URL",
    help="Where the daemon is; name and password as in https://NAME:PASSWORD@HOST.",
)


class NotThere(Refusal):
    """The daemon knows nothing of that id."""


class Client:
    """Asks one daemon.

    Args:
        url: Its address, as for ``--url``.

    Raises:
        Refusal: The address is none.
    """

    def __init__(self, url: str) -> None:
        self._base = url.rstrip("/")
        self._place = _without_secret(self._base)
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment is for other machines than this daemon's

    def get(self, path: str, accept: str = "application/json", **parameters: str | None) -> bytes:
        """What it answers.

        Args:
            path: Such as ``/api/v1/status``.
            accept: The media type that is wanted.
            **parameters: Of the query; ``None`` is left out.

        Raises:
            NotThere: It knows nothing of what was asked for.
            Refusal: It cannot be reached, or does not answer as it should; the message is one sentence.
        """
        return self._answer("GET", path, accept, parameters)

    def post(self, path: str, body: Mapping[str, Any]) -> bytes:
        """What it answers to something that is to be done.

        Args:
            path: Such as ``/api/v1/silences``.
            body: What is sent as JSON; what is ``None`` or empty is left out.

        Raises:
            NotThere, Refusal: As ``get``.
        """
        said = {key: value for key, value in body.items() if value not in (None, "", [], ())}
        return self._answer("POST", path, _JSON, {}, said)

    def delete(self, path: str, **parameters: str | None) -> bytes:
        """What it answers to something that is to be ended.

        Raises:
            NotThere, Refusal: As ``get``.
        """
        return self._answer("DELETE", path, _JSON, parameters)

    def _answer(
        self, method: str, path: str, accept: str, parameters: Mapping[str, str | None], body: object = None
    ) -> bytes:
        try:
            answer = self._session.request(
                method,
                f"{self._base}{path}",
                params=parameters,
                json=body,
                headers={"accept": accept},
                timeout=_PATIENCE,
                allow_redirects=method == "GET",
            )
        except requests.RequestException as error:
            raise Refusal(f"{self._place}: {_explained(error)}") from None
        if answer.status_code in _DONE and answer.headers.get("content-type", "").startswith(accept):
            return answer.content
        raise self._refusal(answer)

    def _refusal(self, answer: requests.Response) -> Refusal:
        problem = _object(answer) if answer.headers.get("content-type") == _PROBLEM else {}
        if {"detail", "mend"} <= problem.keys():
            told = one_line(f"{problem['detail']}: {problem['mend']}")
            return NotThere(told) if answer.status_code == HTTPStatus.NOT_FOUND else Refusal(told)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            return Refusal(f"{self._place}: it wants a name and a password: write --url=https://NAME:PASSWORD@HOST")
        return Refusal(
            f"{self._place}: what answers there is not this version of Linkward (HTTP status {answer.status_code}): "
            "say where it is with --url"
        )


def _without_secret(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise Refusal("--url: not the address of a daemon: write it as http://127.0.0.1:9841")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _explained(error: requests.RequestException) -> str:
    match error:
        case requests.exceptions.SSLError():
            return "its certificate is not trusted, or it speaks no TLS: write http:// where it does not"
        case requests.ConnectTimeout() | requests.ReadTimeout():
            return "it does not answer: is it busy, or is something in between?"
        case requests.ConnectionError():
            return "nothing answers there: start `linkward run`, or say where the daemon is with --url"
        case _:
            return "it cannot be asked: say where the daemon is with --url"


def _object(answer: requests.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except requests.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
