"""How the web server is reached, and by whom: the web configuration file that Prometheus' exporters share.

The format is that of exporter-toolkit (docs/web-configuration.md there), which Prometheus itself, Alertmanager and the
exporters read by ``--web.config.file``.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from model.fields import Described, Duration, Flag, Record, Secret
from model.invalid import InvalidValueError

ClientAuth = Literal["NoClientCert", "RequestClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"]
TlsVersion = Literal["TLS12", "TLS13"]

CIPHERS: Final[Mapping[str, str]] = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA": "ECDHE-ECDSA-AES128-SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA": "ECDHE-ECDSA-AES256-SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "ECDHE-RSA-AES128-SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA": "ECDHE-RSA-AES256-SHA",
}
"""The suites of TLS 1.2 that Go calls secure (crypto/tls, CipherSuites), by IANA's names, with OpenSSL's."""
ALWAYS_ON: Final = frozenset({"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
"""The suites of TLS 1.3 (RFC 8446 §B.4), which cannot be chosen among; in the file they change nothing."""
CURVES: Final[Mapping[str, str]] = {
    "CurveP256": "prime256v1",
    "CurveP384": "secp384r1",
    "CurveP521": "secp521r1",
    "X25519": "X25519",
}
"""Go's names of curves, with OpenSSL's."""

MOST_COST: Final = 16
"""Of a hash of bcrypt: some five seconds for each password that is looked at."""

# Of the 22nd sign of the salt only two bits count; bcrypt refuses others than these when it is too late to say so.
_BCRYPT: Final = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}", re.ASCII)
_LEAST_COST: Final = 4
_HEADER_VALUE: Final = re.compile(r"[\x20-\x7e]*", re.ASCII)
_OLD_VERSIONS: Final = frozenset({"TLS10", "TLS11"})
_UNVERIFIED: Final = frozenset({"RequireAnyClientCert", "RequireClientCert"})


def _refuse_old(value: Any) -> Any:
    if value in _OLD_VERSIONS:
        raise InvalidValueError("TLS 1.0 and 1.1 must not be spoken any more (RFC 8996)", "write TLS12 or TLS13")
    return value


def _refuse_unverified(value: Any) -> Any:
    if value in _UNVERIFIED:
        what = "a certificate that anybody can make proves nothing, and is not asked for here"
        raise InvalidValueError(what, "write RequireAndVerifyClientCert, and `client_ca_file`")
    return value


def _check_hash(secret: SecretStr) -> SecretStr:
    # The message quotes nothing of the value, for what stands in place of a hash may be the password itself.
    match = _BCRYPT.fullmatch(secret.get_secret_value())
    if match is None or not _LEAST_COST <= int(match[1]) <= MOST_COST:
        raise InvalidValueError("this is no such hash", "make one")
    return secret


def check_user(name: str) -> str:
    """A name as basic authentication can send it (RFC 7617).

    Raises:
        InvalidValueError: It is none. The message does not quote it: a whole line of htpasswd may stand there.
    """
    if not name or ":" in name or not name.isprintable():
        mend = "write a name without a colon, and after it only the hash"
        raise InvalidValueError("this cannot be the name of a user", mend)
    return name


def _check_users(users: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
    for name in users:
        check_user(name)
    return users


def _check_header(text: str) -> str:
    if not _HEADER_VALUE.fullmatch(text):
        raise InvalidValueError("a header is one line of ASCII", "take the other signs out")
    return text


def _check_single(curves: tuple[str, ...]) -> tuple[str, ...]:
    if len(curves) > 1:
        raise InvalidValueError("no more than one curve can be chosen here", "leave one, or take the key out")
    return curves


def _read_interval(value: Any) -> Any:
    return "0s" if value == "0" else value


_Cipher = Annotated[
    str, Field(pattern=f"^({'|'.join([*CIPHERS, *sorted(ALWAYS_ON)])})$"), Described(f"one of {', '.join(CIPHERS)}")
]
_Curve = Literal["CurveP256", "CurveP384", "CurveP521", "X25519"]
_NoSniff = Annotated[Literal["", "nosniff"], Described("`nosniff`")]
_Frames = Annotated[Literal["", "deny", "sameorigin"], Described("`deny` or `sameorigin`")]
_HeaderText = Annotated[str, AfterValidator(_check_header)]
_Version = Annotated[TlsVersion, BeforeValidator(_refuse_old)]
_Hash = Annotated[
    Secret,
    AfterValidator(_check_hash),
    Described(f"a hash of bcrypt of cost {_LEAST_COST} to {MOST_COST}, as `htpasswd -nBC 10 NAME` makes it"),
]


class TlsServer(Record):
    """The server's certificate, and what it asks of clients."""

    cert_file: str = Field("", description="The certificate in PEM, with those that lead to the root after it.")
    key_file: str = Field("", description="Its key in PEM, without a passphrase.")
    cert: str = Field("", description="The certificate itself, in place of `cert_file`.")
    key: Secret | None = Field(None, description="The key itself, in place of `key_file`.")
    client_auth_type: Annotated[ClientAuth, BeforeValidator(_refuse_unverified)] = Field(
        "NoClientCert",
        description="Whether clients show a certificate. Only `RequireAndVerifyClientCert` keeps others out; "
        "`RequestClientCert` looks at none, as `NoClientCert`.",
    )
    client_ca_file: str = Field("", description="The certificates that those of clients are signed with, in PEM.")
    client_ca: str = Field("", description="They themselves, in place of `client_ca_file`.")
    client_allowed_sans: tuple[str, ...] = Field(
        (), description="Alternative names (DNS, IP, e-mail, URI); a client's certificate must bear one of them."
    )
    min_version: _Version = Field("TLS12", description="The oldest version of TLS that is spoken.")
    max_version: _Version = Field("TLS13", description="The newest.")
    cipher_suites: tuple[_Cipher, ...] = Field(
        (), description="For TLS 1.2 only these; left out: what OpenSSL holds to be good. Those of 1.3 are always on."
    )
    prefer_server_cipher_suites: Flag = Field(True, description="Whether the server's order of suites counts.")
    curve_preferences: Annotated[tuple[_Curve, ...], AfterValidator(_check_single)] = Field(
        (), description="The curve of the key exchange; one at most. Left out: those of OpenSSL."
    )

    @property
    def is_on(self) -> bool:
        """Whether TLS is spoken: anything that would need it is there."""
        certificate = self.cert_file or self.cert or self.key_file or self.key
        return bool(certificate or self.client_ca_file or self.client_ca or "client_auth_type" in self.model_fields_set)

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        for name, inline in (("cert", self.cert), ("key", self.key), ("client_ca", self.client_ca)):
            if inline and getattr(self, f"{name}_file"):
                raise InvalidValueError(f"`{name}` and `{name}_file` are both there", "take one of the two out")
        if self.is_on and not (self.cert or self.cert_file):
            raise InvalidValueError("there is no certificate", "add `cert_file`")
        if self.is_on and not (self.key or self.key_file):
            raise InvalidValueError("there is no key to the certificate", "add `key_file`")
        if self.min_version > self.max_version:
            raise InvalidValueError("`min_version` is newer than `max_version`", "leave both out, or exchange them")
        self._check_clients()
        return self

    def _check_clients(self) -> None:
        verifies = self.client_auth_type in {"VerifyClientCertIfGiven", "RequireAndVerifyClientCert"}
        has_ca = bool(self.client_ca or self.client_ca_file)
        if has_ca and not verifies:
            mend = "write `client_auth_type: RequireAndVerifyClientCert`"
            raise InvalidValueError("there are certificates for clients, and none is asked for", mend)
        if verifies and not has_ca:
            what = "certificates of clients are asked for, and nothing to verify them with"
            raise InvalidValueError(what, "add `client_ca_file`")
        if self.client_allowed_sans and self.client_auth_type != "RequireAndVerifyClientCert":
            mend = "write `client_auth_type: RequireAndVerifyClientCert`"
            raise InvalidValueError("`client_allowed_sans` holds only for those who must show a certificate", mend)


