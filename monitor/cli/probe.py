"""``linkward probe …``: one probe, explained phase by phase."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import click
import uvloop

from model.inventory import Credentials, Device, DnsQuery, Service, SnmpPolling
from model.measurement import Failure, ProbeKind, Reading, Subject
from model.target import Target
from model.text import harmless
from model.units import parse_duration
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.explain import Fact, explain
from monitor.instruments import Instruments
from monitor.prober import Task, TaskKey, measure
from monitor.probes.http_request import HttpRequest
from monitor.snmp.explain import Explanation

Run = Callable[[Instruments], Awaitable[Reading | Failure]]


class _Seconds(click.ParamType[float]):
    """A duration with its unit."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        try:
            return parse_duration(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _timeout(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option("--timeout", type=_Seconds(), default=default, show_default=True, help="Patience with it.")


_source = click.option("--source", help="Address or interface of this machine to probe from.")
_count = click.option(
    "--count", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many, 1 s apart."
)


@click.group()
def probe() -> None:
    """Run one probe and explain it; exit status 1 when it fails.

    \b
    Example:
      linkward probe icmp 192.0.2.1 --count=5
    """


@probe.command()
@click.argument("target")
@_timeout("1s")
@_source
@_count
def icmp(target: str, timeout: float, source: str | None, count: int) -> None:
    """Ping TARGET, a name or address. Example: linkward probe icmp 192.0.2.1."""
    _report(ProbeKind.ICMP, target, lambda use: use.ping(target, timeout, source), count)


@probe.command()
@click.argument("target")
@_timeout("1s")
@_source
@_count
def stamp(target: str, timeout: float, source: str | None, count: int) -> None:
    """Send STAMP packets to TARGET, HOST[:862]. Example: linkward probe stamp 192.0.2.9 --count=10."""
    at = _target("stamp", target)
    _report(ProbeKind.STAMP, target, lambda use: use.stamp(at, timeout, source), count)


@probe.command()
@click.argument("target")
@_timeout("1s")
@_source
@_count
def tcp(target: str, timeout: float, source: str | None, count: int) -> None:
    """Shake hands with TARGET, HOST:PORT. Example: linkward probe tcp 192.0.2.1:443."""
    at = _target("tcp", target)
    _report(ProbeKind.TCP, target, lambda use: use.connect(at, timeout, source), count)


@probe.command()
@click.argument("server")
@click.argument("name")
@click.option("--type", "record", default="A", show_default=True, help="Type of record.")
@click.option("--tcp", "over_tcp", is_flag=True, help="Ask over TCP.")
@click.option("--expect", help="Regular expression that a record of the answer must hold.")
@_timeout("2s")
def dns(server: str, name: str, record: str, over_tcp: bool, expect: str | None, timeout: float) -> None:
    """Ask SERVER for NAME. Example: linkward probe dns 192.0.2.53 dichvucong.example."""
    query = DnsQuery(server=server, name=name, type=record, protocol="tcp" if over_tcp else "udp")
    service = _service(dns=query, timeout=timeout, expect={"body": expect})
    _report(ProbeKind.DNS, server, lambda use: use.look_up(service, query))


@probe.command()
@click.argument("url")
@click.option("--expect", help="Regular expression that the body must hold.")
@click.option("--insecure", is_flag=True, help="Accept any certificate.")
@click.option("--ca-file", help="PEM file of trusted roots.")
@click.option("--ip-version", type=click.Choice(["any", "4", "6"]), default="any", show_default=True)
@_timeout("10s")
@_source
def http(url: str, expect: str | None, timeout: float, source: str | None, **tls: Any) -> None:
    """Fetch URL. Example: linkward probe http https://dichvucong.example/ --expect='Dịch vụ công'."""
    options = {"ca_file": tls["ca_file"], "verify": not tls["insecure"]}
    service = _service(
        url=url, timeout=timeout, expect={"body": expect}, tls=options, source=source, ip_version=tls["ip_version"]
    )
    try:
        request = HttpRequest.of(service)
    except ValueError as error:
        raise Refusal(str(error)) from error
    _report(ProbeKind.HTTP, str(request.address), lambda use: use.fetch(request, timeout))


@probe.command()
@click.argument("address")
@click.option("--port", default=161, show_default=True)
@click.option("--version", type=click.Choice(["1", "2c", "3"]), default="2c", show_default=True)
@click.option(
    "--community", envvar="SNMP_COMMUNITY", help="Versions 1 and 2c; better from the environment, SNMP_COMMUNITY."
)
@click.option("--user", help="Version 3.")
@click.option("--auth", help="Version 3: MD5, SHA, SHA-224, SHA-256, SHA-384 or SHA-512.")
@click.option("--auth-passphrase", envvar="SNMP_AUTH_PASSPHRASE", help="Version 3; better from the environment.")
@click.option("--privacy", help="Version 3: DES, AES-128, AES-192, AES-256, or AES-192-C, AES-256-C.")
@click.option("--privacy-passphrase", envvar="SNMP_PRIVACY_PASSPHRASE", help="Version 3; better from the environment.")
@click.option("--engine", type=click.Choice(["gufo", "pysnmp"]), default="gufo", show_default=True)
@_timeout("1s")
def snmp(address: str, port: int, engine: str, timeout: float, **secrets: str | None) -> None:
    """Poll the interfaces of the agent at ADDRESS. Example: linkward probe snmp 192.0.2.1 --version=2c."""
    given = {key: value for key, value in secrets.items() if value is not None}
    if secrets["version"] != "3":
        given.setdefault("community", "public")
    try:
        credentials = Credentials.model_validate(given)
    except ValueError as error:
        raise Refusal(_plain(error)) from error
    polling = SnmpPolling(credentials="given", port=port, timeout=timeout, engine=engine)
    device = Device(id="probed", address=address)
    explanation = uvloop.run(_explained_poll(device, polling, credentials))
    click.echo("\n".join(explanation.lines))
    if isinstance(explanation.outcome, Failure):
        sys.exit(FOUND_A_PROBLEM)


def _target(kind: str, text: str) -> Target:
    try:
        return Target.parse(f"{kind}://{text}")
    except ValueError as error:
        raise Refusal(str(error)) from error


def _service(**fields: Any) -> Service:
    try:
        return Service.model_validate({"id": "probed", **fields})
    except ValueError as error:
        raise Refusal(_plain(error)) from error


def _plain(error: ValueError) -> str:
    details = getattr(error, "errors", None)
    if details is None:
        return str(error)
    return "\n".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in details(include_input=False))


def _report(kind: ProbeKind, instance: str, run: Run, count: int = 1) -> None:
    """Run it ``count`` times, print each, and end with status 1 if one failed."""
    if not all(uvloop.run(_explained(kind, instance, run, count))):
        sys.exit(FOUND_A_PROBLEM)


async def _explained(kind: ProbeKind, instance: str, run: Run, count: int) -> list[bool]:
    use = Instruments()
    subject = Subject("anchor", "probed", "", instance)
    task = Task(TaskKey(kind), subject, kind, 1.0, 1.0, lambda: run(use))
    succeeded = []
    try:
        for number in range(count):
            if number:
                await asyncio.sleep(1)
            measurement = await measure(task)
            _print(*explain(measurement))
            succeeded.append(measurement.succeeded)
    finally:
        await use.close()
    return succeeded


def _print(sentence: str, facts: Sequence[Fact]) -> None:
    click.echo(harmless(sentence))
    width = max((len(name) for name, _ in facts), default=0)
    for name, value in facts:
        click.echo(f"  {name:<{width}}  {harmless(value)}")


async def _explained_poll(device: Device, polling: SnmpPolling, credentials: Credentials) -> Explanation:
    use = Instruments()
    try:
        return await use.explain_poll(device, polling, credentials)
    finally:
        await use.close()
