"""What a probe is aimed at, as one word: ``icmp://203.0.113.1``, ``stamp://host:862``, ``snmp://device-id``."""

import re
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from model.hosts import check_host
from model.invalid import InvalidValueError
from model.measurement import ProbeKind

_DEFAULT_PORTS: Final = {ProbeKind.STAMP: 862}
_KINDS: Final = {ProbeKind.ICMP, ProbeKind.STAMP, ProbeKind.TCP, ProbeKind.SNMP}
_MEND: Final = "write icmp://ADDRESS, stamp://HOST:862, tcp://HOST:443 or snmp://DEVICE-ID"
_SHAPE: Final = re.compile(r"([a-z]+)://(?:\[([^\[\]]*:[^\[\]]*)\]|([^\[\]:/]+))(?::([0-9]{1,5}))?", re.ASCII)
_PORTS: Final = range(1, 65_536)


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a link or an anchor.

    Attributes:
        kind: icmp, stamp, tcp or snmp.
        host: Name or address; for snmp the id of a device in the inventory.
        port: UDP or TCP port; ``None`` for icmp and snmp.
    """

    kind: ProbeKind
    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind}://{host}" + (f":{self.port}" if self.port else "")

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read ``scheme://host[:port]``.

        Raises:
            InvalidValueError: Unknown scheme, no host, a port where none belongs or none where one must be.
        """
        kind, host, port = _split(text)
        if kind is ProbeKind.TCP and port is None:
            raise InvalidValueError(f"{text!r} needs a port", f"write tcp://{host}:443")
        if kind in {ProbeKind.ICMP, ProbeKind.SNMP} and port is not None:
            raise InvalidValueError(f"{text!r} takes no port", f"write {kind}://{host}")
        return cls(kind, host, port or _DEFAULT_PORTS.get(kind))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A string in the file, a Target in the program."""
        return core_schema.no_info_before_validator_function(
            lambda value: cls.parse(value) if isinstance(value, str) else value,
            core_schema.is_instance_schema(cls, cls_repr="a target such as icmp://203.0.113.1"),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The form that an editor should accept."""
        return {"type": "string", "pattern": "^(icmp|stamp|tcp|snmp)://", "examples": ["icmp://203.0.113.1"]}


def _split(text: str) -> tuple[ProbeKind, str, int | None]:
    match = _SHAPE.fullmatch(text)
    if match is None or match[1] not in _KINDS:
        raise InvalidValueError(f"{text!r} is not a target", _MEND)
    host, port = check_host(match[2] or match[3]), int(match[4]) if match[4] else None
    if port is not None and port not in _PORTS:
        raise InvalidValueError(f"{text!r} has a port that does not exist", "write a port from 1 to 65535")
    return ProbeKind(match[1]), host, port
