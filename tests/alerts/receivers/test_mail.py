"""E-mail, against a real SMTP server on loopback."""

import re
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from alerts.letter import Enclosure, Letter
from alerts.notice import Words
from alerts.receivers.delivery import Outcome
from alerts.receivers.mail import Mail
from alerts.receivers.mail_address import MailAddress
from model.invalid import InvalidValueError
from tests.peers.hook import Call, hook
from tests.peers.http_certificates import Certified
from tests.peers.mailbox import PASSWORD, USER, Mailbox, mailbox
from tests.peers.notices import WORDS, a_notice
from tests.peers.processes import free_port

TWO = "to=an@example.vn,binh@example.vn&from=linkward@ward.example"


def to(box: Mailbox, query: str = TWO, login: str = "", scheme: str = "mailto") -> str:
    """The URL of a mailbox."""
    return f"{scheme}://{login}127.0.0.1:{box.port}?{query}"


@pytest.fixture
def authority() -> Certified:
    """Who signs the server's certificate."""
    return Certified.root()


def trusting(authority: Certified) -> ssl.SSLContext:
    """What checks certificates against that authority alone."""
    return ssl.create_default_context(cadata=authority.pem.decode())


def test_a_message_arrives_as_it_was_written() -> None:
    """Subject, text and page in Vietnamese; both recipients; everything that threads and quiets it."""
    with mailbox() as box:
        delivery = Mail(to(box)).send(a_notice(), 5)
    [message], [recipients] = box.messages, box.recipients
    assert (delivery.outcome, delivery.detail) == (Outcome.DELIVERED, "taken for 2 of 2")
    assert recipients == ["an@example.vn", "binh@example.vn"]
    assert message["Subject"] == WORDS.title
    assert message["From"] == "Linkward <linkward@ward.example>"
    assert message["To"] == "an@example.vn, binh@example.vn"
    assert message["Date"] == "Tue, 24 Nov 2026 07:00:03 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "vi"
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == WORDS.text.splitlines()
    assert "Việc đầu tiên: gọi VNPT 0243.800.126." in page.get_content()
    assert message.as_bytes().isascii()


LETTER = Letter(
    key="review/2026-10",
    written_at=datetime(2026, 11, 1, tzinfo=UTC),
    title="Báo cáo tháng 10/2026\r\nBcc: eve@example.com",
    text="Kính gửi: UBND phường.\nhttps://monitor.example/reports/2026-10",
    language="vi",
    files=(
        Enclosure("review-2026-10.vi.pdf", "application/pdf", b"%PDF-1.7\x00\xff"),
        Enclosure("review-2026-10.vi.html", "text/html; charset=utf-8", "<p>Phường".encode()),
    ),
)


def test_a_letter_arrives_with_its_files() -> None:
    """Byte for byte, under their names and types, beside a text and a page; its title cannot become a header."""
    with mailbox() as box:
        delivery = Mail(to(box)).send_letter(LETTER, 5)
    assert (delivery.outcome, delivery.detail) == (Outcome.DELIVERED, "taken for 2 of 2")
    [message] = box.messages
    assert message["Subject"].startswith("Báo cáo tháng 10/2026  Bcc: ")
    assert (message["Bcc"], message["Auto-Submitted"], message["Content-Language"]) == (None, "auto-generated", "vi")
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == LETTER.text.splitlines()
    assert 'href="https://monitor.example/reports/2026-10"' in page.get_content()
    found = [(one.get_filename(), one.get_content_type(), one.get_payload(decode=True)) for one in _files(message)]
    kinds = ["application/pdf", "text/html"]
    assert found == [(one.name, kind, one.content) for one, kind in zip(LETTER.files, kinds, strict=True)]


def _files(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.iter_attachments() if isinstance(part, EmailMessage)]


def test_a_letter_that_was_refused_is_one_letter_when_it_comes_again() -> None:
    """The next attempt bears the same id, and goes to those alone who have not taken it."""
    with mailbox() as box:
        box.refusals["binh@example.vn"] = "451 later"
        channel = Mail(to(box))
        assert channel.send_letter(LETTER, 5).outcome is Outcome.RETRY
        box.refusals.clear()
        assert channel.send_letter(LETTER, 5).outcome is Outcome.DELIVERED
        Mail(to(box)).send_letter(replace(LETTER, key="review/2026-11"), 5)
    ids = [message["Message-ID"] for message in box.messages]
    assert ids[0] == ids[1] != ids[2]
    assert box.recipients[:2] == [["an@example.vn"], ["binh@example.vn"]]