class Headers(Record):
    """Headers that are added to each answer, where it does not bear them already; an empty one is left out."""

    strict_transport_security: _HeaderText = Field(
        "", alias="Strict-Transport-Security", description="For how long browsers must use https:// here."
    )
    x_content_type_options: _NoSniff = Field(
        "", alias="X-Content-Type-Options", description="`nosniff`: browsers do not guess what an answer is."
    )
    x_frame_options: _Frames = Field(
        "", alias="X-Frame-Options", description="`deny` or `sameorigin`: which pages may show ours in a frame."
    )
    x_xss_protection: _HeaderText = Field("", alias="X-XSS-Protection", description="Only old browsers know it.")
    content_security_policy: _HeaderText = Field(
        "", alias="Content-Security-Policy", description="Of answers that are no page; pages have a stricter one."
    )

    def pairs(self) -> list[tuple[str, str]]:
        """Names in small letters and values, without the empty ones."""
        fields = type(self).model_fields.items()
        found = ((field.alias or name, str(getattr(self, name))) for name, field in fields)
        return [(name.lower(), value) for name, value in found if value]


class HttpServer(Record):
    """How HTTP is spoken."""

    http2: Flag = Field(True, description="Changes nothing: HTTP/1.1 is spoken, which every client can.")
    headers: Headers = Field(Headers(), description="Headers that are added to each answer.")


class RateLimit(Record):
    """How many requests are answered, whoever asks."""

    interval: Annotated[Duration, BeforeValidator(_read_interval)] = Field(
        0.0, description="One request in this time on the average; `0` for no limit."
    )
    burst: Annotated[int, Field(ge=1)] = Field(1, description="So many at once after a pause.")


class WebSettings(Record):
    """What the web configuration file says; all of it may be left out."""

    tls_server_config: TlsServer = Field(TlsServer(), description="TLS. Left out: plain HTTP.")
    http_server_config: HttpServer = Field(HttpServer(), description="How HTTP is spoken.")
    basic_auth_users: Annotated[Mapping[str, _Hash], AfterValidator(_check_users)] = Field(
        {}, description="Who is let in, with the bcrypt hash of their password. Left out: everybody is."
    )
    rate_limit: RateLimit = Field(RateLimit(), description="A bound on requests in all.")
