"""Why there was no answer, in words that hold nothing of what was asked."""

import os
import socket
import ssl
from collections.abc import Iterator


def reason_of(error: BaseException) -> str:
    """The deepest reason that can be told; never the text of an exception of a library, which may hold the URL."""
    for cause in _causes(error):
        words = _words(cause)
        if words:
            return words
    return f"the connection broke ({type(error).__name__})"


def _words(cause: BaseException) -> str:
    match cause:
        case socket.gaierror():
            words = "its name cannot be resolved"
        case ssl.SSLCertVerificationError():
            words = f"its certificate is not valid ({cause.verify_message.rstrip('.')})"
        case ssl.SSLError():
            words = f"TLS failed ({cause.reason})"
        case TimeoutError():
            words = "no answer in time"
        case OSError(errno=int(number)):
            words = os.strerror(number).lower()
        case ConnectionError():
            words = "it closed the connection without an answer"
        case _:
            words = ""
    return words


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
