"""Rules seen as bits: the coordinates of a sign-in cut into classes that no rule can tell apart, each with its two masks."""

from perca.space.axes import ORDER, Axis, Class, Space, among, masks, plainest, space
from perca.space.columns import Check, Column, Side, columns, compared
from perca.space.devices import NO_DEVICE, TooManyDevices
from perca.space.networks import Area
from perca.space.patches import EVERYWHERE, Block
from perca.space.table import Table
from perca.space.targets import ACTIONS, ANY_OTHER_APP, resources
from perca.space.universe import (
    ANY_OTHER_COUNTRY,
    ANY_OTHER_TENANT,
    CHANNELS,
    Universe,
    at_user_actions,
    universe_of,
)

__all__ = [
    "ACTIONS",
    "ANY_OTHER_APP",
    "ANY_OTHER_COUNTRY",
    "ANY_OTHER_TENANT",
    "CHANNELS",
    "EVERYWHERE",
    "NO_DEVICE",
    "ORDER",
    "Area",
    "Axis",
    "Block",
    "Check",
    "Class",
    "Column",
    "Side",
    "Space",
    "Table",
    "TooManyDevices",
    "Universe",
    "among",
    "at_user_actions",
    "columns",
    "compared",
    "masks",
    "plainest",
    "resources",
    "space",
    "universe_of",
]
