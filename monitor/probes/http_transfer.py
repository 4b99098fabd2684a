"""One easy handle of libcurl, used for one transfer after another, none of which knows of the one before."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import pycurl

from model.hosts import is_address
from monitor.probes.certificates import CertificateReader, Handshake, Stamp
from monitor.probes.curl_loop import CurlError
from monitor.probes.http_answer import Answer
from monitor.probes.http_request import HttpRequest
from monitor.probes.web_address import WebAddress

_ALWAYS: Final[Mapping[int, object]] = {
    pycurl.NOSIGNAL: 1,
    # Every phase is to be measured, so nothing is taken over: no connection, no name, no TLS session.
    pycurl.FRESH_CONNECT: 1,
    pycurl.FORBID_REUSE: 1,
    pycurl.DNS_CACHE_TIMEOUT: 0,
    pycurl.SSL_SESSIONID_CACHE: 0,
    pycurl.PROXY: "",  # an http_proxy in the environment would be measured in the target's place
    pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
    pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
    pycurl.ACCEPT_ENCODING: "",  # all that libcurl can undo
    pycurl.OPT_FILETIME: 1,
}
_VERSIONS: Final = {1: 1.0, 2: 1.1, 3: 2.0, 4: 2.0, 5: 2.0, 30: 3.0, 31: 3.0}
_TLS_LINE: Final = b"SSL connection using "
_STOP: Final = -1
_LONGEST_MS: Final = 2**31 - 1  # libcurl refuses more


class Transfer:
    """An easy handle and what its callbacks gather."""

    def __init__(self) -> None:
        self.handle = pycurl.Curl()
        self._chunks: list[bytes] = []
        self._kept = False
        self._size = 0
        self._limit = 0
        self._is_cut = False
        self._tls_line = b""
        self._roots: Stamp | None = None
        self._label = f"transfer-{id(self):x}.invalid"

    def prepare(
        self, request: HttpRequest, address: WebAddress, hosts: Sequence[str], roots: Stamp | None, timeout: float
    ) -> None:
        """Forget the last transfer and set up the next.

        Args:
            request: What to ask for, but where.
            address: Where.
            hosts: The only addresses that will be connected to, in order of preference.
            roots: The file of trusted roots; ``None`` where nothing is verified.
            timeout: Seconds until libcurl gives up.
        """
        self._chunks, self._size, self._is_cut, self._tls_line = [], 0, False, b""
        self._limit, self._kept, self._roots = request.body_limit, request.body is not None, roots
        handle = self.handle
        handle.reset()
        for option, value in _ALWAYS.items():
            handle.setopt(option, value)
        handle.setopt(pycurl.WRITEFUNCTION, self._take)
        handle.setopt(pycurl.USERAGENT, request.user_agent)
        handle.setopt(pycurl.TIMEOUT_MS, min(max(int(timeout * 1000), 1), _LONGEST_MS))
        self._aim(address, hosts, request)
        if request.source is not None:
            handle.setopt(pycurl.INTERFACE, _interface(request.source))
        if (login := request.login_for(address)) is not None:
            handle.setopt(pycurl.USERNAME, login[0].encode())
            handle.setopt(pycurl.PASSWORD, login[1].encode())
        if address.is_tls:
            self._prepare_tls()

    def answer(self, error: CurlError | None, certificates: CertificateReader) -> Answer:
        """What this transfer gave, however it ended."""
        info = self.handle.getinfo
        raw = self.handle.getinfo_raw
        status = int(info(pycurl.RESPONSE_CODE)) or None
        length = int(info(pycurl.CONTENT_LENGTH_DOWNLOAD_T))
        modified = int(info(pycurl.FILETIME_T))
        return Answer(
            phases=self._phases(is_complete=error is None or self._is_cut, has_status=status is not None),
            status=status,
            version=_VERSIONS.get(info(pycurl.INFO_HTTP_VERSION)),
            content_length=length if length >= 0 and status is not None else None,
            body=b"".join(self._chunks),
            body_bytes=self._size,
            is_cut=self._is_cut,
            address=info(pycurl.PRIMARY_IP) or "",
            content_type=(raw(pycurl.CONTENT_TYPE) or b"").decode("latin-1"),
            last_modified=_moment(modified),
            location=raw(pycurl.REDIRECT_URL),
            tls=certificates.facts(handshake) if (handshake := self._handshake()) else None,
            os_error=int(info(pycurl.OS_ERRNO)) if error else 0,
            verify_result=int(info(pycurl.SSL_VERIFYRESULT)) if error else 0,
        )

    def close(self) -> None:
        """Free the handle."""
        self.handle.close()

    def _aim(self, address: WebAddress, hosts: Sequence[str], request: HttpRequest) -> None:
        # CONNECT_TO with an empty host and port holds whatever libcurl may read in the URL. Several addresses pass
        # through a name of this handle's own, so that libcurl can race them (RFC 8305) and no two transfers mix.
        if len(hosts) == 1:
            self.handle.setopt(pycurl.CONNECT_TO, [f"::{_bracketed(hosts[0])}:"])
        else:
            self.handle.setopt(pycurl.CONNECT_TO, [f"::{self._label}:"])
            self.handle.setopt(pycurl.RESOLVE, [f"{self._label}:{address.port}:{','.join(map(_bracketed, hosts))}"])
        server_name = request.server_name_for(address)
        if server_name is None:
            self.handle.setopt(pycurl.URL, str(address))
        else:
            self.handle.setopt(pycurl.URL, str(address.named(server_name)))
            self.handle.setopt(pycurl.HTTPHEADER, [f"Host: {request.host_for(address)}"])

    def _prepare_tls(self) -> None:
        self.handle.setopt(pycurl.OPT_CERTINFO, 1)
        # Only the log tells version and cipher suite.
        self.handle.setopt(pycurl.DEBUGFUNCTION, self._overhear)
        self.handle.setopt(pycurl.VERBOSE, 1)
        if self._roots is not None:
            self.handle.setopt(pycurl.CAINFO, os.fsencode(self._roots[0]))
        else:
            self.handle.setopt(pycurl.SSL_VERIFYPEER, 0)
            self.handle.setopt(pycurl.SSL_VERIFYHOST, 0)

    def _take(self, data: bytes) -> int | None:
        room = self._limit - self._size
        if self._kept:
            self._chunks.append(data[:room])
        self._size += min(len(data), room)
        self._is_cut = len(data) > room
        return _STOP if self._is_cut else None

    def _overhear(self, kind: int, text: bytes) -> None:
        if kind == pycurl.INFOTYPE_TEXT and text.startswith(_TLS_LINE):
            self._tls_line = text

    def _handshake(self) -> Handshake | None:
        chain = tuple(
            value
            for entries in self.handle.getinfo_raw(pycurl.INFO_CERTINFO)
            for key, value in entries
            if key == b"Cert"
        )
        if not chain:
            return None
        verified = self.handle.getinfo(pycurl.SSL_VERIFYRESULT) == 0 and self._tls_line
        version, _, cipher = self._tls_line.removeprefix(_TLS_LINE).decode("ascii", "replace").partition(" / ")
        return Handshake(
            chain,
            version=version.strip().replace("TLSv", "TLS ") or None,
            cipher=cipher.partition(" / ")[0].strip() or None,
            verified_by=self._roots if verified else None,
        )

    def _phases(self, *, is_complete: bool, has_status: bool) -> dict[str, float]:
        info = self.handle.getinfo
        began, connected = info(pycurl.NAMELOOKUP_TIME_T), info(pycurl.CONNECT_TIME_T)
        phases: dict[str, float] = {}
        if not connected:
            return phases
        phases["connect"] = (connected - began) / 1e6
        secured = info(pycurl.APPCONNECT_TIME_T)
        if secured:
            phases["tls"] = (secured - connected) / 1e6
        # After an error libcurl sets this time to the end, response or not.
        if has_status:
            responded = info(pycurl.STARTTRANSFER_TIME_T)
            phases["processing"] = (responded - (secured or connected)) / 1e6
            if is_complete:
                phases["transfer"] = (info(pycurl.TOTAL_TIME_T) - responded) / 1e6
        return phases


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _interface(source: str) -> bytes:
    kind = "host" if is_address(source) else "if"
    return f"{kind}!{source}".encode()


def _moment(seconds: int) -> datetime | None:
    # libcurl says -1 where the header is absent.
    if seconds < 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
