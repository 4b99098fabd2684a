"""A real SMTP server on loopback that keeps what it is given, and refuses what a test wants refused."""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.peers.processes import free_port

USER, PASSWORD = "clerk", "canary-mail-password-7f3a"


@dataclass
class Mailbox:
    """What came, and what is said to it.

    Attributes:
        port: Where it listens.
        messages: Those that were taken.
        recipients: Of each of them.
        secured: Whether each of them came through TLS.
        refusals: By recipient: the reply to ``RCPT TO``; taken where there is none.
        data_reply: To the message itself.
        silent_at_quit: Whether it says no goodbye.
    """

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    data_reply: str = "250 kept"
    silent_at_quit: bool = False

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        """Keep a message."""
        if self.data_reply.startswith("250"):
            content = envelope.original_content or b""
            message: Any = message_from_bytes(content, policy=default)
            self.messages.append(message)
            self.recipients.append(list(envelope.rcpt_tos))
            self.secured.append(
                server.transport is not None and server.transport.get_extra_info("ssl_object") is not None
            )
        return self.data_reply

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802  # as above
        """Say goodbye, or nothing for long."""
        if self.silent_at_quit:
            await asyncio.sleep(30)
        return "221 goodbye"


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    said = data.password.decode() if isinstance(data, LoginPassword) else ""
    # A careless server repeats what it was given.
    return AuthResult(
        success=is_right, handled=False, message=None if is_right else f"535 5.7.8 no such password: {said}"
    )


class _Closing(Controller):
    """Leaves no connection open behind it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._served: list[SMTP] = []

    def factory(self) -> SMTP:
        """Serve one connection."""
        self._served.append(super().factory())  # type: ignore[no-untyped-call]  # aiosmtpd left it so
        return self._served[-1]

    async def hang_up(self) -> None:
        """Cut them, also one that is just being made, and let the loop see it."""
        for _ in range(10):
            for each in self._served:
                if isinstance(each.transport, asyncio.WriteTransport):
                    each.transport.abort()
            await asyncio.sleep(0.001)


@contextlib.contextmanager
def mailbox(
    offered: ssl.SSLContext | None = None, implicit: ssl.SSLContext | None = None, *, knows_users: bool = False
) -> Iterator[Mailbox]:
    """Serve while the block runs.

    Args:
        offered: For STARTTLS.
        implicit: For TLS from the first byte.
        knows_users: Whether one can log in, also without TLS.
    """
    box = Mailbox(free_port())
    options: dict[str, Any] = {"tls_context": offered, "auth_require_tls": False, "ssl_context": implicit}
    if knows_users:
        options["authenticator"] = _authenticate
    server = _Closing(box, "127.0.0.1", box.port, **options)
    server.start()
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(server.hang_up(), server.loop).result()
        server.stop()
