"""The blocks of "My shift" that other screens bring: registered where a screen's addresses are, included by URL."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from steward.web.shared.navigation import address


@dataclass(frozen=True)
class Block:
    """A part of the start page that a screen draws by itself: its key, title, address name, sign, and who sees it.

    `capabilities` are those of which one is enough; none means everybody who has a shift. The lower `place` stands first.
    """

    key: str
    title: str | Promise
    url_name: str
    icon: str
    capabilities: tuple[str, ...] = ()
    place: int = 100


@dataclass(frozen=True)
class Drawn:
    """A block as the page includes it."""

    key: str
    title: str
    url: str
    icon: str


_blocks: dict[str, Block] = {}


def register_block(block: Block) -> None:
    """Make a block known; the same key again takes its place."""
    _blocks[block.key] = block


def blocks_for(capabilities: Iterable[str]) -> list[Drawn]:
    """Give the blocks that somebody with these capabilities sees, in their order."""
    held = frozenset(str(one) for one in capabilities)
    wanted = (one for one in _blocks.values() if not one.capabilities or held.intersection(one.capabilities))
    return [
        Drawn(one.key, str(one.title), url, one.icon)
        for one in sorted(wanted, key=lambda one: (one.place, one.key))
        if (url := address(one.url_name))
    ]
