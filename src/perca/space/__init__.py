"""Rules seen as bits: the coordinates of a sign-in cut into classes that no rule can tell apart, each with its two masks."""

from perca.space.axes import ORDER, Axis, Class, Space, masks, space
from perca.space.columns import Column, Side, columns, compared
from perca.space.universe import ANY_OTHER_APP, CHANNELS, EVERYWHERE, Block, Universe, universe_of

__all__ = [
    "ANY_OTHER_APP",
    "CHANNELS",
    "EVERYWHERE",
    "ORDER",
    "Axis",
    "Block",
    "Class",
    "Column",
    "Side",
    "Space",
    "Universe",
    "columns",
    "compared",
    "masks",
    "space",
    "universe_of",
]
