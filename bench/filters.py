"""How long filters take, in milliseconds: a rule as long or as deep as Entra allows, and the devices that filters tell apart.

`python bench/filters.py`. Best of seven runs, processor time, without the cache of rules. Beside it, in the same run: splitting the text into words by one regular
expression, which is the least that any reader does; and Python's own `ast.parse` on the same rule written in Python, a rival in C. It
refuses more than 200 parentheses.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable

from perca.model import (
    ApplicationCondition,
    ConditionalAccessPolicy,
    Device,
    Filter,
    FilterMode,
    NotRead,
    PolicyId,
    PolicyState,
    Tenant,
    UserCondition,
    Value,
)
from perca.policy.devices import seen
from perca.policy.filters import matches
from perca.space.devices import MOST, TooManyDevices, records
from perca.wire.filters import DEVICE_PROPERTIES, MAX_LENGTH, UnreadableRule, read_rule

LEAF = 'device.model -eq "x"'
LIST = ", ".join(f'"m{n:03}"' for n in range(370))


def repeated(before: str, after: str) -> str:
    """The leaf within as many of these as fit."""
    times = (MAX_LENGTH - len(LEAF)) // len(before + after)
    return before * times + LEAF + after * times


RULES = {
    "1,400 parentheses": "(" * 1400 + LEAF + ")" * 1400,
    "as many parentheses as fit": repeated("(", ")"),
    "as many `not(` as fit": repeated("not(", ")"),
    "alternatives, flat": repeated(f"{LEAF} -or ", ""),
    "`-in` with a long list": f"device.model -in [{LIST}]",
    "and within or within and": repeated(f"{LEAF} -or ({LEAF} -and (", "))"),
    "`or not` within each other": repeated(f"{LEAF} or not(", ")"),
    "broken off": repeated("(", ")")[:-1],
}
FILTERS = {
    "compliant or hybrid, or not": [
        'device.isCompliant -eq True -or device.trustType -eq "ServerAD"',
        'device.isCompliant -ne True -and device.trustType -ne "ServerAD"',
    ],
    "one rule of 3,072 characters": [" -or ".join(f'device.model -eq "{n:03}"' for n in range(109))],
    "eleven times `-contains`": [f'device.model -contains "{n:03}"' for n in range(11)],
    "twelve attributes": [f'device.extensionAttribute{n} -eq "x"' for n in range(1, 13)],
    "thirteen attributes": [f'device.extensionAttribute{n} -eq "x"' for n in range(1, 14)],
}
WORD = re.compile(r'\s*([()\[\],]|"[^"]*"|[^\s()\[\],"]+)')
PYTHON = ((r"-?\b(and|or|not)\b", r" \1 "), (r" -eq ", " == "), (r" -in ", " in "))


def python(rule: str) -> str:
    """The rule in Python's words."""
    for entra, ours in PYTHON:
        rule = re.sub(entra, ours, rule)
    return rule.strip()


def best(work: Callable[..., object], *asked: object) -> float | str:
    """Milliseconds of the best run, or the error that it ends with."""
    times = []
    for _ in range(7):
        start = time.process_time()
        try:
            work(*asked)
        except (UnreadableRule, TooManyDevices):
            pass
        except (SyntaxError, RecursionError, MemoryError) as error:
            return type(error).__name__
        times.append((time.process_time() - start) * 1000)
    return min(times)


def shown(figure: float | str) -> str:
    return f"{figure:10.2f}" if isinstance(figure, float) else f"{figure:>10.10}"


def read(name: str) -> Value | NotRead:
    return seen(Device(True, "AzureAD", whole=True), name)


def rules() -> None:
    read_rule(LEAF, DEVICE_PROPERTIES)  # builds the parser
    print(f"{'rule':28} {'letters':>8} {'read':>10} {'words':>10} {'ast.parse':>10} {'match':>10}   (ms)")
    for name, rule in RULES.items():
        assert len(rule) <= MAX_LENGTH
        figures = [
            best(read_rule.__wrapped__, rule, DEVICE_PROPERTIES),
            best(WORD.findall, rule),
            best(ast.parse, python(rule), name, "eval"),
        ]
        try:
            figures.append(best(matches, read_rule(rule, DEVICE_PROPERTIES), read, "device"))
        except UnreadableRule:
            figures.append("refused")
        print(f"{name:28} {len(rule):>8}", *map(shown, figures))


def tenant(texts: list[str]) -> Tenant:
    """A tenant with a policy for each of the filters."""
    return Tenant(
        policies=tuple(
            ConditionalAccessPolicy(
                PolicyId(str(number)),
                "",
                PolicyState.ENABLED,
                UserCondition(),
                ApplicationCondition(),
                device=Filter(FilterMode.INCLUDE, text, read_rule(text, DEVICE_PROPERTIES)),
            )
            for number, text in enumerate(texts)
        )
    )


def devices() -> None:
    print(f"\n{'filters':28} {'records':>8} {'found in':>10}   (ms; more than {MOST} are given up)")
    for name, texts in FILTERS.items():
        asked = tenant(texts)
        try:
            size = str(len(records([asked])))
        except TooManyDevices:
            size = "given up"
        print(f"{name:28} {size:>8}", shown(best(records, [asked])))


if __name__ == "__main__":
    rules()
    devices()
