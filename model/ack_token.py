"""Why the token of an acknowledgement link is not taken: whoever signs it and whoever shows the page agree on this."""


class TokenError(Exception):
    """The token opens nothing. What it holds is never repeated in the message."""


class ForgedTokenError(TokenError):
    """Nobody here signed it, or it was changed on its way."""

    def __init__(self) -> None:
        super().__init__("the link was not made by this monitor, or has been changed")


class ExpiredTokenError(TokenError):
    """It was signed here, too long ago."""

    def __init__(self) -> None:
        super().__init__("the link is too old")
