"""E-mail by SMTP (RFC 5321)."""

import contextlib
import smtplib
import socket
import ssl
from collections import OrderedDict
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Any, Final

from alerts.letter import Letter
from alerts.notice import Notice
from alerts.receivers.deadline import Deadline, within
from alerts.receivers.delivery import Configured, Delivery, Outcome
from alerts.receivers.mail_address import MailAddress, masked
from alerts.receivers.mail_message import letter_message, message_of
from alerts.receivers.reasons import reason_of
from alerts.receivers.veil import Veil

Refusals = Mapping[str, tuple[int, bytes]]
"""By recipient: the reply, with its code."""

_CONNECTING: Final = 1 / 3  # of the time for each address: where IPv6 is dead, IPv4 still has its turn
_PERMANENT: Final = 500
_REMEMBERED: Final = 100


class _UnsafeError(Exception):
    """The password would be seen on its way."""


class Mail(Configured):
    """Writes to some people by one server.

    Args:
        url: As ``mail_address`` says.
        make_context: What certificates are checked by; the system's authorities where it is left out.

    Raises:
        InvalidValueError: The URL cannot be used.
    """

    kind: Final = "mail"

    def __init__(self, url: str, make_context: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        super().__init__(url)
        self._address = MailAddress.parse(url)
        self._make_context = make_context
        self._veil = Veil(self._address.password)
        self._took: OrderedDict[str, frozenset[str]] = OrderedDict()
        self.place = f"{', '.join(map(masked, self._address.recipients))} by {self._address.host}"

    @property
    def host(self) -> str:
        """The server."""
        return self._address.host

    @property
    def recipients(self) -> tuple[str, ...]:
        """Their addresses."""
        return self._address.recipients

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Write it once, to those who have not taken it at an earlier attempt of this process."""
        message = message_of(notice, self._address.sender, self._address.recipients)
        return self._post(notice.key, message, timeout)

    def send_letter(self, letter: Letter, timeout: float) -> Delivery:
        """The same of a letter with files."""
        message = letter_message(letter, self._address.sender, self._address.recipients)
        return self._post(letter.key, message, timeout)

    def _post(self, key: str, message: EmailMessage, timeout: float) -> Delivery:
        took = self._took.pop(key, frozenset())
        left = [recipient for recipient in self._address.recipients if recipient not in took]
        try:
            refusals = within(timeout, lambda deadline: self._hand_over(message, left, deadline))
        except TimeoutError:
            delivery = Delivery(Outcome.RETRY, f"no answer within {timeout:g} s")
        except _UnsafeError as error:
            delivery = Delivery(Outcome.REFUSED, str(error))
        except (smtplib.SMTPException, OSError) as error:
            delivery = self._failed(error)
        else:
            took |= frozenset(left) - refusals.keys()
            delivery = self._handed_over(refusals, took)
        self._remember(key, took, delivery.outcome)
        return delivery

    def _remember(self, key: str, took: frozenset[str], outcome: Outcome) -> None:
        if outcome is Outcome.RETRY and took:
            self._took[key] = took
            if len(self._took) > _REMEMBERED:
                self._took.popitem(last=False)

    def _hand_over(self, message: EmailMessage, recipients: list[str], deadline: Deadline[Refusals]) -> Refusals:
        address = self._address
        loose = address.is_loopback and address.tls != "always"
        context = _unchecked(self._make_context()) if loose else self._make_context()
        smtp = _connected(address, context, deadline)
        try:
            self._secure(smtp, context)
            if address.user:
                smtp.login(address.user, address.password)
            refusals = _sent(smtp, message, address.sender, recipients)
            # It is theirs now, however long they take to say goodbye.
            deadline.keep(refusals)
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            return refusals
        finally:
            smtp.close()

    def _secure(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        address = self._address
        smtp.ehlo_or_helo_if_needed()
        is_safe = address.tls == "implicit"
        if address.tls in {"offered", "always"} and smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
            is_safe = True
        if address.tls == "always" and not is_safe:
            raise _UnsafeError("the server offers no TLS, and tls=always wants it")
        if address.user and not (is_safe or address.is_loopback or address.tls == "never"):
            mend = "use mailtos://, or write tls=never where nobody can listen"
            raise _UnsafeError(f"the server offers no TLS, and the password would be seen on its way; {mend}")

    def _handed_over(self, refusals: Refusals, took: frozenset[str]) -> Delivery:
        said = "; ".join(f"{masked(who)}: {self._said(*reply)}" for who, reply in refusals.items())
        if any(code < _PERMANENT for code, _ in refusals.values()):
            return Delivery(Outcome.RETRY, said)
        if not took:
            return Delivery(Outcome.REFUSED, said)
        everybody = f"taken for {len(took)} of {len(self._address.recipients)}"
        return Delivery(Outcome.DELIVERED, f"{everybody}; not for {said}" if said else everybody)

    def _failed(self, error: Exception) -> Delivery:
        match error:
            case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
                outcome = Outcome.RETRY if code < _PERMANENT else Outcome.REFUSED
                return Delivery(outcome, self._said(code, text))
            case smtplib.SMTPServerDisconnected():
                return Delivery(Outcome.RETRY, reason_of(error))
            case smtplib.SMTPException():
                return Delivery(Outcome.REFUSED, "it offers no way to log in that is known here")
            case _:
                return Delivery(Outcome.RETRY, reason_of(error))

    def _said(self, code: int, text: bytes | str) -> str:
        words = text.decode(errors="replace") if isinstance(text, bytes) else text
        return f"{code} {self._veil(words)}".strip()


class _Plain(smtplib.SMTP):
    """Has its connection watched, also beneath TLS. It connects as it is made."""

    def __init__(self, deadline: Deadline[Refusals], *args: Any, **options: Any) -> None:
        self._deadline = deadline
        super().__init__(*args, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((host, port), timeout * _CONNECTING)
        self._deadline.watch(connection)
        connection.settimeout(timeout)
        return connection


class _Secured(smtplib.SMTP_SSL, _Plain):
    """Speaks TLS from the first byte, over what ``_Plain`` connects to."""

    def __init__(self, deadline: Deadline[Refusals], *args: Any, **options: Any) -> None:
        self._deadline = deadline
        smtplib.SMTP_SSL.__init__(self, *args, **options)


def _connected(address: MailAddress, context: ssl.SSLContext, deadline: Deadline[Refusals]) -> smtplib.SMTP:
    where = (address.host, address.port, _greeting_name())
    if address.tls == "implicit":
        return _Secured(deadline, *where, timeout=deadline.left, context=context)
    return _Plain(deadline, *where, timeout=deadline.left)


def _sent(smtp: smtplib.SMTP, message: EmailMessage, sender: str, recipients: list[str]) -> Refusals:
    try:
        return smtp.send_message(message, sender, recipients)
    except smtplib.SMTPRecipientsRefused as error:
        return error.recipients


def _greeting_name() -> str:
    """What we greet with; never asked of DNS, which may be what is cut off."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _unchecked(context: ssl.SSLContext) -> ssl.SSLContext:
    """For this machine's own server, whose certificate nobody signs and whose traffic nobody sees."""
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
