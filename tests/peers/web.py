"""A web server with a certificate and with users, as a web configuration file would have it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import bcrypt
from cryptography.hazmat.primitives import serialization

from exporters.connections import Door
from exporters.server import WebServer
from exporters.web.gate import Gate
from exporters.web.tls import tls_context
from model.web import WebSettings
from tests.peers.api import Ward
from tests.peers.http_certificates import Certified


class Counted:
    """Counts passwords."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def authenticated(self, outcome: str) -> None:
        """One was looked at, or not."""
        self.outcomes.append(outcome)


def hashed(password: str, cost: int = 4) -> str:
    """As `htpasswd -B` writes it."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost)).decode()


def write_pair(folder: Path, name: str, certified: Certified) -> None:
    """A certificate and its key, as ``NAME.crt`` and ``NAME.key``."""
    (folder / f"{name}.crt").write_bytes(
        certified.pem + b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certified.chain)
    )
    (folder / f"{name}.key").write_bytes(
        certified.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def gate(folder: Path, settings: Mapping[str, Any]) -> Gate:
    """What is in force."""
    checked = WebSettings.model_validate(settings)
    return Gate(checked, tls_context(checked.tls_server_config, folder))


@asynccontextmanager
async def guarded(
    way: Gate, ward: Ward | None = None, counted: Counted | None = None, door: Door | None = None
) -> AsyncIterator[WebServer]:
    """A server that lets in by this gate."""
    server = WebServer((ward or Ward()).app(), "127.0.0.1:0", door, way, counted)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
