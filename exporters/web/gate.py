"""What the web configuration file says at this moment: everything in front of the answers asks here."""

import ssl

from model.web import WebSettings


class RestartNeededError(Exception):
    """TLS cannot begin or end while the server listens."""


class Gate:
    """Holds what is in force; a change holds from the next connection and the next request on.

    Attributes:
        settings: What the file says.
        context: For the next handshake; ``None`` where plain HTTP is spoken.
    """

    def __init__(self, settings: WebSettings | None = None, context: ssl.SSLContext | None = None) -> None:
        self.settings = settings or WebSettings()
        self.context = context

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return "http" if self.context is None else "https"

    def change(self, settings: WebSettings, context: ssl.SSLContext | None) -> None:
        """Let something else be in force; connections that are open stay.

        Raises:
            RestartNeededError: TLS would begin or end. Nothing is changed.
        """
        if (context is None) != (self.context is None):
            raise RestartNeededError
        self.settings, self.context = settings, context
