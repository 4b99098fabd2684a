"""What chains say, without a network."""

from pathlib import Path

import pytest
from cryptography import x509

from monitor.probes.certificates import CertificateReader, Handshake, chain_expiry, stamp
from tests.peers.http_certificates import DAY, NOW, Certified

ROOT = Certified.root()


def sent(leaf: Certified) -> list[x509.Certificate]:
    """The chain as a server sends it."""
    return [leaf.certificate, *leaf.chain]


def test_the_best_path_counts() -> None:
    """Of two ways to a root, over an old signature and a new one, the one that lasts longer sets the date."""
    old, new = Certified.root("Old", NOW + DAY), ROOT
    leaf = new.authority("Middle").leaf("a.example")
    chain = [*sent(leaf), old.certificate]
    assert chain_expiry(chain, [old.certificate, new.certificate]) == NOW + 90 * DAY


def test_the_root_belongs_to_the_path() -> None:
    """A root that expires first ends the chain, though no server sends it."""
    root = Certified.root("Ending", NOW + 3 * DAY)
    assert chain_expiry(sent(root.leaf("a.example")), [root.certificate]) == NOW + 3 * DAY


def test_a_trusted_leaf_is_a_path_of_its_own() -> None:
    """A certificate that is itself among the roots needs no signature."""
    leaf = ROOT.leaf("a.example")
    assert chain_expiry([leaf.certificate], [leaf.certificate]) == NOW + 90 * DAY


def test_a_name_alone_makes_no_path() -> None:
    """A root of the same name with another key has signed nothing."""
    assert chain_expiry(sent(ROOT.leaf("a.example")), [Certified.root().certificate]) is None


def test_a_chain_in_circles_ends() -> None:
    """Two authorities that sign each other, and many copies of them, are no endless path."""
    one = Certified.root("One")
    two = one.authority("Two")
    back = Certified(one.certificate, two.key).authority("One")
    chain = [two.leaf("a.example").certificate, two.certificate, back.certificate] * 3
    assert chain_expiry(chain, [ROOT.certificate]) is None


@pytest.mark.parametrize("pem", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_has_no_facts(pem: bytes) -> None:
    """Bytes that cannot be read are absent facts, never a traceback."""
    assert CertificateReader().facts(Handshake((pem,), "TLS 1.3", "X", None)) is None
    assert CertificateReader().facts(Handshake((), None, None, None)) is None


def test_the_handshake_is_told_though_the_chain_is_known() -> None:
    """A chain that was read before comes with the version and cipher of this handshake."""
    reader = CertificateReader()
    chain = (ROOT.pem,)
    first = reader.facts(Handshake(chain, "TLS 1.2", "A", None))
    again = reader.facts(Handshake(chain, "TLS 1.3", "B", None))
    assert first is not None
    assert again is not None
    assert (first.version, again.version, again.cipher) == ("TLS 1.2", "TLS 1.3", "B")
    assert first.serial_number == again.serial_number


def test_roots_are_read_leniently(tmp_path: Path) -> None:
    """A bundle with a broken certificate in it still knows the others."""
    file = tmp_path / "roots.pem"
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    file.write_bytes(b"# comment\n" + broken + ROOT.pem)
    leaf = ROOT.leaf("a.example")
    facts = CertificateReader().facts(Handshake((leaf.pem,), None, None, stamp(str(file))))
    assert facts is not None
    assert facts.chain_expiry == NOW + 90 * DAY


def test_roots_that_are_gone_leave_the_end_of_the_chain_open(tmp_path: Path) -> None:
    """A file that was removed since the handshake is no traceback; the facts of the sent chain stand."""
    file = tmp_path / "roots.pem"
    file.write_bytes(ROOT.pem)
    seen = stamp(str(file))
    file.unlink()
    facts = CertificateReader().facts(Handshake((ROOT.leaf("a.example").pem,), None, None, seen))
    assert facts is not None
    assert (facts.earliest_expiry, facts.chain_expiry) == (NOW + 90 * DAY, None)
