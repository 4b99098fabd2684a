"""docs/commands.md and docs/http.md agree with what the program does."""

import asyncio
from pathlib import Path

from fastapi.routing import APIRoute

from monitor.cli import main
from monitor.cli.page import commands_page
from monitor.config import load
from monitor.daemon import Daemon, Options

ROOT = Path(__file__).parents[2]


def test_the_page_of_commands_is_the_commands_help() -> None:
    """A changed option fails here until `make docs` has written it down."""
    assert (ROOT / "docs/commands.md").read_text() == commands_page(main)


async def test_every_path_of_the_web_server_is_documented() -> None:
    """An endpoint that docs/http.md does not name could not be relied on."""
    example = ROOT / "examples/minimal.yml"
    daemon = Daemon(Options(example), load(example))
    page = (ROOT / "docs/http.md").read_text()
    paths = {route.path for route in daemon.web.app.routes if isinstance(route, APIRoute)}
    await daemon.close()
    assert paths
    assert [path for path in paths if f"`{path}`" not in page] == []
    assert not asyncio.all_tasks() - {asyncio.current_task()}
