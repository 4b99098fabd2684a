"""The dashboards as files that Grafana imports."""

import json
from collections.abc import Mapping
from typing import Final

from exporters.dashboards.board import Board, as_json, uid
from exporters.dashboards.daemon import DAEMON_BOARD
from exporters.dashboards.device import DEVICE_BOARD
from exporters.dashboards.link import LINK_BOARD
from exporters.dashboards.providers import PROVIDERS_BOARD
from exporters.dashboards.services import SERVICES_BOARD
from exporters.dashboards.site import SITE_BOARD
from exporters.dashboards.text import TONGUES
from exporters.dashboards.ward import WARD_BOARD

BOARDS: Final[tuple[Board, ...]] = (
    WARD_BOARD,
    SITE_BOARD,
    LINK_BOARD,
    DEVICE_BOARD,
    SERVICES_BOARD,
    PROVIDERS_BOARD,
    DAEMON_BOARD,
)


def dashboard_files() -> Mapping[str, str]:
    """The text of each file by its name, with the folder of its language: ``en/linkward-ward.json``."""
    return {
        f"{tongue}/{uid(board.name, 'en')}.json": json.dumps(as_json(board, tongue), ensure_ascii=False, indent=2)
        + "\n"
        for tongue in TONGUES
        for board in BOARDS
    }
