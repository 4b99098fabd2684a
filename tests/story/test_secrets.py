"""Secrets that are planted in an inventory come out nowhere, however much the daemon is asked and told to say."""

import asyncio
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.daemon import Process, daemon
from tests.peers.hook import Hook, hook, saying
from tests.peers.processes import free_port
from tests.peers.web import hashed

_NAMES = (
    "community",
    "signing",
    "hiding",
    "login",
    "storage",
    "token",
    "person",
    "webhook",
    "link",
    "pulse",
    "pass",
    "review",
)
CANARIES = {name: f"canary-{name}-7f3a" for name in _NAMES}
WARD = f"""
ward: {{{{id: test}}}}
credentials:
  old: {{{{version: 2c, community: "${{{{LINKWARD_TEST_COMMUNITY}}}}"}}}}
  new: {{{{version: 3, user: linkward, auth: SHA-256, auth_passphrase: {CANARIES["signing"]}, privacy: AES-128,
         privacy_passphrase: {CANARIES["hiding"]}}}}}
sites:
  - id: office
    devices:
      - {{{{id: sw, address: 127.0.0.1, icmp: false, snmp: {{{{credentials: old, port: {{port}}, interval: 5s}}}}}}}}
      - {{{{id: rt, address: 127.0.0.1, icmp: false, snmp: {{{{credentials: new, port: {{port}}, interval: 5s}}}}}}}}
    services:
      - {{{{id: portal, url: "http://127.0.0.1:{{port}}/?token={CANARIES["token"]}", interval: 2s, timeout: 1s}}}}
"""
PATHS = (
    *("/", "/metrics", "/api/v1/status", "/api/v1/sites", "/api/v1/links", "/api/v1/devices", "/api/v1/services"),
    *("/api/v1/availability", "/api/v1/explain?service=portal", "/api/v1/explain?device=rt", "/api/v1/openapi.json"),
    *("/api/v1/explain?link=none", "/api/v1/nothing", "/nothing", "/-/ready", "/metrics?site=none"),
)


def files(folder: Path) -> Iterator[Path]:
    """What the daemon has written; not what was written for it."""
    return (path for path in folder.iterdir() if path.name not in {"ward.yml", "log"})


def told(text: bytes) -> list[str]:
    """The secrets that a text gives away."""
    return [name for name, secret in CANARIES.items() if secret.encode() in text]


async def everything_it_says(process: Process) -> bytes:
    """What it answers, writes into its log and files, and shows to all users of the machine."""
    answers = [(await process.web.get(path)).content for path in PATHS]
    seen = process.arguments
    assert b"--config.file" in seen
    return b"\n".join([*answers, seen, process.log.encode(), *(path.read_bytes() for path in files(process.folder))])


@pytest.mark.live
async def test_no_secret_comes_out(tmp_path: Path) -> None:
    """Log at debug, pages, API, metrics, refusals, process list, history: nothing, also when a reload goes wrong."""
    inventory = WARD.format(port=free_port())
    environment = {"LINKWARD_TEST_COMMUNITY": CANARIES["community"]}
    async with daemon(tmp_path, inventory, ["--log.level=debug"], environment=environment) as process:
        await process.until("/-/ready", "is ready")
        assert told(await everything_it_says(process)) == []
        spoilt = inventory.replace("AES-128", "ROT-13").replace("user: linkward", "usr: linkward")
        (tmp_path / "ward.yml").write_text(spoilt.replace("http://", f"http://clerk:{CANARIES['login']}@"))
        refused = await process.web.post("/-/reload")
        assert refused.status_code == 500
        assert told(refused.content) == []
        assert told(await everything_it_says(process)) == []
        assert {path.stat().st_mode & 0o777 for path in files(tmp_path)} == {0o600}


@pytest.mark.parametrize(
    "storage", ["postgresql+psycopg://u:{}@127.0.0.1:1/none", "postgresql://u:{}@/", "nonsense://u:{}@host/none"]
)
@pytest.mark.live
async def test_a_password_of_the_history_comes_out_nowhere(tmp_path: Path, storage: str) -> None:
    """A database that cannot be reached, or cannot be, is told without the password of its URL."""
    inventory = f"storage: {{url: '{storage.format(CANARIES['storage'])}'}}\n" + WARD.format(port=free_port())
    (tmp_path / "ward.yml").write_text(inventory)
    environment = {"LINKWARD_TEST_COMMUNITY": CANARIES["community"]}
    said = b""
    try:
        async with daemon(tmp_path, inventory, ["--log.level=debug"], environment=environment, storage=None) as process:
            said = await everything_it_says(process)
    except AssertionError:  # it has refused to start, in words
        said += (tmp_path / "log").read_bytes()
        assert b"Traceback" not in said
    assert said
    assert told(said) == []


