"""A daemon that was off on the first of the month makes the review as it starts, and only once."""

import asyncio
import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from history.facts import Heartbeat
from monitor.config import load
from monitor.terms import news_of, terms_of
from tests.peers.daemon import Process, daemon
from tests.peers.facts import opened
from tests.peers.mailbox import PASSWORD, USER, mailbox

INVENTORY = """\
ward: {{id: xuan-dinh, name: Phường Xuân Đỉnh, timezone: Asia/Ho_Chi_Minh, language: vi}}
alerts: {{receivers: {{office: {{urls: ["{url}"]}}}}, routes: [{{receiver: office}}]}}
sites:
  - id: office
    links: [{{id: office-vnpt, provider: VNPT, requirement: {{loss: 1%}}, target: "tcp://127.0.0.1:{port}"}}]
reports: {{folder: "{folder}/reviews", receivers: [office]}}
"""


async def _remember(folder: Path, inventory: str) -> None:
    (folder / "ward.yml").write_text(inventory)
    now = datetime.now(UTC)
    began = now - timedelta(days=70)
    terms = news_of({}, terms_of(load(folder / "ward.yml")), began)
    async with opened(f"sqlite:///{folder}/history.db", socket.gethostname()) as store:
        await store.record(Heartbeat(began, now - timedelta(days=1)), *terms)


async def _settled(process: Process) -> None:
    async with asyncio.timeout(40):
        while "\nlinkward_review_overdue_seconds 0.0" not in await process.text("/metrics"):  # noqa: ASYNC110  # asked over HTTP, which has no event
            await asyncio.sleep(0.2)


async def test_a_review_is_made_and_mailed_as_the_daemon_starts(tmp_path: Path) -> None:
    """The files lie in the folder, the letter has come, metrics say so; started again, the daemon knows of it."""
    with mailbox(knows_users=True) as box:
        url = f"mailto://{USER}:{PASSWORD}@127.0.0.1:{box.port}?to=chair@ward.example"
        inventory = INVENTORY.format(url=url, port=box.port, folder=tmp_path)
        await _remember(tmp_path, inventory)
        async with daemon(tmp_path, inventory) as process:
            await _settled(process)
            assert await process.value('linkward_reviews_total{outcome="mailed"}') == 1
            (data,) = (tmp_path / "reviews").glob("*.json")
            month = json.loads(data.read_bytes())["report"]["period"]["name"]
            assert f"the review of {month} was mailed: c***@ward.example by 127.0.0.1" in process.log
            assert PASSWORD not in process.log
            assert month in await process.text("/reports")
        async with daemon(tmp_path, inventory) as process:
            await _settled(process)
            assert await process.value('linkward_reviews_total{outcome="mailed"}') == 0
    (message,) = box.messages
    assert message["Subject"].startswith("Báo cáo rà soát hạ tầng mạng tháng ")
    names = sorted(str(part.get_filename()) for part in message.iter_attachments())
    assert names == [f"review-{month}-xuan-dinh.vi.pdf", f"review-{month}-xuan-dinh.vi.xlsx"]
