"""Time zones by name."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from model.invalid import InvalidValueError


def check_zone(name: str) -> str:
    """The name, if it is an IANA time zone.

    Raises:
        InvalidValueError: There is no such zone.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValueError(
            f"{name!r} is not a time zone", "write an IANA name such as Asia/Ho_Chi_Minh"
        ) from error
    return name