def test_attempts_are_one_message_and_an_incident_is_one_thread() -> None:
    """The same id for the same key, also in another process; another for another; all refer to the incident."""
    with mailbox() as box:
        for key in ("key-1", "key-1", "key-2"):
            Mail(to(box)).send(a_notice(key=key), 5)
        Mail(to(box)).send(a_notice(incidents=("other-000000",)), 5)
    ids = [message["Message-ID"] for message in box.messages]
    threads = [message["References"] for message in box.messages]
    assert ids[0] == ids[1] == "<a3f67a9efa0192f89009503594bd9fa6@ward.example>"
    assert ids[2] != ids[0]
    assert threads[0] == threads[1] == threads[2] != threads[3]
    assert [message["In-Reply-To"] for message in box.messages] == threads
    assert all(re.fullmatch(r"<[0-9a-f]{32}@ward\.example>", text) for text in [*ids, *threads])


def test_a_title_cannot_become_a_header() -> None:
    """Line breaks in it are blanks, and half characters are marked."""
    words = Words("down\r\nBcc: eve@example.com\x00\ud800", "x <b>&\n.\nhttps://h.example/a?b=1&c=2 now\ud800", "")
    with mailbox() as box:
        assert Mail(to(box)).send(a_notice(words=words), 5).outcome is Outcome.DELIVERED
    message = box.messages[0]
    assert message["Subject"].startswith("down  Bcc: eve@example.com")
    assert message["Bcc"] is None
    assert box.recipients == [["an@example.vn", "binh@example.vn"]]
    page = message.get_body(("html",))
    assert page is not None
    text = page.get_content()
    assert "x &lt;b&gt;&amp;<br>" in text
    assert '<a href="https://h.example/a?b=1&amp;c=2">https://h.example/a?b=1&amp;c=2</a> now' in text


def test_tls_is_taken_up_where_it_is_offered(tmp_path: Path, authority: Certified) -> None:
    """With a certificate that is checked; the password goes through it."""
    with mailbox(authority.leaf("127.0.0.1").context(tmp_path), knows_users=True) as box:
        url = to(box, f"{TWO}&tls=always", f"{USER}:{PASSWORD}@")
        delivery = Mail(url, lambda: trusting(authority)).send(a_notice(), 5)
    assert delivery.outcome is Outcome.DELIVERED
    assert box.secured == [True]


def test_tls_from_the_first_byte(tmp_path: Path, authority: Certified) -> None:
    """With mailtos."""
    with mailbox(implicit=authority.leaf("127.0.0.1").context(tmp_path)) as box:
        delivery = Mail(to(box, scheme="mailtos"), lambda: trusting(authority)).send(a_notice(), 5)
    assert delivery.outcome is Outcome.DELIVERED
    assert box.secured == [True]


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example"])
def test_a_certificate_that_does_not_prove_who_it_is(name: str, tmp_path: Path, authority: Certified) -> None:
    """Signed by nobody, or for another: nothing is sent, and it is tried again, for certificates get renewed."""
    signer = authority if name == "other.example" else Certified.root()
    with mailbox(signer.leaf(name).context(tmp_path)) as box:
        delivery = Mail(to(box, f"{TWO}&tls=always"), lambda: trusting(authority)).send(a_notice(), 5)
    assert delivery.outcome is Outcome.RETRY
    assert "its certificate is not valid" in delivery.detail
    assert box.messages == []


def test_the_machines_own_server_needs_no_certificate(tmp_path: Path) -> None:
    """As Debian installs it: with one that nobody has signed."""
    with mailbox(Certified.root().leaf("snakeoil").context(tmp_path)) as box:
        assert Mail(to(box)).send(a_notice(), 5).outcome is Outcome.DELIVERED
    assert box.secured == [True]


def test_no_mail_without_tls_where_it_is_wanted() -> None:
    """A server that offers none gets nothing."""
    with mailbox() as box:
        delivery = Mail(to(box, f"{TWO}&tls=always")).send(a_notice(), 5)
    assert (delivery.outcome, box.messages) == (Outcome.REFUSED, [])
    assert "tls=always" in delivery.detail


