"""Everything else, by Apprise, which knows a hundred services and says of each attempt only yes or no.

``?form=sms`` is ours: such a URL leads to telephones, and gets the short text. It is taken off before Apprise sees it.
"""

import logging
import threading
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from apprise import Apprise as Library
from apprise import AppriseAsset, NotifyBase, NotifyFormat, NotifyType

from alerts.notice import Notice
from alerts.receivers.deadline import within
from alerts.receivers.delivery import Configured, Delivery, Outcome
from alerts.receivers.wording import body_under
from model.invalid import InvalidValueError

_MOST_HANGING: Final = 3
_SMS: Final = "form=sms"
_TYPES: Final = {"critical": NotifyType.FAILURE, "warning": NotifyType.WARNING}
_CHATTERERS: Final = ("urllib3.connectionpool", "requests_oauthlib", "oauthlib")


class Apprise(Configured):
    """One service.

    Args:
        url: As Apprise's own pages say, with or without ``form=sms``.

    Raises:
        InvalidValueError: Apprise cannot use it; the message does not hold it.
    """

    kind: Final = "apprise"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        _hush()
        bare, self._is_sms = _without_form(url)
        self._plugin = _plugin(bare)
        self._hanging = threading.BoundedSemaphore(_MOST_HANGING)
        self.place = str(self._plugin.service_name)

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Hand it to Apprise once.

        Apprise has no deadline for the whole; an attempt that outlasts ours goes on in its thread, and after three such
        no more is begun until one of them ends.
        """
        if not self._hanging.acquire(blocking=False):
            return Delivery(Outcome.RETRY, f"{_MOST_HANGING} earlier attempts still wait for an answer")
        try:
            is_done = within(timeout, lambda _: self._notify(notice))
        except TimeoutError:
            return Delivery(Outcome.RETRY, f"no answer within {timeout:g} s")
        except Exception as error:  # noqa: BLE001  # a hundred services, each with errors of its own, that hold URLs
            return Delivery(Outcome.RETRY, f"Apprise failed ({type(error).__name__})")
        return _YES if is_done else _NO

    def _notify(self, notice: Notice) -> bool:
        kind = NotifyType.SUCCESS if notice.is_resolved else _TYPES.get(notice.severity, NotifyType.INFO)
        title, body = ("", notice.words.sms) if self._is_sms else (notice.words.title, body_under(notice.words))
        try:
            return bool(self._plugin.notify(body=body, title=title, notify_type=kind, body_format=NotifyFormat.TEXT))
        finally:
            self._hanging.release()


_YES: Final = Delivery(Outcome.DELIVERED, "Apprise says that it was taken")
_NO: Final = Delivery(Outcome.RETRY, "Apprise says that it was not taken")


def _plugin(url: str) -> NotifyBase:
    asset = AppriseAsset(app_id="Linkward", app_desc="Linkward", storage_mode="memory")
    try:
        plugin = Library.instantiate(url, asset=asset)
    except Exception:  # noqa: BLE001  # as in send
        plugin = None
    if not isinstance(plugin, NotifyBase):
        mend = "write it as https://appriseit.com/services/ says; a plain https:// address is a `webhook`, or json://"
        raise InvalidValueError("Apprise cannot use this URL", mend)
    return plugin


def _without_form(url: str) -> tuple[str, bool]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, False
    pieces = parts.query.split("&")
    if _SMS not in pieces:
        return url, False
    rest = "&".join(piece for piece in pieces if piece != _SMS)
    return urlunsplit(parts._replace(query=rest)), True


def _hush() -> None:
    """Apprise and what it stands on tell their log what they ask for, tokens and all."""
    logging.getLogger("apprise").disabled = True
    for name in _CHATTERERS:
        logging.getLogger(name).setLevel(logging.WARNING)
