"""A notice as an e-mail that threads, is not answered by machines, and reads well on a phone."""

import hashlib
import html
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from alerts.notice import Notice
from model.text import one_line

_URL: Final = re.compile(r"https?://[^\s<>]+")
_DIGITS: Final = 32
_PAGE: Final = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
    '<body style="margin:0;padding:16px;font:16px/1.5 sans-serif;color:#1a1a1a;background:#ffffff">'
    '<h1 style="margin:0 0 12px;font-size:20px">{title}</h1>'
    '<p style="margin:0;max-width:40em">{lines}</p></body></html>'
)


def message_of(notice: Notice, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The message: the same, with the same ``Message-ID``, for every attempt (RFC 5322 §3.6.4).

    Args:
        notice: What to tell.
        sender: Its address.
        recipients: Their addresses.
    """
    domain = sender.rpartition("@")[2]
    thread = _id("incident", notice.incidents[0] if notice.incidents else notice.key, domain)
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Linkward <{sender}>"
    message["To"] = ", ".join(recipients)
    message["Subject"] = _whole(one_line(notice.words.title))
    message["Date"] = format_datetime(notice.decided_at)
    message["Message-ID"] = _id("notice", notice.key, domain)
    message["In-Reply-To"] = thread
    message["References"] = thread
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply, please
    message.set_content(_whole(notice.words.text) + "\n", cte="quoted-printable")
    message.add_alternative(_page(notice), subtype="html", cte="quoted-printable")
    message["Content-Language"] = notice.language  # last, or it would go to the first part
    return message


def _id(noun: str, key: str, domain: str) -> str:
    digest = hashlib.sha256(f"{noun}|{key}".encode(errors="replace")).hexdigest()
    return f"<{digest[:_DIGITS]}@{domain}>"


def _page(notice: Notice) -> str:
    lines = "<br>\n".join(_with_links(line) for line in _whole(notice.words.text).splitlines())
    return _PAGE.format(
        language=html.escape(notice.language), title=html.escape(_whole(notice.words.title)), lines=lines
    )


def _with_links(line: str) -> str:
    pieces, end = [], 0
    for match in _URL.finditer(line):
        url = html.escape(match[0])
        pieces += [html.escape(line[end : match.start()]), f'<a href="{url}">{url}</a>']
        end = match.end()
    return "".join([*pieces, html.escape(line[end:])])


def _whole(text: str) -> str:
    """The text without halves of characters, which nothing can write."""
    return text.encode(errors="replace").decode()