TOLD = f"""
ward: {{{{id: test, language: en}}}}
sites:
  - id: office
    links: [{{{{id: line, provider: VNPT, target: "stamp://127.0.0.1:{{dumb}}", interval: 1s, timeout: 500ms}}}}]
people: {{{{an: {{{{channels: ["json://an:{CANARIES["person"]}@127.0.0.1:{{port}}/{CANARIES["person"]}"]}}}}}}}}
teams: {{{{net: {{{{members: [an]}}}}}}}}
alerts:
  link_key: {CANARIES["link"]}
  external_url: http://monitor.example/
  heartbeat: http://127.0.0.1:{{port}}/{CANARIES["pulse"]}
  receivers:
    duty: {{{{team: net}}}}
    hook: {{{{webhook: "http://127.0.0.1:{{port}}/{CANARIES["webhook"]}"}}}}
    lost: {{{{webhook: "http://127.0.0.1:{{silent}}/{CANARIES["webhook"]}"}}}}
  routes:
    - receiver: duty
      escalate: [{{{{after: 1s, receiver: hook}}}}, {{{{after: 2s, receiver: lost}}}}]
reports: {{{{mail_to: ["mailto://clerk:{CANARIES["review"]}@127.0.0.1:{{silent}}?to=chair@ward.example"]}}}}
"""
PAGES = (
    *("/", "/incidents", "/sites/office", "/links/line", "/metrics", "/sd", "/api/v1/incidents?state=all"),
    *("/reports", "/reports/2020-01", "/reports/2020-01.json"),
)


async def sent(to: Hook, words: str) -> str:
    """What was sent to an address that has these words in it, once it has been."""
    async with asyncio.timeout(30):
        while not (found := [call for call in to.calls if words in call.path]):  # noqa: ASYNC110  # a thread takes it in
            await asyncio.sleep(0.1)
    return found[0].body.decode()


@pytest.mark.live
async def test_who_is_told_and_by_which_way_comes_out_nowhere(tmp_path: Path) -> None:
    """Channels, webhooks, heartbeat, the key and the tokens of links, passwords and their hashes: only where they go.

    A link goes down, people and programs are told, one of them cannot be reached; what failed is logged.
    """
    stored = hashed(CANARIES["pass"])
    (tmp_path / "web.yml").write_text(f"basic_auth_users: {{anna: '{stored}'}}\n")
    options = [f"--web.config.file={tmp_path}/web.yml", "--web.access-log", "--log.level=debug"]
    with hook(saying(200)) as told_people, socket.socket(type=socket.SOCK_DGRAM) as dumb:
        dumb.bind(("127.0.0.1", 0))  # nobody reads from it, so that probes are not even refused
        inventory = TOLD.format(port=told_people.port, silent=free_port(), dumb=dumb.getsockname()[1])
        client = {"auth": ("anna", CANARIES["pass"])}
        async with daemon(tmp_path, inventory, options, client=client) as process:
            message = await sent(told_people, CANARIES["person"])
            await sent(told_people, CANARIES["webhook"])
            await process.until("/metrics", '{outcome="retried",receiver="lost"}')
            link = re.search(r"http://monitor\.example(/incidents/[^/]+)(/ack\?token=([\w.-]+))", message)
            assert link is not None, message
            paths = [*PAGES, link[1], f"/api/v1{link[1]}", "/-/reload"]
            answers = [(await process.web.get(path)).content for path in paths]
            answers.append((await process.web.get("/", auth=("anna", f"{CANARIES['pass']}-wrong"))).content)
            refused = [(await process.web.get(path, auth=None)).status_code for path in PAGES]
            assert set(refused) == {401}
            opened = await process.web.get(link[1] + link[2], auth=None)
            assert opened.status_code == 200
            (tmp_path / "web.yml").write_text(f"basic_auth_users: {{anna: '{stored}x', ben: {CANARIES['pass']}}}\n")
            answers.append((await process.web.post("/-/reload")).content)
            said = b"\n".join([*answers, process.arguments, process.log.encode()])
        written = b"".join(path.read_bytes() for path in files(tmp_path) if path.name != "web.yml")
    assert b"lost" in said
    assert told(said + written) == []
    assert stored.encode() not in said + written
    assert link[3].encode() not in said + written
