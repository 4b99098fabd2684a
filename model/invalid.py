"""The one error of a value that cannot be: what is wrong and how to mend it, apart."""


class InvalidValueError(ValueError):
    """A value that cannot be used.

    Attributes:
        what: What is wrong, such as ``'5' has no unit``.
        mend: What to write instead, such as ``write 30ms``.
    """

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what = what
        self.mend = mend
