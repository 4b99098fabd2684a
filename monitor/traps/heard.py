"""What comes of a message once it has been let in and read."""

from typing import NamedTuple

from model.trap import Value


class WrongCredentialsError(Exception):
    """A message bears no community, user or signature that its sender may use; the text says which, without secrets."""


class Heard(NamedTuple):
    """A message that was read.

    Attributes:
        bindings: OID and value of a notification; ``None`` where it was a question of the protocol itself.
        reply: What its sender waits for: the receipt of an inform, or the answer to the question.
    """

    bindings: list[tuple[str, Value]] | None
    reply: bytes | None = None
