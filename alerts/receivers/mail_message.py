"""Notices and letters as e-mail that is not answered by machines, and reads well on a phone."""

import hashlib
import html
import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from alerts.letter import Letter
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
    """The message, which threads: the same, with the same ``Message-ID``, for every attempt (RFC 5322 §3.6.4).

    Args:
        notice: What to tell.
        sender: Its address.
        recipients: Their addresses.
    """
    domain = sender.rpartition("@")[2]
    thread = _id("incident", notice.incidents[0] if notice.incidents else notice.key, domain)
    message = _begun(sender, recipients, notice.words.title, notice.decided_at)
    message["Message-ID"] = _id("notice", notice.key, domain)
    message["In-Reply-To"] = thread
    message["References"] = thread
    _fill(message, notice.words.title, notice.words.text, notice.language)
    message["Content-Language"] = notice.language  # last, or it would go to the first part
    return message


def letter_message(letter: Letter, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The message with its files; likewise the same for every attempt.

    Args:
        letter: What to write.
        sender: Its address.
        recipients: Their addresses.
    """
    message = _begun(sender, recipients, letter.title, letter.written_at)
    message["Message-ID"] = _id("letter", letter.key, sender.rpartition("@")[2])
    _fill(message, letter.title, letter.text, letter.language)
    for file in letter.files:
        main, _, rest = file.media_type.partition(";")[0].partition("/")
        message.add_attachment(file.content, maintype=main, subtype=rest, filename=file.name)
    message["Content-Language"] = letter.language
    return message


def _begun(sender: str, recipients: Sequence[str], title: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Linkward <{sender}>"
    message["To"] = ", ".join(recipients)
    message["Subject"] = _whole(one_line(title))
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply, please
    return message


def _fill(message: EmailMessage, title: str, text: str, language: str) -> None:
    message.set_content(_whole(text) + "\n", cte="quoted-printable")
    message.add_alternative(_page(title, text, language), subtype="html", cte="quoted-printable")


def _id(noun: str, key: str, domain: str) -> str:
    digest = hashlib.sha256(f"{noun}|{key}".encode(errors="replace")).hexdigest()
    return f"<{digest[:_DIGITS]}@{domain}>"


def _page(title: str, text: str, language: str) -> str:
    lines = "<br>\n".join(_with_links(line) for line in _whole(text).splitlines())
    return _PAGE.format(language=html.escape(language), title=html.escape(_whole(title)), lines=lines)


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
