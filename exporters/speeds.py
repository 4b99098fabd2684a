"""The speeds of a link as a scrape would show them: one truth for the graphs and for the page."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from exporters.blocks import Block
from exporters.facts import SPEED
from exporters.labels import label

_LINE: Final = re.compile(r'direction="(\w+)",kind="(\w+)"\} (\S+)$')


def speeds_of(link_id: str, blocks: Iterable[Block]) -> Mapping[tuple[str, str], float]:
    """The speeds in bit/s by direction (download, upload) and kind (contracted, required, negotiated, used, tested).

    Args:
        link_id: Of which link.
        blocks: Of its site.
    """
    own = label("link", link_id)
    found = {}
    for block in blocks:
        if SPEED not in block.families:
            continue
        for line in block.lines(block.families.index(SPEED)).decode().split("\n"):
            if own in line and (match := _LINE.search(line)):
                found[match[1], match[2]] = float(match[3])
    return found