def test_a_password_is_not_sent_where_others_can_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TLS and beyond this machine nobody logs in, unless it is asked for."""
    monkeypatch.setattr(MailAddress, "is_loopback", False)
    with mailbox(knows_users=True) as box:
        delivery = Mail(to(box, login=f"{USER}:{PASSWORD}@")).send(a_notice(), 5)
        assert (delivery.outcome, box.messages) == (Outcome.REFUSED, [])
        assert "the password would be seen on its way" in delivery.detail
        allowed = Mail(to(box, f"{TWO}&tls=never", f"{USER}:{PASSWORD}@")).send(a_notice(), 5)
        assert allowed.outcome is Outcome.DELIVERED
        assert Mail(to(box)).send(a_notice(), 5).outcome is Outcome.DELIVERED


def test_on_this_machine_a_password_needs_no_tls() -> None:
    """Nobody listens on loopback."""
    with mailbox(knows_users=True) as box:
        assert Mail(to(box, login=f"{USER}:{PASSWORD}@")).send(a_notice(), 5).outcome is Outcome.DELIVERED


def test_a_wrong_password_is_refused_and_not_repeated() -> None:
    """For good; the server repeats it, the detail does not."""
    with mailbox(knows_users=True) as box:
        channel = Mail(to(box, login=f"{USER}:canary%2Fwrong-7f3a@"))
        delivery = channel.send(a_notice(), 5)
    assert (delivery.outcome, box.messages) == (Outcome.REFUSED, [])
    assert delivery.detail.startswith("535 5.7.8 no such password: ***")
    told = f"{delivery} {channel!r} {channel.place} {channel._address!r}"
    assert "canary" not in told
    assert "an@example.vn" not in channel.place


def test_a_server_that_knows_no_users() -> None:
    """Cannot be logged in to, now or later."""

    def greet(call: Call) -> None:
        call.write(b"250 mail.example\r\n")
        call.hold()

    with hook(greet, greeting=b"220 mail.example\r\n") as server:
        delivery = Mail(f"mailto://u:p@127.0.0.1:{server.port}?{TWO}").send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (
        Outcome.REFUSED,
        "it offers no way to log in that is known here",
    )


@pytest.mark.parametrize(("reply", "outcome"), [("451 later", Outcome.RETRY), ("554 spam", Outcome.REFUSED)])
def test_what_a_reply_means(reply: str, outcome: Outcome) -> None:
    """4xx passes, 5xx stays; the detail is the reply."""
    with mailbox() as box:
        box.data_reply = reply
        delivery = Mail(to(box)).send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (outcome, reply)


@pytest.mark.parametrize(("reply", "outcome"), [("450 later", Outcome.RETRY), ("550 nobody", Outcome.REFUSED)])
def test_all_recipients_refused(reply: str, outcome: Outcome) -> None:
    """Each is named, as far as one should know."""
    with mailbox() as box:
        box.refusals = {"an@example.vn": reply, "binh@example.vn": "550 nobody"}
        delivery = Mail(to(box)).send(a_notice(), 5)
    assert delivery.outcome is outcome
    assert delivery.detail == f"a***@example.vn: {reply}; b***@example.vn: 550 nobody"


def test_one_recipient_who_does_not_exist_does_not_undo_the_other() -> None:
    """It is delivered, and the detail names who has not got it."""
    with mailbox() as box:
        box.refusals = {"binh@example.vn": "550 nobody"}
        delivery = Mail(to(box)).send(a_notice(), 5)
    assert delivery.outcome is Outcome.DELIVERED
    assert delivery.detail == "taken for 1 of 2; not for b***@example.vn: 550 nobody"


def test_who_has_it_does_not_get_it_again() -> None:
    """One whose mailbox is full for now is tried again alone, until it takes it."""
    with mailbox() as box:
        channel = Mail(to(box))
        box.refusals = {"binh@example.vn": "452 full"}
        assert channel.send(a_notice(), 5).outcome is Outcome.RETRY
        assert channel.send(a_notice(), 5).outcome is Outcome.RETRY
        box.refusals = {}
        delivery = channel.send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (Outcome.DELIVERED, "taken for 2 of 2")
    assert box.recipients == [["an@example.vn"], ["binh@example.vn"]]


def test_what_is_remembered_is_bounded() -> None:
    """A recipient who is never reached does not fill the memory."""
    with mailbox() as box:
        box.refusals = {"binh@example.vn": "452 full"}
        channel = Mail(to(box))
        for number in range(3):
            channel.send(a_notice(key=f"key-{number}"), 5)
        assert len(channel._took) == 3
        channel._took.update({f"old-{number}": frozenset({"x"}) for number in range(97)})
        channel.send(a_notice(key="key-3"), 5)
        assert len(channel._took) == 100


def test_nobody_there_is_tried_again() -> None:
    """With the reason."""
    delivery = Mail(f"mailto://127.0.0.1:{free_port()}?{TWO}").send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (Outcome.RETRY, "connection refused")


def test_a_server_that_dawdles_holds_nobody() -> None:
    """A greeting byte by byte ends at the deadline."""
    began = time.monotonic()
    with hook(lambda call: call.trickle(), greeting=b"220 ") as server:
        delivery = Mail(f"mailto://127.0.0.1:{server.port}?{TWO}").send(a_notice(), 0.3)
    assert time.monotonic() - began < 1.3
    assert delivery.outcome is Outcome.RETRY


def test_a_server_that_hangs_up_is_tried_again() -> None:
    """Before a word, and in the middle."""
    with hook(lambda _: None, greeting=b"220-") as server:
        delivery = Mail(f"mailto://127.0.0.1:{server.port}?{TWO}").send(a_notice(), 5)
    assert delivery.outcome is Outcome.RETRY
    with hook(lambda call: call.answer(200), greeting=b"421 too busy\r\n") as server:
        delivery = Mail(f"mailto://127.0.0.1:{server.port}?{TWO}").send(a_notice(), 5)
    assert (delivery.outcome, delivery.detail) == (Outcome.RETRY, "421 too busy")


def test_a_goodbye_that_never_comes_does_not_undo_the_delivery() -> None:
    """What was taken is delivered."""
    with mailbox() as box:
        box.silent_at_quit = True
        delivery = Mail(to(box)).send(a_notice(), 0.5)
    assert delivery.outcome is Outcome.DELIVERED
    assert len(box.messages) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mailto://h.example?to=a@b.c", ("h.example", 25, "linkward@h.example", "offered")),
        ("mailto://u%40x.y:p%2F@h.example?to=a@b.c", ("h.example", 587, "u@x.y", "offered")),
        ("mailto://u:p@h.example:2525?to=a@b.c&from=x@y.z&tls=never", ("h.example", 2525, "x@y.z", "never")),
        ("mailtos://u:p@[2001:db8::1]/?to=a@b.c&from=x@y.z", ("2001:db8::1", 465, "x@y.z", "implicit")),
    ],
)
def test_a_url_says_where(url: str, expected: tuple[str, int, str, str]) -> None:
    """And what it leaves out is what is usual."""
    address = MailAddress.parse(url)
    assert (address.host, address.port, address.sender, address.tls) == expected


def test_a_plus_in_an_address_is_a_plus() -> None:
    """Though in a query it could be a blank."""
    address = MailAddress.parse("mailto://localhost?to=an+duty@b.c, binh@b.c")
    assert address.recipients == ("an+duty@b.c", "binh@b.c")
    assert address.is_loopback
    assert not replace(address, host="mail.example").is_loopback


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("mailto://u:canary@gmail.com", "names no recipient: write addresses"),
        ("mailto://u:canary@h?to=nobody", "'nobody' is no mail address"),
        ("mailto://u:canary@h?to=a@b.c\r\nX: y", "'a@b.cX: y' is no mail address"),
        ("mailto://u:canary@h?to=a@b.c&from=Ops <x@y>", "'Ops <x@y>' is no mail address"),
        ("mailto://u:canary@h?to=a@b.c&smtp=x", "has no smtp: write to=, from= and tls="),
        ("mailto://u:canary@h?to=a@b.c&tls=maybe", "there is no tls=maybe"),
        ("mailto://u:canary#1@h?to=a@b.c", "cannot be read|names no server: .*%23"),
        ("mailto://u:canary/1@h?to=a@b.c", "cannot be read|names no server"),
        ("mailto://u:canary@h:99999?to=a@b.c", "cannot be read"),
        ("mailto:an@example.vn", "names no server: write one such as mailto://mail.example.vn"),
        ("mailto://u:canarý@h?to=a@b.c", "not ASCII"),
        ("mailto://u:canary@h_!?to=a@b.c", "neither a host"),
    ],
)
def test_a_url_that_cannot_be_used(url: str, mend: str) -> None:
    """Is refused with a mend, and without the password."""
    with pytest.raises(InvalidValueError, match=mend) as caught:
        Mail(url)
    assert "canar" not in str(caught.value)
