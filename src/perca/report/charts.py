"""Charts as SVG made here: a flow from sources before to sources after, and stacked bars.

Colours are classes, so that the page's light, dark and print styles decide them. Text is escaped. A reader who can't see the
picture gets the same numbers in its description.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from perca.report.contents import BySource, Flow

WIDTH = 720
NODE = 14
"""How wide a node of the flow is."""
GAP = 38
"""Between two nodes of one side: room for a label of three lines."""
SIDE = 210
"""Room for the labels of one side."""
TALL = 240
"""How tall everybody together is."""
LINE = 16
"""Between two lines of a label."""
LEAST = 3.0
"""A few people among thousands are still seen."""


@dataclass(frozen=True, slots=True)
class Node:
    """A source with its people, somewhere on one side of the flow."""

    name: str
    people: int
    top: float
    tall: float


def flow(flows: Sequence[Flow]) -> Markup:
    """The people from each source before to each source after; empty where there is nobody."""
    flows = [each for each in flows if each.people]
    if not flows:
        return Markup()
    everybody = sum(each.people for each in flows)
    left = _nodes(_sums((each.before, each.people) for each in flows), everybody)
    right = _nodes(_sums((each.after, each.people) for each in flows), everybody)
    height = max(node.top + node.tall for node in (*left.values(), *right.values())) + 18
    ribbons = Markup().join(_ribbons(flows, left, right, everybody))
    sources = [_node(node, SIDE, "end", SIDE - 10) for node in left.values()]
    sinks = [_node(node, WIDTH - SIDE - NODE, "start", WIDTH - SIDE + 10) for node in right.values()]
    nodes = Markup().join([*sources, *sinks])
    words = "; ".join(f"{each.people:,} from {each.before} to {each.after}" for each in flows)
    return _svg(height + 22, "Where MFA comes from, before and after", words, _titles() + ribbons + nodes)


def _titles() -> Markup:
    return Markup('<text class="chart-title" x="{}" y="12" text-anchor="end">before</text>').format(
        SIDE + NODE
    ) + Markup('<text class="chart-title" x="{}" y="12">after</text>').format(WIDTH - SIDE - NODE)


def _sums(people: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, count in people:
        found[name] = found.get(name, 0) + count
    return found


def _nodes(sums: dict[str, int], everybody: int) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    top = 40.0
    for name, people in sums.items():
        tall = max(LEAST, TALL * people / everybody)
        nodes[name] = Node(name, people, top, tall)
        top += max(tall, 14.0) + GAP
    return nodes


def _ribbons(
    flows: Sequence[Flow], left: dict[str, Node], right: dict[str, Node], everybody: int
) -> Iterable[Markup]:
    down_left = {name: node.top for name, node in left.items()}
    down_right = {name: node.top for name, node in right.items()}
    x0, x1 = SIDE + NODE, WIDTH - SIDE - NODE
    middle = (x0 + x1) / 2
    for each in flows:
        source, sink = left[each.before], right[each.after]
        out_of = source.tall * each.people / source.people
        into = sink.tall * each.people / sink.people
        a, b = down_left[each.before], down_right[each.after]
        down_left[each.before] += out_of
        down_right[each.after] += into
        path = (
            f"M{x0} {a:.1f}C{middle:.1f} {a:.1f} {middle:.1f} {b:.1f} {x1} {b:.1f}"
            f"V{b + into:.1f}C{middle:.1f} {b + into:.1f} {middle:.1f} {a + out_of:.1f} {x0} {a + out_of:.1f}Z"
        )
        kind = "ribbon" if each.before == each.after else "ribbon moved"
        yield Markup('<path class="{}" d="{}"><title>{}: {} → {}</title></path>').format(
            kind, path, f"{each.people:,}", each.before, each.after
        )


def _node(node: Node, x: float, anchor: str, label: float) -> Markup:
    """The node with its count and its name; what stands after a comma in the name gets a line of its own."""
    lines = [("count", f"{node.people:,}"), *(("label", part) for part in node.name.split(", ", 1))]
    top = node.top + node.tall / 2 + 5 - LINE * (len(lines) - 1) / 2
    text = Markup().join(
        Markup('<text class="{}" x="{}" y="{:.1f}" text-anchor="{}">{}</text>').format(
            kind, label, top + LINE * number, anchor, words
        )
        for number, (kind, words) in enumerate(lines)
    )
    rect = Markup('<rect class="node" x="{}" y="{:.1f}" width="{}" height="{:.1f}" rx="2"/>')
    return rect.format(x, node.top, NODE, node.tall) + text


ROW = 50
_WORDS = (
    ("always", "always"),
    ("sometimes", "sometimes"),
    ("never", "never"),
    ("not_assessed", "not assessed"),
)


def bars(before: Sequence[BySource], after: Sequence[BySource]) -> Markup:
    """One bar a source before and one after, cut by how often MFA is required."""
    rows = [
        (f"{when}, by {row.source}", row)
        for row_of in zip(before, after, strict=True)
        for when, row in zip(("before", "after"), row_of, strict=True)
    ]
    parts = []
    for number, (name, row) in enumerate(rows):
        y = number * ROW + 10 * (number // 2)
        parts.append(Markup('<text class="label" x="0" y="{}">{}</text>').format(y + 14, name))
        x = 0.0
        for member, word in _WORDS:
            people: int = getattr(row, member)
            wide = WIDTH * people / row.people if row.people else 0.0
            if people:
                parts.append(_segment(member, word, x, y + 20, wide, people))
            x += wide
    words = "; ".join(
        f"{name}: " + ", ".join(f"{getattr(row, member):,} {word}" for member, word in _WORDS)
        for name, row in rows
    )
    height = len(rows) * ROW + 10 * (max(len(rows) - 1, 0) // 2)
    return _svg(height, "How often MFA is required, before and after", words, Markup().join(parts))


def _segment(name: str, word: str, x: float, y: float, wide: float, people: int) -> Markup:
    rect = Markup(
        '<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="20"><title>{}: {}</title></rect>'
    ).format(name.replace("_", "-"), x, y, max(wide - 1, 1), word, f"{people:,}")
    text = f"{people:,}"
    if wide < 9 * len(text) + 8:
        return rect
    return rect + Markup('<text class="inside {}" x="{:.1f}" y="{}">{}</text>').format(
        name.replace("_", "-"), x + 6, y + 15, text
    )


def _svg(height: float, title: str, words: str, inside: Markup) -> Markup:
    return Markup(
        '<svg role="img" viewBox="0 0 {} {:.0f}" preserveAspectRatio="xMinYMin meet"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(WIDTH, height, title, words, inside)
