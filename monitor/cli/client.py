"""What the commands ask of the running daemon, over HTTP; whatever goes wrong is one sentence."""

import os
import ssl
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import click
import requests
from requests.auth import HTTPBasicAuth

from model.text import one_line
from monitor.cli.console import Refusal

DEFAULT_URL: Final = "http://127.0.0.1:9841"

PASSWORD: Final = "LINKWARD_PASSWORD"  # noqa: S105  # the name of the variable
"""The environment variable that holds the password of the user in ``--url``."""

_PATIENCE: Final = (5.0, 60.0)  # seconds to connect, and between two pieces of an answer
_DONE: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED})
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"


def daemon_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command ``--url`` and ``--ca-file``; it is called with a ``client``."""

    @click.option(
        "--url",
        default=DEFAULT_URL,
        show_default=True,
        metavar="URL",
        help=f"Where the daemon is; as https://NAME@HOST where it wants a password: in {PASSWORD}, or it is asked for.",
    )
    @click.option(
        "--ca-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The authority that signed the daemon's certificate, in PEM.",
    )
    @wraps(command)
    def asking(*arguments: Any, url: str, ca_file: Path | None, **options: Any) -> None:
        command(*arguments, client=Client(url, ca_file), **options)

    return asking


class NotThere(Refusal):
    """The daemon knows nothing of that id."""


class Client:
    """Asks one daemon.

    Args:
        url: Its address, as for ``--url``.
        ca_file: As for ``--ca-file``; ``None`` for the authorities that everybody trusts.

    Raises:
        Refusal: The address is none, or holds a password; the file holds no certificate.
    """

    def __init__(self, url: str, ca_file: Path | None = None) -> None:
        self._place, path, self._user = _parted(url)
        self._base = f"{self._place}{path}"
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment is for other machines than this daemon's
        if ca_file is not None:
            _check_authority(ca_file)
            self._session.verify = str(ca_file)

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
        if self._user and self._session.auth is None:
            # As bytes: requests would write text in Latin-1, which has not the letters of every name.
            self._session.auth = HTTPBasicAuth(self._user.encode(), _password(self._place).encode())
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

    def _unknown(self) -> str:
        if self._user:
            return f"the name or the password is wrong: look at --url and {PASSWORD}"
        return f"it wants a name and a password: write --url=https://NAME@HOST, and the password into {PASSWORD}"

    def _refusal(self, answer: requests.Response) -> Refusal:
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            return Refusal(f"{self._place}: {self._unknown()}")
        problem = _object(answer) if answer.headers.get("content-type") == _PROBLEM else {}
        if {"detail", "mend"} <= problem.keys():
            told = one_line(f"{problem['detail']}: {problem['mend']}")
            return NotThere(told) if answer.status_code == HTTPStatus.NOT_FOUND else Refusal(told)
        return Refusal(
            f"{self._place}: what answers there is not this version of Linkward (HTTP status {answer.status_code}): "
            "say where it is with --url"
        )


def _parted(url: str) -> tuple[str, str, str]:
    """Scheme with host, path, and user of an address."""
    try:
        parts = urlsplit(url.rstrip("/"))
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise Refusal("--url: not the address of a daemon: write it as http://127.0.0.1:9841")
    if parts.password is not None:
        raise Refusal(f"--url: everybody on this machine could read the password: write it into {PASSWORD} instead")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", parts.path, unquote(parts.username or "")


def _password(place: str) -> str:
    found = os.environ.get(PASSWORD)
    if found is not None:
        return found
    if not sys.stdin.isatty():
        raise Refusal(f"{place}: there is no password, and nobody who could be asked: write it into {PASSWORD}")
    asked: str = click.prompt(f"Password for {place}", hide_input=True, err=True)
    return asked


def _check_authority(file: Path) -> None:
    try:
        ssl.create_default_context(cafile=str(file))
    except (OSError, ValueError) as error:  # an error of TLS is one of the system too
        what = "holds no certificate in PEM" if isinstance(error, ssl.SSLError) else "cannot be read"
        raise Refusal(f"--ca-file: {file} {what}: name the certificate of the authority") from None


def _explained(error: requests.RequestException) -> str:
    match error:
        case requests.exceptions.SSLError():
            return (
                "its certificate is not trusted: name who signed it with --ca-file; or it speaks no TLS: write http://"
            )
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
