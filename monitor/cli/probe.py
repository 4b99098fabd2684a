"""``linkward probe …``: one probe, explained phase by phase."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, get_args

import click
import uvloop
from click.core import ParameterSource

from model.fields import Record
from model.inventory import Credentials, Device, DnsQuery, Service, SnmpPolling
from model.measurement import Failure, ProbeKind, Reading, Subject
from model.text import harmless
from model.units import spell_duration
from monitor.cli.console import FOUND_A_PROBLEM, Refusal
from monitor.cli.durations import timeout_option
from monitor.cli.given import given_agent, given_host, given_page, given_query, given_target
from monitor.config.shape import shape_of_field
from monitor.explain import Fact, explain
from monitor.instruments import Instruments
from monitor.probes.http_request import HttpRequest
from monitor.snmp.explain import Explanation
from monitor.task import Task, TaskKey, measure
from monitor.tasks import instance_of

_TYPED: Final = {ParameterSource.COMMANDLINE, ParameterSource.DEFAULT}

Run = Callable[[Instruments], Awaitable[Reading | Failure]]


def _choice_of(record: type[Record], key: str) -> click.Choice[str]:
    """The values that the inventory takes there."""
    return click.Choice(get_args(shape_of_field(record.model_fields[key]).base))


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
@timeout_option("1s")
@_source
@_count
def icmp(target: str, timeout: float, source: str | None, count: int) -> None:
    """Ping TARGET, a name or address. Example: linkward probe icmp 192.0.2.1."""
    host = given_host(ProbeKind.ICMP, target)
    _report(ProbeKind.ICMP, host, lambda use: use.ping(host, timeout, source), count)


@probe.command()
@click.argument("target")
@timeout_option("1s")
@_source
@_count
def stamp(target: str, timeout: float, source: str | None, count: int) -> None:
    """Send STAMP packets to TARGET, HOST[:862]. Example: linkward probe stamp 192.0.2.9 --count=10."""
    at = given_target(ProbeKind.STAMP, target)
    _report(ProbeKind.STAMP, instance_of(at), lambda use: use.stamp(at, timeout, source), count)


@probe.command()
@click.argument("target")
@timeout_option("1s")
@_source
@_count
def tcp(target: str, timeout: float, source: str | None, count: int) -> None:
    """Shake hands with TARGET, HOST:PORT. Example: linkward probe tcp 192.0.2.1:443."""
    at = given_target(ProbeKind.TCP, target)
    _report(ProbeKind.TCP, instance_of(at), lambda use: use.connect(at, timeout, source), count)


@probe.command()
@click.argument("server")
@click.argument("name")
@click.option(
    "--type", "record", type=_choice_of(DnsQuery, "type"), default="A", show_default=True, help="Type of record."
)
@click.option("--tcp", "over_tcp", is_flag=True, help="Ask over TCP.")
@click.option("--expect", help="Regular expression that a record of the answer must hold.")
@timeout_option("2s")
def dns(server: str, name: str, record: str, over_tcp: bool, expect: str | None, timeout: float) -> None:
    """Ask SERVER for NAME. Example: linkward probe dns 192.0.2.53 dichvucong.example."""
    asked = {"name": name, "type": record, "protocol": "tcp" if over_tcp else "udp"}
    service, query = given_query(server, {**asked, "expect": {"body": expect}, "timeout": spell_duration(timeout)})
    _report(ProbeKind.DNS, query.server, lambda use: use.look_up(service, query))


@probe.command()
@click.argument("url")
@click.option("--expect", help="Regular expression that the body must hold.")
@click.option("--insecure", is_flag=True, help="Accept any certificate.")
@click.option("--ca-file", help="PEM file of trusted roots.")
@click.option("--ip-version", type=_choice_of(Service, "ip_version"), default="any", show_default=True)
@timeout_option("10s")
@_source
def http(url: str, expect: str | None, timeout: float, source: str | None, **tls: Any) -> None:
    """Fetch URL. Example: linkward probe http https://dichvucong.example/ --expect='Dịch vụ công'."""
    options = {"ca_file": tls["ca_file"], "verify": not tls["insecure"]}
    fields = {"expect": {"body": expect}, "tls": options, "source": source, "ip_version": tls["ip_version"]}
    service = given_page(url, fields)
    try:
        request = HttpRequest.of(service)
    except ValueError as error:
        raise Refusal(str(error)) from error
    _report(ProbeKind.HTTP, str(request.address), lambda use: use.fetch(request, timeout))


@probe.command()
@click.argument("address")
@click.option("--port", type=click.IntRange(1, 65_535), help="UDP port, where it is not 161.")
@click.option("--version", type=click.Choice(["1", "2c", "3"]), default="2c", show_default=True)
@click.option(
    "--community", envvar="SNMP_COMMUNITY", help="Versions 1 and 2c; better from the environment, SNMP_COMMUNITY."
)
@click.option("--user", help="Version 3: security name.")
@click.option("--auth", type=_choice_of(Credentials, "auth"), help="Version 3.")
@click.option(
    "--auth-passphrase",
    envvar="SNMP_AUTH_PASSPHRASE",
    help="Version 3; better from the environment, SNMP_AUTH_PASSPHRASE.",
)
@click.option(
    "--privacy", type=_choice_of(Credentials, "privacy"), help="Version 3; with -C the key is extended as Cisco does."
)
@click.option(
    "--privacy-passphrase",
    envvar="SNMP_PRIVACY_PASSPHRASE",
    help="Version 3; better from the environment, SNMP_PRIVACY_PASSPHRASE.",
)
@click.option("--engine", type=_choice_of(SnmpPolling, "engine"), default="gufo", show_default=True)
@timeout_option("1s")
@click.pass_context
def snmp(
    context: click.Context, /, address: str, port: int | None, engine: str, timeout: float, **secrets: str | None
) -> None:
    """Poll the interfaces of the agent at ADDRESS[:161]. Example: linkward probe snmp 192.0.2.1 --version=2c."""
    polling = {"engine": engine, "timeout": spell_duration(timeout)}
    device, asked, credentials = given_agent(address, port, polling, _credentials(context, secrets))
    explanation = uvloop.run(_explained_poll(device, asked, credentials))
    click.echo("\n".join(explanation.lines))
    if isinstance(explanation.outcome, Failure):
        sys.exit(FOUND_A_PROBLEM)


def _credentials(context: click.Context, secrets: Mapping[str, str | None]) -> Mapping[str, str]:
    """What was given; what only lies in the environment counts where the rest has a use for it."""
    uses = {
        "community": secrets["version"] != "3",
        "auth_passphrase": secrets["auth"] is not None,
        "privacy_passphrase": secrets["privacy"] is not None,
    }
    given = {
        key: value
        for key, value in secrets.items()
        if value is not None and (uses.get(key, True) or context.get_parameter_source(key) in _TYPED)
    }
    return given if secrets["version"] == "3" else {"community": "public", **given}


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
