"""What must hold several times in a row before it counts: hysteresis for whoever looks now and then."""


class Streak:
    """Whether something is wrong, told by looks that come one after the other.

    Args:
        bad: Looks in a row that must be bad before it is wrong.
        good: Looks in a row that must be good before it is well.
    """

    __slots__ = ("_bad", "_count", "_good", "_was_bad", "is_wrong")

    def __init__(self, bad: int, good: int) -> None:
        self._bad = bad
        self._good = good
        self._count = 0
        self._was_bad: bool | None = None
        self.is_wrong: bool | None = None
        """``None`` until it is known."""

    def after(self, is_bad: bool | None) -> bool | None:  # noqa: FBT001  # the look itself
        """One more look: bad, good, or (``None``) neither, which leaves it as it is but breaks no row.

        Returns:
            Whether it is wrong; ``None`` as long as nobody can tell.
        """
        if is_bad is None:
            return self.is_wrong
        self._count = self._count + 1 if is_bad is self._was_bad else 1
        self._was_bad = is_bad
        if self._count >= (self._bad if is_bad else self._good):
            self.is_wrong = is_bad
        return self.is_wrong
